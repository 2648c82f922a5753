#include "net/proxy_tunnel.hpp"

#include <string>
#include <utility>

#include "net/reply_reader.hpp"
#include "net/request_writer.hpp"

namespace platformer::net {
namespace {

constexpr std::size_t proxy_header_bytes = 16U * 1024;

wiped_bytes connect_request(const endpoint& target) {
  const std::string authority = authority_of(target, true);
  std::string text = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  const std::string& credential = target.via->authorization;
  wiped_bytes out(text.begin(), text.end());
  const auto append = [&out](std::string_view more) { out.insert(out.end(), more.begin(), more.end()); };
  if (!credential.empty()) {
    append("Proxy-Authorization: ");
    append(credential);
    append("\r\n");
  }
  append("\r\n");
  return out;
}

}  // namespace

io_result<done> open_tunnel(std::shared_ptr<connection> through, endpoint target) {
  const wiped_bytes request = connect_request(target);
  auto written = co_await through->write(boost::asio::buffer(request));
  if (!written) co_return written;

  reply_reader reader(through, {.header_bytes = proxy_header_bytes, .body_bytes = 0});
  reader.expect_no_body();  // a tunnel's bytes are no body
  auto head = co_await reader.read_head();
  if (!head) {
    head.error().detail = "the proxy: " + head.error().detail;
    co_return head;
  }
  const int status = reader.parser().status();
  if (status / 100 != 2) {
    co_return tl::unexpected(
        io_failure{io_errc::lost, "the proxy refused the tunnel: " + std::to_string(status)});
  }
  if (reader.has_surplus())
    co_return tl::unexpected(io_failure{io_errc::lost, "the proxy spoke out of turn"});
  co_return done{};
}

}  // namespace platformer::net
