// How ServiceAccounts see their connection.
#include "controllers/reconcile/connection_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/reconcile/objects.hpp"

namespace platformer::controllers {
namespace {

using standing = accounts::connection_view::standing;
using testing::connection_named;
using ::testing::HasSubstr;

const object_key key{"team", "default"};

// A connection at generation 3, and a client in use that was made from it.
struct connected {
  connection_registry registry;
  console_connection object = connection_named("default");
  live_connection& live = registry.at(key);

  connected() {
    live.attempted = true;
    live.generation = 3;
    live.organization_id = "org-acme";
    live.in_use = std::make_shared<connection_client>();
  }
  accounts::connection_view view() const { return registry.view(key, &object); }
};

void set_ready(console_connection& object, bool status) {
  object.status.conditions = {
      {.type = "Ready", .status = status, .reason = "CredentialsNotFound", .message = "no Secret \"x\""}};
}

TEST(view_of_a_connection, is_missing_without_an_object) {
  connected it;
  const auto view = it.registry.view(key, nullptr);
  EXPECT_EQ(view.state, standing::missing);
  EXPECT_EQ(view.name, "default");
}

TEST(view_of_a_connection, is_unknown_until_it_has_been_tried) {
  connected it;
  it.live.attempted = false;
  EXPECT_EQ(it.view().state, standing::unknown);
  it.registry.drop(key);
  EXPECT_EQ(it.view().state, standing::unknown);
}

TEST(view_of_a_connection, is_unknown_until_it_is_held_by_this_very_operator) {
  connected it;
  it.registry.hold_with("console.platformer.com/finalizer-ours");
  EXPECT_EQ(it.view().state, standing::unknown) << "another operator's finalizer may go at any time";
  it.object.meta.finalizers.push_back(it.registry.finalizer());
  EXPECT_EQ(it.view().state, standing::ready);
}

TEST(view_of_a_connection, is_ready_with_a_proven_client_of_this_generation) {
  connected it;
  it.object.spec.timeout = std::chrono::seconds(7);
  const auto view = it.view();
  EXPECT_EQ(view.state, standing::ready);
  EXPECT_EQ(view.organization_id, "org-acme");
  EXPECT_EQ(view.timeout, std::chrono::seconds(7));
  EXPECT_EQ(view.message, "");
}

TEST(view_of_a_connection, stays_ready_while_the_credential_is_only_checked_again) {
  connected it;
  it.live.recheck = true;
  EXPECT_EQ(it.view().state, standing::ready);
}

TEST(view_of_a_connection, is_unknown_without_our_finalizer) {
  connected it;
  it.object.meta.finalizers.clear();
  EXPECT_EQ(it.view().state, standing::unknown);
}

TEST(view_of_a_connection, is_not_ready_after_a_401) {
  connected it;
  it.live.recheck = it.live.rejected = true;
  EXPECT_EQ(it.view().state, standing::not_ready);
  EXPECT_EQ(it.view().message, "it is being checked");
}

TEST(view_of_a_connection, is_not_ready_while_its_spec_is_newer_than_the_client) {
  connected it;
  it.object.meta.generation = 4;
  EXPECT_EQ(it.view().state, standing::not_ready);
}

TEST(view_of_a_connection, tells_why_it_is_not_ready_by_its_condition) {
  connected it;
  it.live.in_use.reset();
  set_ready(it.object, false);
  EXPECT_EQ(it.view().state, standing::not_ready);
  EXPECT_THAT(it.view().message, HasSubstr("CredentialsNotFound: no Secret"));
}

TEST(view_of_a_connection, does_not_quote_a_condition_that_says_ready) {
  connected it;
  it.live.rejected = true;
  set_ready(it.object, true);
  EXPECT_EQ(it.view().message, "it is being checked");
}

TEST(view_of_a_connection, is_closing_while_it_is_deleted_and_has_a_client) {
  connected it;
  it.object.meta.deleted = time_point{};
  it.object.meta.generation = 4;  // a deletion counts the generation up
  EXPECT_EQ(it.view().state, standing::closing);
  it.live.in_use.reset();
  EXPECT_EQ(it.view().state, standing::not_ready);
  EXPECT_EQ(it.view().message, "it is being deleted");
}

TEST(view_of_a_connection, is_closing_while_its_spec_leads_to_another_organization_and_the_old_client_works) {
  connected it;
  it.object.meta.generation = 4;
  set_ready(it.object, false);
  it.object.status.conditions.front().reason = reason::organization_changed.name;
  EXPECT_EQ(it.view().state, standing::closing);
  EXPECT_EQ(it.view().organization_id, "org-acme");
  EXPECT_THAT(it.view().message, HasSubstr("OrganizationChanged: "));
  it.live.rejected = true;
  EXPECT_EQ(it.view().state, standing::not_ready);
  it.live.rejected = false;
  it.live.in_use.reset();
  EXPECT_EQ(it.view().state, standing::not_ready);
}

TEST(live_connection, is_current_for_its_generation_until_somebody_wants_it_checked) {
  connected it;
  EXPECT_TRUE(it.live.is_current(3));
  EXPECT_FALSE(it.live.is_current(4));
  it.live.recheck = true;
  EXPECT_FALSE(it.live.is_current(3));
}

}  // namespace
}  // namespace platformer::controllers
