// What arbitrary worlds (tests/fuzz, target `step`) found, cut down to one object and a run.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

// Somebody puts a Secret in place that names another account, while a run is between its readings.
void point_secret_to(world& w, const std::string& id) {
  w.secret().meta.annotations[std::string(names::secret_account_id)] = id;
  w.touch("ci-bot-token");
}

TEST(secret_that_changed_within_a_run, has_its_account_read_although_the_one_before_was_gone) {
  world w = a_ready_object();
  w.accounts.clear();
  w.annotate(names::reconcile_annotation, "look");
  transcript run(w);
  run.until<dry_run_secret>();
  w.put_account("another", w.our_marker());
  point_secret_to(w, "another");
  run.ok();
  EXPECT_EQ(run.until<read_account>().id, "another");
  run.play();
  EXPECT_EQ(w.accounts.size(), 1U) << "no second one was made";
}

TEST(secret_that_changed_within_a_run, leaves_an_account_alone_whose_marker_went_since_its_first_reading) {
  world w = a_ready_object();
  const std::string kept = w.accounts.front().id;
  const std::string token = w.live_tokens.at(kept);
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<dry_run_secret>();
  w.accounts.front().description = "kept by its owner";
  w.put_account("another", w.our_marker());
  point_secret_to(w, "another");
  run.play();
  EXPECT_EQ(w.live_tokens.at(kept), token);
  EXPECT_EQ(w.accounts.size(), 2U);
}

TEST(account_that_a_listing_showed, is_not_changed_unread_when_the_secret_that_named_it_has_gone) {
  world w = a_ready_object();
  const account its = w.accounts.front();
  w.accounts.clear();
  w.wipe_status();
  w.restart();
  transcript run(w);
  run.until<list_accounts>();
  w.accounts.push_back(its);
  w.accounts.front().roles = {"rudder.app.owner"};
  run.ok();
  run.until<dry_run_secret>();
  w.accounts.front().description = "kept by its owner";
  w.secrets.clear();
  run.fail(api_errc::conflict);
  run.play();
  EXPECT_EQ(w.accounts.front().roles, string_set{"rudder.app.owner"});
  EXPECT_EQ(w.accounts.front().description, "kept by its owner");
}

TEST(account_that_is_left_behind, keeps_what_was_written_to_it_after_a_listing) {
  world w = a_ready_object();
  w.object.spec.deletion = deletion_policy::orphan;
  w.accounts.clear();
  w.put_account("another", w.our_marker());
  w.delete_object();
  transcript run(w);
  run.until<list_accounts>();
  run.ok();
  w.accounts.front().description = "kept by its owner";
  run.play();
  EXPECT_TRUE(run.ended_with<finished>());
  EXPECT_EQ(w.accounts.front().description, "kept by its owner");
}

}  // namespace
}  // namespace platformer::accounts::test
