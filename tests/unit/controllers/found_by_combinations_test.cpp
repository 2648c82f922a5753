// What combinations of faults in the simulation (tests/sim) found about replaced accounts, wiped notes and
// listings that lag behind, cut down to one object and a run or two.
#include <gtest/gtest.h>

#include "controllers/service_account/plan.hpp"
#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

// Its token was replaced on request a minute ago; the account before lives on for an hour.
world a_replaced_object() {
  world w = a_new_object();
  w.object.spec.token.strategy = token_strategy::replace;
  w.object.spec.token.overlap = 1h;
  play(w);
  w.annotate(names::renew_annotation, "one");
  play(w);
  w.advance(1min);
  return w;
}

void strip_notes(world& w) {
  w.secret().meta.annotations.clear();
  w.secret().meta.labels.clear();
  w.touch("ci-bot-token");
}

TEST(an_overlap, ends_for_an_account_that_listings_lack) {
  world w = a_replaced_object();
  ASSERT_EQ(w.accounts.size(), 2U);
  w.annotate(names::renew_annotation, "two");
  transcript run(w);
  while (!run.ended()) {
    if (std::holds_alternative<list_accounts>(run.wanted()))
      run.reply(accounts_listed{});
    else
      run.ok();
    ASSERT_LE(w.accounts.size(), 2U);
  }
  EXPECT_EQ(w.revision(), "3");
}

TEST(an_overlap, ends_with_its_object_for_an_account_that_listings_lack) {
  world w = a_replaced_object();
  w.delete_object();
  transcript run(w);
  run.until<list_accounts>();
  run.reply(accounts_listed{});
  run.play();
  EXPECT_TRUE(w.accounts.empty());
}

TEST(an_overlap, that_a_predecessor_began_is_ended_by_whoever_took_its_secret_over) {
  world w = a_replaced_object();
  w.object = a_new_object().object;
  w.object.meta.uid = "u2";
  w.object.meta.resource_version = w.next_version();
  w.object.spec.token.strategy = token_strategy::replace;
  w.remembered = {};
  ASSERT_EQ(settle(w, 1min), 0) << "its token works";
  ASSERT_EQ(w.accounts.size(), 2U);
  w.annotate(names::renew_annotation, "two");
  transcript run(w);
  EXPECT_LE(most_accounts_in(run, w), 2U);
  EXPECT_EQ(w.reason(), "Renewed");
  EXPECT_TRUE(w.token_is_live());
  w.advance(2h);
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.accounts.size(), 1U);
}

TEST(wiped_notes, are_put_back_from_memory_before_the_status_tells_of_the_token) {
  world w = a_new_object();
  w.object.spec.token.strategy = token_strategy::replace;
  play(w);
  w.annotate(names::renew_annotation, "one");
  transcript renews(w);
  renews.until<patch_status>();
  renews.fail(api_errc::conflict);
  renews.play();
  strip_notes(w);
  EXPECT_EQ(settle(w, 1min), 0);
  EXPECT_EQ(w.revision(), "2");
  EXPECT_EQ(w.accounts.size(), 2U) << "the overlap goes on";
  EXPECT_TRUE(w.token_is_live());
}

TEST(a_wiped_intent, makes_a_listing_needed_before_anything_is_minted) {
  world w = a_ready_object();
  w.restart();
  w.wipe_intent();
  w.put_account("left-by-a-doubt", w.our_marker());
  w.annotate(names::renew_annotation, "one");
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_TRUE(w.token_is_live());
}

TEST(a_wiped_intent, makes_a_listing_needed_before_the_object_goes) {
  world w = a_ready_object();
  w.restart();
  w.wipe_intent();
  w.put_account("left-by-a-doubt", w.our_marker());
  w.delete_object();
  settle(w);
  EXPECT_TRUE(w.accounts.empty());
}

TEST(a_lost_account, that_a_doubt_brought_to_light_is_made_anew_in_the_same_run) {
  world w = a_ready_object();
  w.accounts.clear();
  w.live_tokens.clear();
  w.annotate(names::reconcile_annotation, "look");
  transcript lost(w);
  lost.until<create_account>();
  lost.fail(api_errc::timeout);
  lost.play();
  w.advance(1min);
  EXPECT_EQ(play(w).find("create_account") != std::string::npos, true);
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_TRUE(w.token_is_live());
}

TEST(a_look, does_not_take_an_earlier_account_in_an_old_listing_for_ours) {
  world w = a_ready_object();
  account earlier = w.accounts.front();
  earlier.id = "gone";
  w.advance(1h);
  w.connection.look_since = w.now;
  transcript run(w);
  run.until<list_accounts>();
  run.reply(accounts_listed{{earlier}});
  EXPECT_EQ(run.play().find("renew_token"), std::string::npos);
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_TRUE(w.token_is_live());
}

