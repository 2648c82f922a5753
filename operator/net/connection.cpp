#include "net/connection.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace platformer::net {

connection::connection(boost::asio::any_io_executor executor) : socket_(executor), watchdog_(executor) {}

void connection::arm(steady_time deadline) {
  // A timer would speak up only after the next operation has begun.
  if (deadline <= std::chrono::steady_clock::now()) return expire();
  watchdog_.expires_at(deadline);
  watchdog_.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self) return;
    // A wait that had ended already when the timer was armed anew is called without an error.
    if (self->watchdog_.expiry() > std::chrono::steady_clock::now()) return;
    self->expire();
  });
}

void connection::expire() {
  if (!stop_) stop_ = io_errc::timed_out;
  shut();
}

void connection::disarm() {
  watchdog_.expires_at(steady_time::max());
}

void connection::abort() {
  if (!stop_) stop_ = io_errc::aborted;
  disarm();
  shut();
}

void connection::shut() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

std::optional<io_failure> connection::stopped() const {
  if (!stop_) return std::nullopt;
  if (*stop_ == io_errc::timed_out) return io_failure{io_errc::timed_out, "the deadline passed"};
  return io_failure{io_errc::aborted, "closed"};
}

// Best effort: a kernel that lacks one of these still has a usable connection.
void connection::set_options() {
  const int fd = socket_.native_handle();
  const auto set = [fd](int level, int name, int value) {
    ::setsockopt(fd, level, name, &value, sizeof value);
  };
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);  // exec plugins are no heirs of ours
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(keepalive_idle.count()));
  set(IPPROTO_TCP, TCP_KEEPINTVL, static_cast<int>(keepalive_interval.count()));
  set(IPPROTO_TCP, TCP_KEEPCNT, keepalive_probes);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(unacknowledged_limit.count()));
}

bool connection::quiet() {
  if (stop_ || !socket_.is_open()) return false;
  if (stream_) {
    SSL* ssl = stream_->native_handle();
    if (SSL_get_shutdown(ssl) != 0 || SSL_pending(ssl) != 0 || BIO_pending(SSL_get_rbio(ssl)) != 0)
      return false;
  }
  char byte = 0;
  const ssize_t got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && errno == EAGAIN;
}

}  // namespace platformer::net
