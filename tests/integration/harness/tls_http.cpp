#include "tests/integration/harness/tls_http.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdlib>
#include <optional>

namespace platformer::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using tls_stream = asio::ssl::stream<tcp::socket>;

constexpr std::chrono::seconds patience{10};

tcp::endpoint parse_address(const std::string& address) {
  const auto colon = address.rfind(':');
  return {asio::ip::make_address(address.substr(0, colon)),
          static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1)))};
}

class client {
 public:
  explicit client(const std::string& ca_pem) {
    context_.add_certificate_authority(asio::buffer(ca_pem));
    context_.set_verify_mode(asio::ssl::verify_peer);
    stream_.emplace(io_, context_);
  }

  bool shake_hands(const tcp::endpoint& to) {
    boost::system::error_code ec;
    stream_->lowest_layer().connect(to, ec);
    return !ec && finish([&](auto done) { stream_->async_handshake(tls_stream::client, done); });
  }
  std::string serial() {
    const long number =
        ASN1_INTEGER_get(X509_get0_serialNumber(SSL_get0_peer_certificate(stream_->native_handle())));
    return std::to_string(number);
  }
  std::string exchange(const std::string& request) {
    std::string reply;
    finish([&](auto done) { asio::async_write(*stream_, asio::buffer(request), done); });
    finish([&](auto done) { asio::async_read(*stream_, asio::dynamic_buffer(reply), done); });
    return reply;
  }

 private:
  // Runs one operation to its end or the limit; true when it succeeded.
  template <class Begin>
  bool finish(Begin begin) {
    bool good = false;
    begin([&good](boost::system::error_code ec, auto...) { good = !ec; });
    io_.restart();
    io_.run_for(patience);
    if (!io_.stopped()) {
      stream_->lowest_layer().close();
      io_.run();
    }
    return good;
  }

  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_client};
  std::optional<tls_stream> stream_;
};

}  // namespace

tls_reply tls_get(const std::string& address, const std::string& ca_pem, const std::string& target,
                  const std::vector<std::pair<std::string, std::string>>& headers) {
  client asking(ca_pem);
  tls_reply reply;
  if (!asking.shake_hands(parse_address(address))) return reply;
  reply.certificate_serial = asking.serial();
  std::string request = "GET " + target + " HTTP/1.1\r\nHost: " + address + "\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers)
    request += name + ": " + value + "\r\n";
  const std::string text = asking.exchange(request + "\r\n");
  const auto blank = text.find("\r\n\r\n");
  if (blank == std::string::npos) return reply;
  reply.status = std::atoi(text.c_str() + text.find(' '));
  reply.body = text.substr(blank + 4);
  return reply;
}

}  // namespace platformer::test
