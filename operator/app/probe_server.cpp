#include "app/probe_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

#include "app/probe_session.hpp"
#include "net/system_time.hpp"
#include "runtime/token_bucket.hpp"

namespace platformer::app {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds accept_pause{
    100};  // after a failure, most likely for want of descriptors

}  // namespace

struct probe_server::impl : std::enable_shared_from_this<impl> {
  impl(asio::any_io_executor on, probe_handlers how, probe_limits within)
      : executor(std::move(on)),
        acceptor(executor),
        pause(executor),
        tls(how.tls),
        answer(std::move(how)),
        limits(within),
        handshakes(within.handshakes_per_second, within.handshakes_burst),
        room(std::make_shared<reply_room>(within.reply_bytes)) {}

  result<void> bind(const listen_address& wanted);
  static asio::awaitable<void> accept(std::shared_ptr<impl> self);
  static asio::awaitable<void> wait_for_turn(std::shared_ptr<impl> self);
  static asio::awaitable<void> serve(std::shared_ptr<impl> self, std::shared_ptr<probe_session> session);
  void make_room();
  void stop();

  asio::any_io_executor executor;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::function<std::shared_ptr<net::tls_server_context>()> tls;
  probe_answers answer;
  probe_limits limits;
  runtime::token_bucket handshakes;
  std::shared_ptr<reply_room> room;
  listen_address bound;
  std::list<std::shared_ptr<probe_session>> sessions;  // aborted ones included, until their coroutines end
};

result<void> probe_server::impl::bind(const listen_address& wanted) {
  boost::system::error_code ec;
  const auto host = asio::ip::make_address(wanted.host, ec);
  const tcp::endpoint endpoint(host, wanted.port);
  if (!ec) acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(tcp::acceptor::max_listen_connections, ec);
  const tcp::endpoint local = ec ? endpoint : acceptor.local_endpoint(ec);
  if (ec) return fail("can't listen on " + to_string(wanted) + ": " + ec.message());
  bound = {.host = wanted.host, .port = local.port()};
  return {};
}

asio::awaitable<void> probe_server::impl::accept(std::shared_ptr<impl> self) {
  while (self->acceptor.is_open()) {
    boost::system::error_code ec;
    tcp::socket socket = co_await self->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, ec));
    if (!self->acceptor.is_open()) co_return;
    if (ec) {
      self->pause.expires_after(accept_pause);
      co_await self->pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
      continue;
    }
    if (self->tls) co_await wait_for_turn(self);
    if (!self->acceptor.is_open()) co_return;
    self->make_room();
    auto session = std::make_shared<probe_session>(std::move(socket), self->limits, self->room,
                                                   self->tls ? self->tls() : nullptr);
    self->sessions.push_back(session);
    asio::co_spawn(self->executor, serve(self, session), asio::detached);
  }
}

// Whoever comes meanwhile waits in the system's queue.
asio::awaitable<void> probe_server::impl::wait_for_turn(std::shared_ptr<impl> self) {
  boost::system::error_code ec;
  while (self->acceptor.is_open() && !self->handshakes.try_take(net::steady_time())) {
    self->pause.expires_after(self->handshakes.next_available(net::steady_time()) - net::steady_time());
    co_await self->pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
  }
}

asio::awaitable<void> probe_server::impl::serve(std::shared_ptr<impl> self,
                                                std::shared_ptr<probe_session> session) {
  try {
    co_await session->run(self->answer);
  } catch (const std::exception&) {
    // No memory, say: the connection is lost, the server goes on.
  }
  session->abort();
  self->sessions.remove(session);
}

void probe_server::impl::make_room() {
  std::size_t open = 0;
  probe_session* oldest = nullptr;
  for (const auto& each : sessions) {
    if (each->aborted()) continue;
    ++open;
    if (oldest == nullptr || each->waiting_since() < oldest->waiting_since()) oldest = each.get();
  }
  if (open >= limits.connections && oldest != nullptr) oldest->abort();
}

void probe_server::impl::stop() {
  boost::system::error_code ec;
  acceptor.close(ec);
  pause.cancel();
  answer.close();
  for (const auto& each : sessions)
    each->abort();
}

result<std::unique_ptr<probe_server>> probe_server::listen(asio::any_io_executor executor,
                                                           const listen_address& address,
                                                           probe_handlers handlers, probe_limits limits) {
  auto state = std::make_shared<impl>(std::move(executor), std::move(handlers), limits);
  if (auto ok = state->bind(address); !ok) return tl::unexpected(ok.error());
  asio::co_spawn(state->executor, impl::accept(state), asio::detached);
  return std::unique_ptr<probe_server>(new probe_server(std::move(state)));
}

probe_server::~probe_server() {
  stop();
}

const listen_address& probe_server::address() const {
  return impl_->bound;
}

std::size_t probe_server::connections() const {
  std::size_t open = 0;
  for (const auto& each : impl_->sessions)
    if (!each->aborted()) ++open;
  return open;
}

void probe_server::stop() {
  impl_->stop();
}

}  // namespace platformer::app
