#include "tests/support/scripted_server.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace platformer::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t request_limit_bytes = 16U * 1024 * 1024;

std::shared_ptr<asio::ssl::context> make_context(const server_identity& identity) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->use_certificate_chain(asio::buffer(identity.own.certificate_pem));
  context->use_private_key(asio::buffer(identity.own.key_pem), asio::ssl::context::pem);
  if (!identity.client_ca_pem.empty()) {
    context->add_certificate_authority(asio::buffer(identity.client_ca_pem));
    context->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  }
  if (identity.only_tls_1_1) {
    SSL_CTX_set_security_level(context->native_handle(), 0);  // or OpenSSL 3 would not even offer it
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_1_VERSION);
    SSL_CTX_set_max_proto_version(context->native_handle(), TLS1_1_VERSION);
  }
  return context;
}

// The size of the request at the start of `bytes`; nullopt while it is not whole.
std::optional<std::size_t> whole_request(const std::string& bytes) {
  const std::size_t head = bytes.find("\r\n\r\n");
  if (head == std::string::npos) return std::nullopt;
  constexpr std::string_view field = "\r\nContent-Length: ";
  const std::size_t at = bytes.find(field);
  std::size_t body = 0;
  if (at < head) body = static_cast<std::size_t>(std::stoul(bytes.substr(at + field.size())));
  const std::size_t size = head + 4 + body;
  return bytes.size() >= size ? std::optional(size) : std::nullopt;
}

struct session {
  explicit session(tcp::socket accepted) : socket(std::move(accepted)), timer(socket.get_executor()) {}

  tcp::socket socket;
  asio::steady_timer timer;
  std::shared_ptr<asio::ssl::context> context;
  std::optional<asio::ssl::stream<tcp::socket&>> tls;
  std::string received;

  asio::awaitable<bool> handshake() {
    error_code failed;
    tls.emplace(socket, *context);
    co_await tls->async_handshake(asio::ssl::stream_base::server,
                                  asio::redirect_error(asio::use_awaitable, failed));
    co_return !failed;
  }

  asio::awaitable<bool> read() {
    std::string chunk(16U * 1024, '\0');
    error_code failed;
    std::size_t got = 0;
    if (tls) {
      got = co_await tls->async_read_some(asio::buffer(chunk),
                                          asio::redirect_error(asio::use_awaitable, failed));
    } else {
      got = co_await socket.async_read_some(asio::buffer(chunk),
                                            asio::redirect_error(asio::use_awaitable, failed));
    }
    received.append(chunk, 0, got);
    co_return !failed;
  }

  asio::awaitable<bool> write(std::string bytes) {
    error_code failed;
    if (tls) {
      co_await asio::async_write(*tls, asio::buffer(bytes),
                                 asio::redirect_error(asio::use_awaitable, failed));
    } else {
      co_await asio::async_write(socket, asio::buffer(bytes),
                                 asio::redirect_error(asio::use_awaitable, failed));
    }
    co_return !failed;
  }

  asio::awaitable<bool> drip(std::string bytes, std::chrono::milliseconds pause) {
    for (const char byte : bytes) {
      error_code ignored;
      timer.expires_after(pause);
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      std::string one(1, byte);
      const bool sent = co_await write(std::move(one));
      if (!sent) co_return false;
    }
    co_return true;
  }

  asio::awaitable<void> hold() {
    bool open = true;
    while (open)
      open = co_await read();
  }

  void close() {
    error_code ignored;
    timer.cancel();
    socket.close(ignored);
  }

  void reset() {
    error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
  }

  // Ends our direction at once. The socket is closed only after the peer's end, since a close with unread
  // bytes would be an RST, which may overtake the reply.
  asio::awaitable<void> finish() {
    error_code failed;
    socket.shutdown(tcp::socket::shutdown_send, failed);
    std::string unread(16U * 1024, '\0');
    while (!failed) {
      co_await socket.async_read_some(asio::buffer(unread),
                                      asio::redirect_error(asio::use_awaitable, failed));
    }
    close();
  }
};

}  // namespace

struct scripted_server::impl {
  impl(const asio::any_io_executor& executor, std::vector<script> wanted)
      : acceptor(executor, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), scripts(std::move(wanted)) {}

  tcp::acceptor acceptor;
  std::vector<script> scripts;
  std::shared_ptr<asio::ssl::context> context;
  bool tls_at_once = false;
  std::vector<std::weak_ptr<session>> sessions;
  std::vector<std::string> requests;

  asio::awaitable<bool> read_request(std::shared_ptr<session> with) {
    std::optional<std::size_t> size = whole_request(with->received);
    while (!size) {
      const bool open = co_await with->read();
      if (!open || with->received.size() > request_limit_bytes) co_return false;
      size = whole_request(with->received);
    }
    requests.push_back(with->received.substr(0, *size));
    with->received.erase(0, *size);
    co_return true;
  }

  asio::awaitable<bool> perform(std::shared_ptr<session> with, action todo) {
    switch (todo.what) {
      case action::kind::read_request:
        co_return co_await read_request(with);
      case action::kind::reply:
        co_return co_await with->write(std::move(todo.bytes));
      case action::kind::drip:
        co_return co_await with->drip(std::move(todo.bytes), todo.pause);
      case action::kind::start_tls:
        co_return co_await with->handshake();
      case action::kind::hold:
        co_await with->hold();
        break;
      case action::kind::end_tls:
        // Sends close_notify at once; nobody waits for the peer's.
        if (with->tls) with->tls->async_shutdown([with](const error_code&) {});
        co_return true;
      case action::kind::reset:
        with->reset();
        break;
      case action::kind::notify:
        todo.then();
        co_return true;
    }
    co_return false;
  }

  static asio::awaitable<void> serve(std::shared_ptr<impl> self, std::shared_ptr<session> with, script todo) {
    bool going = true;
    if (self->tls_at_once) going = co_await with->handshake();
    for (std::size_t i = 0; going && i < todo.size(); ++i)
      going = co_await self->perform(with, todo[i]);
    co_await with->finish();
  }

  static asio::awaitable<void> accept(std::shared_ptr<impl> self) {
    for (;;) {
      error_code failed;
      tcp::socket accepted =
          co_await self->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failed));
      if (failed) co_return;
      auto fresh = std::make_shared<session>(std::move(accepted));
      fresh->socket.set_option(tcp::no_delay(true), failed);
      fresh->context = self->context;
      const std::size_t number = std::min(self->sessions.size(), self->scripts.size() - 1);
      self->sessions.push_back(fresh);
      script todo = self->scripts[number];
      asio::co_spawn(self->acceptor.get_executor(), serve(self, fresh, std::move(todo)), asio::detached);
    }
  }
};

scripted_server::scripted_server(asio::any_io_executor executor, std::vector<script> scripts,
                                 std::optional<server_identity> identity, bool tls_at_once)
    : impl_(std::make_shared<impl>(executor, std::move(scripts))) {
  if (identity) impl_->context = make_context(*identity);
  impl_->tls_at_once = identity.has_value() && tls_at_once;
  asio::co_spawn(executor, impl::accept(impl_), asio::detached);
}

scripted_server::~scripted_server() {
  error_code ignored;
  impl_->acceptor.close(ignored);
  for (const auto& weak : impl_->sessions) {
    if (const auto alive = weak.lock()) alive->close();
  }
}

std::uint16_t scripted_server::port() const {
  return impl_->acceptor.local_endpoint().port();
}
std::size_t scripted_server::connections() const {
  return impl_->sessions.size();
}
const std::vector<std::string>& scripted_server::requests() const {
  return impl_->requests;
}

}  // namespace platformer::test
