// A call whose outcome is not known: what is remembered, and what the next runs do.
#include <gtest/gtest.h>

#include <algorithm>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

// A renewal that was asked for and of which no answer came back.
world a_renewal_in_doubt(bool done) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<renew_token>();
  if (done)
    run.fail_after_doing(api_errc::connection_lost);
  else
    run.fail(api_errc::connection_lost);
  EXPECT_EQ(run.play(), "patch_status");
  EXPECT_TRUE(run.ended_with<requeue_at>());
  return w;
}

TEST(in_doubt, a_lost_create_is_waited_out_then_its_account_is_renewed_once) {
  world w = a_new_object();
  transcript first(w);
  first.until<create_account>();
  first.fail_after_doing(api_errc::timeout);
  EXPECT_EQ(first.play(), "patch_status");
  EXPECT_EQ(w.reason(), "ConsoleUnavailable");
  EXPECT_GE(first.end<requeue_at>().at, w.now + 30s);
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "Recovery");
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(play(w), "");
}

TEST(in_doubt, a_create_that_never_arrived_is_made_again_after_a_fresh_listing) {
  world w = a_new_object();
  transcript first(w);
  first.until<create_account>();
  first.fail(api_errc::timeout);
  first.play();
  const time_point settled_from = w.now + 30s;
  w.now = first.end<requeue_at>().at;
  transcript second(w);
  EXPECT_GE(second.until<list_accounts>().not_before, settled_from);
  EXPECT_TRUE(second.until<patch_intent>().op->after_doubt);
  second.play();
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_TRUE(w.token_is_live());
}

TEST(in_doubt, nothing_is_called_before_the_deadline_has_passed) {
  world w = a_renewal_in_doubt(true);
  w.advance(29s);
  transcript run(w);
  run.play();
  for (const request& each : run.asked())
    EXPECT_TRUE(std::holds_alternative<read_secret>(each) || std::holds_alternative<patch_status>(each))
        << describe(each);
  EXPECT_TRUE(run.ended_with<requeue_at>());
}

TEST(in_doubt, a_lost_renewal_is_repeated_once_as_recovery_and_settles_the_request) {
  for (const bool done : {true, false}) {
    world w = a_renewal_in_doubt(done);
    EXPECT_EQ(settle(w), 1);
    EXPECT_EQ(w.cause(), "Recovery");
    EXPECT_TRUE(w.token_is_live());
    EXPECT_EQ(w.object.status.last_handled_renew, "one");
    EXPECT_EQ(w.object.status.failures, 0);
  }
}

TEST(in_doubt, a_restart_waits_by_its_own_clock_from_when_it_saw_the_intent) {
  world w = a_renewal_in_doubt(true);
  w.restart();
  w.now -= 20s;  // the new process's clock is behind
  transcript waits(w);
  waits.play();
  EXPECT_GE(waits.end<requeue_at>().at, w.now + 30s);
  EXPECT_EQ(settle(w), 1);
  EXPECT_TRUE(w.token_is_live());
}

TEST(in_doubt, the_deadline_of_the_intents_writer_counts_when_it_is_longer) {
  world w = a_new_object();
  w.connection.timeout = 2min;
  transcript first(w);
  first.until<create_account>();
  first.fail(api_errc::timeout);
  first.play();
  w.restart();
  w.connection.timeout = 10s;
  transcript second(w);
  second.play();
  EXPECT_GE(second.end<requeue_at>().at, w.now + 2min);
}

TEST(in_doubt, a_recovery_that_is_refused_is_not_forgotten) {
  world w = a_renewal_in_doubt(true);
  w.advance(1min);
  transcript refused(w);
  refused.until<renew_token>();
  refused.fail(api_errc::rate_limited);
  refused.play();
  EXPECT_FALSE(w.token_is_live());
  w.annotate(names::renew_annotation, "");  // withdrawn: only the doubt is left to mint for
  w.advance(1min);
  EXPECT_EQ(settle(w), 1);
  EXPECT_TRUE(w.token_is_live());
}

TEST(in_doubt, a_recovery_whose_dry_run_is_refused_is_not_forgotten) {
  world w = a_renewal_in_doubt(true);
  w.advance(1min);
  transcript refused(w);
  refused.until<dry_run_secret>();
  refused.fail(api_errc::forbidden);
  refused.play();
  w.annotate(names::renew_annotation, "");  // withdrawn: only the doubt is left to mint for
  w.advance(1min);
  EXPECT_EQ(settle(w), 1);
  EXPECT_TRUE(w.token_is_live());
}

TEST(in_doubt, several_accounts_with_our_marker_are_cut_down_to_the_oldest) {
  world w = a_new_object();
  transcript first(w);
  first.until<create_account>();
  first.fail_after_doing(api_errc::timeout);
  first.play();
  const std::string oldest = w.accounts.front().id;
  w.advance(10s);
  w.put_account("late", w.our_marker());
  w.put_account("foreign", "somebody's");
  w.advance(1min);
  settle(w);
  ASSERT_EQ(w.accounts.size(), 2U);
  EXPECT_EQ(w.accounts[0].id, oldest);
  EXPECT_EQ(w.accounts[1].id, "foreign");
  EXPECT_TRUE(w.token_is_live());
}

TEST(in_doubt, of_several_accounts_the_one_that_the_secret_names_is_kept) {
  world w = a_ready_object();
  const std::string named = w.accounts.front().id;
  account& older = w.put_account("older", w.our_marker());
  older.created_at = start_of_time - 24h;
  w.accounts.front().created_at = start_of_time;
  transcript lost(w);
  w.accounts.erase(w.accounts.begin());
  w.put_account(named, w.our_marker());
  w.annotate(names::reconcile_annotation, "now");
  settle(w);
  EXPECT_TRUE(
      std::any_of(w.accounts.begin(), w.accounts.end(), [&](const auto& each) { return each.id == named; }));
}

TEST(in_doubt, calls_of_a_console_that_keeps_failing_become_rarer) {
  world w = a_new_object();
  int calls = 0;
  const time_point end = w.now + 6h;
  while (w.now < end) {
    transcript run(w);
    while (!run.ended()) {
      if (std::holds_alternative<create_account>(run.wanted())) {
        ++calls;
        run.fail(api_errc::server_error);
      } else {
        run.ok();
      }
    }
    w.now = std::max(w.now + 1s, run.ended_with<requeue_at>() ? run.end<requeue_at>().at : w.now);
  }
  EXPECT_LT(calls, 100);
  EXPECT_GT(calls, 10);
}

}  // namespace
}  // namespace platformer::accounts::test
