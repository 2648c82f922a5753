#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "net/connection.hpp"
#include "net/tls_impl.hpp"

namespace platformer::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Alerts by which a server's TLS turns a client away. With TLS 1.3 they arrive only after our own side of the
// handshake has ended, in place of the first reply.
bool is_refusal(const error_code& failed) {
  if (failed.category() != asio::error::get_ssl_category()) return false;
  switch (ERR_GET_REASON(static_cast<unsigned long>(failed.value()))) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
      return true;
    default:
      return false;
  }
}

}  // namespace

io_failure connection::failure_of(const error_code& failed) {
  if (const auto stop = stopped()) return *stop;
  if (failed == asio::error::operation_aborted) return {io_errc::aborted, "cancelled"};
  if (failed == asio::error::eof) return {io_errc::ended, "the peer closed the connection"};
  if (failed == asio::ssl::error::stream_truncated) return {io_errc::lost, "the peer cut the TLS stream off"};
  if (!heard_ && is_refusal(failed)) {
    return {io_errc::refused, "the server's TLS turned us away: " + failed.message()};
  }
  return {io_errc::lost, failed.message()};
}

io_result<done> connection::connect(asio::ip::tcp::endpoint to) {
  if (const auto stop = stopped()) co_return tl::unexpected(*stop);
  error_code failed;
  socket_.open(to.protocol(), failed);
  if (failed) co_return tl::unexpected(failure_of(failed));
  set_options();
  co_await socket_.async_connect(to, asio::redirect_error(asio::use_awaitable, failed));
  if (failed || stop_) co_return tl::unexpected(failure_of(failed));
  co_return done{};
}

io_result<done> connection::handshake(std::shared_ptr<tls_context> tls, std::string name) {
  if (const auto stop = stopped()) co_return tl::unexpected(*stop);
  tls_ = std::move(tls);
  stream_.emplace(socket_, tls_->get().context);
  SSL* ssl = stream_->native_handle();
  if (!expect_peer(ssl, name, tls_->get().insecure_skip_verify)) {
    co_return tl::unexpected(io_failure{io_errc::lost, "not a usable server name"});
  }
  error_code failed;
  co_await stream_->async_handshake(asio::ssl::stream_base::client,
                                    asio::redirect_error(asio::use_awaitable, failed));
  if (!failed && !stop_) co_return done{};
  io_failure failure = failure_of(failed);
  if (!stop_) failure.detail = explain_handshake(ssl, name, failure.detail);
  co_return tl::unexpected(std::move(failure));
}

io_result<std::size_t> connection::read_some(asio::mutable_buffer into) {
  if (const auto stop = stopped()) co_return tl::unexpected(*stop);
  error_code failed;
  std::size_t got = 0;
  if (stream_) {
    got = co_await stream_->async_read_some(into, asio::redirect_error(asio::use_awaitable, failed));
  } else {
    got = co_await socket_.async_read_some(into, asio::redirect_error(asio::use_awaitable, failed));
  }
  if (got != 0) {
    heard_ = true;
    co_return got;
  }
  co_return tl::unexpected(failure_of(failed ? failed : asio::error::make_error_code(asio::error::eof)));
}

io_result<done> connection::write(asio::const_buffer bytes) {
  if (const auto stop = stopped()) co_return tl::unexpected(*stop);
  error_code failed;
  if (stream_) {
    co_await asio::async_write(*stream_, bytes, asio::redirect_error(asio::use_awaitable, failed));
  } else {
    co_await asio::async_write(socket_, bytes, asio::redirect_error(asio::use_awaitable, failed));
  }
  if (failed || stop_) co_return tl::unexpected(failure_of(failed));
  co_return done{};
}

}  // namespace platformer::net
