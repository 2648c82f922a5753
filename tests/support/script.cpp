#include "tests/support/script.hpp"

#include <utility>

namespace platformer::test {

action read_request() {
  return {.what = action::kind::read_request};
}
action reply(std::string bytes) {
  return {.what = action::kind::reply, .bytes = std::move(bytes)};
}
action drip(std::string bytes, std::chrono::milliseconds pause) {
  return {.what = action::kind::drip, .bytes = std::move(bytes), .pause = pause};
}
action hold() {
  return {.what = action::kind::hold};
}
action start_tls() {
  return {.what = action::kind::start_tls};
}
action end_tls() {
  return {.what = action::kind::end_tls};
}
action reset() {
  return {.what = action::kind::reset};
}
action notify(std::function<void()> then) {
  return {.what = action::kind::notify, .then = std::move(then)};
}

std::string plain_reply(int status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace platformer::test
