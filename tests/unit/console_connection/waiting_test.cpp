// When a connection makes no calls: suspended, asked for a pause, or in front of a Console that is down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console_connection/transcript.hpp"

namespace platformer::connections {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

snapshot a_working_connection() {
  snapshot seen = a_connection();
  run first(seen);
  seen.object.status = first.succeed();
  seen.client_is_current = seen.has_client = true;
  seen.organization_id = "org-1";
  seen.check_due = noon + 5min;
  return seen;
}

TEST(waiting, a_suspended_connection_makes_no_call_but_keeps_its_finalizer) {
  snapshot seen = a_working_connection();
  seen.object.spec.suspend = true;
  seen.client_is_current = false;
  run story(seen);
  const auto status = story.write_status();
  EXPECT_EQ(ready_reason(status), "Suspended");
  EXPECT_THAT(status.conditions[0].message, HasSubstr("kubectl patch pcc default -n team"));
  EXPECT_TRUE(story.ends<finished>());
}

TEST(waiting, a_suspended_connection_makes_no_call_while_it_is_deleted_either) {
  snapshot seen = a_working_connection();
  seen.object.spec.suspend = true;
  seen.object.meta.deleted = noon;
  EXPECT_EQ(ready_reason(run(seen).write_status()), "Suspended");
}

TEST(waiting, a_pause_is_told_in_the_status_and_ends_by_itself) {
  snapshot seen = a_working_connection();
  seen.paused_until = noon + 20s;
  run story(seen);
  seen.object.status = story.write_status();
  EXPECT_EQ(ready_reason(seen.object.status), "ConsoleRateLimited");
  EXPECT_EQ(seen.object.status.throttled_until, noon + 20s);
  EXPECT_EQ(story.end<requeue_at>().at, noon + 20s);
  seen.paused_until.reset();
  run after(seen);
  EXPECT_EQ(after.write_status().throttled_until, std::nullopt);
}

TEST(waiting, a_console_that_is_down_is_probed_when_the_time_has_come_and_not_before) {
  snapshot seen = a_working_connection();
  seen.breaker_open = true;
  seen.next_call = noon + 8s;
  run early(seen);
  seen.object.status = early.write_status();
  EXPECT_EQ(ready_reason(seen.object.status), "ConsoleUnavailable");
  EXPECT_EQ(early.end<requeue_at>().at, noon + 8s);
  EXPECT_TRUE(run(seen).ends<requeue_at>()) << "and nothing is written again";
  seen.next_call = noon;
  run due(seen);
  EXPECT_TRUE(due.expect<validate_credential>().in_use) << "without a request to Kubernetes";
  due.reply(credential_checked{true});
  EXPECT_EQ(ready_reason(due.write_status()), "+Connected");
}

TEST(waiting, a_failed_probe_waits_as_long_as_the_breaker_says) {
  snapshot seen = a_working_connection();
  seen.breaker_open = true;
  seen.next_call = noon;
  run story(seen);
  story.reply(api_error{.code = api_errc::timeout, .retry_after = 16s});
  EXPECT_EQ(ready_reason(story.write_status()), "ConsoleUnavailable");
  EXPECT_EQ(story.end<back_off>().at_least, 16s);
  EXPECT_EQ(story.end<back_off>().at_most, 30s);
}

TEST(waiting, rejected_tokens_are_reported_until_a_minute_after_the_last_refusal) {
  snapshot seen = a_working_connection();
  seen.tokens_refused_until = noon + 2min;
  run story(seen);
  seen.object.status = story.write_status();
  EXPECT_EQ(ready_reason(seen.object.status), "+Connected");
  const condition* told = find_condition(seen.object.status.conditions, "TokensAccepted");
  ASSERT_NE(told, nullptr);
  EXPECT_FALSE(told->status);
  EXPECT_EQ(told->reason, "TokensRejected");
  EXPECT_EQ(story.end<requeue_at>().at, noon + 3min);
  seen.tokens_refused_until = noon - 1min;
  run after(seen);
  after.expect<forget_refusals>();
  after.reply(refusals_forgotten{});
  EXPECT_EQ(find_condition(after.write_status().conditions, "TokensAccepted"), nullptr);
}

TEST(waiting, the_credentials_of_a_cluster_connection_are_where_its_reference_says) {
  snapshot seen = a_connection();
  seen.object.meta.ns.clear();
  seen.object.spec.credentials = {.name = "console", .key = "token", .ns = "vault"};
  run story(seen);
  EXPECT_EQ(story.expect<read_secret>().key.to_string(), "vault/console");
  story.reply(secret_read{std::nullopt});
  EXPECT_THAT(story.write_status().conditions[0].message, HasSubstr("-n vault"));
}

}  // namespace
}  // namespace platformer::connections
