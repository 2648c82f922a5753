#include "tests/bench/micro/tls_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <stdexcept>

namespace platformer::bench::micro {
namespace {

namespace ssl = boost::asio::ssl;

int listen_on_loopback(std::uint16_t& port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || ::bind(listener, generic, size) != 0 || ::listen(listener, 16) != 0 ||
      ::getsockname(listener, generic, &size) != 0)
    throw std::runtime_error("no socket on loopback");
  port = ntohs(address.sin_port);
  return listener;
}

// Until the client closes.
void serve(SSL* connection, const std::string& reply) {
  std::string received;
  char buffer[4096];
  for (int got = 0; (got = SSL_read(connection, buffer, sizeof buffer)) > 0;) {
    received.append(buffer, static_cast<std::size_t>(got));
    if (!received.ends_with("\r\n\r\n")) continue;
    received.clear();
    if (SSL_write(connection, reply.data(), static_cast<int>(reply.size())) <= 0) return;
  }
}

[[noreturn]] void serve_all(int listener, ssl::context& context, const std::string& reply) {
  for (;;) {
    const int socket = ::accept(listener, nullptr, nullptr);
    if (socket < 0) ::_exit(1);
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    SSL* connection = SSL_new(context.native_handle());
    SSL_set_fd(connection, socket);
    if (SSL_accept(connection) == 1) serve(connection, reply);
    SSL_free(connection);
    ::close(socket);
  }
}

}  // namespace

tls_server::tls_server(std::string reply) : reply_(std::move(reply)) {
  const auto own = authority_.issue({.names = {"DNS:localhost", "IP:127.0.0.1"}});
  ssl::context context(ssl::context::tls_server);
  context.use_certificate_chain(boost::asio::buffer(own.certificate_pem));
  context.use_private_key(boost::asio::buffer(own.key_pem), ssl::context::pem);
  const int listener = listen_on_loopback(port_);
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("no process for the server");
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::signal(SIGPIPE, SIG_IGN);
    serve_all(listener, context, reply_);
  }
  ::close(listener);
}

tls_server::~tls_server() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

}  // namespace platformer::bench::micro
