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

}  // namespace
}  // namespace platformer::app
