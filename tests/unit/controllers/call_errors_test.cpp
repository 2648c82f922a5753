// A call that fails: what each error means.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

const std::vector<api_errc> definite = {
    api_errc::bad_request,    api_errc::unauthorized, api_errc::forbidden,   api_errc::conflict,
    api_errc::already_exists, api_errc::rate_limited, api_errc::unreachable, api_errc::redirected};
const std::vector<api_errc> doubtful = {api_errc::server_error, api_errc::connection_lost, api_errc::timeout,
                                        api_errc::malformed};

TEST(call_errors, a_definite_no_to_a_create_is_followed_by_the_same_intent_without_a_listing) {
  for (const api_errc code : definite) {
    world w = a_new_object();
    transcript first(w);
    const std::string id = first.expect<patch_intent>().op->id;
    first.until<create_account>();
    first.fail(code);
    EXPECT_EQ(first.play(), "patch_status") << to_string(code);
    EXPECT_TRUE(first.ended_with<back_off>()) << to_string(code);
    EXPECT_EQ(w.object.status.failures, 1);
    EXPECT_EQ(play(w), "patch_intent, dry_run_secret, create_account, write_secret, patch_status")
        << to_string(code);
    EXPECT_EQ(w.object.status.token.operation_id, id);
  }
}

TEST(call_errors, a_definite_no_to_a_renewal_leaves_the_token_alive_and_is_tried_again_with_the_same_intent) {
  for (const api_errc code : definite) {
    world w = a_ready_object();
    w.annotate(names::renew_annotation, "one");
    transcript first(w);
    const std::string id = first.until<patch_intent>().op->id;
    first.until<renew_token>();
    first.fail(code);
    first.play();
    EXPECT_TRUE(w.token_is_live());
    EXPECT_EQ(w.object.status.last_handled_renew, "");
    EXPECT_EQ(
        play(w),
        "read_secret, read_account, patch_intent, dry_run_secret, renew_token, write_secret, patch_status")
        << to_string(code);
    EXPECT_EQ(w.object.status.token.operation_id, id);
    EXPECT_EQ(w.cause(), "RenewRequest");
  }
}

TEST(call_errors, a_call_that_is_not_begun_on_the_way_out_says_nothing_about_the_object) {
  world w = a_new_object();
  transcript first(w);
  const std::string id = first.expect<patch_intent>().op->id;
  first.until<create_account>();
  first.fail(api_errc::cancelled);
  EXPECT_EQ(first.play(), "");
  EXPECT_TRUE(first.ended_with<read_again>());
  EXPECT_EQ(play(w), "patch_intent, dry_run_secret, create_account, write_secret, patch_status");
  EXPECT_EQ(w.object.status.token.operation_id, id);
}

TEST(call_errors, a_withdrawn_request_that_was_refused_mints_nothing) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript first(w);
  first.until<renew_token>();
  first.fail(api_errc::rate_limited);
  first.play();
  w.annotate(names::renew_annotation, "");
  EXPECT_EQ(settle(w), 0);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.reason(), "Issued");
}

TEST(call_errors, what_may_have_been_carried_out_is_never_followed_by_a_second_call_in_that_run) {
  for (const api_errc code : doubtful) {
    world w = a_new_object();
    transcript run(w);
    run.until<create_account>();
    run.fail(code);
    EXPECT_EQ(run.play(), "patch_status") << to_string(code);
    EXPECT_TRUE(run.ended_with<requeue_at>());
    EXPECT_EQ(w.reason(), "ConsoleUnavailable");
  }
}

TEST(call_errors, each_error_has_its_reason_and_stalls_only_where_somebody_must_act) {
  const std::map<api_errc, std::pair<std::string, bool>> expected = {
      {api_errc::bad_request, {"ConsoleRejected", true}},
      {api_errc::forbidden, {"ConsoleRejected", true}},
      {api_errc::unauthorized, {"CredentialsRejected", false}},
      {api_errc::already_exists, {"AccountConflict", true}},
      {api_errc::rate_limited, {"ConsoleRateLimited", false}},
      {api_errc::unreachable, {"ConsoleUnavailable", false}}};
  for (const auto& [code, reason] : expected) {
    world w = a_new_object();
    transcript run(w);
    run.until<create_account>();
    run.fail(code);
    run.play();
    EXPECT_EQ(w.reason(), reason.first) << to_string(code);
    EXPECT_EQ(w.condition_of("Stalled") != nullptr, reason.second) << to_string(code);
    EXPECT_EQ(w.condition_of("Reconciling") == nullptr, reason.second) << to_string(code);
  }
}

TEST(call_errors, retry_after_is_the_least_wait) {
  world w = a_new_object();
  transcript run(w);
  run.until<create_account>();
  api_error error = transcript::error_of(api_errc::rate_limited);
  error.retry_after = 90s;
  run.reply(error);
  run.play();
  EXPECT_EQ(run.end<back_off>().at_least, 90s);
}

TEST(call_errors, after_a_restart_even_a_refused_call_is_in_doubt) {
  world w = a_new_object();
  transcript run(w);
  run.until<create_account>();
  run.fail(api_errc::bad_request);
  run.play();
  w.restart();
  transcript waits(w);
  waits.play();
  EXPECT_TRUE(waits.ended_with<requeue_at>());
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.accounts.size(), 1U);
}

TEST(call_errors, an_intent_that_could_not_be_written_is_followed_by_no_call) {
  for (const api_errc code :
       {api_errc::conflict, api_errc::forbidden, api_errc::timeout, api_errc::server_error}) {
    world w = a_new_object();
    transcript run(w);
    run.expect<patch_intent>();
    run.fail(code);
    const std::string rest = run.play();
    EXPECT_TRUE(rest.empty() || rest == "patch_status") << to_string(code);
    EXPECT_TRUE(w.accounts.empty());
  }
}

TEST(call_errors, an_intent_whose_patch_got_no_answer_was_never_used_and_is_not_waited_for) {
  world w = a_new_object();
  transcript run(w);
  run.expect<patch_intent>();
  run.fail_after_doing(api_errc::timeout);
  run.play();
  transcript again(w);
  EXPECT_EQ(again.play(), "patch_intent, dry_run_secret, create_account, write_secret, patch_status");
}

TEST(call_errors, a_changed_request_is_not_served_by_the_refused_intent_of_the_old_one) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript first(w);
  first.until<renew_token>();
  first.fail(api_errc::rate_limited);
  first.play();
  w.annotate(names::renew_annotation, "two");
  EXPECT_EQ(settle(w), 1);
  w.annotate(names::renew_annotation, "three");
  EXPECT_EQ(settle(w), 1);
  w.annotate(names::renew_annotation, "two");
  EXPECT_EQ(settle(w), 0);
}

}  // namespace
}  // namespace platformer::accounts::test
