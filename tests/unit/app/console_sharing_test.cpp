// What the objects of one connection share, in front of a whole Console.
#include "app/console_sharing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/marker.hpp"
#include "tests/unit/app/shared_console.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
using accounts::names_resolved;
using accounts::names_unresolved;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ids_of;
using testing::shared_console;

TEST(marked_accounts, are_those_of_this_cluster_and_object_whatever_the_uid) {
  shared_console it;
  const auto mine = it.create("a", with_marker("text", {"cluster-1", "team", "ci", "uid-1"}));
  const auto predecessors = it.create("b", with_marker("", {"cluster-1", "team", "ci", "uid-0"}));
  it.create("c", with_marker("", {"cluster-2", "team", "ci", "uid-1"}));
  it.create("d", with_marker("", {"cluster-1", "team", "other", "uid-2"}));
  it.create("e", "a person's");
  EXPECT_THAT(ids_of(it.run(it.shared->marked({"team", "ci"}, it.now))),
              ::testing::UnorderedElementsAre(mine, predecessors));
  EXPECT_THAT(ids_of(it.run(it.shared->marked({"team", "none"}, it.now))), ElementsAre());
  EXPECT_EQ(it.calls[console::call::list_accounts], 1) << "one listing answers for every object";
}

TEST(marked_accounts, of_a_hundred_objects_come_from_one_listing) {
  shared_console it;
  std::vector<boost::asio::awaitable<result<std::vector<account>, api_error>>> all;
  for (int i = 0; i < 100; ++i)
    all.push_back(it.shared->marked({"team", "bot-" + std::to_string(i)}, it.now));
  for (const auto& each : it.run_all(std::move(all)))
    EXPECT_TRUE(each);
  EXPECT_EQ(it.calls[console::call::list_accounts], 1);
}

TEST(marked_accounts, are_listed_anew_for_who_needs_newer_ones) {
  shared_console it;
  EXPECT_THAT(ids_of(it.run(it.shared->marked({"team", "ci"}, it.now))), ElementsAre());
  const auto mine = it.create("a", with_marker("", {"cluster-1", "team", "ci", "uid-1"}));
  EXPECT_THAT(ids_of(it.run(it.shared->marked({"team", "ci"}, it.now))), ElementsAre());
  it.now += 1ms;
  EXPECT_THAT(ids_of(it.run(it.shared->marked({"team", "ci"}, it.now))), ElementsAre(mine));
}

TEST(marked_accounts, of_before_the_clock_was_set_back_are_as_old_as_they_are) {
  shared_console it;
  EXPECT_THAT(ids_of(it.run(it.shared->marked({"team", "ci"}, it.now))), ElementsAre());
  const auto mine = it.create("a", with_marker("", {"cluster-1", "team", "ci", "uid-1"}));
  it.now += 1s - 1h;
  it.shared->clock_was_set(-1h);
  EXPECT_THAT(ids_of(it.run(it.shared->marked({"team", "ci"}, it.now - 2s))), ElementsAre());
  EXPECT_THAT(ids_of(it.run(it.shared->marked({"team", "ci"}, it.now))), ElementsAre(mine));
}

TEST(marked_accounts, are_an_error_when_the_console_fails_and_that_is_not_kept) {
  shared_console it;
  it.console->faults().add(
      {.operation = "listServiceAccounts", .status = 503, .retry_after = {}, .body = {}});
  std::vector<boost::asio::awaitable<result<std::vector<account>, api_error>>> both;
  for (int i = 0; i < 2; ++i)
    both.push_back(it.shared->marked({"team", "ci"}, it.now));
  for (const auto& each : it.run_all(std::move(both))) {
    ASSERT_FALSE(each);
    EXPECT_EQ(each.error().http_status, 503);
  }
  EXPECT_EQ(it.calls[console::call::list_accounts], 1);
  EXPECT_TRUE(it.run(it.shared->marked({"team", "ci"}, it.now)));
}

