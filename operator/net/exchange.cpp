#include "net/exchange.hpp"

#include <utility>

namespace platformer::net {
namespace {

api_errc code_of(io_errc code, stage reached) {
  if (reached == stage::before_sending)
    return code == io_errc::aborted ? api_errc::cancelled : api_errc::unreachable;
  switch (code) {
    case io_errc::timed_out:
      return api_errc::timeout;
    case io_errc::malformed:
      return api_errc::malformed;
    case io_errc::refused:
      return api_errc::unreachable;
    case io_errc::ended:
    case io_errc::lost:
    case io_errc::aborted:
      break;  // aborted, too: the request is with the server, whatever we want by now
  }
  return api_errc::connection_lost;
}

}  // namespace

io_result<done> exchange_head(std::shared_ptr<connection> on, wiped_bytes request, reply_reader* reader) {
  auto written = co_await on->write(boost::asio::buffer(request));
  wiped_bytes().swap(request);
  if (written) co_return co_await reader->read_head();
  if (written.error().code != io_errc::lost) co_return written;

  // A server that does not want the whole request (413, 401) may answer and close before it has read it.
  const auto early = co_await reader->read_head();
  if (early && reader->parser().status() >= 400) co_return done{};
  co_return written;
}

api_error to_api_error(const io_failure& failure, stage reached, const std::string& peer, int http_status) {
  return {.code = code_of(failure.code, reached),
          .http_status = http_status,
          .message = clean_message(peer + ": " + failure.detail),
          .retry_after = std::nullopt};
}

}  // namespace platformer::net
