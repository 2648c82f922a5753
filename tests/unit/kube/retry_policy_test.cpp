#include "kube/retry_policy.hpp"

#include <gtest/gtest.h>

namespace platformer::kube {
namespace {

using std::chrono::seconds;

api_error failure(api_errc code, int http_status = 0, std::optional<duration> retry_after = std::nullopt) {
  return {code, http_status, "", retry_after};
}

const retry_limits plenty{10, seconds(60)};

attempt_next decide(const api_error& what, bool reads) {
  retry_state state;
  return decide_retry(state, what, reads, plenty).next;
}

TEST(retrying, follows_retry_after_for_any_verb_after_429_and_503) {
  for (const bool reads : {true, false}) {
    EXPECT_EQ(decide(failure(api_errc::rate_limited, 429, seconds(1)), reads), attempt_next::again);
    EXPECT_EQ(decide(failure(api_errc::server_error, 503, seconds(1)), reads), attempt_next::again);
    EXPECT_EQ(decide(failure(api_errc::rate_limited, 429), reads), attempt_next::give_up);
    EXPECT_EQ(decide(failure(api_errc::server_error, 503), reads), attempt_next::give_up);
  }
}

TEST(retrying, repeats_only_reads_after_other_server_errors) {
  EXPECT_EQ(decide(failure(api_errc::server_error, 500, seconds(1)), true), attempt_next::again);
  EXPECT_EQ(decide(failure(api_errc::server_error, 500, seconds(1)), false), attempt_next::give_up);
}

TEST(retrying, repeats_a_read_once_and_a_write_never_after_a_broken_connection) {
  retry_state state;
  const auto broken = failure(api_errc::connection_lost);
  EXPECT_EQ(decide_retry(state, broken, true, plenty).next, attempt_next::again);
  EXPECT_EQ(decide_retry(state, broken, true, plenty).next, attempt_next::give_up);
  EXPECT_EQ(decide(broken, false), attempt_next::give_up);
}

TEST(retrying, asks_for_a_fresh_credential_once) {
  retry_state state;
  const auto refused = failure(api_errc::unauthorized, 401);
  EXPECT_EQ(decide_retry(state, refused, false, plenty).next, attempt_next::reauthorize);
  EXPECT_EQ(decide_retry(state, refused, false, plenty).next, attempt_next::give_up);
  EXPECT_EQ(decide(failure(api_errc::unauthorized), false), attempt_next::give_up);  // no credential at all
}

TEST(retrying, ends_with_the_count_and_before_the_deadline) {
  retry_state state;
  const auto limited = failure(api_errc::rate_limited, 429, seconds(5));
  for (unsigned i = 0; i < plenty.retries; ++i)
    EXPECT_EQ(decide_retry(state, limited, false, plenty).next, attempt_next::again);
  EXPECT_EQ(decide_retry(state, limited, false, plenty).next, attempt_next::give_up);
  retry_state fresh;
  EXPECT_EQ(decide_retry(fresh, limited, false, {10, seconds(5)}).next, attempt_next::give_up);
  EXPECT_EQ(decide_retry(fresh, limited, false, {10, seconds(6)}).wait, seconds(5));
}

TEST(retrying, never_happens_after_anything_else) {
  for (const auto code : {api_errc::timeout, api_errc::malformed, api_errc::unreachable, api_errc::cancelled,
                          api_errc::conflict, api_errc::not_found, api_errc::gone})
    EXPECT_EQ(decide(failure(code, 0, seconds(1)), true), attempt_next::give_up);
}

}  // namespace
}  // namespace platformer::kube
