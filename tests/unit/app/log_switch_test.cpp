// SIGHUP makes the log talk, and makes it stop.
#include "app/log_switch.hpp"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>

#include <chrono>
#include <csignal>
#include <sstream>

namespace platformer::app {
namespace {

using testing::HasSubstr;

struct switched {
  boost::asio::io_context io{1};
  std::ostringstream lines;
  logger log;
  log_switch by_signal;

  explicit switched(log_level usual)
      : log({.level = usual, .sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(lines)}),
        by_signal(io, log) {}
  log_level after_signal() {
    const log_level before = log.level();
    std::raise(SIGHUP);
    // The signal comes through a pipe, whose reading is an event as well.
    while (log.level() == before && io.run_one_for(std::chrono::seconds(5)) > 0) {
    }
    return log.level();
  }
};

TEST(log_switch, debug_and_back) {
  switched it(log_level::info);
  EXPECT_EQ(it.after_signal(), log_level::debug);
  EXPECT_EQ(it.after_signal(), log_level::info);
  EXPECT_EQ(it.after_signal(), log_level::debug);
  EXPECT_THAT(it.lines.str(), HasSubstr("from=info to=debug"));
  EXPECT_THAT(it.lines.str(), HasSubstr("from=debug to=info"));
}

TEST(log_switch, both_ways_are_told_even_by_a_quiet_log) {
  switched it(log_level::error);
  EXPECT_EQ(it.after_signal(), log_level::debug);
  EXPECT_EQ(it.after_signal(), log_level::error);
  EXPECT_THAT(it.lines.str(), HasSubstr("from=error to=debug"));
  EXPECT_THAT(it.lines.str(), HasSubstr("from=debug to=error"));
}

TEST(log_switch, who_runs_at_debug_gets_less) {
  switched it(log_level::debug);
  EXPECT_EQ(it.after_signal(), log_level::info);
  EXPECT_EQ(it.after_signal(), log_level::debug);
}

}  // namespace
}  // namespace platformer::app
