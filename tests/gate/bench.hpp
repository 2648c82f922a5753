// What the tests of the gate share: a scripted server, a gate before it and the operator's own HTTP client,
// all on the gates' thread, and short words for what came of a request.
//
//   gate_bench bench({{read_request(), reply(plain_reply(200, "hello"))}});
//   EXPECT_EQ(bench.get("/things"), "200 hello");
#pragma once

#include <poll.h>

#include <boost/asio/co_spawn.hpp>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/http_client.hpp"
#include "net/tls.hpp"
#include "tests/gate/gate.hpp"
#include "tests/gate/loop.hpp"
#include "tests/support/scripted_server.hpp"

namespace platformer::test {

using namespace std::chrono_literals;

inline constexpr auto long_enough = std::chrono::seconds(10);  // never reached in a test that passes
inline constexpr auto short_time =
    std::chrono::milliseconds(200);  // enough for an exchange on a loaded machine

struct bench_options {
  std::optional<certificate> client_side = std::nullopt;      // TLS before the gate
  std::optional<server_identity> server_side = std::nullopt;  // TLS behind it …
  std::optional<server_tls> gate_tls = std::nullopt;          // … and what the gate knows of it
  std::string client_ca{};
  bool recorded = true;
};

class gate_bench {
 public:
  explicit gate_bench(std::vector<script> scripts, const bench_options& options = {}) {
    const auto executor = loop.executor();
    loop.run([&] { server.emplace(executor, std::move(scripts), options.server_side); });
    loop.run([&] { server_port = server->port(); });
    url = door.open({.name = "server",
                     .server_port = server_port,
                     .identity = options.client_side,
                     .tls = options.gate_tls,
                     .recorded = options.recorded});
    loop.run([&] {
      std::shared_ptr<net::tls_context> tls;
      if (options.client_side) tls = *net::tls_context::make({.ca_pem = options.client_ca});
      client.emplace(executor, target(), tls);
    });
  }
  ~gate_bench() {
    loop.run([&] {
      stream.reset();
      client.reset();
      server.reset();
    });
  }
  gate_bench(const gate_bench&) = delete;
  gate_bench& operator=(const gate_bench&) = delete;

  net::endpoint target() const {
    return {.tls = url.starts_with("https"),
            .host = "127.0.0.1",
            .port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)))};
  }

  // Starts it on the gates' thread; the future has what came of it.
  std::future<std::string> start(net::http_request request) {
    auto done = std::make_shared<std::promise<std::string>>();
    auto outcome = done->get_future();
    loop.run([&, this] {
      boost::asio::co_spawn(loop.executor(), client->send(std::move(request)),
                            [done](std::exception_ptr, result<net::http_reply, api_error> reply) {
                              done->set_value(told(reply));
                            });
    });
    return outcome;
  }
  std::string send(net::http_request request) { return start(std::move(request)).get(); }
  std::string get(const std::string& target, duration deadline = long_enough) {
    return send(request_for(target, deadline));
  }
  static net::http_request request_for(const std::string& target, duration deadline = long_enough) {
    net::http_request request;
    request.target = target;
    request.deadline = deadline;
    return request;
  }

  // A watch: its status, or why there is none; then piece by piece.
  std::string open(const std::string& target) {
    std::promise<std::string> done;
    loop.run([&] {
      boost::asio::co_spawn(
          loop.executor(), client->open(request_for(target)),
          [&](std::exception_ptr, result<std::unique_ptr<net::http_stream>, api_error> opened) {
            if (opened) stream = std::move(*opened);
            done.set_value(opened ? std::to_string(stream->status())
                                  : std::string(to_string(opened.error().code)));
          });
    });
    return done.get_future().get();
  }
  // "end", or the failure's code, or the bytes.
  std::string read() {
    std::promise<std::string> done;
    loop.run([&] {
      boost::asio::co_spawn(loop.executor(), stream->read(long_enough),
                            [&](std::exception_ptr, result<std::string, api_error> piece) {
                              if (!piece)
                                done.set_value(std::string(to_string(piece.error().code)));
                              else
                                done.set_value(piece->empty() ? "end" : *piece);
                            });
    });
    return done.get_future().get();
  }

  std::vector<std::string> seen_by_server() {
    std::vector<std::string> requests;
    loop.run([&] { requests = server->requests(); });
    return requests;
  }
  std::size_t server_connections() {
    std::size_t count = 0;
    loop.run([&] { count = server->connections(); });
    return count;
  }
  void stop_server() {
    loop.run([&] { server.reset(); });
  }

  // Waits until the journal has that text.
  bool noted(const std::string& text) {
    const auto until = std::chrono::steady_clock::now() + long_enough;
    while (door.notes().text(0, always).find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() > until) return false;
      ::poll(nullptr, 0, 5);
    }
    return true;
  }

  // "200 the body", or "connection lost".
  static std::string told(const result<net::http_reply, api_error>& reply) {
    if (reply) return std::to_string(reply->status) + " " + std::string(reply->body.reveal());
    return std::string(to_string(reply.error().code));
  }

  gate_loop& loop = gate_loop::instance();
  gate door;
  std::optional<scripted_server> server;
  std::uint16_t server_port = 0;
  std::string url;
  std::optional<net::http_client> client;
  std::unique_ptr<net::http_stream> stream;
};

// Answers each request on a connection with "200 ok", up to `count` of them.
inline script answers(std::size_t count = 4) {
  script all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(read_request());
    all.push_back(reply(plain_reply(200, "ok")));
  }
  all.push_back(hold());
  return all;
}

}  // namespace platformer::test
