// The HTTP server for kubelet and Prometheus: /livez, /readyz and /metrics on one address.
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
// clients can't keep a probe out.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/option_values.hpp"
#include "base/result.hpp"

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
};

struct probe_limits {
  std::size_t connections = 32;
  std::size_t header_bytes = 8 * 1024;
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
