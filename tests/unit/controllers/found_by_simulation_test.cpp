// What the simulation of a whole fleet (tests/sim) found, cut down to one object and a run or two. What a
// lagging cache does is in stale_view_test.cpp.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

void replace_object(world& w) {
  w.object.meta.annotations.clear();
  w.object.meta.finalizers.clear();
  w.object.meta.resource_version = w.next_version();
}

// The run goes on to that request, which is refused, and ends.
template <class Kind>
void refuse(world& w, api_errc code) {
  transcript run(w);
  run.until<Kind>();
  run.fail(code);
  run.play();
}

// What a Secret of the same revision bears that another operation, of which only a backup knew, has written.
void put_back_another_operations_secret(world& w) {
  w.secret().data["token"] = entry_of("dead");
  w.secret().meta.annotations[std::string(names::secret_fingerprint)] = fingerprint_of("dead");
  w.secret().meta.annotations[std::string(names::secret_operation_id)] = "another";
  w.touch("ci-bot-token");
}

// Made again under the same name while the Secret of the object before it stayed.
world a_successor(bool with_account) {
  world w = a_ready_object();
  w.object = a_new_object().object;
  w.object.meta.uid = "u2";
  w.object.meta.resource_version = w.next_version();
  w.remembered = {};
  if (!with_account) w.accounts.clear();
  return w;
}

TEST(late_commit, looks_again_for_what_was_edited_and_asked_for_meanwhile) {
  world w = a_new_object();
  refuse<write_secret>(w, api_errc::server_error);
  w.object.spec.own.permissions = {"rudder.app.admin"};
  w.edit_spec();
  w.annotate(names::renew_annotation, "one");
  transcript commits(w);
  EXPECT_EQ(commits.play(), "read_secret, write_secret");
  EXPECT_TRUE(commits.ended_with<read_again>());
  EXPECT_NE(w.object.status.observed_generation, w.object.meta.generation);
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "RenewRequest");
  EXPECT_EQ(w.accounts.front().roles, string_set{"rudder.app.admin"});
}

TEST(cause, of_a_successors_first_token_is_initial_issue_when_only_the_predecessors_secret_is_left) {
  world w = a_successor(false);
  w.provably_new = false;
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "InitialIssue");
  EXPECT_EQ(w.accounts.size(), 1U);
}

TEST(cause, stays_token_lost_when_the_status_is_wiped_after_the_intent) {
  world w = a_ready_object();
  w.restart();
  w.secrets.clear();
  refuse<renew_token>(w, api_errc::rate_limited);
  w.wipe_status();
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "TokenLost");
}

TEST(cause, is_token_lost_when_a_committed_secret_goes_before_the_status_tells_of_it) {
  world w = a_new_object();
  refuse<patch_status>(w, api_errc::conflict);
  ASSERT_EQ(w.object.status.token.revision, 0);
  w.secrets.clear();
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "TokenLost");
  EXPECT_EQ(w.accounts.size(), 1U);
}

TEST(cause, is_token_lost_when_the_status_is_wiped_after_a_later_intent_that_was_refused) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  refuse<renew_token>(w, api_errc::rate_limited);
  w.wipe_status();
  w.secrets.clear();
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "TokenLost");
}

TEST(next_revision, is_not_given_twice_after_a_recovery_that_was_refused) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript lost(w);
  EXPECT_EQ(lost.until<patch_intent>().op->revision, 2);
  lost.until<renew_token>();
  lost.fail_after_doing(api_errc::timeout);
  lost.play();
  w.advance(1min);
  refuse<renew_token>(w, api_errc::rate_limited);
  w.annotate(names::renew_annotation, "two");
  w.advance(2h);
  transcript another(w);
  EXPECT_EQ(another.until<patch_intent>().op->revision, 3);
}

TEST(put_back_secret, of_the_same_revision_but_another_operation_is_outdated) {
  for (const bool told : {true, false}) {
    world w = a_new_object();
    if (told) {  // status is the witness, else memory
      play(w);
      w.restart();
    } else {
      refuse<patch_status>(w, api_errc::conflict);
    }
    put_back_another_operations_secret(w);
    EXPECT_EQ(settle(w), 1) << told;
    EXPECT_EQ(w.cause(), "TokenLost") << told;
    EXPECT_EQ(w.revision(), "2") << told;
    EXPECT_TRUE(w.token_is_live()) << told;
  }
}

TEST(put_back_secret, of_an_earlier_revision_is_outdated_before_the_status_tells_of_the_later) {
  world w = a_ready_object();
  w.restart();
  const secret_content before = w.secret();
  w.annotate(names::renew_annotation, "one");
  refuse<patch_status>(w, api_errc::conflict);
  w.secret().data = before.data;
  w.secret().meta.annotations = before.meta.annotations;
  w.touch("ci-bot-token");
  replace_object(w);
  w.remembered.last_intent.reset();
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "TokenLost");
  EXPECT_TRUE(w.token_is_live());
}

TEST(duplicates, that_turned_up_after_a_doubt_are_removed_at_the_next_look) {
  world w = a_new_object();
  transcript lost(w);
  const request late = lost.until<create_account>();
  lost.fail(api_errc::timeout);
  lost.play();
  ASSERT_EQ(settle(w), 1);
  w.perform(late);
  ASSERT_EQ(w.accounts.size(), 2U);
  w.object.spec.own.permissions = {"rudder.app.admin"};
  w.edit_spec();
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_TRUE(w.token_is_live());
}

TEST(duplicates, are_removed_when_somebody_asks_for_a_look) {
  world w = a_ready_object();
  w.put_account("double", w.our_marker());
  w.annotate(names::reconcile_annotation, "now");
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_TRUE(w.token_is_live());
}

TEST(provably_new, is_not_what_we_gave_a_finalizer_that_was_wiped) {
  for (const bool adopted : {true, false}) {
    world w = a_successor(true);
    transcript run(w);
    EXPECT_FALSE(run.until<patch_intent>().op);
    run.until<update_account>();
    if (!adopted) run.fail(api_errc::rate_limited);
    run.play();
    replace_object(w);
    w.wipe_status();
    w.secrets.clear();
    ASSERT_TRUE(w.look().provably_new);
    EXPECT_EQ(settle(w), 1) << adopted;
    EXPECT_EQ(w.accounts.size(), 1U) << adopted;
    EXPECT_TRUE(w.token_is_live()) << adopted;
  }
}

TEST(wiped_note, of_the_honoured_request_is_restored_from_status) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  settle(w);
  w.secret().meta.annotations.erase(std::string(names::secret_renew));
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.secret().meta.annotation(names::secret_renew), "one");
}

}  // namespace
}  // namespace platformer::accounts::test
