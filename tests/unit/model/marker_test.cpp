#include "model/marker.hpp"

#include <gtest/gtest.h>

namespace platformer::test {
namespace {

const marker mark{"c1", "team-a", "ci-bot", "u1"};
const std::string line = "platformer-operator:c1/team-a/ci-bot/u1";

TEST(marker, is_the_last_line_of_the_description) {
  EXPECT_EQ(mark.to_string(), line);
  EXPECT_EQ(with_marker("deploys", mark), "deploys\n" + line);
  EXPECT_EQ(with_marker("", mark), line);
  EXPECT_EQ(find_marker("deploys\n" + line), mark);
  EXPECT_EQ(find_marker(line), mark);
}

TEST(marker, is_found_although_blanks_were_added_behind_it) {
  EXPECT_EQ(find_marker("deploys\r\n" + line + " \r\n\n"), mark);
}

TEST(marker, is_not_found_anywhere_else) {
  for (const std::string& text :
       {std::string(), std::string("\n"), "x" + line, " " + line, line + "\nmore text", "text " + line,
        line + "/more", std::string("platformer-operator:"),
        std::string("platformer-operator:c1/team-a/ci-bot"), std::string("platformer-operator:c1/team-a//u1"),
        std::string("platformer-operator:c1/team-a/ci bot/u1"), std::string("platformer-operator:///"),
        std::string("Platformer-Operator:c1/team-a/ci-bot/u1")})
    EXPECT_FALSE(find_marker(text)) << text;
}

TEST(marker, of_several_lines_only_the_last_counts) {
  EXPECT_EQ(find_marker("platformer-operator:c2/x/y/z\n" + line), mark);
  EXPECT_EQ(find_marker(line + "\nplatformer-operator:c2/x/y/z")->cluster, "c2");
}

TEST(marker, replaces_the_one_that_is_there) {
  EXPECT_EQ(with_marker("deploys\nplatformer-operator:c1/team-a/ci-bot/u0", mark), "deploys\n" + line);
  EXPECT_EQ(without_marker("deploys\n" + line), "deploys");
  EXPECT_EQ(without_marker(line), "");
  EXPECT_EQ(without_marker("deploys"), "deploys");
  EXPECT_EQ(with_marker(with_marker("a\nb", mark), mark), "a\nb\n" + line);
}

TEST(marker, a_predecessor_differs_in_the_uid_alone) {
  EXPECT_TRUE((marker{"c1", "team-a", "ci-bot", "u0"}).is_predecessor_of(mark));
  EXPECT_FALSE(mark.is_predecessor_of(mark));
  EXPECT_FALSE((marker{"c2", "team-a", "ci-bot", "u0"}).is_predecessor_of(mark));
  EXPECT_FALSE((marker{"c1", "team-b", "ci-bot", "u0"}).is_predecessor_of(mark));
  EXPECT_FALSE((marker{"c1", "team-a", "other", "u0"}).is_predecessor_of(mark));
}

}  // namespace
}  // namespace platformer::test