TEST(resolving_names, gives_ids_at_each_level) {
  shared_console it;
  accounts::resolve_names wanted;
  wanted.own = {{"rudder.app.viewer"}, {"deployers"}};
  wanted.project_access["storefront"] = {{}, {"releasers"}};
  wanted.project_access["prj-billing"] = {{"rudder.env.viewer"}, {}};
  const auto answer = it.resolve(wanted);
  const auto* names = std::get_if<names_resolved>(&answer);
  ASSERT_NE(names, nullptr);
  EXPECT_EQ(names->project_id, "");
  EXPECT_THAT(names->roles, ElementsAre("role-deployers", "rudder.app.viewer"));
  EXPECT_THAT(names->projects.at("prj-storefront"), ElementsAre("role-releasers"));
  EXPECT_THAT(names->projects.at("prj-billing"), ElementsAre("rudder.env.viewer"));
}

TEST(resolving_names, of_an_account_in_a_project_looks_for_roles_there) {
  shared_console it;
  accounts::resolve_names wanted;
  wanted.project = "storefront";
  wanted.own.custom_roles = {"releasers"};
  const auto answer = it.resolve(wanted);
  const auto* names = std::get_if<names_resolved>(&answer);
  ASSERT_NE(names, nullptr);
  EXPECT_EQ(names->project_id, "prj-storefront");
  EXPECT_THAT(names->roles, ElementsAre("role-releasers"));
  EXPECT_EQ(it.calls[console::call::list_organization_roles], 0);
}

TEST(resolving_names, asks_nothing_when_there_are_none) {
  shared_console it;
  accounts::resolve_names wanted;
  wanted.own.permissions = {"rudder.app.viewer"};
  EXPECT_TRUE(std::holds_alternative<names_resolved>(it.resolve(wanted)));
  EXPECT_TRUE(it.calls.empty());
}

TEST(resolving_names, uses_listings_for_a_minute) {
  shared_console it;
  accounts::resolve_names wanted;
  wanted.project = "storefront";
  it.resolve(wanted);
  it.now += 1min;
  it.resolve(wanted);
  EXPECT_EQ(it.calls[console::call::list_projects], 1);
  it.now += 1ms;
  it.resolve(wanted);
  EXPECT_EQ(it.calls[console::call::list_projects], 2);
}

TEST(resolving_names, lists_again_before_it_calls_a_name_missing_but_not_every_time) {
  shared_console it;
  accounts::resolve_names wanted;
  wanted.project = "storefront";
  it.resolve(wanted);
  wanted.project = "warehouse";
  it.now += 10s;
  const auto answer = it.resolve(wanted);
  const auto* missing = std::get_if<names_unresolved>(&answer);
  ASSERT_NE(missing, nullptr);
  EXPECT_EQ(missing->what, names_unresolved::kind::project);
  EXPECT_THAT(missing->message, HasSubstr("\"warehouse\""));
  EXPECT_EQ(it.calls[console::call::list_projects], 2);
  it.now += 2s;
  it.resolve(wanted);
  EXPECT_EQ(it.calls[console::call::list_projects], 2);
}

TEST(resolving_names, tells_a_missing_role_from_a_missing_project) {
  shared_console it;
  accounts::resolve_names wanted;
  wanted.project = "billing";
  wanted.own.custom_roles = {"releasers"};  // is storefront's
  const auto answer = it.resolve(wanted);
  const auto* missing = std::get_if<names_unresolved>(&answer);
  ASSERT_NE(missing, nullptr);
  EXPECT_EQ(missing->what, names_unresolved::kind::role);
}

TEST(resolving_names, refuses_one_project_under_two_names) {
  shared_console it;
  accounts::resolve_names wanted;
  wanted.project_access["storefront"] = {{"a.b.c"}, {}};
  wanted.project_access["prj-storefront"] = {{"a.b.d"}, {}};
  const auto answer = it.resolve(wanted);
  const auto* missing = std::get_if<names_unresolved>(&answer);
  ASSERT_NE(missing, nullptr);
  EXPECT_THAT(missing->message, HasSubstr("twice"));
}

TEST(resolving_names, hands_on_what_the_console_says_when_it_fails) {
  shared_console it;
  it.console->faults().add({.operation = "listProjects", .status = 429, .retry_after = "7", .body = {}});
  accounts::resolve_names wanted;
  wanted.project = "storefront";
  const auto answer = it.resolve(wanted);
  const auto* failure = std::get_if<api_error>(&answer);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->code, api_errc::rate_limited);
}

}  // namespace
}  // namespace platformer::app
