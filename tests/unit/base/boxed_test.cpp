#include "base/boxed.hpp"

#include <gtest/gtest.h>

#include <string>

namespace platformer {
namespace {

TEST(Boxed, IsEmptyOrHoldsOneValue) {
  boxed<std::string> value;
  EXPECT_FALSE(value);
  EXPECT_FALSE(value.has_value());
  value = std::string("a");
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, "a");
  EXPECT_EQ(value->size(), 1U);
  value = std::nullopt;
  EXPECT_FALSE(value);
  EXPECT_EQ(value.emplace(), "");
  value.reset();
  EXPECT_FALSE(value);
}

TEST(Boxed, CopiesTheValueAndMovesTheBox) {
  boxed<std::string> one(std::string("a"));
  boxed<std::string> copy = one;
  *copy = "b";
  EXPECT_EQ(*one, "a");
  const boxed<std::string> moved = std::move(copy);
  EXPECT_EQ(*moved, "b");
  EXPECT_FALSE(copy);  // NOLINT(bugprone-use-after-move): that is what is promised
  one = moved;
  EXPECT_EQ(*one, "b");
  const auto& itself = one;
  one = itself;
  EXPECT_EQ(*one, "b");
}

TEST(Boxed, ComparesWhatItHolds) {
  EXPECT_EQ(boxed<int>(1), boxed<int>(1));
  EXPECT_FALSE(boxed<int>(1) == boxed<int>(2));
  EXPECT_FALSE(boxed<int>(1) == boxed<int>());
  EXPECT_EQ(boxed<int>(), boxed<int>(std::optional<int>()));
}

}  // namespace
}  // namespace platformer
