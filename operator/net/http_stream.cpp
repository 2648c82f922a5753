#include "net/http_stream.hpp"

#include <exception>
#include <utility>

#include "net/exchange.hpp"

namespace platformer::net {

struct body_stream::state {
  std::shared_ptr<connection> from;
  std::unique_ptr<reply_reader> reader;
  std::string peer;

  api_error failure(const io_failure& why) const {
    api_error failed = to_api_error(why, stage::sending, peer, reader->parser().status());
    // Nobody asks whether a read "was carried out": a closed stream is just closed.
    if (why.code == io_errc::aborted) failed.code = api_errc::cancelled;
    return failed;
  }
};

body_stream::body_stream(std::shared_ptr<connection> from, std::unique_ptr<reply_reader> reader,
                         std::string peer)
    : state_(std::make_shared<state>(state{std::move(from), std::move(reader), std::move(peer)})) {}

body_stream::~body_stream() {
  close();
}

int body_stream::status() const {
  return state_->reader->parser().status();
}

std::string_view body_stream::find(std::string_view header_name) const {
  return find_header(state_->reader->parser().headers(), header_name);
}

boost::asio::awaitable<result<std::string, api_error>> body_stream::read(duration idle_deadline) {
  return read_next(state_, idle_deadline);
}

boost::asio::awaitable<result<std::string, api_error>> body_stream::read_next(std::shared_ptr<state> self,
                                                                              duration idle_deadline) {
  io_failure thrown{io_errc::aborted, "cancelled"};
  try {
    const auto arrived = co_await self->reader->read_piece(idle_deadline);
    if (!arrived) co_return tl::unexpected(self->failure(arrived.error()));
    wiped_bytes& body = self->reader->parser().body();
    std::string piece(body.data(), body.size());
    wiped_bytes().swap(body);
    co_return piece;
  } catch (const boost::system::system_error&) {
    // The calling coroutine was cancelled.
  } catch (const std::exception& failed) {
    thrown = {io_errc::lost, failed.what()};
  }
  self->from->abort();
  co_return tl::unexpected(self->failure(thrown));
}

void body_stream::close() {
  state_->from->abort();
}

}  // namespace platformer::net