TEST(a_look, reads_the_account_before_it_changes_what_an_old_listing_shows) {
  world w = a_ready_object();
  w.accounts.front().roles = {"rudder.app.admin"};
  const account seen = w.accounts.front();
  w.accounts.front().description = "mine now";
  w.advance(1h);
  w.connection.look_since = w.now;
  transcript run(w);
  run.until<list_accounts>();
  run.reply(accounts_listed{{seen}});
  run.until<read_account>();
  run.play();
  EXPECT_EQ(w.reason(), "AccountConflict");
  EXPECT_EQ(w.accounts.front().description, "mine now");
}

TEST(a_look, whose_listing_shows_another_account_than_the_lost_one_lists_again_before_it_renews) {
  world w = a_ready_object();
  const account before = w.accounts.front();
  w.accounts.front().description = "mine now";
  w.advance(1h);
  w.connection.look_since = w.now;
  w.advance(1min);
  w.secret().meta.annotations.insert_or_assign(std::string(names::secret_account_id), "gone");
  w.touch("ci-bot-token");
  transcript run(w);
  run.until<list_accounts>();
  run.reply(accounts_listed{{before}});
  EXPECT_GE(run.until<list_accounts>().not_before, w.now - listing_reuse);
  EXPECT_EQ(run.play().find("renew_token"), std::string::npos);
  EXPECT_EQ(w.accounts.front().description, "mine now");
}

TEST(a_look, that_is_due_uses_no_old_listing_for_an_object_without_an_account) {
  world w = a_new_object();
  w.provably_new = false;
  w.object.spec.adoption = adoption_policy::never;
  w.connection.look_since = w.now;
  w.advance(1min);
  EXPECT_GE(transcript(w).until<list_accounts>().not_before, w.now - 5s);
}

TEST(a_moved_fixed_end, is_noted_in_the_secret_that_the_token_moves_to) {
  world w = a_new_object();
  w.object.spec.token.expires_at = w.now + 240h;
  play(w);
  const time_point end = w.now + 480h;
  w.object.spec.token.expires_at = end;
  w.edit_spec();
  transcript run(w);
  run.until<write_secret>();
  run.fail(api_errc::connection_lost);
  run.play();
  w.object.spec.secret.name = "elsewhere";
  w.edit_spec();
  EXPECT_EQ(settle(w, 1h), 0);
  EXPECT_EQ(w.object.status.token.expires_at, end);
}

TEST(restarts, wait_for_the_run_after_the_one_that_wrote_the_token) {
  world w = a_new_object();
  w.object.spec.restart_targets = {{workload_kind::deployment, "shop"}};
  w.workloads = {{"shop", ""}};
  play(w);
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<write_secret>();
  w.advance(1min);  // its answer took long
  EXPECT_EQ(run.play(), "write_secret, patch_status");
  EXPECT_EQ(settle(w, 1min), 0);
  EXPECT_EQ(w.workloads["shop"], "2");
}

TEST(a_secret_under_another_key, is_not_taken_for_checked_before_it_is_put_right) {
  world w = a_ready_object();
  w.object.spec.secret.key = "key1";
  ++w.object.meta.generation;
  transcript run(w);
  run.until<write_secret>();
  EXPECT_EQ(w.remembered.checked_secret_version, "") << "the process may begin another run";
  run.play();
  EXPECT_NE(w.remembered.checked_secret_version, "");
}

TEST(a_deletion_whose_answer_was_lost, makes_what_was_listed_before_it_too_old) {
  world w = a_ready_object();
  account second = w.accounts.front();
  second.id = "second";
  second.created_at += 1s;
  w.accounts.push_back(second);
  w.annotate(names::reconcile_annotation, "look");
  w.advance(1min);
  transcript run(w);
  EXPECT_EQ(run.until<delete_account>().id, "second");
  run.fail_after_doing(api_errc::connection_lost);
  EXPECT_EQ(w.remembered.account_written_at, w.now);
}

TEST(a_deletion, lists_where_an_old_secret_names_another_account_than_the_status) {
  world w = a_ready_object();
  w.secret().meta.annotations.insert_or_assign(std::string(names::secret_account_id), "earlier");
  w.touch("ci-bot-token");
  w.delete_object();
  EXPECT_NE(play(w).find("list_accounts"), std::string::npos);
  EXPECT_TRUE(w.accounts.empty());
}

}  // namespace
}  // namespace platformer::accounts::test
