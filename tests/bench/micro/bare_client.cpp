#include "tests/bench/micro/bare_client.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <string_view>

namespace platformer::bench::micro {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::string_view request =
    "GET "
    "/apis/console.platformer.com/v1alpha1/namespaces/bench/serviceaccounts/bot-000001?fieldManager=bench "
    "HTTP/1.1\r\nHost: 127.0.0.1:40000\r\nAccept: application/json\r\nUser-Agent: "
    "platformer-bench-micro\r\n\r\n";

}  // namespace

struct bare_client::context {
  ssl::context ssl{ssl::context::tls_client};
};

bare_client::bare_client(const tls_server& server) : server_(server), context_(std::make_unique<context>()) {
  context_->ssl.add_certificate_authority(boost::asio::buffer(server.ca_pem()));
  context_->ssl.set_verify_mode(ssl::verify_peer);
  received_.resize(server.reply().size());
}

bare_client::~bare_client() {
  close();
  SSL_SESSION_free(session_);
}

void bare_client::close() {
  if (connection_ == nullptr) return;
  SSL_shutdown(connection_);  // a session whose connection breaks off is not resumed
  SSL_free(connection_);
  connection_ = nullptr;
  ::close(socket_);
}

bool bare_client::connect(bool resume) {
  // Tickets arrive with the first reply, so only now is the latest there.
  if (resume && connection_ != nullptr) {
    SSL_SESSION_free(session_);
    session_ = SSL_get1_session(connection_);
  }
  close();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(server_.port());
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return false;
  connection_ = SSL_new(context_->ssl.native_handle());
  SSL_set_fd(connection_, socket_);
  if (resume && SSL_set_session(connection_, session_) != 1) return false;
  return SSL_connect(connection_) == 1;
}

bool bare_client::resumed() const {
  return SSL_session_reused(connection_) == 1;
}

bool bare_client::ask() {
  if (SSL_write(connection_, request.data(), static_cast<int>(request.size())) <= 0) return false;
  std::size_t filled = 0;
  while (filled < received_.size()) {
    const int got =
        SSL_read(connection_, received_.data() + filled, static_cast<int>(received_.size() - filled));
    if (got <= 0) return false;
    filled += static_cast<std::size_t>(got);
  }
  return received_ == server_.reply();
}

}  // namespace platformer::bench::micro
