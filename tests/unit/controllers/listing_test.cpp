// Listings that are shared, lag behind or are from before what we did.
#include <gtest/gtest.h>

#include "controllers/service_account/plan.hpp"
#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

TEST(shared_listing, is_not_from_before_our_own_minting) {
  world w = a_new_object();
  play(w);
  const time_point minted_at = w.now;
  w.advance(1s);
  w.wipe_status();
  w.secrets.clear();
  w.accounts.clear();
  EXPECT_GE(transcript(w).until<list_accounts>().not_before, minted_at);
}

TEST(shared_listing, is_recent_however_long_ago_the_doubt_began) {
  world w = a_new_object();
  transcript lost(w);
  lost.until<create_account>();
  lost.fail(api_errc::timeout);
  lost.play();
  w.advance(1h);
  EXPECT_GE(transcript(w).until<list_accounts>().not_before, w.now - listing_reuse);
}

// A listing from before a deletion still shows what is gone; the account that is left must not count as its
// duplicate.
TEST(shared_listing, an_account_that_reading_did_not_find_is_not_kept_for_the_sake_of_an_old_listing) {
  world w = a_ready_object();
  const account gone = w.accounts.front();
  account& left = w.put_account("acc-left", gone.description);
  left.roles = gone.roles;
  std::erase_if(w.accounts, [&](const account& each) { return each.id == gone.id; });
  w.annotate(names::reconcile_annotation, "look");
  transcript run(w);
  run.until<list_accounts>();
  run.reply(accounts_listed{{gone, w.accounts.front()}});
  run.play();
  ASSERT_EQ(w.accounts.size(), 1U);
  EXPECT_EQ(w.accounts.front().id, "acc-left");
}

TEST(shared_listing, a_listing_from_before_a_deletion_is_not_used_after_it) {
  world w = a_ready_object();
  const std::string description = w.accounts.front().description;
  w.put_account("acc-2", description);
  w.annotate(names::reconcile_annotation, "look");
  transcript first(w);
  first.until<delete_account>();
  first.ok();
  EXPECT_EQ(w.accounts.size(), 1U);
  first.play();
  const time_point deleted = w.now;
  w.advance(1s);
  w.annotate(names::reconcile_annotation, "again");
  transcript run(w);
  EXPECT_GE(run.until<list_accounts>().not_before, deleted);
}

// Whoever takes the marker away keeps the account, whatever an older listing still shows.
TEST(old_listing, of_a_duplicate_that_was_let_go_since_deletes_nothing) {
  world w = a_ready_object();
  w.put_account("double", w.our_marker());
  w.annotate(names::reconcile_annotation, "now");
  transcript run(w);
  run.until<list_accounts>();
  run.ok();
  w.accounts.back().description = "mine now";
  run.until<read_account>();
  run.play();
  EXPECT_EQ(w.accounts.size(), 2U);
  EXPECT_TRUE(w.token_is_live());
}

TEST(old_listing, of_an_account_that_was_let_go_since_neither_renews_nor_changes_it) {
  world w = a_ready_object();
  w.restart_without_traces();
  w.secrets.clear();
  transcript run(w);
  run.until<list_accounts>();
  run.ok();
  w.accounts.front().description = "mine now";
  const account kept = w.accounts.front();
  run.play();
  ASSERT_EQ(w.accounts.size(), 2U);
  EXPECT_EQ(w.accounts.front(), kept);
  EXPECT_TRUE(w.token_is_live());
}

}  // namespace
}  // namespace platformer::accounts::test
