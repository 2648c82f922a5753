// The life of a token: shown once, replaced at once, ended by its expiry.
#include <gtest/gtest.h>

#include "tests/unit/models/console_fixture.hpp"

namespace platformer::models {
namespace {

using std::chrono::hours;

TEST(console_model_token, create_returns_a_token_that_authenticates) {
  auto console = make_console();
  const auto issued = console.create(as_admin(), named("ci"));
  ASSERT_TRUE(issued);
  EXPECT_TRUE(issued->view.active);
  EXPECT_EQ(issued->view.data.id, "id-1");
  EXPECT_TRUE(console.validate_token(issued->token->reveal(), start));
}

TEST(console_model_token, only_the_digest_of_a_token_is_kept) {
  auto console = make_console();
  const auto issued = console.create(as_admin(), named("ci"));
  const auto* stored = console.find("id-1");
  ASSERT_NE(stored, nullptr);
  EXPECT_EQ(stored->token, plain_digest(text_of(*issued)));
  EXPECT_EQ(stored->tokens_issued, 1U);
}

TEST(console_model_token, renewing_kills_the_previous_token_at_once) {
  auto console = make_console();
  const auto first = console.create(as_admin(), named("ci"));
  const auto second = console.renew(as_admin(), "id-1", std::nullopt);
  ASSERT_TRUE(second);
  EXPECT_NE(text_of(*first), text_of(*second));
  EXPECT_EQ(status_of(console.validate_token(first->token->reveal(), start)), 401);
  EXPECT_TRUE(console.validate_token(second->token->reveal(), start));
  EXPECT_EQ(console.find("id-1")->tokens_issued, 2U);
}

TEST(console_model_token, deleting_the_account_kills_its_token) {
  auto console = make_console();
  const auto issued = console.create(as_admin(), named("ci"));
  EXPECT_TRUE(console.remove(as_admin(), "id-1"));
  EXPECT_EQ(status_of(console.validate_token(issued->token->reveal(), start)), 401);
  EXPECT_EQ(status_of(console.remove(as_admin(), "id-1")), 404);
}

TEST(console_model_token, a_token_lives_until_just_before_its_expiry) {
  auto console = make_console();
  const auto end = start + hours(1);
  const auto issued = console.create(as_admin(), expiring("ci", end));
  const auto token = issued->token->reveal();
  EXPECT_TRUE(console.validate_token(token, end - duration(1)));
  EXPECT_EQ(status_of(console.validate_token(token, end)), 401);
  EXPECT_FALSE(console.get(as_admin(end), "id-1")->active);
}

TEST(console_model_token, a_changed_expiry_applies_to_the_living_token) {
  auto console = make_console();
  const auto issued = console.create(as_admin(), expiring("ci", start + hours(1)));
  account_fields change;
  change.expires_at = start + hours(3);
  ASSERT_TRUE(console.update(as_admin(), "id-1", change));
  EXPECT_TRUE(console.validate_token(issued->token->reveal(), start + hours(2)));
  change.expires_at = std::optional<time_point>{};
  ASSERT_TRUE(console.update(as_admin(), "id-1", change));
  EXPECT_TRUE(console.validate_token(issued->token->reveal(), start + hours(9999)));
}

TEST(console_model_token, an_expired_token_stays_dead_when_the_expiry_is_moved) {
  auto console = make_console();
  const auto issued = console.create(as_admin(), expiring("ci", start + hours(1)));
  account_fields change;
  change.expires_at = start + hours(9);
  const auto changed = console.update(as_admin(start + hours(2)), "id-1", change);
  ASSERT_TRUE(changed);
  EXPECT_FALSE(changed->active);
  EXPECT_EQ(status_of(console.validate_token(issued->token->reveal(), start + hours(2))), 401);
}

TEST(console_model_token, a_renewal_keeps_sets_or_removes_the_expiry) {
  auto console = make_console();
  const auto end = start + hours(1);
  ASSERT_TRUE(console.create(as_admin(), expiring("ci", end)));
  EXPECT_EQ(console.renew(as_admin(), "id-1", std::nullopt)->view.data.expires_at, end);
  EXPECT_EQ(console.renew(as_admin(), "id-1", std::optional(end + hours(1)))->view.data.expires_at,
            end + hours(1));
  EXPECT_EQ(console.renew(as_admin(), "id-1", std::optional<time_point>{})->view.data.expires_at,
            std::nullopt);
}

TEST(console_model_token, nothing_is_minted_with_an_expiry_in_the_past) {
  auto console = make_console();
  EXPECT_EQ(status_of(console.create(as_admin(), expiring("ci", start))), 400);
  const auto issued = console.create(as_admin(), expiring("ci", start + hours(1)));
  EXPECT_EQ(status_of(console.renew(as_admin(), issued->view.data.id, std::optional(start - hours(1)))), 400);
  EXPECT_TRUE(console.validate_token(issued->token->reveal(), start)) << "a refused renewal changes nothing";
  EXPECT_EQ(status_of(console.renew(as_admin(start + hours(2)), issued->view.data.id, std::nullopt)), 400);
}

TEST(console_model_token, less_is_granted_than_asked_where_lifetimes_are_capped) {
  auto console = make_console();
  console.set_longest_lifetime(hours(24));
  const auto end_of = [](const answer<issued_account>& issued) { return issued->view.data.expires_at; };
  EXPECT_EQ(end_of(console.create(as_admin(), named("forever"))), start + hours(24));
  EXPECT_EQ(end_of(console.create(as_admin(), expiring("long", start + hours(99)))), start + hours(24));
  EXPECT_EQ(end_of(console.create(as_admin(), expiring("short", start + hours(1)))), start + hours(1));
  const auto later = as_admin(start + hours(2));
  EXPECT_EQ(end_of(console.renew(later, "id-1", std::optional<time_point>{})), start + hours(26));
  EXPECT_EQ(end_of(console.renew(later, "id-1", std::nullopt)), start + hours(26));
  account_fields change;
  change.expires_at = start + hours(99);
  EXPECT_EQ(console.update(later, "id-3", change)->data.expires_at, start + hours(26));
}

TEST(console_model_token, a_cap_leaves_what_was_granted_before) {
  auto console = make_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  console.set_longest_lifetime(hours(24));
  account_fields change;
  change.description = "no word on the expiry";
  EXPECT_EQ(console.update(as_admin(), "id-1", change)->data.expires_at, std::nullopt);
  console.set_longest_lifetime(std::nullopt);
  EXPECT_EQ(console.renew(as_admin(), "id-1", std::nullopt)->view.data.expires_at, std::nullopt);
}

TEST(console_model_token, a_call_whose_answer_is_dropped_is_committed) {
  auto console = make_console();
  (void)console.create(as_admin(), named("ci"));
  ASSERT_EQ(console.account_count(), 1U);
  const token_digest first = *console.find("id-1")->token;
  (void)console.renew(as_admin(), "id-1", std::nullopt);
  EXPECT_NE(*console.find("id-1")->token, first);
  EXPECT_EQ(console.find("id-1")->tokens_issued, 2U);
}

TEST(console_model_token, a_live_token_is_found_by_its_account) {
  auto console = make_console();
  const auto issued = console.create(as_admin(), expiring("ci", start + hours(1)));
  const auto token = issued->token->reveal();
  ASSERT_NE(console.find_by_token(token, start), nullptr);
  EXPECT_EQ(console.find_by_token(token, start)->data.name, "ci");
  EXPECT_EQ(console.find_by_token(token, start + hours(2)), nullptr);
  EXPECT_EQ(console.find_by_token(admin_token, start), nullptr) << "a credential is no account";
  EXPECT_NE(console.find_credential(admin_token), nullptr);
}

}  // namespace
}  // namespace platformer::models
