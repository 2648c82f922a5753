// The HTTP server for kubelet and Prometheus: /livez, /readyz and /metrics on one address, or metrics alone
// over TLS (app/metrics_server.hpp).
//
//   auto server = probe_server::listen(executor, options.bind_address,
//                                      {.live = …, .ready = …, .metrics = [&] { return m.serialize(); }});
//   if (!server) exit with server.error().message
//
// /livez and /readyz answer 200 "ok", or 503 with a line a check when one of them fails; `?verbose` shows the
// lines in any case:
//   [+]leader election ok: standby, lease ops/platformer-operator is held by pod-1_5c1e
//   [-]permissions failed: secrets "create" is forbidden in namespace team-a
// GET and HEAD only (405), other paths are 404, requests with a body 413, large headers 431. The server holds
// a bounded number of connections: a further one closes the one that has been waiting longest, so that idle
// clients can't keep a probe out. What clients have not taken yet is bounded, too: beyond that a large reply
// becomes a 503. Whoever asks for /metrics without a pause gets a tenth of the thread (scrape_pace.hpp).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/option_values.hpp"
#include "app/probe_reply.hpp"
#include "base/result.hpp"
#include "net/tls_server.hpp"

namespace platformer::app {

struct check_result {
  std::string name;
  std::string failure{};  // why; empty: all is well
  std::string note{};     // shown beside "ok"; may be empty
};

// Asked once a request, between other work of the same thread; they must not block. One that throws makes the
// reply a 500.
struct probe_handlers {
  std::function<std::vector<check_result>()> live;   // empty function: alive as long as it answers
  std::function<std::vector<check_result>()> ready;  // empty function: ready as long as it answers
  std::function<std::string()> metrics;              // the text format; empty function: /metrics is 404
  bool only_metrics = false;                         // /livez and /readyz are 404
  // Asked before metrics with the value of Authorization ("": none) and the path: the reply to somebody who
  // may not have them, else nullopt. Empty function: anybody may.
  std::function<boost::asio::awaitable<std::optional<probe_reply>>(std::string authorization,
                                                                   std::string path)>
      guard{};
  // For each connection's handshake; empty function: without TLS.
  std::function<std::shared_ptr<net::tls_server_context>()> tls{};
};

struct probe_limits {
  std::size_t connections = 32;
  std::size_t header_bytes = 8 * 1024;
  // Of replies under way, all connections together. A reply up to 64 KiB always goes, a larger one also when
  // none is under way.
  std::size_t reply_bytes = 16 * 1024 * 1024;
  // With TLS: handshakes in a second on average, and at once. They are what a stranger can make us compute.
  double handshakes_per_second = 20;
  double handshakes_burst = 40;
  // For a request to arrive whole (waiting for its first byte included), and for a reply to be taken.
  std::chrono::milliseconds deadline = std::chrono::seconds(10);
};

class probe_server {
 public:
  // The message of a failure holds the address and the system's reason.
  static result<std::unique_ptr<probe_server>> listen(boost::asio::any_io_executor executor,
                                                      const listen_address& address, probe_handlers handlers,
                                                      probe_limits limits = {});
  ~probe_server();
  probe_server(const probe_server&) = delete;
  probe_server& operator=(const probe_server&) = delete;

  // Where it listens, with the port that was chosen when port 0 was asked for.
  const listen_address& address() const;
  std::uint16_t port() const { return address().port; }
  std::size_t connections() const;
  // Takes no more connections, ends those that there are and asks the handlers nothing any more. The
  // destructor does the same.
  void stop();

 private:
  struct impl;
  explicit probe_server(std::shared_ptr<impl> state) : impl_(std::move(state)) {}
  std::shared_ptr<impl> impl_;
};

}  // namespace platformer::app
