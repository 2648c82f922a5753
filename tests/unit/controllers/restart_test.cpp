// spec.rolloutRestartTargets: workloads restart after their token has changed.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

world with_workloads() {
  world w = a_new_object();
  w.object.spec.restart_targets = {{workload_kind::deployment, "shop"}, {workload_kind::daemon_set, "agent"}};
  w.workloads = {{"shop", ""}, {"agent", ""}};
  EXPECT_EQ(play(w), "patch_intent, dry_run_secret, create_account, write_secret, patch_status");
  return w;
}

TEST(restarts, follow_no_first_issuance) {
  world w = with_workloads();
  w.advance(1h);
  EXPECT_EQ(play(w), "");
  EXPECT_EQ(w.object.status.restarted_revision, 1);
}

TEST(restarts, come_once_ten_seconds_after_the_secret_has_changed) {
  world w = with_workloads();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.play();
  EXPECT_EQ(w.workloads["shop"], "");
  w.now = run.end<requeue_at>().at;
  EXPECT_LE(w.now, start_of_time + 11s);
  EXPECT_EQ(play(w), "restart_workload, restart_workload, patch_status");
  EXPECT_EQ(w.workloads["shop"], "2");
  EXPECT_EQ(w.workloads["agent"], "2");
  EXPECT_EQ(play(w), "");
  w.restart();
  w.advance(1h);
  EXPECT_EQ(play(w), "");
}

TEST(restarts, are_not_made_up_for_when_targets_are_named_after_a_renewal) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  play(w);
  ASSERT_EQ(w.revision(), "2");
  w.object.spec.restart_targets = {{workload_kind::deployment, "shop"}};
  w.workloads = {{"shop", ""}};
  w.edit_spec();
  w.advance(1h);
  settle(w);
  EXPECT_EQ(w.workloads["shop"], "") << "its pods have the token of revision 2 already";
  w.annotate(names::renew_annotation, "two");
  play(w);
  w.advance(11s);
  settle(w);
  EXPECT_EQ(w.workloads["shop"], "3");
}

TEST(restarts, wait_for_another_secret_of_the_same_workload) {
  world w = with_workloads();
  w.annotate(names::renew_annotation, "one");
  play(w);
  w.other_secret_changed_at = w.now + 5s;
  w.advance(10s);
  transcript run(w);
  EXPECT_EQ(run.play(), "");
  EXPECT_EQ(run.end<requeue_at>().at, start_of_time + 15s);
}

TEST(restarts, of_a_missing_workload_are_a_message_and_no_failure) {
  world w = with_workloads();
  w.workloads.erase("agent");
  w.annotate(names::renew_annotation, "one");
  play(w);
  w.advance(10s);
  transcript run(w);
  run.play();
  ASSERT_EQ(run.events().size(), 2U);
  const event_note& told = run.events()[0].warning ? run.events()[0] : run.events()[1];
  EXPECT_EQ(told.note, "DaemonSet agent could not be restarted with the new token: it does not exist");
  EXPECT_EQ(w.reason(), "Renewed");
  EXPECT_EQ(w.workloads["shop"], "2");
  EXPECT_EQ(settle(w, 1h), 0);
}

TEST(restarts, are_carried_through_after_a_crash) {
  for (const bool done : {false, true}) {
    world w = with_workloads();
    w.annotate(names::renew_annotation, "one");
    play(w);
    w.advance(10s);
    transcript run(w);
    run.until<restart_workload>();
    if (done) run.ok();
    w.restart();
    settle(w, 1min);
    EXPECT_EQ(w.workloads["shop"], "2");
    EXPECT_EQ(w.object.status.restarted_revision, 2);
  }
}

TEST(restarts, that_get_no_answer_are_tried_again_and_the_object_stays_ready) {
  world w = with_workloads();
  w.annotate(names::renew_annotation, "one");
  play(w);
  w.advance(10s);
  transcript run(w);
  run.until<restart_workload>();
  run.fail(api_errc::timeout);
  run.play();
  EXPECT_TRUE(w.condition_of("Ready")->status);
  settle(w, 1min);
  EXPECT_EQ(w.workloads["agent"], "2");
}

// The cache of a process that begins may show the token of before, whose restart is long done.
TEST(restarts, are_for_the_token_that_is_in_the_secret_whatever_the_cache_shows) {
  world w = with_workloads();
  w.annotate(names::renew_annotation, "one");
  play(w);
  w.advance(10s);
  world shown = w;
  play(w);
  w.annotate(names::renew_annotation, "two");
  play(w);
  w.advance(10s);
  play(w);
  ASSERT_EQ(w.workloads["shop"], "3");
  w.restart();
  EXPECT_EQ(play_behind(w, shown), "read_secret, patch_status");
  EXPECT_EQ(w.workloads["shop"], "3");
}

}  // namespace
}  // namespace platformer::accounts::test
