// What level debug tells of a reconcile's requests.
#include "app/request_log.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

namespace platformer::app {
namespace {

const object_key key{"team", "ci"};

std::string told(log_level level, const api_error* failure) {
  std::ostringstream lines;
  logger log({.level = level,
              .clock = [] { return *parse_rfc3339("2026-11-24T06:00:00Z"); },
              .sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(lines)});
  log_request(log, key, name_of(accounts::request(accounts::renew_token{})), failure);
  return lines.str();
}

TEST(request_log, tells_which_request_and_that_it_was_answered) {
  EXPECT_EQ(told(log_level::debug, nullptr),
            "2026-11-24T06:00:00.000Z debug request object=team/ci request=renew_token outcome=ok\n");
}

TEST(request_log, tells_code_and_status_of_a_failure_but_not_its_message) {
  const api_error failure{.code = api_errc::server_error, .http_status = 503, .message = "a story"};
  EXPECT_EQ(
      told(log_level::debug, &failure),
      "2026-11-24T06:00:00.000Z debug request object=team/ci request=renew_token outcome=\"server error\" "
      "status=503\n");
}

TEST(request_log, is_silent_at_level_info) {
  EXPECT_EQ(told(log_level::info, nullptr), "");
}

TEST(request_log, connections_have_names_of_their_own) {
  EXPECT_EQ(name_of(connections::request(connections::validate_credential{})), "validate_credential");
}

TEST(request_log, tells_how_a_reconcile_ended_and_how_long_it_took) {
  std::ostringstream lines;
  logger log({.level = log_level::debug,
              .clock = [] { return *parse_rfc3339("2026-11-24T06:00:00Z"); },
              .sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(lines)});
  const controllers::outcome end = controllers::again_now{};
  log_end(log, key, "0123456789abcdef0123", end, std::chrono::milliseconds(250));
  EXPECT_EQ(lines.str(),
            "2026-11-24T06:00:00.000Z debug reconciled object=team/ci outcome=\"again now\" "
            "operation=0123456789abcdef0123 seconds=0.25\n");
}

TEST(request_log, each_request_belongs_to_a_phase) {
  EXPECT_EQ(phase_of(accounts::request(accounts::write_secret{})), reconcile_phase::kubernetes);
  EXPECT_EQ(phase_of(accounts::request(accounts::renew_token{})), reconcile_phase::console);
  EXPECT_EQ(phase_of(connections::request(connections::patch_status{})), reconcile_phase::kubernetes);
  EXPECT_EQ(phase_of(connections::request(connections::try_credential{})), reconcile_phase::console);
  EXPECT_EQ(phase_of(connections::request(connections::build_client{})), reconcile_phase::decide);
}

}  // namespace
}  // namespace platformer::app
