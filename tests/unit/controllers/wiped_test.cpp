// Traces on the object that somebody wipes or reverts (kubectl replace, a restore) while the operator lives:
// it knows better than the object.
#include <gtest/gtest.h>

#include <algorithm>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

// As by `kubectl replace` with a manifest that has neither; the status is a subresource and stays.
void replace_object(world& w) {
  w.object.meta.annotations.clear();
  w.object.meta.finalizers.clear();
  w.object.meta.resource_version = w.next_version();
}

// A first issuance, or a renewal, whose call gets no answer. The call itself, which may arrive yet.
request lose_the_call(world& w, bool done) {
  transcript run(w);
  while (!std::holds_alternative<create_account>(run.wanted()) &&
         !std::holds_alternative<renew_token>(run.wanted()))
    run.ok();
  const request call = run.wanted();
  if (done)
    run.fail_after_doing(api_errc::timeout);
  else
    run.fail(api_errc::timeout);
  run.play();
  return call;
}

bool calls(const transcript& run) {
  return std::any_of(run.asked().begin(), run.asked().end(), [](const request& each) {
    return std::holds_alternative<create_account>(each) || std::holds_alternative<renew_token>(each);
  });
}

void expect_one_account_and_its_token(world& w) {
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_TRUE(w.object.meta.has_finalizer(names::finalizer));
  EXPECT_EQ(play(w), "");
}

TEST(wiped, an_object_seen_to_begin_gets_no_second_account_when_all_its_traces_are_wiped) {
  world w = a_ready_object();
  ASSERT_TRUE(w.provably_new) << "the process that saw it begin is the one that goes on";
  replace_object(w);
  w.wipe_status();
  w.secrets.clear();
  EXPECT_EQ(settle(w), 1);
  expect_one_account_and_its_token(w);
  EXPECT_EQ(w.revision(), "2");
}

TEST(wiped, a_create_in_doubt_is_still_waited_out_and_then_looked_up) {
  for (const bool done : {true, false}) {
    world w = a_new_object();
    const request call = lose_the_call(w, done);
    replace_object(w);
    w.advance(10s);
    transcript waits(w);
    waits.play();
    EXPECT_FALSE(calls(waits));
    EXPECT_TRUE(waits.ended_with<requeue_at>());
    EXPECT_TRUE(w.object.meta.has_finalizer(names::finalizer)) << "an account may yet appear";
    if (!done) w.perform(call);
    EXPECT_EQ(settle(w), 1);
    EXPECT_EQ(w.cause(), "Recovery");
    expect_one_account_and_its_token(w);
  }
}

TEST(wiped, a_create_in_doubt_is_looked_up_when_nobody_looked_at_the_object_before_the_wait_was_over) {
  world w = a_new_object();
  lose_the_call(w, true);
  replace_object(w);
  w.advance(1h);
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "Recovery");
  expect_one_account_and_its_token(w);
}

TEST(wiped, a_renewal_in_doubt_is_still_recovered) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  lose_the_call(w, true);
  replace_object(w);
  ASSERT_FALSE(w.token_is_live());
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "Recovery");
  expect_one_account_and_its_token(w);
}

TEST(wiped, a_renewal_in_doubt_is_recovered_although_the_intent_before_it_was_put_back) {
  world w = a_ready_object();
  const std::string earlier(w.object.meta.annotation(names::operation_annotation));
  w.annotate(names::renew_annotation, "one");
  lose_the_call(w, true);
  w.annotate(names::operation_annotation, earlier);
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "Recovery");
  EXPECT_EQ(w.revision(), "3");
  expect_one_account_and_its_token(w);
}

TEST(wiped, an_intent_that_was_never_used_is_written_again_before_the_call) {
  world w = a_new_object();
  transcript refused(w);
  refused.until<dry_run_secret>();
  refused.fail(api_errc::forbidden);
  refused.play();
  replace_object(w);
  transcript run(w);
  EXPECT_TRUE(run.until<patch_intent>().op);
  run.until<create_account>();
  EXPECT_TRUE(w.object.meta.has_finalizer(names::finalizer));
  EXPECT_TRUE(decode_operation(w.object.meta.annotation(names::operation_annotation)));
}

TEST(wiped, a_finalizer_alone_is_put_back_before_the_call_of_an_intent_that_is_still_there) {
  world w = a_new_object();
  transcript refused(w);
  refused.until<create_account>();
  refused.fail(api_errc::rate_limited);
  refused.play();
  w.object.meta.finalizers.clear();
  transcript run(w);
  run.until<create_account>();
  EXPECT_TRUE(w.object.meta.has_finalizer(names::finalizer));
}

TEST(wiped, the_budget_of_mintings_counts_on) {
  world w = a_ready_object();
  int minted = 0;
  for (const time_point end = w.now + 24h; w.now < end; w.advance(2min)) {
    w.secrets.clear();
    replace_object(w);
    play(w);
    minted += w.has_secret();
  }
  EXPECT_LE(minted, 12);
}

TEST(wiped, the_budget_of_mintings_counts_on_under_intents_that_somebody_else_wrote) {
  world w = a_ready_object();
  int minted = 0;
  for (const time_point end = w.now + 24h; w.now < end; w.advance(2min)) {
    w.secrets.clear();
    operation forged = *decode_operation(w.object.meta.annotation(names::operation_annotation));
    forged.id = "forged-" + w.next_version();
    forged.budget = {};
    w.annotate(names::operation_annotation, encode_operation(forged));
    play(w);
    w.advance(1min);
    play(w);
    minted += w.has_secret();
  }
  EXPECT_GE(minted, 2);
  EXPECT_LE(minted, 12);
}

TEST(wiped, an_intent_of_another_object_that_came_with_a_copied_manifest_proves_nothing_but_costs_a_look) {
  world w = a_new_object();
  const world other = a_ready_object();
  w.object.meta.annotations = other.object.meta.annotations;
  EXPECT_EQ(settle(w), 1);
  expect_one_account_and_its_token(w);
  EXPECT_EQ(w.cause(), "InitialIssue");
}

// The answer of each request of a first issuance and a renewal gets lost, or the request is late; then the
// object is replaced.
TEST(wiped, after_a_fault_at_any_request_all_ends_well) {
  for (const bool first : {true, false})
    for (const bool done : {true, false})
      for (int at = 0;; ++at) {
        world w = first ? a_new_object() : a_ready_object();
        if (!first) w.annotate(names::renew_annotation, "one");
        transcript run(w);
        for (int i = 0; i < at && !run.ended(); ++i)
          run.ok();
        if (run.ended()) break;
        SCOPED_TRACE(describe(run.wanted()) + (done ? ", done" : ", late"));
        const request asked = run.wanted();
        if (done)
          run.fail_after_doing(api_errc::timeout);
        else
          run.fail(api_errc::timeout);
        run.play();
        replace_object(w);
        w.advance(5s);
        play(w);
        if (!done) w.perform(asked);
        settle(w);
        expect_one_account_and_its_token(w);
      }
}

}  // namespace
}  // namespace platformer::accounts::test
