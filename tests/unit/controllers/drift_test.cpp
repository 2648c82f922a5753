// Drift and changes of the spec: put right without minting.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

TEST(drift, labels_annotations_and_owner_are_put_right) {
  world w = a_new_object();
  w.object.spec.secret.labels = {{"team", "a"}};
  w.object.spec.secret.annotations = {{"note", "b"}};
  settle(w);
  const std::string token = w.token();
  w.secret().meta.labels.erase("team");
  w.secret().meta.annotations["note"] = "changed";
  w.secret().meta.owners.clear();
  w.touch("ci-bot-token");
  transcript run(w);
  EXPECT_EQ(run.play(), "read_secret, read_account, patch_intent, write_secret");
  EXPECT_EQ(run.event_names(), "Normal Updated");
  EXPECT_EQ(w.secret().meta.labels.at("team"), "a");
  EXPECT_EQ(w.secret().meta.annotations.at("note"), "b");
  EXPECT_EQ(w.secret().meta.controller()->uid, "u1");
  EXPECT_EQ(w.token(), token);
  EXPECT_EQ(play(w), "");
}

TEST(drift, keys_that_the_spec_drops_are_removed_and_those_of_others_stay) {
  world w = a_new_object();
  w.object.spec.secret.labels = {{"team", "a"}, {"tier", "1"}};
  w.object.spec.secret.annotations = {{"note", "b"}};
  settle(w);
  w.secret().meta.labels["theirs"] = "x";
  w.object.spec.secret.labels.erase("tier");
  w.object.spec.secret.annotations.clear();
  w.edit_spec();
  EXPECT_EQ(settle(w), 0);
  EXPECT_FALSE(w.secret().meta.labels.contains("tier"));
  EXPECT_FALSE(w.secret().meta.annotations.contains("note"));
  EXPECT_EQ(w.secret().meta.labels.at("theirs"), "x");
  EXPECT_EQ(w.secret().meta.labels.at("team"), "a");
}

TEST(drift, a_forged_list_of_applied_keys_removes_none_of_our_own_notes) {
  world w = a_ready_object();
  w.secret().meta.annotations[std::string(names::secret_applied)] =
      "annotation:console.platformer.com/fingerprint,label:app.kubernetes.io/"
      "managed-by,label:,annotation:,,x";
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 0);
  EXPECT_TRUE(w.secret().meta.labels.contains(names::managed_by_label));
  EXPECT_FALSE(w.secret().meta.annotation(names::secret_fingerprint).empty());
}

TEST(drift, a_changed_key_renames_the_token) {
  world w = a_ready_object();
  const std::string token = w.token();
  w.object.spec.secret.key = "TOKEN";
  w.edit_spec();
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.token("ci-bot-token", "TOKEN"), token);
  EXPECT_FALSE(w.secret().data.contains("token"));
}

TEST(drift, a_key_renamed_and_renewed_at_once_leaves_no_dead_token_behind) {
  world w = a_ready_object();
  w.object.spec.secret.key = "TOKEN";
  w.annotate(names::renew_annotation, "one");
  w.edit_spec();
  EXPECT_EQ(settle(w), 1);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.secret().data.size(), 1U);
}

TEST(change, of_permissions_roles_and_description_reaches_the_account_and_never_mints) {
  world w = a_ready_object();
  w.object.spec.own.permissions = {"rudder.app.editor"};
  w.object.spec.description = "deploys";
  w.edit_spec();
  transcript run(w);
  const auto update = run.until<update_account>();
  EXPECT_EQ(update.fields.roles, string_set{"rudder.app.editor"});
  EXPECT_EQ(update.fields.description, "deploys\n" + w.our_marker());
  EXPECT_FALSE(update.fields.expires_at);
  EXPECT_EQ(run.play(), "update_account, patch_status");
  EXPECT_EQ(w.object.status.observed_generation, 2);
  EXPECT_EQ(play(w), "");
}

TEST(change, that_the_console_refuses_stalls_and_leaves_the_token) {
  world w = a_ready_object();
  w.object.spec.own.permissions = {"x"};
  w.edit_spec();
  transcript run(w);
  run.until<update_account>();
  run.fail(api_errc::bad_request);
  run.play();
  EXPECT_EQ(w.reason(), "ConsoleRejected");
  EXPECT_NE(w.condition_of("Stalled"), nullptr);
  EXPECT_FALSE(w.condition_of("AccountSynced")->status);
  EXPECT_TRUE(w.condition_of("TokenValid")->status);
  EXPECT_TRUE(w.token_is_live());
}

TEST(change, that_the_console_refuses_does_not_keep_a_lost_token_from_being_issued) {
  world w = a_ready_object();
  w.object.spec.own.permissions = {"x"};
  w.edit_spec();
  w.secrets.clear();
  transcript run(w);
  run.until<update_account>();
  run.fail(api_errc::bad_request);
  run.play();
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.reason(), "ConsoleRejected");
}

TEST(change, to_an_unknown_project_or_role_stalls_with_its_message) {
  for (const auto kind : {names_unresolved::kind::project, names_unresolved::kind::role}) {
    world w = a_ready_object();
    w.object.spec.own.custom_roles = {"nobody"};
    w.edit_spec();
    w.unresolved = names_unresolved{kind, "no such thing: nobody"};
    transcript run(w);
    run.play();
    EXPECT_EQ(w.reason(), kind == names_unresolved::kind::project ? "ProjectNotFound" : "RoleNotFound");
    EXPECT_EQ(w.condition_of("Stalled")->message, "no such thing: nobody");
    EXPECT_LE(run.end<back_off>().at_most, 60s);
    w.unresolved.reset();
    settle(w);
    EXPECT_EQ(w.reason(), "Issued");
  }
}

TEST(change, a_new_object_with_an_unknown_project_makes_no_account) {
  world w = a_new_object();
  w.object.spec.project = "nowhere";
  w.unresolved = names_unresolved{names_unresolved::kind::project, "no project nowhere"};
  EXPECT_EQ(play(w), "resolve_names, patch_status");
  EXPECT_EQ(w.reason(), "ProjectNotFound");
}

TEST(change, of_a_fixed_expiry_reaches_account_and_record_without_a_new_token_even_over_a_crash) {
  for (int steps = 0; steps < 7; ++steps) {
    world w = a_new_object();
    w.object.spec.token.expires_at = start_of_time + 48h;
    settle(w, 1h);
    w.object.spec.token.expires_at = start_of_time + 480h;
    w.edit_spec();
    transcript run(w);
    for (int i = 0; i < steps && !run.ended(); ++i)
      run.ok();
    w.restart();
    EXPECT_EQ(settle(w, 1h), 0) << steps;
    EXPECT_EQ(w.accounts.front().expires_at, start_of_time + 480h) << steps;
    EXPECT_EQ(w.object.status.token.expires_at, start_of_time + 480h) << steps;
  }
}

}  // namespace
}  // namespace platformer::accounts::test
