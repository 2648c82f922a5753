#include "model/namespace_selection.hpp"

#include <gtest/gtest.h>

#include "model/console_connection.hpp"

namespace platformer::test {
namespace {

const string_map labels = {{"team", "a"}, {"tier", "prod"}};

bool fits(selector_requirement wanted) {
  namespace_selection selection;
  selection.match_expressions.push_back(std::move(wanted));
  return selects(selection, "ns", labels);
}

TEST(namespace_selection, an_empty_one_selects_nothing) {
  EXPECT_FALSE(selects({}, "team-a", labels));
  EXPECT_FALSE(selects({}, "", {}));
}

TEST(namespace_selection, names_are_taken_literally) {
  const namespace_selection selection{.names = {"team-a", "b*"}};
  EXPECT_TRUE(selects(selection, "team-a", {}));
  EXPECT_FALSE(selects(selection, "bc", {}));
  EXPECT_FALSE(selection.by_label());
}

TEST(namespace_selection, all_of_a_selector_has_to_fit) {
  namespace_selection selection{.match_labels = {{"team", "a"}}};
  EXPECT_TRUE(selection.by_label());
  EXPECT_TRUE(selects(selection, "ns", labels));
  selection.match_expressions = {{"tier", selector_operator::in, {"dev", "prod"}}};
  EXPECT_TRUE(selects(selection, "ns", labels));
  selection.match_labels["team"] = "b";
  EXPECT_FALSE(selects(selection, "ns", labels));
  selection.match_labels = {{"absent", ""}};
  EXPECT_FALSE(selects(selection, "ns", labels));
}

TEST(namespace_selection, a_named_namespace_needs_no_labels) {
  const namespace_selection selection{.names = {"x"}, .match_labels = {{"team", "z"}}};
  EXPECT_TRUE(selects(selection, "x", labels));
  EXPECT_FALSE(selects(selection, "y", labels));
}

TEST(namespace_selection, operators_mean_what_they_mean_in_kubernetes) {
  EXPECT_TRUE(fits({"team", selector_operator::in, {"a", "b"}}));
  EXPECT_FALSE(fits({"team", selector_operator::in, {"b"}}));
  EXPECT_FALSE(fits({"absent", selector_operator::in, {"a"}}));
  EXPECT_TRUE(fits({"team", selector_operator::not_in, {"b"}}));
  EXPECT_FALSE(fits({"team", selector_operator::not_in, {"a"}}));
  EXPECT_TRUE(fits({"absent", selector_operator::not_in, {"a"}}));
  EXPECT_TRUE(fits({"team", selector_operator::exists, {}}));
  EXPECT_FALSE(fits({"absent", selector_operator::exists, {}}));
  EXPECT_TRUE(fits({"absent", selector_operator::does_not_exist, {}}));
  EXPECT_FALSE(fits({"team", selector_operator::does_not_exist, {}}));
}

TEST(admits_namespace, a_namespaced_connection_serves_its_own_namespace_only) {
  console_connection connection;
  connection.meta.ns = "team-a";
  connection.spec.used_from.names = {"team-b"};
  EXPECT_TRUE(admits_namespace(connection, "team-a", {}));
  EXPECT_FALSE(admits_namespace(connection, "team-b", {}));
}

TEST(admits_namespace, a_cluster_connection_serves_what_it_selects) {
  console_connection connection;
  connection.spec.used_from.names = {"team-b"};
  EXPECT_TRUE(admits_namespace(connection, "team-b", {}));
  EXPECT_FALSE(admits_namespace(connection, "team-a", {}));
  EXPECT_FALSE(admits_namespace(connection, "", {}));
}

}  // namespace
}  // namespace platformer::test
