// Deletion: the account goes before the finalizer.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

TEST(deletion, deletes_the_account_and_then_lets_go) {
  world w = a_ready_object();
  w.delete_object();
  transcript run(w);
  EXPECT_EQ(run.play(), "read_account, delete_account, remove_finalizer");
  EXPECT_EQ(run.event_names(), "Normal Deleted");
  EXPECT_FALSE(w.object_exists);
  EXPECT_TRUE(w.accounts.empty());
}

TEST(deletion, without_our_finalizer_does_nothing) {
  world w = a_new_object();
  w.delete_object();
  EXPECT_EQ(play(w), "");
}

TEST(deletion, keeps_the_finalizers_of_others) {
  world w = a_ready_object();
  w.object.meta.finalizers.push_back("example.com/theirs");
  w.delete_object();
  transcript run(w);
  EXPECT_EQ(run.until<remove_finalizer>().finalizers, std::vector<std::string>{"example.com/theirs"});
  run.play();
  EXPECT_EQ(play(w), "");
}

TEST(deletion, works_for_a_suspended_or_invalid_object_and_while_the_connection_closes) {
  world w = a_ready_object();
  w.object.spec.suspend = true;
  w.object.spec_error = "nonsense";
  w.connection.state = connection_view::standing::closing;
  w.delete_object();
  play(w);
  EXPECT_FALSE(w.object_exists);
  EXPECT_TRUE(w.accounts.empty());
}

TEST(deletion, after_a_404_of_the_recorded_account_looks_once_for_its_marker) {
  world w = a_ready_object();
  w.object.status.account_id = "forged";
  w.secrets.clear();
  w.delete_object();
  EXPECT_EQ(play(w), "read_account, list_accounts, read_account, delete_account, remove_finalizer");
  EXPECT_TRUE(w.accounts.empty());
}

TEST(deletion, settles_a_create_in_doubt_first) {
  for (const bool done : {true, false}) {
    world w = a_new_object();
    transcript run(w);
    run.until<create_account>();
    if (done)
      run.fail_after_doing(api_errc::timeout);
    else
      run.fail(api_errc::timeout);
    run.play();
    w.delete_object();
    transcript waits(w);
    waits.play();
    EXPECT_TRUE(waits.ended_with<requeue_at>());
    EXPECT_TRUE(w.object_exists);
    w.now = waits.end<requeue_at>().at;
    settle(w);
    EXPECT_FALSE(w.object_exists);
    EXPECT_TRUE(w.accounts.empty());
  }
}

TEST(deletion, of_an_object_that_was_in_doubt_once_lists_so_that_a_late_account_is_found) {
  world w = a_new_object();
  transcript run(w);
  run.until<create_account>();
  run.fail(api_errc::timeout);
  run.play();
  settle(w);
  w.put_account("late", w.our_marker());
  w.delete_object();
  settle(w);
  EXPECT_FALSE(w.object_exists);
  EXPECT_TRUE(w.accounts.empty());
}

TEST(deletion, of_an_object_that_never_got_an_account_looks_for_one_and_lets_go) {
  world w = a_new_object();
  w.put_secret("ci-bot-token");
  play(w);
  w.delete_object();
  EXPECT_EQ(settle(w), 0);
  EXPECT_FALSE(w.object_exists);
  EXPECT_TRUE(w.has_secret());
}

TEST(deletion, never_deletes_an_account_whose_marker_was_removed) {
  world w = a_ready_object();
  w.accounts.front().description = "mine now";
  w.delete_object();
  transcript run(w);
  run.play();
  EXPECT_TRUE(w.object_exists);
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_EQ(w.reason(), "DeletionBlocked");
  EXPECT_NE(w.condition_of("Ready")->message.find("kubectl annotate psa ci-bot"), std::string::npos);
  EXPECT_LE(run.end<back_off>().at_most, 60s);
  w.annotate(names::orphan_annotation, "true");
  settle(w);
  EXPECT_FALSE(w.object_exists);
  EXPECT_EQ(w.accounts.size(), 1U);
}

TEST(deletion, is_blocked_while_the_connection_is_missing_or_not_ready_and_goes_on_by_itself) {
  for (const auto state : {connection_view::standing::missing, connection_view::standing::not_ready}) {
    world w = a_ready_object();
    w.connection.state = state;
    w.delete_object();
    EXPECT_EQ(play(w), "patch_status");
    EXPECT_EQ(w.reason(), "DeletionBlocked");
    w.connection.state = connection_view::standing::ready;
    settle(w);
    EXPECT_FALSE(w.object_exists);
    EXPECT_TRUE(w.accounts.empty());
  }
}

TEST(deletion, that_the_console_refuses_or_does_not_answer_is_blocked_and_tried_again) {
  for (const api_errc code :
       {api_errc::forbidden, api_errc::server_error, api_errc::timeout, api_errc::unauthorized}) {
    world w = a_ready_object();
    w.delete_object();
    transcript run(w);
    run.until<delete_account>();
    run.fail(code);
    run.play();
    EXPECT_EQ(w.reason(), "DeletionBlocked") << to_string(code);
    EXPECT_EQ(w.condition_of("Stalled"), nullptr);
    EXPECT_TRUE(w.object.meta.has_finalizer(names::finalizer));
    settle(w);
    EXPECT_FALSE(w.object_exists);
  }
}

TEST(deletion, by_the_orphan_annotation_lets_go_of_an_account_whose_console_is_gone) {
  world w = a_ready_object();
  w.connection.state = connection_view::standing::missing;
  w.delete_object();
  w.annotate(names::orphan_annotation, "true");
  EXPECT_EQ(play(w), "remove_finalizer");
  EXPECT_FALSE(w.object_exists);
}

TEST(deletion, drops_a_token_that_was_never_written) {
  world w = a_new_object();
  transcript run(w);
  run.until<write_secret>();
  run.fail(api_errc::forbidden);
  run.play();
  w.delete_object();
  settle(w);
  EXPECT_FALSE(w.object_exists);
  EXPECT_TRUE(w.accounts.empty());
  EXPECT_FALSE(w.remembered.pending);
}

TEST(deletion, of_a_doubtful_object_does_not_wait_longer_for_a_connection_that_was_away_for_a_moment) {
  world w = a_new_object();
  transcript run(w);
  run.until<create_account>();
  run.fail_after_doing(api_errc::timeout);
  run.play();
  w.delete_object();
  w.restart();
  w.connection.state = connection_view::standing::not_ready;
  for (int i = 0; i < 12; ++i)
    play(w);
  w.connection.state = connection_view::standing::ready;
  transcript look(w);
  look.play();
  EXPECT_LE(look.end<requeue_at>().at, w.now + w.connection.timeout);
}

}  // namespace
}  // namespace platformer::accounts::test
