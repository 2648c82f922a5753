// spec.rotateCredentials: the operator replaces its own credential, step by step.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/marker.hpp"
#include "tests/unit/console_connection/rotating.hpp"

namespace platformer::connections {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(rotation, replaces_a_credential_that_a_person_made_at_once) {
  rotating story(by_hand());
  EXPECT_EQ(story.run.expect<read_credential>().key, (object_key{"team", "console-credentials"}));
  story.run.reply(secret_read{story.secret});
  EXPECT_EQ(story.run.expect<list_credentials>().named, "operator") << "whose access the new account gets";
  story.run.reply(credentials_listed{{account_named("operator", "first")}});
  const operation op = story.note_intent();
  story.pass_dry_run();
  const auto create = story.run.expect<create_credential>();
  EXPECT_EQ(create.fields.name, "operator");
  EXPECT_EQ(create.fields.roles, (string_set{"organization.admin"}));
  EXPECT_EQ(find_credential_marker(*create.fields.description), (credential_marker{"cluster", "u1"}));
  EXPECT_THAT(*create.fields.description, HasSubstr("operation " + op.id));
  story.run.reply(credential_made{"second", a_token("new"), "sha256:new", {}});
  EXPECT_EQ(story.run.expect<try_credential>().token->reveal(), "new") << "before it takes another's place";
  story.run.reply(credential_checked{true});
  const secret_write write = story.run.expect<write_secret>().write;
  EXPECT_EQ(write.resource_version, "3");
  EXPECT_EQ(write.uid, "s1");
  EXPECT_EQ(write.data.at("token")->reveal(), "new");
  EXPECT_EQ(*write.annotations.at("console.platformer.com/account-id"), "second");
  EXPECT_EQ(*write.annotations.at("console.platformer.com/operation-id"), op.id);
  story.write_secret_as(write);
  story.connect();
  const auto status = story.run.write_status();
  EXPECT_EQ(status.credential->account_id, "second");
  EXPECT_EQ(status.credential->left_account, "operator (first)") << "a person's account is told, not deleted";
  EXPECT_EQ(status.credential->replace_at, noon + 720h);
  EXPECT_TRUE(find_condition(status.conditions, "CredentialRotated")->status);
  EXPECT_EQ(story.run.end<requeue_at>().at, noon + credential_overlap) << "then what is left is deleted";
}

TEST(rotation, waits_for_the_age_that_the_spec_names) {
  rotating young(made_by_operator(719h));
  EXPECT_EQ(young.run.end<requeue_at>().at, noon + 1h);
  rotating due(made_by_operator(720h));
  due.run.expect<read_credential>();
}

TEST(rotation, comes_earlier_when_the_console_granted_less) {
  snapshot seen = made_by_operator(1h);
  seen.note.expires_at = noon + 20min;
  rotating due(seen);
  due.run.expect<read_credential>();
}

TEST(rotation, needs_the_consent_of_the_secrets_owner) {
  snapshot seen = by_hand();
  seen.note.consent = false;
  rotating story(seen);
  const auto status = story.run.write_status();
  const condition* told = find_condition(status.conditions, "CredentialRotated");
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->reason, "RotationFailed");
  EXPECT_THAT(told->message, HasSubstr("kubectl label secret console-credentials -n team "
                                       "console.platformer.com/managed-credential=true"));
  EXPECT_EQ(ready_reason(status), "+Connected");
}

TEST(rotation, makes_nothing_when_the_secret_could_not_be_written) {
  rotating story(by_hand());
  story.list({account_named("operator", "first")});
  story.note_intent();
  story.run.expect<dry_run_secret>();
  story.run.reply(api_error{.code = api_errc::forbidden, .http_status = 403, .message = "quota"});
  const auto status = story.run.write_status();
  EXPECT_THAT(find_condition(status.conditions, "CredentialRotated")->message, HasSubstr("quota"));
  EXPECT_EQ(story.run.end<requeue_at>().at, noon + rotation_retry);
}

