// Keeps a sink equal to what the server holds of one resource: performs the actions of runtime/watch_fsm over
// a kube_client, decodes what comes and delivers it. Never gives up and never throws; what is wrong is in
// status().
//
//   watch_source source(executor, make_list_watch(client, resources::service_accounts(), ns), sink, options);
//   co_spawn(executor, source.run(), detached);  …  source.stop();
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "kube/list_watch.hpp"
#include "runtime/watch_fsm.hpp"
#include "runtime/watch_sink.hpp"

namespace platformer::kube {

struct watch_source_options {
  resource what;   // for messages only
  std::string ns;  // likewise; empty: all namespaces
  std::string label_selector;
  std::string field_selector;
  bool metadata_only = false;
  runtime::watch_fsm_options fsm;
  std::size_t max_line_bytes = runtime::max_watch_line_bytes;
  // In [0, 1); empty: a generator seeded by the system.
  std::function<double()> random;
  // Called when status().problem has another text, for the log; empty text: it is over. May be empty.
  std::function<void(const std::string& problem)> on_problem;
};

struct watch_status {
  bool synced = false;    // a complete list has been delivered
  bool watching = false;  // a watch stream is open
  bool missing = false;   // the apiserver does not know the resource: its CRD is not installed
  // What is wrong now and what to do about it, in one line fit for /readyz; empty: nothing. It stays until
  // the next list or watch succeeds.
  std::string problem;
  std::uint64_t failures = 0;  // of lists and watches, all told
  std::uint64_t lists = 0;     // started; more than one: there were relists
  std::uint64_t watches = 0;   // started; grows every five to ten minutes
  // The server's clock (Date header, whole seconds) when the first sync was complete or, for a streaming
  // list, began. What was created in a later second was created after this process began to watch.
  std::optional<time_point> server_time;
};

class watch_source {
 public:
  // `sink` must outlive run().
  watch_source(boost::asio::any_io_executor executor, std::unique_ptr<list_watch> verbs,
               runtime::watch_sink& sink, watch_source_options options);
  ~watch_source();  // stops
  watch_source(const watch_source&) = delete;
  watch_source& operator=(const watch_source&) = delete;

  // To be called once. Ends after stop(): at once when it waits or reads, else when the request under way
  // ends, which net::http_client::close() hastens. Nothing is delivered after stop().
  boost::asio::awaitable<void> run();
  void stop();

  const watch_status& status() const;

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace platformer::kube
