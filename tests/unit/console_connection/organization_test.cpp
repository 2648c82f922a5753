// The organization of a connection in use doesn't change under its accounts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console_connection/transcript.hpp"

namespace platformer::connections {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// It worked for org-1, and its spec was changed.
snapshot a_changed_connection() {
  snapshot seen = a_connection();
  run first(seen);
  seen.object.status = first.succeed();
  seen.object.meta.generation = 2;
  seen.object.spec.organization = "umbrella";
  seen.organization_id = "org-1";
  return seen;
}

snapshot after_a_restart(snapshot seen) {
  seen.organization_id.clear();
  return seen;
}

// Everything works, and leads to `id`.
void lead_to(run& story, const std::string& id) {
  story.expect<read_secret>();
  story.reply(secret_read{a_secret("console-credentials")});
  story.reply(client_built{});
  story.reply(credential_checked{true});
  story.expect<find_organization>();
  story.reply(organization_found{id});
}

TEST(organization, another_one_is_not_installed_while_service_accounts_use_the_connection) {
  for (const snapshot& seen : {a_changed_connection(), after_a_restart(a_changed_connection())}) {
    run story(seen);
    lead_to(story, "org-2");
    const auto status = story.write_status();
    EXPECT_EQ(ready_reason(status), "OrganizationChanged");
    EXPECT_NE(find_condition(status.conditions, "Stalled"), nullptr);
    EXPECT_EQ(status.organization_id, "org-1") << "the accounts are there still";
    EXPECT_THAT(
        status.conditions[0].message,
        AllOf(HasSubstr("organization org-1"), HasSubstr("organization org-2"),
              HasSubstr(
                  R"(kubectl patch pcc default -n team --type=merge -p '{"spec":{"organization":"org-1"}}')"),
              HasSubstr("deleted")));
    EXPECT_TRUE(story.ends<back_off>());
  }
}

TEST(organization, the_refusal_stays_until_the_spec_leads_back) {
  snapshot seen = after_a_restart(a_changed_connection());
  run refused(seen);
  lead_to(refused, "org-2");
  seen.object.status = refused.write_status();
  run again(seen);
  lead_to(again, "org-2");
  EXPECT_TRUE(again.ends<back_off>()) << "nothing new to write";
  seen.object.meta.generation = 3;
  run back(seen);
  lead_to(back, "org-1");
  EXPECT_EQ(back.expect<install_client>().organization_id, "org-1");
  back.reply(client_installed{});
  EXPECT_EQ(ready_reason(back.write_status()), "+Connected");
}

TEST(organization, the_same_one_by_another_name_or_gateway_is_taken) {
  snapshot seen = a_changed_connection();
  seen.object.spec.organization = "org-1";
  seen.object.spec.gateway = "https://console.example.com";
  run story(seen);
  lead_to(story, "org-1");
  story.expect<install_client>();
}

TEST(organization, another_one_is_taken_when_nobody_uses_the_connection) {
  for (snapshot seen : {a_changed_connection(), after_a_restart(a_changed_connection())}) {
    seen.users = 0;
    seen.object.meta.finalizers.clear();
    run story(seen);
    lead_to(story, "org-2");
    story.expect<install_client>();
    story.reply(client_installed{});
    const auto status = story.write_status();
    EXPECT_EQ(status.organization_id, "org-2");
    EXPECT_THAT(status.conditions[0].message, HasSubstr("organization org-2"));
  }
}

TEST(organization, a_deleted_connection_is_not_led_elsewhere_for_the_accounts_that_are_left) {
  snapshot seen = after_a_restart(a_changed_connection());
  seen.object.meta.deleted = noon;
  run story(seen);
  lead_to(story, "org-2");
  EXPECT_EQ(ready_reason(story.write_status()), "OrganizationChanged");
}

TEST(organization, a_status_that_somebody_wrote_or_wiped_is_corrected_by_the_client_in_use) {
  for (const char* written : {"", "org-9"}) {
    snapshot seen = a_changed_connection();
    seen.client_is_current = true;
    seen.object.status.organization_id = written;
    run story(seen);
    EXPECT_EQ(story.write_status().organization_id, "org-1");
  }
}

TEST(organization, what_the_client_in_use_is_made_for_counts_more_than_the_status) {
  snapshot seen = a_changed_connection();
  seen.object.status.organization_id = "org-2";
  run story(seen);
  lead_to(story, "org-2");
  EXPECT_EQ(ready_reason(story.write_status()), "OrganizationChanged");
}

}  // namespace
}  // namespace platformer::connections
