// Strategy Replace: a new account takes the old one's place, and for a while both tokens work.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

world a_replaced_object() {
  world w = a_new_object();
  w.object.spec.token.strategy = token_strategy::replace;
  w.object.spec.token.overlap = 1h;
  w.object.spec.secret.previous_key = "previous-token";
  play(w);
  return w;
}

bool lives(const world& w, const std::string& token) {
  return std::any_of(w.live_tokens.begin(), w.live_tokens.end(),
                     [&](const auto& each) { return each.second == token; });
}

TEST(replace, makes_a_new_account_keeps_both_tokens_and_ends_the_overlap) {
  world w = a_replaced_object();
  const std::string old = w.token();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  EXPECT_EQ(
      run.play(),
      "read_account, read_secret, patch_intent, dry_run_secret, create_account, write_secret, patch_status");
  EXPECT_EQ(w.accounts.size(), 2U);
  EXPECT_NE(w.token(), old);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_TRUE(lives(w, old));
  EXPECT_EQ(w.token("ci-bot-token", "previous-token"), old);
  EXPECT_EQ(w.cause(), "RenewRequest");
  EXPECT_EQ(run.end<requeue_at>().at, std::chrono::ceil<std::chrono::seconds>(w.now + 1h));
  EXPECT_EQ(play(w), "");
  w.now = run.end<requeue_at>().at;
  EXPECT_EQ(play(w), "read_account, read_account, delete_account, read_secret, write_secret");
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_FALSE(lives(w, old));
  EXPECT_TRUE(w.token_is_live());
  EXPECT_FALSE(w.secret().data.contains("previous-token"));
  EXPECT_EQ(play(w), "");
  EXPECT_EQ(w.revision(), "2");
}

TEST(replace, by_schedule_never_has_a_moment_without_a_live_token) {
  world w = a_new_object();
  w.object.spec.token.strategy = token_strategy::replace;
  w.object.spec.token.lifetime = 720h;
  play(w);
  for (int i = 0; i < 4; ++i) {
    w.now = *w.object.status.token.renew_at;
    transcript run(w);
    while (!run.ended()) {
      ASSERT_TRUE(w.token_is_live());
      run.ok();
    }
    EXPECT_EQ(w.cause(), "ScheduledRenewal");
    EXPECT_EQ(w.accounts.size(), 2U);
    w.advance(1h + 1s);
    play(w);
    EXPECT_EQ(w.accounts.size(), 1U);
    ASSERT_TRUE(w.token_is_live());
  }
}

TEST(replace, takes_the_previous_token_along_when_the_secret_moves_within_the_overlap) {
  world w = a_replaced_object();
  const std::string old = w.token();
  w.annotate(names::renew_annotation, "one");
  play(w);
  w.object.spec.secret.name = "new-name";
  w.edit_spec();
  play(w);
  EXPECT_FALSE(w.has_secret("ci-bot-token"));
  EXPECT_TRUE(w.token_is_live("new-name"));
  EXPECT_EQ(w.token("new-name", "previous-token"), old);
  EXPECT_TRUE(lives(w, old));
}

TEST(replace, keeps_a_live_token_through_a_crash_at_each_step_and_two_accounts_at_most) {
  for (const bool after_doing : {false, true})
    for (std::size_t at = 0; at < 16; ++at) {
      world w = a_replaced_object();
      w.annotate(names::renew_annotation, "one");
      transcript run(w);
      for (std::size_t i = 0; i < at && !run.ended(); ++i)
        run.ok();
      if (after_doing && !run.ended()) (void)w.perform(run.wanted());
      w.restart();
      ASSERT_TRUE(w.token_is_live()) << at;
      while (true) {
        transcript next(w);
        while (!next.ended()) {
          next.ok();
          ASSERT_TRUE(w.token_is_live()) << at;
          ASSERT_LE(w.accounts.size(), 2U) << at;
        }
        if (!next.ended_with<requeue_at>()) break;
        if (next.end<requeue_at>().at > w.now + 12h) break;
        w.now = std::max(w.now, next.end<requeue_at>().at);
      }
      EXPECT_EQ(w.accounts.size(), 1U) << at;
      EXPECT_EQ(w.reason(), "Renewed") << at;
      EXPECT_EQ(w.object.status.last_handled_renew, "one") << at;
    }
}

TEST(replace, looks_for_the_account_when_all_notes_of_it_go_within_the_run) {
  world w = a_replaced_object();
  w.annotate(names::renew_annotation, "one");
  w.wipe_status();
  w.restart();
  transcript run(w);
  run.until<dry_run_secret>();
  std::erase_if(w.secret().meta.annotations, [](const auto&) { return true; });
  w.touch("ci-bot-token");
  run.fail(api_errc::conflict);
  const std::string then = run.play();
  EXPECT_TRUE(then.starts_with("read_secret, list_accounts")) << then;
  settle(w);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_NE(w.cause(), "InitialIssue");
}

