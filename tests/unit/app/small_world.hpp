// A world without servers: stores, registry, metrics, a log to read, and a clock that tests set.
#pragma once

#include <spdlog/sinks/ostream_sink.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <sstream>
#include <string>

#include "app/world.hpp"
#include "tests/unit/reconcile/objects.hpp"

namespace platformer::app::testing {

struct small_world {
  boost::asio::io_context io{1};
  time_point now = *parse_rfc3339("2026-11-24T06:00:00Z");
  std::ostringstream lines;
  metrics meters{"test"};
  logger log{{.level = log_level::debug,
              .clock = [this] { return now; },
              .sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(lines)}};
  world in{{}, true};  // packed, as in the program

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

using platformer::testing::account_named;
using platformer::testing::connection_named;
using platformer::testing::next_version;

}  // namespace platformer::app::testing
