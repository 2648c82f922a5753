// Tokens that are tried from time to time, and what it takes to renew one that is rejected.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

world a_verified_object() {
  world w = a_new_object();
  w.object.spec.token.verify_interval = 24h;
  play(w);
  return w;
}

// At the moment of its next turn.
world at_its_turn() {
  world w = a_verified_object();
  transcript idle(w);
  EXPECT_EQ(idle.play(), "");
  w.now = idle.end<requeue_at>().at;
  return w;
}

void revoke(world& w) {
  w.live_tokens[w.accounts.front().id] = "another";
}

TEST(verification, has_its_turn_within_the_interval_and_costs_two_requests) {
  world w = at_its_turn();
  EXPECT_LE(w.now, start_of_time + 24h);
  EXPECT_EQ(play(w), "read_secret, verify_token");
  EXPECT_EQ(w.reason(), "Issued");
  EXPECT_EQ(play(w), "");
}

TEST(verification, is_off_by_default) {
  world w = a_ready_object();
  w.advance(1000h);
  EXPECT_EQ(play(w), "");
}

TEST(verification, of_a_fleet_is_spread_and_a_restart_causes_none) {
  std::set<time_point> turns;
  for (int i = 0; i < 20; ++i) {
    world w = a_new_object();
    w.object.meta.uid = "uid-" + std::to_string(i);
    w.object.spec.token.verify_interval = 24h;
    play(w);
    w.advance(240h);
    w.restart();
    transcript idle(w);
    EXPECT_EQ(idle.play(), "");
    turns.insert(idle.end<requeue_at>().at);
    EXPECT_GT(idle.end<requeue_at>().at, w.now);
  }
  EXPECT_GT(turns.size(), 15U);
}

TEST(verification, renews_a_rejected_token_once_all_else_is_proven) {
  world w = at_its_turn();
  revoke(w);
  EXPECT_EQ(play(w),
            "read_secret, verify_token, read_account, check_credential, reserve_revocation, patch_intent, "
            "dry_run_secret, renew_token, write_secret, patch_status");
  EXPECT_EQ(w.cause(), "RevokedExternally");
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(settle(w), 0);
}

TEST(verification, keeps_the_leave_to_renew_until_it_is_used) {
  world w = at_its_turn();
  revoke(w);
  transcript run(w);
  run.until<dry_run_secret>();
  run.fail(api_errc::forbidden);
  run.play();
  EXPECT_EQ(w.reason(), "SecretWriteRefused");
  w.revocation = {.granted = false, .retry_at = w.now + 1h};  // this account had its turn
  w.advance(1min);
  EXPECT_EQ(settle(w, 5min), 1);
  EXPECT_EQ(w.cause(), "RevokedExternally");
}

TEST(verification, renews_nothing_while_the_connections_own_credential_is_rejected) {
  world w = at_its_turn();
  revoke(w);
  w.credential_accepted = false;
  EXPECT_EQ(play(w), "read_secret, verify_token, read_account, check_credential, patch_status");
  EXPECT_EQ(w.reason(), "CredentialsRejected");
  w.credential_accepted = true;
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.reason(), "Renewed");
}

TEST(verification, makes_a_lost_account_anew_instead) {
  world w = at_its_turn();
  w.accounts.clear();
  w.live_tokens.clear();
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "AccountLost");
}

TEST(verification, waits_when_too_many_tokens_are_rejected_and_recovers_by_itself) {
  world w = at_its_turn();
  const std::string token = w.live_tokens[w.accounts.front().id];
  revoke(w);
  w.revocation = {.granted = false, .retry_at = w.now + 20min};
  transcript run(w);
  EXPECT_EQ(run.play(),
            "read_secret, verify_token, read_account, check_credential, reserve_revocation, patch_status");
  EXPECT_EQ(w.reason(), "TokenRevoked");
  EXPECT_FALSE(w.condition_of("TokenValid")->status);
  w.now = run.end<requeue_at>().at;
  EXPECT_LE(w.now, start_of_time + 24h + 20min + 1s);
  w.live_tokens[w.accounts.front().id] = token;  // the Console has come to its senses
  EXPECT_EQ(settle(w, 1h), 0);
  EXPECT_EQ(w.reason(), "Issued");
}

TEST(verification, renews_a_token_that_keeps_being_rejected_once_an_hour_at_most) {
  world w = at_its_turn();
  int minted = 0;
  const time_point end = w.now + 10h;
  while (w.now < end) {
    revoke(w);
    w.object.spec.token.verify_interval = 10min;
    minted += settle(w, 10min);
    w.advance(10min);
  }
  EXPECT_GE(minted, 2);
  EXPECT_LE(minted, 10);
}

TEST(verification, that_gets_no_answer_changes_nothing) {
  for (const api_errc code : {api_errc::timeout, api_errc::server_error, api_errc::unreachable}) {
    world w = at_its_turn();
    transcript run(w);
    run.until<verify_token>();
    run.fail(code);
    EXPECT_EQ(run.play(), "");
    EXPECT_EQ(w.reason(), "Issued");
    EXPECT_GT(run.end<requeue_at>().at, w.now + 1h);
  }
}

TEST(verification, waits_for_its_connection) {
  world w = at_its_turn();
  w.connection.state = connection_view::standing::not_ready;
  transcript run(w);
  EXPECT_EQ(run.play(), "");
  EXPECT_TRUE(run.ended_with<finished>());
}

TEST(verification, leaves_a_rejected_token_to_a_persons_request) {
  world w = at_its_turn();
  revoke(w);
  w.annotate(names::renew_annotation, "one");
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "RenewRequest");
}

}  // namespace
}  // namespace platformer::accounts::test
