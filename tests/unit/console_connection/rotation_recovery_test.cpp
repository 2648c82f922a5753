// What a process finds that another one left in the middle of replacing the credential.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console_connection/rotating.hpp"

namespace platformer::connections {
namespace {

using namespace std::chrono_literals;

snapshot in_doubt() {
  snapshot seen = made_by_operator(720h);
  seen.object.meta.annotations["console.platformer.com/operation"] = intent("op-2", noon - 1min);
  return seen;
}

// The doubt's time is over.
rotating after_waiting(snapshot seen) {
  memory remembered;
  remembered.doubted = "op-2";
  remembered.doubted_since = noon - 1h;
  return rotating(std::move(seen), remembered);
}

TEST(rotation_recovery, waits_until_no_call_can_be_under_way_any_more) {
  rotating story(in_doubt());
  story.run.expect<read_credential>();
  story.run.reply(secret_read{story.secret});
  EXPECT_EQ(story.run.end<requeue_at>().at, noon + story.seen.object.spec.timeout);
  EXPECT_EQ(story.run.state_now().remembered.doubted, "op-2");
}

TEST(rotation_recovery, fences_the_secret_before_it_deletes_what_was_made) {
  rotating story = after_waiting(in_doubt());
  story.run.expect<read_credential>();
  story.run.reply(secret_read{story.secret});
  const secret_write fence = story.run.expect<write_secret>().write;
  EXPECT_TRUE(fence.data.empty());
  EXPECT_EQ(fence.resource_version, story.secret.meta.resource_version);
  EXPECT_EQ(*fence.annotations.at("console.platformer.com/abandoned-operation"), "op-2");
  story.write_secret_as(fence);
  story.run.expect<list_credentials>();
  story.run.reply(
      credentials_listed{{made_for(story.seen, "second", "op-1"), made_for(story.seen, "third", "op-2")}});
  EXPECT_EQ(story.run.expect<delete_credential>().id, "third");
  story.run.reply(credential_deleted{});
  EXPECT_EQ(story.run.expect<patch_operation>().op.cause, mint_cause::recovery) << "the next attempt";
}

TEST(rotation_recovery, deletes_nothing_when_nobody_knows_whose_token_the_secret_holds) {
  snapshot seen = in_doubt();
  seen.note.fits = false;
  rotating story = after_waiting(seen);
  story.secret.data["token"] = {a_token("restored"), "sha256:restored"};
  story.run.expect<read_credential>();
  story.run.reply(secret_read{story.secret});
  story.write_secret_as(story.run.expect<write_secret>().write);
  story.run.expect<list_credentials>();
  story.run.reply(
      credentials_listed{{made_for(story.seen, "second", "op-1"), made_for(story.seen, "third", "op-2")}});
  EXPECT_EQ(story.run.expect<delete_credential>().id, "third") << "that one never came into the Secret";
  story.run.reply(credential_deleted{});
  EXPECT_EQ(story.run.expect<list_credentials>().named, "operator");
}

TEST(rotation_recovery, deletes_the_account_before_after_a_crash_at_the_next_look) {
  snapshot seen = made_by_operator(1h);
  seen.object.meta.annotations["console.platformer.com/operation"] = intent("op-1", noon - 1h);
  seen.check_due = noon;
  rotating story(seen);
  story.run.expect<validate_credential>();
  story.run.reply(credential_checked{true});
  story.run.expect<begin_look>();
  story.run.reply(look_begun{});
  story.run.expect<list_orphans>();
  story.run.reply(orphans_listed{});
  EXPECT_EQ(story.run.expect<list_credentials>().not_before, noon) << "the listing of that look";
  story.run.reply(credentials_listed{{made_for(seen, "first", "op-0"), made_for(seen, "second", "op-1")}});
  story.run.expect<read_credential>();  // whose token is in use is asked anew before anything is deleted
  story.run.reply(secret_read{story.secret});
  EXPECT_EQ(story.run.expect<delete_credential>().id, "first");
}

TEST(rotation_recovery, leaves_the_account_before_to_calls_that_are_under_way) {
  snapshot seen = made_by_operator(30s);
  seen.check_due = noon;
  rotating story(seen);
  story.run.reply(credential_checked{true});
  story.run.reply(look_begun{});
  story.run.reply(orphans_listed{});
  story.run.expect<list_credentials>();
  story.run.reply(credentials_listed{{made_for(seen, "first", "op-0"), made_for(seen, "second", "op-1")}});
  EXPECT_TRUE(story.run.ends<requeue_at>());
}

TEST(rotation_recovery, takes_another_connections_accounts_for_nobodys) {
  snapshot seen = made_by_operator(1h);
  seen.check_due = noon;
  snapshot other = seen;
  other.object.meta.uid = "u2";
  rotating story(seen);
  story.run.reply(credential_checked{true});
  story.run.reply(look_begun{});
  story.run.reply(orphans_listed{});
  story.run.reply(credentials_listed{{made_for(other, "theirs", "op-9"), made_for(seen, "second", "op-1")}});
  EXPECT_TRUE(story.run.ends<requeue_at>());
}

TEST(rotation_recovery, reads_the_secret_before_a_client_that_is_older_than_it_is_trusted) {
  rotating story(made_by_operator(720h));
  story.secret.meta.resource_version = "8";
  story.run.expect<read_credential>();
  story.run.reply(secret_read{story.secret});
  story.run.expect<read_secret>();
}

}  // namespace
}  // namespace platformer::connections
