#include "tests/integration/harness/plain_http.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace platformer::test {
namespace {

constexpr long patience_seconds = 10;

sockaddr_in parse_address(const std::string& address) {
  const auto colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  if (colon == std::string::npos ||
      ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr) != 1) {
    throw std::invalid_argument("not an IPv4 address with a port: " + address);
  }
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1))));
  return to;
}

bool send_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string exchange(const sockaddr_in& to, const std::string& request) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return "";
  const timeval patience{patience_seconds, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  std::string reply;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 && send_all(fd, request)) {
    std::array<char, 65536> block{};
    for (ssize_t n = 0; (n = ::recv(fd, block.data(), block.size(), 0)) > 0;) {
      reply.append(block.data(), static_cast<std::size_t>(n));
    }
  }
  ::close(fd);
  return reply;
}

}  // namespace

plain_reply plain_http(const std::string& address, const std::string& method, const std::string& target,
                       const std::string& body,
                       const std::vector<std::pair<std::string, std::string>>& headers) {
  // HTTP/1.0 and "close": the reply ends with the connection and is never chunked.
  std::string request = method + " " + target + " HTTP/1.0\r\nHost: " + address + "\r\nConnection: close\r\n";
  bool typed = body.empty();
  for (const auto& [name, value] : headers) {
    request += name + ": " + value + "\r\n";
    typed = typed || name == "Content-Type";
  }
  if (!typed) request += "Content-Type: application/json\r\n";
  request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  const std::string reply = exchange(parse_address(address), request);
  const auto space = reply.find(' ');
  const auto end = reply.find("\r\n\r\n");
  if (space == std::string::npos || end == std::string::npos) return {};
  return {.status = std::atoi(reply.c_str() + space), .body = reply.substr(end + 4)};
}

}  // namespace platformer::test
