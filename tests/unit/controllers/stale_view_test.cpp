// Found by the simulation of a whole fleet (tests/sim): runs whose caches lag behind the servers.
#include <gtest/gtest.h>

#include "model/marker.hpp"
#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

TEST(stale_view, of_an_unused_intent_calls_nothing_after_another_replica_went_on_from_it) {
  world w = a_new_object();
  transcript refused(w);
  refused.until<create_account>();
  refused.fail(api_errc::rate_limited);
  refused.play();
  const world before = w;
  const memory ours = w.remembered;
  w.restart();
  play(w);
  w.advance(1min);
  transcript(w).until<write_secret>();
  ASSERT_EQ(w.accounts.size(), 1U);
  w.remembered = ours;
  EXPECT_EQ(play_behind(w, before), "patch_intent");
  EXPECT_EQ(w.accounts.size(), 1U);
}

TEST(stale_view, of_an_earlier_intent_does_not_stand_for_one_that_was_wiped) {
  world w = a_ready_object();
  w.object.spec.token.strategy = token_strategy::replace;
  w.edit_spec();
  settle(w);
  const world before = w;
  w.annotate(names::renew_annotation, "one");
  transcript(w).until<write_secret>();  // and there the process dies
  ASSERT_EQ(w.accounts.size(), 2U);
  w.wipe_intent();
  w.restart();
  play_behind(w, before);
  transcript run(w);
  EXPECT_LE(most_accounts_in(run, w), 2U);
  EXPECT_EQ(w.revision(), "2");
  EXPECT_TRUE(w.token_is_live());
}

TEST(stale_view, of_the_spec_is_put_right_although_status_says_in_sync) {
  world w = a_ready_object();
  w.object.spec.own.permissions = {"rudder.app.editor"};
  w.edit_spec();
  const world before = w;
  w.object.spec.own.permissions = {"rudder.app.admin"};
  w.edit_spec();
  settle(w);
  play_behind(w, before);
  ASSERT_EQ(w.accounts.front().roles, string_set{"rudder.app.editor"});
  settle(w);
  EXPECT_EQ(w.accounts.front().roles, string_set{"rudder.app.admin"});
}

TEST(stale_view, of_the_secrets_key_is_put_right_although_status_says_in_sync) {
  world w = a_ready_object();
  const std::string token = w.token();
  w.object.spec.secret.key = "old";
  w.object.spec.own.custom_roles = {"nobody-knows"};  // and so the account is not compared
  w.edit_spec();
  const world before = w;
  w.object.spec.secret.key = "new";
  w.object.spec.own.custom_roles = {};
  w.edit_spec();
  settle(w);
  w.unresolved = names_unresolved{names_unresolved::kind::role, "there is no such role"};
  play_behind(w, before);
  w.unresolved.reset();
  ASSERT_EQ(w.token("ci-bot-token", "new"), "");
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.token("ci-bot-token", "new"), token);
}

TEST(stale_view, of_a_move_takes_the_later_of_two_secrets_of_one_revision) {
  world w = a_ready_object();
  w.object.spec.secret.name = "second";
  w.edit_spec();
  transcript move(w);
  move.until<remove_secret>();
  const auto both = w.secrets;
  move.play();
  w.object.spec.secret.name = "third";
  w.edit_spec();
  world shown = w;
  shown.secrets = both;
  const std::string token = w.token("second");
  EXPECT_EQ(play_behind(w, shown),
            "read_secret, read_secret, read_account, write_secret, remove_secret, patch_status");
  EXPECT_EQ(w.token("third"), token);
  EXPECT_EQ(settle(w), 0);
}

TEST(stale_view, of_a_move_whose_source_is_gone_mints_nothing) {
  world w = a_ready_object();
  const auto first = w.secrets;
  w.object.spec.secret.name = "second";
  w.edit_spec();
  const std::string token = w.token();
  play(w);
  w.object.spec.secret.name = "third";
  w.edit_spec();
  world shown = w;
  shown.secrets = first;
  EXPECT_EQ(play_behind(w, shown), "read_secret, read_secret");
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.token("third"), token);
}

// A process that starts from a list that lags behind sees the namesake that is gone, and takes what its
// successor has for a predecessor's.
TEST(stale_view, of_an_object_that_was_replaced_takes_nothing_from_its_successor) {
  world w = a_ready_object();
  const service_account gone = w.object;
  w.object = a_new_object().object;
  w.object.meta.uid = "u2";
  w.remembered = {};
  w.provably_new = false;
  settle(w);
  const service_account living = w.object;
  const std::string token = w.token();
  w.object = gone;
  w.restart();
  transcript run(w);
  run.until<patch_intent>();
  run.fail(api_errc::conflict);
  EXPECT_EQ(run.play(), "");
  EXPECT_TRUE(run.ended_with<read_again>());
  EXPECT_EQ(w.token(), token);
  EXPECT_EQ(find_marker(w.accounts.front().description)->uid, living.meta.uid);
}

// Nor is an account changed to what an earlier spec said.
TEST(stale_view, of_an_earlier_spec_changes_nothing_at_the_start_of_a_process) {
  world w = a_ready_object();
  const service_account before = w.object;
  w.object.spec.own.permissions = {"rudder.app.owner"};
  w.edit_spec();
  settle(w);
  w.object = before;
  w.restart();
  w.connection.look_since = w.now;
  transcript run(w);
  run.until<patch_intent>();
  run.fail(api_errc::conflict);
  EXPECT_EQ(run.play(), "");
  EXPECT_EQ(w.accounts.front().roles, string_set{"rudder.app.owner"});
}

// Whose notes somebody wiped, so that the outdated status says which account is in use.
TEST(stale_view, of_the_account_before_deletes_none_as_a_duplicate) {
  world w = a_ready_object();
  w.object.spec.token.strategy = token_strategy::replace;
  w.edit_spec();
  w.annotate(names::renew_annotation, "zero");
  settle(w);
  const world before = w;
  w.annotate(names::renew_annotation, "one");
  settle(w, 1min);
  ASSERT_EQ(w.accounts.size(), 2U);
  const std::string token = w.token();
  w.secret().meta.annotations.clear();
  w.touch("ci-bot-token");
  w.restart();
  world shown = w;
  shown.object = before.object;
  EXPECT_EQ(play_behind(w, shown), "read_secret, read_account, list_accounts, read_account, patch_intent");
  EXPECT_EQ(w.accounts.size(), 2U);
  EXPECT_EQ(settle(w, 1min), 0);
  EXPECT_EQ(w.token(), token);
  EXPECT_TRUE(w.token_is_live());
}

// A token is taken for lost, as the cache shows the Secret of before; its own read then shows the one that is
// there, without its notes.
TEST(stale_view, of_the_secret_honours_no_request_again) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  settle(w, 1min);
  const auto secrets = w.secrets;
  w.annotate(names::renew_annotation, "two");
  settle(w, 1min);
  w.annotate(names::renew_annotation, "one");
  ASSERT_EQ(settle(w, 1min), 0);
  world shown = w;
  shown.secrets = secrets;
  shown.restart();
  transcript run(shown);
  run.until<patch_intent>();
  w.secret().meta.annotations.clear();
  w.touch("ci-bot-token");
  w.restart();
  while (!run.ended())
    run.reply(w.perform(run.wanted()));
  w.remembered = shown.remembered;
  EXPECT_EQ(run.so_far(),
            "read_secret, read_account, patch_intent, dry_run_secret, read_secret, write_secret");
  EXPECT_EQ(settle(w, 1min), 0);
  EXPECT_EQ(w.revision(), "3");
}

}  // namespace
}  // namespace platformer::accounts::test
