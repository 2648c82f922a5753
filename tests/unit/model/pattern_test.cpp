#include "model/pattern.hpp"

#include <gtest/gtest.h>

namespace platformer::test {
namespace {

TEST(pattern, without_a_star_only_the_name_itself_matches) {
  EXPECT_TRUE(matches("rudder.app.editor", "rudder.app.editor"));
  EXPECT_FALSE(matches("rudder.app.editor", "rudder.app.editor2"));
  EXPECT_FALSE(matches("rudder.app.editor", "rudder.app"));
  EXPECT_FALSE(matches("rudder.app.editor", ""));
  EXPECT_FALSE(matches("Rudder", "rudder"));
}

TEST(pattern, a_star_at_the_end_stands_for_any_rest) {
  EXPECT_TRUE(matches("rudder.*", "rudder.app"));
  EXPECT_TRUE(matches("rudder.*", "rudder."));
  EXPECT_FALSE(matches("rudder.*", "rudder"));
  EXPECT_FALSE(matches("rudder.*", "mizzen.rudder.app"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("*", "anything"));
}

TEST(pattern, a_star_elsewhere_is_an_ordinary_character) {
  EXPECT_FALSE(matches("a*c", "abc"));
  EXPECT_TRUE(matches("a*c", "a*c"));
  EXPECT_TRUE(matches("a**", "a*b"));
  EXPECT_FALSE(matches("a**", "ab"));
}

TEST(pattern, one_of_a_set_is_enough) {
  const pattern_set set = {"deployers", "ci-*"};
  EXPECT_TRUE(matches(set, "deployers"));
  EXPECT_TRUE(matches(set, "ci-bot"));
  EXPECT_FALSE(matches(set, "deployer"));
}

TEST(pattern, an_empty_set_matches_nothing_and_limits_nothing) {
  EXPECT_FALSE(matches(pattern_set{}, "a"));
  EXPECT_TRUE(within(pattern_set{}, "a"));
  EXPECT_TRUE(within({"a*"}, "abc"));
  EXPECT_FALSE(within({"a*"}, "b"));
}

}  // namespace
}  // namespace platformer::test
