#include "net/http_client.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "net/connection_pool.hpp"
#include "net/dial.hpp"
#include "net/exchange.hpp"
#include "net/http_stream.hpp"
#include "net/request_writer.hpp"

namespace platformer::net {
namespace {

// Keeps `now + deadline` clear of overflow; nothing may take longer.
constexpr duration longest_deadline = std::chrono::hours(24);

steady_time deadline_of(duration span) {
  return std::chrono::steady_clock::now() + std::min(span, longest_deadline);
}

}  // namespace

std::string_view to_string(http_method method) {
  switch (method) {
    case http_method::get:
      return "GET";
    case http_method::post:
      return "POST";
    case http_method::put:
      return "PUT";
    case http_method::patch:
      return "PATCH";
    case http_method::del:
      return "DELETE";
  }
  return "GET";
}

std::string_view http_reply::find(std::string_view name) const {
  return find_header(headers, name);
}

struct http_client::impl {
  endpoint target;
  http_limits limits;
  std::string peer;  // for messages
  std::shared_ptr<dialer> dial;
  std::shared_ptr<connection_pool> pool;
  std::uint64_t requests_sent = 0;

  using reply_result = result<http_reply, api_error>;
  using stream_result = result<std::unique_ptr<http_stream>, api_error>;

  steady_time connect_deadline(steady_time deadline) const {
    return std::min(deadline, deadline_of(limits.connect_timeout));
  }

  boost::asio::awaitable<reply_result> send(http_request request, stage* reached);
  boost::asio::awaitable<stream_result> open(http_request request, stage* reached);

  // The entries: they keep the impl alive and turn exceptions (a cancelled caller, no memory) into values.
  template <class Result>
  using attempt = boost::asio::awaitable<Result> (impl::*)(http_request, stage*);
  template <class Result>
  static boost::asio::awaitable<Result> guarded(std::shared_ptr<impl> self, attempt<Result> method,
                                                http_request request) {
    stage reached = stage::before_sending;
    io_failure thrown{io_errc::aborted, "cancelled"};
    try {
      co_return co_await ((*self).*method)(std::move(request), &reached);
    } catch (const boost::system::system_error&) {
      // The calling coroutine was cancelled.
    } catch (const std::exception& failed) {
      thrown = {io_errc::lost, failed.what()};
    }
    co_return tl::unexpected(to_api_error(thrown, reached, self->peer));
  }
};

boost::asio::awaitable<http_client::impl::reply_result> http_client::impl::send(http_request request,
                                                                                stage* reached) {
  auto bytes = write_request(request, target);
  if (!bytes) co_return tl::unexpected(bytes.error());
  request.body = secret_string();
  const steady_time deadline = deadline_of(request.deadline);

  auto turn = co_await pool->acquire(deadline);
  if (!turn) co_return tl::unexpected(to_api_error(turn.error(), *reached, peer));
  std::shared_ptr<connection> on = turn->take_idle();
  if (!on) {
    auto fresh = co_await dial->dial(connect_deadline(deadline));
    if (!fresh) co_return tl::unexpected(to_api_error(fresh.error(), *reached, peer));
    on = *fresh;
  }

  on->arm(deadline);
  if (const auto late = on->stopped()) co_return tl::unexpected(to_api_error(*late, *reached, peer));
  reply_reader reader(on, {.header_bytes = limits.header_bytes, .body_bytes = request.max_reply_bytes});
  *reached = stage::sending;
  ++requests_sent;
  auto read = co_await exchange_head(on, std::move(*bytes), &reader);
  const int status = read ? reader.parser().status() : 0;
  if (read) read = co_await reader.read_body();
  if (!read) co_return tl::unexpected(to_api_error(read.error(), *reached, peer, status));

  const wiped_bytes& body = reader.parser().body();
  http_reply reply{.status = status,
                   .headers = std::move(reader.parser().headers()),
                   .body = secret_string(std::string_view(body.data(), body.size()))};
  if (reader.reusable()) turn->keep(on);
  co_return reply;
}

boost::asio::awaitable<http_client::impl::stream_result> http_client::impl::open(http_request request,
                                                                                 stage* reached) {
  auto bytes = write_request(request, target);
  if (!bytes) co_return tl::unexpected(bytes.error());
  request.body = secret_string();
  const steady_time deadline = deadline_of(request.deadline);

  auto fresh = co_await dial->dial(connect_deadline(deadline));
  if (!fresh) co_return tl::unexpected(to_api_error(fresh.error(), *reached, peer));
  const std::shared_ptr<connection> on = *fresh;
  on->arm(deadline);
  if (const auto late = on->stopped()) co_return tl::unexpected(to_api_error(*late, *reached, peer));
  const reply_limits stream_limits{.header_bytes = limits.header_bytes, .body_bytes = std::nullopt};
  auto reader = std::make_unique<reply_reader>(on, stream_limits);
  *reached = stage::sending;
  ++requests_sent;
  const auto read = co_await exchange_head(on, std::move(*bytes), reader.get());
  if (!read) co_return tl::unexpected(to_api_error(read.error(), *reached, peer));
  on->disarm();
  co_return std::make_unique<body_stream>(on, std::move(reader), peer);
}

http_client::http_client(boost::asio::any_io_executor executor, endpoint target,
                         std::shared_ptr<tls_context> tls, http_limits limits)
    : impl_(std::make_shared<impl>()) {
  impl_->peer = authority_of(target, true);
  impl_->limits = limits;
  impl_->dial = std::make_shared<dialer>(executor, target, std::move(tls));
  impl_->pool = std::make_shared<connection_pool>(executor, limits.connections, limits.idle_timeout);
  impl_->target = std::move(target);
}

http_client::~http_client() {
  close();
}

boost::asio::awaitable<result<http_reply, api_error>> http_client::send(http_request request) {
  return impl::guarded<impl::reply_result>(impl_, &impl::send, std::move(request));
}

boost::asio::awaitable<result<std::unique_ptr<http_stream>, api_error>> http_client::open(
    http_request request) {
  return impl::guarded<impl::stream_result>(impl_, &impl::open, std::move(request));
}

void http_client::replace_tls(std::shared_ptr<tls_context> tls) {
  impl_->dial->replace_tls(std::move(tls));
  impl_->pool->drop_idle();
}

void http_client::close() {
  impl_->pool->close();
  impl_->dial->close();
}

http_client::statistics http_client::stats() const {
  return {.connections_opened = impl_->dial->opened(),
          .requests_sent = impl_->requests_sent,
          .idle = impl_->pool->idle(),
          .in_use = impl_->pool->in_use()};
}

}  // namespace platformer::net
