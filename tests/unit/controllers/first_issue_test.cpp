// The first issuance: of an object that is provably new, and of one that may not be.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

TEST(first_issue, of_a_provably_new_object_takes_three_writes_a_dry_run_and_one_call) {
  world w = a_new_object();
  transcript run(w);
  const auto intent = run.expect<patch_intent>();
  ASSERT_TRUE(intent.op);
  EXPECT_EQ(intent.resource_version, "100");
  EXPECT_EQ(intent.finalizers, std::vector<std::string>{std::string(names::finalizer)});
  EXPECT_EQ(intent.op->kind, operation_kind::create);
  EXPECT_EQ(intent.op->cause, mint_cause::initial_issue);
  EXPECT_EQ(intent.op->revision, 1);
  EXPECT_EQ(intent.op->call_timeout, 30s);
  run.ok();
  const auto rehearsal = run.expect<dry_run_secret>();
  EXPECT_TRUE(rehearsal.write.creates());
  run.ok();
  const auto call = run.expect<create_account>();
  EXPECT_EQ(call.fields.name, "ci-bot");
  EXPECT_EQ(call.fields.description, w.our_marker());
  EXPECT_EQ(call.fields.roles, string_set{"rudder.app.viewer"});
  run.ok();
  const auto commit = run.expect<write_secret>();
  EXPECT_TRUE(commit.write.creates());
  EXPECT_EQ(commit.write.annotations.at(std::string(names::secret_operation_id)), intent.op->id);
  ASSERT_TRUE(commit.write.owners);
  EXPECT_EQ(commit.write.owners->front().uid, "u1");
  EXPECT_TRUE(commit.write.owners->front().controller);
  run.ok();
  const auto status = run.expect<patch_status>();
  EXPECT_EQ(status.to.token.revision, 1);
  EXPECT_EQ(status.to.token.operation_id, intent.op->id);
  run.ok();
  EXPECT_TRUE(run.ended_with<finished>());
  EXPECT_EQ(run.event_names(), "Normal Issued");
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.reason(), "Issued");
}

TEST(first_issue, rehearses_the_very_write_that_commits) {
  world w = a_new_object();
  w.object.spec.secret.labels = {{"team", "a"}};
  transcript run(w);
  const secret_write rehearsal = run.until<dry_run_secret>().write;
  const secret_write commit = run.until<write_secret>().write;
  EXPECT_EQ(rehearsal.key, commit.key);
  EXPECT_EQ(rehearsal.resource_version, commit.resource_version);
  EXPECT_EQ(rehearsal.labels, commit.labels);
  EXPECT_EQ(rehearsal.owners, commit.owners);
  EXPECT_EQ(rehearsal.data.size(), commit.data.size());
  EXPECT_NE(rehearsal.data.at("token")->reveal(), commit.data.at("token")->reveal());
}

TEST(first_issue, leaves_nothing_to_do_even_after_a_restart) {
  world w = a_ready_object();
  EXPECT_EQ(play(w), "");
  w.restart();
  EXPECT_EQ(play(w), "");
}

TEST(first_issue, keeps_the_finalizers_of_others) {
  world w = a_new_object();
  w.object.meta.finalizers = {"example.com/theirs"};
  transcript run(w);
  EXPECT_EQ(run.expect<patch_intent>().finalizers,
            (std::vector<std::string>{"example.com/theirs", std::string(names::finalizer)}));
}

TEST(first_issue, looks_for_its_marker_first_where_the_object_is_not_provably_new) {
  world w = a_new_object();
  w.provably_new = false;
  transcript run(w);
  run.expect<read_secret>();
  run.ok();
  const auto listing = run.expect<list_accounts>();
  EXPECT_GE(listing.not_before, w.now - 10s);
  run.ok();
  EXPECT_EQ(run.play(), "patch_intent, dry_run_secret, create_account, write_secret, patch_status");
  EXPECT_EQ(w.accounts.size(), 1U);
}

TEST(first_issue, recovers_an_account_that_is_found_although_all_traces_were_wiped) {
  world w = a_ready_object();
  w.restart_without_traces();
  w.secrets.clear();
  EXPECT_EQ(play(w),
            "read_secret, list_accounts, read_account, patch_intent, dry_run_secret, renew_token, "
            "write_secret, patch_status");
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_EQ(w.cause(), "Recovery");
  EXPECT_TRUE(w.token_is_live());
}

TEST(first_issue, keeps_the_token_when_only_the_objects_own_traces_were_wiped) {
  world w = a_ready_object();
  w.restart_without_traces();
  EXPECT_EQ(play(w), "read_secret, read_account, list_accounts, patch_intent, patch_status");
  EXPECT_TRUE(w.object.meta.has_finalizer(names::finalizer));
  EXPECT_EQ(w.reason(), "Issued");
  EXPECT_EQ(w.object.status.token.revision, 1);
}

TEST(first_issue, counts_as_token_lost_when_only_the_secret_is_gone) {
  world w = a_ready_object();
  w.secrets.clear();
  EXPECT_EQ(
      play(w),
      "read_secret, read_account, patch_intent, dry_run_secret, renew_token, write_secret, patch_status");
  EXPECT_EQ(w.cause(), "TokenLost");
  EXPECT_EQ(w.revision(), "2");
  EXPECT_TRUE(w.token_is_live());
}

TEST(first_issue, resolves_project_and_roles_before_the_intent) {
  world w = a_new_object();
  w.object.spec.project = "storefront";
  w.object.spec.own.custom_roles = {"deployers"};
  w.names.project_id = "p-1";
  w.names.roles = {"rudder.app.viewer", "role-1"};
  transcript run(w);
  EXPECT_EQ(run.expect<resolve_names>().project, "storefront");
  const auto call = run.until<create_account>();
  EXPECT_EQ(call.project_id, "p-1");
  EXPECT_EQ(call.fields.roles, (string_set{"role-1", "rudder.app.viewer"}));
  run.play();
  EXPECT_EQ(w.object.status.project_id, "p-1");
}

}  // namespace
}  // namespace platformer::accounts::test
