// A world without servers: stores, registry, metrics, a log to read, and a clock that tests set.
#pragma once

#include <spdlog/sinks/ostream_sink.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <sstream>
#include <string>

#include "app/world.hpp"
#include "model/names.hpp"

namespace platformer::app::testing {

struct small_world {
  boost::asio::io_context io{1};
  time_point now = *parse_rfc3339("2026-11-24T06:00:00Z");
  std::ostringstream lines;
  metrics meters{"test"};
  logger log{{.level = log_level::debug,
              .clock = [this] { return now; },
              .sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(lines)}};
  world in{{}};

  small_world() {
    in.executor = io.get_executor();
    in.clock = [this] { return now; };
    in.cluster_id = "cluster-1";
    in.holder = "here_1";
    in.meters = &meters;
    in.log = &log;
  }

  // Runs whatever can run without time passing.
  void settle() {
    io.restart();
    io.poll();
  }
};

// A store takes an object whose version is no later than one it saw for a repeated event.
inline std::string next_version() {
  static int last = 10;
  return std::to_string(++last);
}

inline service_account account_named(const std::string& name, time_point created = {}) {
  service_account made;
  made.meta.name = name;
  made.meta.ns = "team";
  made.meta.uid = "uid-of-" + name;
  made.meta.resource_version = next_version();
  made.meta.created = created;
  made.spec.secret.name = name + "-token";
  return made;
}

// With our finalizer, at generation 3.
inline console_connection connection_named(const std::string& name) {
  console_connection made;
  made.meta.name = name;
  made.meta.ns = "team";
  made.meta.uid = "uid-of-" + name;
  made.meta.resource_version = next_version();
  made.meta.generation = 3;
  made.meta.finalizers = {std::string(names::finalizer)};
  return made;
}

}  // namespace platformer::app::testing
