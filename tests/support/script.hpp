// What a scripted_server does on one connection, step by step.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace platformer::test {

struct action {
  enum class kind : std::uint8_t {
    read_request,  // one whole request, by its Content-Length; it is recorded
    reply,         // send the bytes
    drip,          // send the bytes one by one, with a pause before each
    hold,          // wait until the peer closes
    start_tls,     // server side of a handshake (with server_identity)
    end_tls,       // close_notify
    reset,         // close with RST
    notify,        // call `then`, for a test that has to act at this moment
  };
  kind what = kind::hold;
  std::string bytes{};
  std::chrono::milliseconds pause{0};
  std::function<void()> then{};
};

action read_request();
action reply(std::string bytes);
action drip(std::string bytes, std::chrono::milliseconds pause);
action hold();
action start_tls();
action end_tls();
action reset();
action notify(std::function<void()> then);

using script = std::vector<action>;

// "HTTP/1.1 <status> Scripted", the headers (each ended by \r\n), Content-Length and the body.
std::string plain_reply(int status, const std::string& body, const std::string& headers = "");

}  // namespace platformer::test
