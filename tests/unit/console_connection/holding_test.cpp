// A connection in use is held until its ServiceAccounts are gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console_connection/transcript.hpp"

namespace platformer::connections {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

snapshot a_deleted_connection(std::size_t users) {
  snapshot seen = a_connection();
  seen.object.meta.deleted = noon;
  seen.users = users;
  seen.client_is_current = true;
  seen.organization_id = "org-1";
  return seen;
}

TEST(holding, takes_its_finalizer_before_an_account_can_use_it) {
  snapshot seen = a_connection();
  seen.object.meta.finalizers = {"somebody/else"};
  run story(seen);
  EXPECT_THAT(story.expect<patch_finalizers>().finalizers, ElementsAre("somebody/else", names::finalizer));
}

TEST(holding, lets_go_when_nobody_uses_it_any_more) {
  snapshot seen = a_connection();
  seen.users = 0;
  seen.client_is_current = true;
  run story(seen);
  EXPECT_THAT(story.expect<patch_finalizers>().finalizers, IsEmpty());
}

// An operator of objects with certain labels, beside another one that uses the connection, too.
snapshot a_connection_of_two() {
  snapshot seen = a_connection();
  seen.sees_all_users = false;
  seen.finalizer = std::string(names::finalizer) + "-ours";
  seen.object.meta.finalizers = {std::string(names::finalizer) + "-theirs"};
  return seen;
}

TEST(holding, operators_that_see_different_objects_hold_a_connection_each_by_itself) {
  const snapshot seen = a_connection_of_two();
  run story(seen);
  EXPECT_THAT(story.expect<patch_finalizers>().finalizers,
              ElementsAre(seen.object.meta.finalizers.front(), seen.finalizer));
}

TEST(holding, nobody_lets_go_of_what_another_operator_holds) {
  snapshot seen = a_connection_of_two();
  seen.users = 0;
  seen.client_is_current = true;
  for (const bool deleted : {false, true}) {
    if (deleted) seen.object.meta.deleted = noon;
    seen.object.meta.finalizers = {std::string(names::finalizer) + "-theirs", seen.finalizer};
    run holds(seen);
    EXPECT_THAT(holds.expect<patch_finalizers>().finalizers,
                ElementsAre(std::string(names::finalizer) + "-theirs"));
  }
  seen.object.meta.finalizers.pop_back();
  run story(seen);
  story.expect<drop_client>();
}

TEST(holding, who_sees_only_some_users_does_not_count_them) {
  snapshot seen = a_connection_of_two();
  seen.object.meta.finalizers.push_back(seen.finalizer);
  seen.object.status.service_accounts = 7;
  seen.object.spec.suspend = true;
  run story(seen);
  EXPECT_FALSE(story.write_status().service_accounts);
}

TEST(holding, a_deleted_connection_waits_for_its_users) {
  run story(a_deleted_connection(2));
  const auto status = story.write_status();
  EXPECT_EQ(ready_reason(status), "Progressing");
  EXPECT_THAT(status.conditions[0].message, HasSubstr("waits for 2 ServiceAccounts"));
  EXPECT_TRUE(story.ends<finished>());
}

TEST(holding, a_deleted_connection_is_connected_again_after_a_restart_for_the_accounts_that_are_left) {
  snapshot seen = a_deleted_connection(1);
  seen.client_is_current = false;
  run story(seen);
  story.expect<read_secret>();
}

TEST(holding, a_deleted_connection_whose_secret_is_gone_serves_with_what_is_in_memory) {
  snapshot seen = a_deleted_connection(1);
  seen.client_is_current = false;
  seen.has_client = true;
  run story(seen);
  story.expect<read_secret>();
  story.reply(secret_read{});
  EXPECT_EQ(ready_reason(story.write_status()), "Progressing");
  EXPECT_TRUE(story.ends<finished>());
}

TEST(holding, the_last_user_gone_the_finalizer_goes_and_the_credential_is_wiped) {
  run story(a_deleted_connection(0));
  EXPECT_THAT(story.expect<patch_finalizers>().finalizers, IsEmpty());
  object_meta gone = a_connection().object.meta;
  gone.finalizers.clear();
  story.reply(object_patched{gone});
  story.expect<drop_client>();
  story.reply(client_dropped{});
  EXPECT_TRUE(story.ends<finished>());
}

}  // namespace
}  // namespace platformer::connections
