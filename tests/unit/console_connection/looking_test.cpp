// Once an interval the credential is tried and all accounts are compared with the Console.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console_connection/transcript.hpp"

namespace platformer::connections {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// At rest, with a look due at noon.
snapshot a_connection_at_rest() {
  snapshot seen = a_connection();
  run first(seen);
  seen.object.status = first.succeed();
  seen.client_is_current = seen.has_client = true;
  seen.organization_id = "org-1";
  seen.check_due = noon;
  return seen;
}

// What is due up to the listing, which shows these.
run look(snapshot seen, std::vector<orphaned_account> found) {
  run story(std::move(seen));
  EXPECT_TRUE(story.expect<validate_credential>().in_use);
  story.reply(credential_checked{true});
  EXPECT_EQ(story.expect<begin_look>().since, noon);
  story.reply(look_begun{});
  EXPECT_EQ(story.expect<list_orphans>().not_before, noon) << "the listing that the accounts share";
  story.reply(orphans_listed{std::move(found)});
  return story;
}

orphaned_account seen_since(const std::string& id, duration ago, bool replaced = false) {
  return {.id = id, .name = id, .project_id = "", .since = noon - ago, .replaced = replaced};
}

TEST(looking, makes_no_request_to_kubernetes_where_all_is_well) {
  EXPECT_TRUE(look(a_connection_at_rest(), {}).ends<requeue_at>());
}

TEST(looking, comes_back_an_interval_later) {
  snapshot seen = a_connection_at_rest();
  run story = look(seen, {});
  EXPECT_EQ(story.end<requeue_at>().at, noon + seen.object.spec.interval);
}

TEST(looking, alone_writes_how_many_use_the_connection) {
  snapshot seen = a_connection_at_rest();
  ++seen.users;
  seen.check_due = noon + 1s;
  EXPECT_TRUE(run(seen).ends<requeue_at>()) << "a restart, or an account more, is no reason to write";
  seen.check_due = noon;
  run due = look(seen, {});
  EXPECT_EQ(due.expect<patch_status>().to.service_accounts, static_cast<std::int64_t>(seen.users));
}

TEST(looking, waits_for_its_time) {
  snapshot seen = a_connection_at_rest();
  seen.check_due = noon + 1s;
  run story(seen);
  EXPECT_EQ(story.end<requeue_at>().at, noon + 1s);
}

TEST(looking, begins_at_once_when_the_spec_was_changed_since_it_may_allow_less_now) {
  snapshot seen = a_connection_at_rest();
  seen.check_due = noon + 5min;
  seen.object.meta.generation = 2;
  seen.client_is_current = false;
  run story(seen);
  story.reply(secret_read{a_secret("console-credentials")});
  story.reply(client_built{});
  story.reply(credential_checked{true});
  story.reply(organization_found{"org-1"});
  story.reply(client_installed{});
  story.expect<begin_look>();
}

TEST(looking, reads_the_secret_anew_when_the_credential_in_use_is_rejected) {
  run story(a_connection_at_rest());
  story.expect<validate_credential>();
  story.reply(credential_checked{false});
  story.expect<read_secret>();
  story.reply(secret_read{a_secret("console-credentials")});
  story.reply(client_built{});
  EXPECT_FALSE(story.expect<validate_credential>().in_use);
  story.reply(credential_checked{false});
  const auto status = story.write_status();
  EXPECT_EQ(ready_reason(status), "CredentialsRejected");
  EXPECT_FALSE(find_condition(status.conditions, "CredentialValid")->status);
  EXPECT_EQ(status.token_valid, false);
}

TEST(orphans, are_listed_by_name_and_left_alone_by_default) {
  run story = look(a_connection_at_rest(), {seen_since("old-bot", 3h)});
  EXPECT_THAT(story.write_status().orphans, ElementsAre("old-bot"));
}

TEST(orphans, in_status_are_twenty_at_most) {
  std::vector<orphaned_account> many;
  for (int i = 0; i < 30; ++i)
    many.push_back(seen_since("a" + std::to_string(i), 1min));
  EXPECT_EQ(look(a_connection_at_rest(), many).write_status().orphans.size(), 20U);
}

TEST(orphans, are_deleted_where_the_policy_says_so_once_they_were_seen_for_an_hour) {
  snapshot seen = a_connection_at_rest();
  seen.object.spec.orphans = orphan_policy::remove;
  run story = look(seen, {seen_since("young", 59min), seen_since("old", 1h), seen_since("taken", 2h, true)});
  EXPECT_EQ(story.expect<delete_orphan>().id, "old");
  story.reply(orphan_deleted{});
  EXPECT_THAT(story.write_status().orphans, ElementsAre("young", "taken"))
      << "one whose name another object bears is that object's to take over";
}

TEST(orphans, are_deleted_twenty_in_a_look_at_most) {
  snapshot seen = a_connection_at_rest();
  seen.object.spec.orphans = orphan_policy::remove;
  std::vector<orphaned_account> many;
  for (int i = 0; i < 30; ++i)
    many.push_back(seen_since("a" + std::to_string(i), 2h));
  run story = look(seen, many);
  for (int i = 0; i < 20; ++i) {
    story.expect<delete_orphan>();
    story.reply(orphan_deleted{});
  }
  EXPECT_EQ(story.write_status().orphans.size(), 10U);
}

TEST(orphans, that_can_not_be_listed_leave_the_connection_ready) {
  run story(a_connection_at_rest());
  story.reply(credential_checked{true});
  story.reply(look_begun{});
  story.reply(api_error{.code = api_errc::unreachable});
  EXPECT_TRUE(story.ends<requeue_at>());
}

}  // namespace
}  // namespace platformer::connections
