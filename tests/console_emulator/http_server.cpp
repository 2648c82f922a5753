#include "tests/console_emulator/http_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>
#include <set>

#include "tests/console_emulator/http_session.hpp"

namespace platformer::emulator {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

namespace {

constexpr std::chrono::seconds handshake_limit{10};

result<tcp::endpoint> parse_address(const std::string& text) {
  const auto colon = text.rfind(':');
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(host, ec);
  const std::string digits = colon == std::string::npos ? "" : text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (ec || digits.empty() || status != std::errc{} || end != digits.data() + digits.size())
    return fail("\"" + text + "\" is no address to listen on; write it as 127.0.0.1:8080 or [::1]:0");
  return tcp::endpoint(address, port);
}

}  // namespace

struct http_server::impl : std::enable_shared_from_this<impl> {
  impl(asio::any_io_executor on, std::shared_ptr<asio::ssl::context> with, request_handler how)
      : executor(std::move(on)), acceptor(executor), tls(std::move(with)), handler(std::move(how)) {}

  // A connection as stop() knows it, for as long as its coroutine lives.
  struct registration {
    registration(std::shared_ptr<impl> in, beast::tcp_stream& of) : server(std::move(in)), stream(&of) {
      server->connections.insert(stream);
    }
    ~registration() { server->connections.erase(stream); }
    registration(const registration&) = delete;
    registration& operator=(const registration&) = delete;
    std::shared_ptr<impl> server;
    beast::tcp_stream* stream;
  };

  static asio::awaitable<void> accept(std::shared_ptr<impl> self) {
    while (self->acceptor.is_open()) {
      boost::system::error_code ec;
      tcp::socket socket =
          co_await self->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, ec));
      if (!self->acceptor.is_open()) co_return;
      if (ec) {  // out of descriptors, most likely: do not spin
        asio::steady_timer pause(self->executor, std::chrono::milliseconds(50));
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        continue;
      }
      socket.set_option(tcp::no_delay(true), ec);
      asio::co_spawn(self->executor, connection(self, std::move(socket)), asio::detached);
    }
  }

  static asio::awaitable<void> connection(std::shared_ptr<impl> self, tcp::socket socket) {
    try {
      if (self->tls)
        co_await tls_connection(self, std::move(socket));
      else
        co_await plain_connection(self, std::move(socket));
    } catch (const std::exception&) {
      // The connection is lost, the server goes on.
    }
  }

  static asio::awaitable<void> plain_connection(std::shared_ptr<impl> self, tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    const registration known(self, stream);
    co_await serve_connection(stream, self->handler);
    stream.close();
  }

  static asio::awaitable<void> tls_connection(std::shared_ptr<impl> self, tcp::socket socket) {
    beast::ssl_stream<beast::tcp_stream> stream(beast::tcp_stream(std::move(socket)), *self->tls);
    const registration known(self, stream.next_layer());
    stream.next_layer().expires_after(handshake_limit);
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    co_await serve_connection(stream, self->handler);
    // No close_notify: clients go by Content-Length, and a cut reply must look cut.
    stream.next_layer().close();
  }

  asio::any_io_executor executor;
  tcp::acceptor acceptor;
  std::shared_ptr<asio::ssl::context> tls;
  request_handler handler;
  std::set<beast::tcp_stream*> connections;
};

result<std::shared_ptr<asio::ssl::context>> make_server_tls(const std::string& certificate_pem,
                                                            const std::string& key_pem) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                       asio::ssl::context::no_tlsv1_1);
  boost::system::error_code ec;
  context->use_certificate_chain(asio::buffer(certificate_pem), ec);
  if (ec) return fail("the TLS certificate can't be used: " + ec.message());
  context->use_private_key(asio::buffer(key_pem), asio::ssl::context::pem, ec);
  if (ec) return fail("the TLS key can't be used or does not fit the certificate: " + ec.message());
  return context;
}

result<std::unique_ptr<http_server>> http_server::listen(asio::any_io_executor executor,
                                                         const std::string& address,
                                                         std::shared_ptr<asio::ssl::context> tls,
                                                         request_handler handler) {
  const auto endpoint = parse_address(address);
  if (!endpoint) return tl::unexpected(endpoint.error());
  auto state = std::make_shared<impl>(std::move(executor), std::move(tls), std::move(handler));
  boost::system::error_code ec;
  state->acceptor.open(endpoint->protocol(), ec);
  if (!ec) state->acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) state->acceptor.bind(*endpoint, ec);
  if (!ec) state->acceptor.listen(tcp::acceptor::max_listen_connections, ec);
  if (ec) return fail("can't listen on " + address + ": " + ec.message());
  asio::co_spawn(state->executor, impl::accept(state), asio::detached);
  return std::unique_ptr<http_server>(new http_server(std::move(state)));
}

http_server::~http_server() {
  stop();
}

std::uint16_t http_server::port() const {
  boost::system::error_code ec;
  return impl_->acceptor.local_endpoint(ec).port();
}

std::string http_server::url() const {
  boost::system::error_code ec;
  const auto endpoint = impl_->acceptor.local_endpoint(ec);
  auto address = endpoint.address();
  if (address.is_unspecified())
    address = address.is_v6() ? asio::ip::address(asio::ip::address_v6::loopback())
                              : asio::ip::address(asio::ip::address_v4::loopback());
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return (impl_->tls ? "https://" : "http://") + host + ":" + std::to_string(endpoint.port());
}

void http_server::stop() {
  boost::system::error_code ec;
  impl_->acceptor.close(ec);
  for (auto* stream : impl_->connections)
    stream->close();
}

}  // namespace platformer::emulator
