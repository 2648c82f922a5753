#include "console/issued_tokens.hpp"

#include <gtest/gtest.h>

#include <string>

namespace platformer::console {
namespace {

TEST(IssuedTokens, ANewAccountsTokenMustBeNew) {
  issued_tokens issued;
  EXPECT_TRUE(issued.add_created("sha256:1", "a1"));
  EXPECT_FALSE(issued.add_created("sha256:1", "a2"));
  EXPECT_FALSE(issued.add_created("sha256:1", "a1")) << "the whole answer repeated";
  EXPECT_FALSE(issued.add_created("sha256:2", "a1")) << "the account is not new";
  EXPECT_TRUE(issued.add_created("sha256:2", "a2"));
}

TEST(IssuedTokens, ARenewalMayRepeatOnlyItsOwnAccountsToken) {
  issued_tokens issued;
  EXPECT_TRUE(issued.add_created("sha256:1", "a1"));
  EXPECT_TRUE(issued.add_renewed("sha256:1", "a1")) << "for the Console to judge, and for the next trial";
  EXPECT_FALSE(issued.add_renewed("sha256:1", "a2"));
  EXPECT_TRUE(issued.add_renewed("sha256:2", "a2"));
  EXPECT_FALSE(issued.add_created("sha256:2", "a3"));
}

TEST(IssuedTokens, TheOldestMakeRoom) {
  issued_tokens issued;
  for (std::size_t i = 0; i <= issued_tokens::limit; ++i)
    EXPECT_TRUE(issued.add_created(std::to_string(i), "a" + std::to_string(i)));
  EXPECT_FALSE(issued.add_created("1", "b"));
  EXPECT_TRUE(issued.add_created("0", "a0")) << "forgotten";
  EXPECT_TRUE(issued.add_created("1", "a1")) << "made room for that";
}

}  // namespace
}  // namespace platformer::console