TEST(rotation, does_not_guess_which_account_is_meant) {
  for (const auto& found :
       {std::vector<account>{}, {account_named("operator", "a"), account_named("operator", "b")}}) {
    rotating story(by_hand());
    story.list(found);
    EXPECT_FALSE(find_condition(story.run.write_status().conditions, "CredentialRotated")->status);
  }
}

TEST(rotation, gives_the_new_account_a_name_of_its_own_where_names_are_unique) {
  rotating story(by_hand());
  story.list({account_named("operator", "first")});
  story.note_intent();
  story.pass_dry_run();
  story.run.expect<create_credential>();
  story.run.reply(api_error{.code = api_errc::conflict, .http_status = 409});
  EXPECT_EQ(story.run.expect<create_credential>().fields.name, "operator-r1");
}

TEST(rotation, does_not_switch_to_a_token_that_is_not_accepted) {
  rotating story(by_hand());
  story.create();
  story.run.expect<try_credential>();
  story.run.reply(credential_checked{false});
  EXPECT_FALSE(find_condition(story.run.write_status().conditions, "CredentialRotated")->status);
  EXPECT_EQ(story.run.end<requeue_at>().at, noon + rotation_retry);
}

TEST(rotation, lets_a_person_win_who_replaces_the_secret_meanwhile) {
  rotating story(by_hand());
  story.create();
  story.run.reply(credential_checked{true});
  story.run.expect<write_secret>();
  story.run.reply(api_error{.code = api_errc::conflict, .http_status = 409});
  story.run.expect<read_credential>();
  story.secret.data["token"] = {a_token("persons"), "sha256:persons"};
  story.secret.meta.resource_version = "9";
  story.run.reply(secret_read{story.secret});
  const secret_write fence = story.run.expect<write_secret>().write;
  EXPECT_TRUE(fence.data.empty());
  EXPECT_EQ(fence.resource_version, "9");
  story.write_secret_as(fence);
  story.run.expect<list_credentials>();
  story.run.reply(credentials_listed{{made_for(story.seen, "second", "op-new")}});
  EXPECT_EQ(story.run.expect<delete_credential>().id, "second");
  EXPECT_FALSE(story.run.state_now().remembered.in_hand);
}

TEST(rotation, keeps_the_token_in_hand_while_the_secret_can_not_be_written) {
  rotating story(by_hand());
  story.create();
  story.run.reply(credential_checked{true});
  story.run.expect<write_secret>();
  story.run.reply(api_error{.code = api_errc::forbidden, .http_status = 403});
  EXPECT_TRUE(story.run.state_now().remembered.in_hand->proven);
}

TEST(rotation, learns_from_the_secret_that_a_write_without_an_answer_was_carried_out) {
  rotating story(by_hand());
  story.create();
  story.run.reply(credential_checked{true});
  const secret_write write = story.run.expect<write_secret>().write;
  story.apply(write);
  story.run.reply(api_error{.code = api_errc::timeout});
  story.run.expect<read_credential>();
  story.run.reply(secret_read{story.secret});
  story.run.expect<read_secret>();  // the new client
  story.connect();
}

TEST(rotation, follows_its_schedule_by_itself_and_keeps_a_distance_otherwise) {
  snapshot seen = made_by_operator(720h);
  const auto cause_of_next = [](const snapshot& at) {
    rotating story(at);
    story.list({made_for(at, "second", "op-1")});
    return story.run.expect<patch_operation>().op.cause;
  };
  seen.object.meta.annotations["console.platformer.com/operation"] = intent("op-1", noon - 720h);
  EXPECT_EQ(cause_of_next(seen), mint_cause::scheduled_renewal);
  // The note on the Secret was made older than it is.
  seen.object.meta.annotations["console.platformer.com/operation"] = intent("op-1", noon - 1h);
  EXPECT_EQ(cause_of_next(seen), mint_cause::recovery);
}

}  // namespace
}  // namespace platformer::connections
