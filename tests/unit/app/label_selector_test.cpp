// Which texts pass for a Kubernetes label selector.
#include "app/label_selector.hpp"

#include <gtest/gtest.h>

namespace platformer::app {
namespace {

std::string complaint(std::string_view text) {
  const auto ok = check_label_selector(text);
  return ok ? "" : ok.error().message;
}

TEST(label_selector, every_operator_of_kubernetes_is_accepted) {
  for (const char* text : {"team", "!team", "! team", "team=a", "team==a", "team!=a", "team=",
                           "team in (a,b)", "team in(a)", "team notin (a, b , c)", "team in ()", "size>1",
                           "size < -3", " team = a , stage in (test,prod) , !old ", "example.com/team=a",
                           "app.kubernetes.io/managed-by in (x)", "a_b.c-d=A_1.z", "in=a"})
    EXPECT_EQ(complaint(text), "") << text;
}

TEST(label_selector, what_is_wrong_is_named) {
  EXPECT_EQ(complaint(""), R"(expected a label's key, found "")");
  EXPECT_EQ(complaint("=a"), R"(expected a label's key, found "=a")");
  EXPECT_EQ(complaint("a,"), R"(expected a label's key, found "")");
  EXPECT_EQ(complaint(",a"), R"(expected a label's key, found ",a")");
  EXPECT_EQ(complaint("-team=a"), R"(expected a label's key, found "-team")");
  EXPECT_EQ(complaint("Example.com/team"), R"(expected a label's key, found "Example.com/team")");
  EXPECT_EQ(complaint("a..b/team"), R"(expected a label's key, found "a..b/team")");
  EXPECT_EQ(complaint("a-.b/team"), R"(expected a label's key, found "a-.b/team")");
  EXPECT_EQ(complaint("a/b/c"), R"(expected a label's key, found "a/b/c")");
  EXPECT_EQ(complaint("team=-a"), R"(no label can have the value "-a")");
  EXPECT_EQ(complaint("team=a/b"), R"(no label can have the value "a/b")");
  EXPECT_EQ(complaint("team a"), R"(expected an operator, found "a")");
  EXPECT_EQ(complaint("team (a)"), R"x(expected an operator, found "(a)")x");
  EXPECT_EQ(complaint("team in a"), R"x(expected "(" before "a")x");
  EXPECT_EQ(complaint("team in (a"), R"x(expected ")" before "")x");
  EXPECT_EQ(complaint("team in (a b)"), R"x(expected ")" before "b)")x");
  EXPECT_EQ(complaint("size>big"), R"(expected a whole number, found "big")");
  EXPECT_EQ(complaint("team=a b"), R"(expected a comma before "b")");
  EXPECT_EQ(complaint("!team=a"), R"(expected a comma before "=a")");
}

TEST(label_selector, keys_and_values_have_kubernetes_limits) {
  const std::string part(63, 'a');
  EXPECT_EQ(complaint(part + "=" + part), "");
  EXPECT_NE(complaint(part + "a=b"), "");
  EXPECT_NE(complaint("b=a" + part), "");
  EXPECT_EQ(complaint(std::string(253, 'p') + "/a"), "");
  EXPECT_NE(complaint(std::string(254, 'p') + "/a"), "");
}

}  // namespace
}  // namespace platformer::app
