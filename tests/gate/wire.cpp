#include "tests/gate/wire.hpp"

#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace platformer::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr std::size_t piece_bytes = 32U * 1024;
}

wire::wire(tcp::socket socket) : socket_(std::move(socket)) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
}

asio::awaitable<std::shared_ptr<wire>> wire::dial(asio::any_io_executor executor, std::uint16_t port,
                                                  std::shared_ptr<asio::ssl::context> tls) {
  error_code failed;
  tcp::socket socket(executor);
  const tcp::endpoint server(asio::ip::address_v4::loopback(), port);
  co_await socket.async_connect(server, asio::redirect_error(asio::use_awaitable, failed));
  if (failed) co_return nullptr;
  auto made = std::make_shared<wire>(std::move(socket));
  if (!tls) co_return made;
  made->context_ = std::move(tls);
  made->tls_.emplace(made->socket_, *made->context_);
  made->tls_->set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
  co_await made->tls_->async_handshake(asio::ssl::stream_base::client,
                                       asio::redirect_error(asio::use_awaitable, failed));
  if (failed) co_return nullptr;
  co_return made;
}

asio::awaitable<bool> wire::accept_tls(std::shared_ptr<asio::ssl::context> tls) {
  context_ = std::move(tls);
  tls_.emplace(socket_, *context_);
  error_code failed;
  co_await tls_->async_handshake(asio::ssl::stream_base::server,
                                 asio::redirect_error(asio::use_awaitable, failed));
  co_return !failed;
}

asio::awaitable<bool> wire::read_more() {
  error_code failed;
  std::size_t got = 0;
  const auto space = unread_.prepare(piece_bytes);
  if (tls_)
    got = co_await tls_->async_read_some(space, asio::redirect_error(asio::use_awaitable, failed));
  else
    got = co_await socket_.async_read_some(space, asio::redirect_error(asio::use_awaitable, failed));
  unread_.commit(got);
  co_return !failed;
}

asio::awaitable<bool> wire::write(std::string_view bytes) {
  error_code failed;
  const asio::const_buffer all(bytes.data(), bytes.size());
  if (tls_)
    co_await asio::async_write(*tls_, all, asio::redirect_error(asio::use_awaitable, failed));
  else
    co_await asio::async_write(socket_, all, asio::redirect_error(asio::use_awaitable, failed));
  co_return !failed;
}

bool wire::is_quiet() {
  if (!socket_.is_open() || unread_.size() != 0) return false;
  char byte = 0;
  const ssize_t got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN);
}

void wire::on_activity(std::function<void()> then) {
  socket_.async_wait(tcp::socket::wait_read, [call = std::move(then)](error_code failed) {
    if (!failed) call();
  });
}

void wire::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace platformer::test
