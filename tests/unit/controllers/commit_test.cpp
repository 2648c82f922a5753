// The commit: the write of a token that was minted, and the dry run before it.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

TEST(commit, is_retried_without_another_call_when_the_secret_changed_meanwhile) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<write_secret>();
  w.secret().meta.labels["somebody"] = "else";
  w.touch("ci-bot-token");
  EXPECT_EQ(run.play(), "write_secret, read_secret, write_secret, patch_status");
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.secret().meta.labels.at("somebody"), "else");
}

TEST(commit, makes_the_secret_anew_when_it_was_deleted_meanwhile) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<write_secret>();
  w.secrets.clear();
  EXPECT_EQ(run.play(), "write_secret, read_secret, write_secret, patch_status");
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.revision(), "2");
}

TEST(commit, keeps_the_token_in_memory_over_runs_until_the_write_succeeds) {
  for (const api_errc code : {api_errc::forbidden, api_errc::invalid, api_errc::server_error,
                              api_errc::timeout, api_errc::unauthorized, api_errc::unreachable}) {
    world w = a_new_object();
    transcript run(w);
    run.until<write_secret>();
    run.fail(code);
    run.play();
    ASSERT_TRUE(w.remembered.pending) << to_string(code);
    for (int i = 0; i < 3; ++i) {
      transcript again(w);
      again.until<write_secret>();
      again.fail(code);
      again.play();
    }
    ASSERT_TRUE(w.remembered.pending) << to_string(code);
    EXPECT_EQ(settle(w), 0) << to_string(code);
    EXPECT_TRUE(w.token_is_live()) << to_string(code);
    EXPECT_EQ(w.accounts.size(), 1U);
    EXPECT_FALSE(w.remembered.pending);
  }
}

TEST(commit, that_is_to_be_retried_says_that_a_token_waits_for_it) {
  world w = a_new_object();
  transcript run(w);
  run.until<write_secret>();
  run.fail(api_errc::unreachable);
  run.play();
  EXPECT_TRUE(run.end<back_off>().holds_token);
  world refused = a_new_object();
  transcript early(refused);
  early.until<dry_run_secret>();
  early.fail(api_errc::unreachable);
  early.play();
  EXPECT_FALSE(early.end<back_off>().holds_token);
}

TEST(commit, that_was_carried_out_although_its_answer_got_lost_mints_nothing_more) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<write_secret>();
  run.fail_after_doing(api_errc::timeout);
  run.play();
  EXPECT_EQ(settle(w), 0);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.revision(), "2");
}

TEST(commit, discards_its_token_when_another_replica_committed_a_later_one) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<write_secret>();
  w.secret().meta.annotations[std::string(names::secret_revision)] = "3";
  w.secret().meta.annotations[std::string(names::secret_operation_id)] = "theirs";
  w.touch("ci-bot-token");
  EXPECT_EQ(run.play(), "write_secret, read_secret");
  EXPECT_TRUE(run.ended_with<read_again>());
  EXPECT_FALSE(w.remembered.pending);
  EXPECT_EQ(w.revision(), "3");
}

TEST(commit, goes_on_while_the_object_is_suspended_or_its_connection_gone) {
  world w = a_new_object();
  transcript run(w);
  run.until<write_secret>();
  run.fail(api_errc::server_error);
  run.play();
  w.object.spec.suspend = true;
  w.connection.state = connection_view::standing::missing;
  w.edit_spec();
  transcript commits(w);
  EXPECT_EQ(commits.play(), "read_secret, write_secret");
  EXPECT_TRUE(commits.ended_with<read_again>());
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(play(w), "patch_status");
  EXPECT_EQ(w.reason(), "Suspended");
}

TEST(commit, gives_the_cache_time_where_somebody_fights_the_write) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<write_secret>();
  while (!run.ended()) {
    if (std::holds_alternative<write_secret>(run.wanted()))
      run.fail(api_errc::conflict);
    else
      run.ok();
  }
  EXPECT_FALSE(run.ended_with<read_again>());
  EXPECT_TRUE(w.remembered.pending);
  EXPECT_EQ(settle(w), 0);
  EXPECT_TRUE(w.token_is_live());
}

TEST(dry_run, that_is_refused_means_that_the_console_is_not_called) {
  for (const api_errc code :
       {api_errc::forbidden, api_errc::invalid, api_errc::bad_request, api_errc::too_large}) {
    world w = a_new_object();
    transcript run(w);
    run.until<dry_run_secret>();
    run.fail(code);
    EXPECT_EQ(run.play(), "patch_status");
    EXPECT_EQ(w.reason(), "SecretWriteRefused");
    EXPECT_NE(w.condition_of("Stalled"), nullptr);
    EXPECT_LE(run.end<back_off>().at_most, 60s);
    EXPECT_TRUE(w.accounts.empty());
  }
}

TEST(dry_run, that_was_refused_leaves_nothing_in_doubt) {
  world w = a_new_object();
  transcript run(w);
  run.until<dry_run_secret>();
  run.fail(api_errc::forbidden);
  run.play();
  EXPECT_EQ(play(w), "patch_intent, dry_run_secret, create_account, write_secret, patch_status");
  EXPECT_EQ(w.cause(), "InitialIssue");
}

TEST(dry_run, that_was_refused_for_a_request_mints_nothing_when_the_request_is_withdrawn) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<dry_run_secret>();
  run.fail(api_errc::forbidden);
  run.play();
  w.annotate(names::renew_annotation, "");
  w.advance(1h);
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.revision(), "1");
}

TEST(dry_run, has_the_size_of_the_token_that_it_replaces) {
  world w = a_ready_object();
  const std::size_t size = w.token().size();
  w.annotate(names::reconcile_annotation, "1");
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  EXPECT_EQ(run.until<dry_run_secret>().write.data.at("token")->size(), size);
}

TEST(dry_run, that_never_settles_on_a_version_of_the_secret_backs_off) {
  world w = a_new_object();
  transcript run(w);
  while (!run.ended()) {
    if (std::holds_alternative<dry_run_secret>(run.wanted()))
      run.fail(api_errc::not_found);
    else
      run.ok();
  }
  EXPECT_TRUE(run.ended_with<back_off>());
  EXPECT_TRUE(w.accounts.empty());
}

}  // namespace
}  // namespace platformer::accounts::test
