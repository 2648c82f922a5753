// Objects at rest: looks at the Console from time to time, renewals that do not succeed yet, and tokens that
// a person wants to be asked about.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

world with_lifetime() {
  world w = a_new_object();
  w.object.spec.token.lifetime = 720h;
  play(w);
  return w;
}

// The connection wants a look.
void look(world& w) {
  w.connection.look_since = w.now;
}

TEST(look, costs_a_shared_listing_and_nothing_at_kubernetes) {
  world w = a_ready_object();
  w.advance(10min);
  look(w);
  EXPECT_EQ(play(w), "list_accounts");
  EXPECT_EQ(play(w), "");
}

TEST(look, takes_a_listing_that_began_since_the_connection_asked) {
  world w = a_ready_object();
  w.advance(10min);
  look(w);
  w.advance(3min);
  transcript run(w);
  EXPECT_EQ(run.expect<list_accounts>().not_before, w.now - 3min);
}

TEST(look, puts_right_what_a_person_changed_and_names_it) {
  world w = a_ready_object();
  w.accounts.front().roles = {"rudder.app.owner"};
  w.advance(10min);
  look(w);
  transcript run(w);
  EXPECT_EQ(run.play(), "list_accounts, read_account, update_account");
  ASSERT_EQ(run.events().size(), 1U);
  EXPECT_NE(run.events().front().note.find("permissions and roles"), std::string::npos);
  EXPECT_EQ(w.accounts.front().roles, w.object.spec.own.permissions);
}

TEST(look, makes_a_deleted_account_anew_only_after_a_404_of_its_id) {
  world w = a_ready_object();
  w.accounts.clear();
  w.live_tokens.clear();
  w.advance(10min);
  look(w);
  transcript run(w);
  run.until<patch_intent>();
  EXPECT_EQ(name_of(run.asked().at(0)) + ", " + name_of(run.asked().at(1)), "list_accounts, read_account");
  run.play();
  EXPECT_EQ(w.cause(), "AccountLost");
}

TEST(look, believes_the_account_rather_than_a_partial_listing) {
  world w = a_ready_object();
  w.advance(10min);
  look(w);
  transcript run(w);
  run.expect<list_accounts>();
  run.reply(accounts_listed{});
  EXPECT_EQ(run.play(), "read_account");
  EXPECT_EQ(w.reason(), "Issued");
}

TEST(look, that_fails_leaves_the_object_ready) {
  for (const api_errc code : {api_errc::timeout, api_errc::rate_limited, api_errc::unauthorized}) {
    world w = a_ready_object();
    w.advance(10min);
    look(w);
    transcript run(w);
    run.expect<list_accounts>();
    run.fail(code);
    run.play();
    EXPECT_TRUE(w.condition_of("Ready")->status);
    EXPECT_TRUE(w.condition_of("AccountSynced")->status);
    EXPECT_NE(w.condition_of("Reconciling"), nullptr);
    EXPECT_TRUE(run.ended_with<back_off>());
    EXPECT_EQ(settle(w), 0);
    EXPECT_EQ(w.condition_of("Reconciling"), nullptr);
  }
}

TEST(look, that_finds_a_project_gone_says_so) {
  world w = a_ready_object();
  w.object.spec.own.custom_roles = {"deployers"};
  w.edit_spec();
  play(w);
  w.advance(10min);
  look(w);
  w.unresolved = names_unresolved{names_unresolved::kind::role, "no role deployers"};
  play(w);
  EXPECT_EQ(w.reason(), "RoleNotFound");
  EXPECT_NE(w.condition_of("Stalled"), nullptr);
}

TEST(renewal, that_fails_leaves_the_object_ready_until_it_is_overdue) {
  world w = with_lifetime();
  const time_point due = *w.object.status.token.renew_at;
  w.now = due;
  w.connection.state = connection_view::standing::not_ready;
  w.connection.message = "gateway unreachable";
  transcript run(w);
  EXPECT_EQ(run.play(), "patch_status");
  EXPECT_TRUE(w.condition_of("Ready")->status);
  EXPECT_NE(w.condition_of("Reconciling"), nullptr);
  // A tenth of its lead later.
  EXPECT_EQ(run.end<requeue_at>().at, due + 24h);
  w.now = due + 24h;
  transcript late(w);
  EXPECT_EQ(late.play(), "patch_status");
  EXPECT_EQ(w.reason(), "RenewalOverdue");
  EXPECT_FALSE(w.condition_of("Ready")->status);
  EXPECT_TRUE(w.condition_of("TokenValid")->status);
  w.connection.state = connection_view::standing::ready;
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.reason(), "Renewed");
}

TEST(renewal, that_the_console_refuses_leaves_the_object_ready_until_it_is_overdue) {
  world w = with_lifetime();
  w.now = *w.object.status.token.renew_at;
  transcript run(w);
  run.until<renew_token>();
  run.fail(api_errc::forbidden);
  run.play();
  EXPECT_TRUE(w.condition_of("Ready")->status);
  EXPECT_NE(w.condition_of("Stalled"), nullptr);
}

TEST(renewal, in_doubt_does_not_leave_the_object_ready) {
  world w = with_lifetime();
  w.now = *w.object.status.token.renew_at;
  transcript run(w);
  run.until<renew_token>();
  run.fail(api_errc::timeout);
  run.play();
  EXPECT_FALSE(w.condition_of("Ready")->status);
}

TEST(renewal, of_an_expired_token_does_not_leave_the_object_ready) {
  world w = with_lifetime();
  w.now = *w.object.status.token.expires_at;
  w.connection.state = connection_view::standing::not_ready;
  play(w);
  EXPECT_FALSE(w.condition_of("Ready")->status);
}

TEST(on_loss_manual, reports_a_deleted_secret_and_waits_for_a_request) {
  world w = a_ready_object();
  w.object.spec.secret.on_loss = loss_policy::manual;
  w.edit_spec();
  play(w);
  w.secrets.clear();
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.reason(), "TokenLost");
  EXPECT_NE(w.condition_of("Stalled"), nullptr);
  w.annotate(names::renew_annotation, "again");
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "RenewRequest");
  EXPECT_EQ(w.revision(), "2");
  EXPECT_TRUE(w.token_is_live());
}

TEST(on_loss_manual, moves_nothing_where_the_token_is_lost_on_the_way) {
  world w = a_ready_object();
  w.object.spec.secret.on_loss = loss_policy::manual;
  w.object.spec.secret.name = "elsewhere";
  w.secret().data.erase("token");
  w.touch("ci-bot-token");
  w.edit_spec();
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.reason(), "TokenLost");
  EXPECT_TRUE(w.has_secret("ci-bot-token"));
  EXPECT_FALSE(w.has_secret("elsewhere"));
}

TEST(on_loss_manual, still_carries_a_first_issuance_through) {
  world w = a_new_object();
  w.object.spec.secret.on_loss = loss_policy::manual;
  transcript run(w);
  run.until<write_secret>();
  w.restart();
  EXPECT_EQ(settle(w), 1);
  EXPECT_TRUE(w.token_is_live());
}

}  // namespace
}  // namespace platformer::accounts::test
