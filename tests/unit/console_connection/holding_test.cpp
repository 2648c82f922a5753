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
