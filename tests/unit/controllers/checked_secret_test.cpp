// status.token.secretResourceVersion: what a process found in the Secret, the next one believes for as long
// as nobody has written to it.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

std::string told(const world& w) {
  return w.object.status.token.secret_version;
}

TEST(checked_secret, is_told_by_the_status_that_an_issuance_ends_with) {
  world w = a_ready_object();
  EXPECT_EQ(told(w), w.secret().meta.resource_version);
  EXPECT_NE(told(w), "");
  w.annotate(names::renew_annotation, "one");
  play(w);
  EXPECT_EQ(told(w), w.secret().meta.resource_version);
}

TEST(checked_secret, is_not_read_by_a_new_process) {
  world w = a_ready_object();
  w.restart();
  EXPECT_EQ(play(w), "");
}

TEST(checked_secret, is_read_by_a_new_process_when_somebody_wrote_to_it) {
  world w = a_ready_object();
  w.restart();
  w.touch("ci-bot-token");
  EXPECT_EQ(play(w), "read_secret");
}

TEST(checked_secret, that_was_emptied_while_no_process_ran_is_lost) {
  world w = a_ready_object();
  w.restart();
  w.secret().data.clear();
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "TokenLost");
  EXPECT_TRUE(w.token_is_live());
}

TEST(checked_secret, is_read_where_the_spec_was_edited_since) {
  world w = a_ready_object();
  const std::string token = w.token();
  w.object.spec.secret.key = "api-token";
  w.edit_spec();
  w.restart();
  transcript run(w);
  run.expect<read_secret>();
  run.play();
  EXPECT_EQ(w.token("ci-bot-token", "api-token"), token);
}

TEST(checked_secret, is_read_where_the_status_was_wiped_or_does_not_say_ready) {
  world wiped = a_ready_object();
  wiped.wipe_status();
  wiped.restart();
  EXPECT_TRUE(play(wiped).starts_with("read_secret"));
  world failing = a_ready_object();
  for (condition& each : failing.object.status.conditions)
    if (each.type == "Ready") each.status = false;
  failing.restart();
  EXPECT_TRUE(play(failing).starts_with("read_secret"));
}

TEST(checked_secret, that_is_written_to_again_and_again_costs_no_write_each_time) {
  world w = a_ready_object();
  const std::string version = told(w);
  for (int i = 0; i < 3; ++i) {
    w.touch("ci-bot-token");
    EXPECT_EQ(play(w), "read_secret");
  }
  EXPECT_EQ(told(w), version);
  w.annotate(names::reconcile_annotation, "now");
  play(w);
  EXPECT_EQ(told(w), w.secret().meta.resource_version) << "together with what is written anyway";
}

// Who may write status can hide a lost token from the next process, until its contents are read all the same.
TEST(checked_secret, that_a_forged_status_vouches_for_is_found_out_by_the_verification) {
  world w = a_new_object();
  w.object.spec.token.verify_interval = 24h;
  play(w);
  w.secret().data.clear();
  w.touch("ci-bot-token");
  w.object.status.token.secret_version = w.secret().meta.resource_version;
  w.restart();
  transcript run(w);
  EXPECT_EQ(run.play(), "");
  w.now = run.end<requeue_at>().at;
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "TokenLost");
  EXPECT_TRUE(w.token_is_live());
}

TEST(checked_secret, is_told_once_where_an_earlier_operator_did_not) {
  world w = a_ready_object();
  w.object.status.token.secret_version.clear();
  w.restart();
  EXPECT_EQ(play(w), "read_secret, patch_status");
  w.restart();
  EXPECT_EQ(play(w), "");
}

}  // namespace
}  // namespace platformer::accounts::test