TEST(replace, whose_reply_is_lost_clears_the_stray_account_and_tries_again) {
  world w = a_replaced_object();
  const std::string old = w.token();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<create_account>();
  run.fail_after_doing(api_errc::timeout);
  run.play();
  EXPECT_EQ(w.token(), old);
  EXPECT_TRUE(w.token_is_live());
  settle(w, 30min);
  EXPECT_EQ(w.accounts.size(), 2U);
  EXPECT_TRUE(lives(w, old));
  settle(w, 3h);
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_EQ(w.cause(), "RenewRequest");
}

TEST(replace, in_doubt_comes_to_rest_when_the_wish_is_withdrawn) {
  world w = a_replaced_object();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<create_account>();
  run.fail_after_doing(api_errc::timeout);
  run.play();
  w.annotate(names::renew_annotation, "");
  EXPECT_EQ(settle(w, 1h), 0);
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(play(w), "");
}

TEST(replace, a_renewal_within_the_overlap_ends_it_first) {
  world w = a_replaced_object();
  const std::string first = w.token();
  w.annotate(names::renew_annotation, "one");
  settle(w, 1min);
  const std::string second = w.token();
  w.annotate(names::renew_annotation, "two");
  settle(w, 1min);
  EXPECT_EQ(w.accounts.size(), 2U);
  EXPECT_FALSE(lives(w, first));
  EXPECT_TRUE(lives(w, second));
  EXPECT_EQ(w.token("ci-bot-token", "previous-token"), second);
}

TEST(replace, gives_the_new_account_a_name_of_its_own_where_names_are_unique) {
  world w = a_replaced_object();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<create_account>();
  run.fail(api_errc::already_exists);
  EXPECT_EQ(run.expect<create_account>().fields.name, "ci-bot-r2");
  run.play();
  EXPECT_EQ(w.reason(), "Renewed");
}

TEST(replace, renews_in_place_where_the_token_is_lost) {
  world w = a_replaced_object();
  w.secrets.clear();
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_EQ(w.cause(), "TokenLost");
}

TEST(replace, deletes_both_accounts_with_the_object) {
  world w = a_replaced_object();
  w.annotate(names::renew_annotation, "one");
  settle(w, 1min);
  ASSERT_EQ(w.accounts.size(), 2U);
  w.delete_object();
  settle(w);
  EXPECT_TRUE(w.accounts.empty());
  EXPECT_FALSE(w.object_exists);
}

TEST(replace, never_deletes_an_account_that_only_the_notes_call_previous) {
  world w = a_replaced_object();
  w.put_account("acc-foreign", "platformer-operator:c1/team-b/other/u9");
  w.secret().meta.annotations[std::string(names::secret_previous_account_id)] = "acc-foreign";
  w.touch("ci-bot-token");
  w.advance(2h);
  settle(w);
  EXPECT_EQ(w.accounts.size(), 2U);
  EXPECT_TRUE(w.secret().meta.annotation(names::secret_previous_account_id).empty());
}

TEST(replace, whose_secret_is_lost_within_the_overlap_leaves_no_account_behind) {
  for (const bool deleted : {false, true}) {
    world w = a_replaced_object();
    w.annotate(names::renew_annotation, "one");
    settle(w, 1min);
    ASSERT_EQ(w.accounts.size(), 2U);
    w.secrets.clear();
    if (deleted) w.delete_object();
    settle(w);
    EXPECT_EQ(w.accounts.size(), deleted ? 0U : 1U) << deleted;
  }
}

TEST(replace, while_the_secret_moves_comes_to_an_end) {
  world w = a_replaced_object();
  w.annotate(names::renew_annotation, "one");
  w.object.spec.secret.name = "elsewhere";
  w.edit_spec();
  settle(w, 1min);
  EXPECT_EQ(w.accounts.size(), 2U);
  EXPECT_TRUE(lives(w, w.token("elsewhere")));
}

// Its account loses the marker and gets it back, while what is to take its place is being renewed for a
// doubt.
TEST(replace, in_doubt_leaves_the_token_of_the_account_before_alone_when_that_one_is_ours_again) {
  for (const bool called : {false, true}) {
    world w = a_replaced_object();
    const std::string token = w.token();
    w.annotate(names::renew_annotation, "one");
    transcript run(w);
    run.until<create_account>();
    run.fail_after_doing(api_errc::timeout);
    run.play();
    const std::string description = w.accounts.front().description;
    w.accounts.front().description = "mine now";
    w.advance(1min);
    transcript recovers(w);
    if (called) {
      recovers.until<renew_token>();
      recovers.fail(api_errc::timeout);
    } else {
      recovers.until<dry_run_secret>();
      recovers.fail(api_errc::forbidden);
    }
    recovers.play();
    w.accounts.front().description = description;
    w.annotate(names::renew_annotation, "");
    w.advance(5min);
    EXPECT_EQ(settle(w, 1h), 0);
    EXPECT_EQ(w.token(), token);
    EXPECT_TRUE(w.token_is_live());
    EXPECT_EQ(w.accounts.size(), 1U);
    EXPECT_EQ(play(w), "");
  }
}

}  // namespace
}  // namespace platformer::accounts::test
