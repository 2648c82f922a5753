// What the tests of net share: one io_context on which client and server both run, and short words for
// requests and outcomes.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "net/http_client.hpp"
#include "net/tls.hpp"
#include "tests/support/scripted_server.hpp"

namespace platformer::net {

using namespace std::chrono_literals;
using platformer::test::certificate_authority;
using platformer::test::script;
using platformer::test::scripted_server;

using reply_result = result<http_reply, api_error>;
using stream_result = result<std::unique_ptr<http_stream>, api_error>;

constexpr duration long_enough = 5s;    // never reached in a test that passes
constexpr duration short_time = 150ms;  // enough to connect and send on a loaded machine

struct loop {
  boost::asio::io_context io{1};

  boost::asio::any_io_executor executor() { return io.get_executor(); }

  // Starts the work; its result is there when `done` has a value.
  template <class T>
  std::shared_ptr<std::optional<T>> start(boost::asio::awaitable<T> work) {
    auto outcome = std::make_shared<std::optional<T>>();
    boost::asio::co_spawn(io, std::move(work), [outcome](std::exception_ptr failed, T value) {
      if (failed) std::rethrow_exception(failed);
      outcome->emplace(std::move(value));
    });
    return outcome;
  }

  template <class Condition>
  void run_until(Condition condition) {
    const auto limit = std::chrono::steady_clock::now() + 2 * long_enough;
    while (!condition()) {
      io.restart();
      if (io.run_one_until(limit) == 0) throw std::runtime_error("nothing happens any more");
    }
  }

  template <class T>
  T run(boost::asio::awaitable<T> work) {
    auto outcome = start(std::move(work));
    run_until([&] { return outcome->has_value(); });
    return std::move(**outcome);
  }
};

inline endpoint plain(const scripted_server& server) {
  return {.tls = false, .host = "127.0.0.1", .port = server.port()};
}

inline http_request get(std::string target = "/", duration deadline = long_enough) {
  http_request request;
  request.target = std::move(target);
  request.deadline = deadline;
  return request;
}

inline http_request post(std::string body) {
  http_request request = get("/things");
  request.method = http_method::post;
  request.content_type = "application/json";
  request.body = secret_string(body);
  return request;
}

// "200 the body", or "timeout", or "connection lost after 200" when the head had arrived.
inline std::string told(const reply_result& outcome) {
  if (outcome) return std::to_string(outcome->status) + " " + std::string(outcome->body.reveal());
  std::string text(to_string(outcome.error().code));
  if (outcome.error().http_status != 0) text += " after " + std::to_string(outcome.error().http_status);
  return text;
}

// "some bytes", or "end", or "timeout".
inline std::string told(const result<std::string, api_error>& piece) {
  if (piece) return piece->empty() ? "end" : *piece;
  return std::string(to_string(piece.error().code));
}

template <class T>
std::string message_of(const result<T, api_error>& outcome) {
  return outcome ? "" : outcome.error().message;
}

}  // namespace platformer::net
