#include "console/directory.hpp"

#include <gmock/gmock.h>

namespace platformer::console {
namespace {

using ::testing::ElementsAre;

const std::vector<project> projects = {
    {"p1", "storefront"}, {"p2", "billing"}, {"p3", "billing"}, {"p4", "p1"}};

std::string found(std::string_view wanted, const std::vector<project>& among = projects) {
  const auto id = find_project(among, wanted);
  return id ? *id : id.error().message;
}

TEST(Directory, ANameGivesItsId) {
  EXPECT_EQ(found("storefront"), "p1");
}

TEST(Directory, AnIdWinsOverANameOfTheSameText) {
  EXPECT_EQ(found("p1"), "p1");
}

TEST(Directory, NamesAreComparedExactly) {
  EXPECT_EQ(found("Storefront"),
            "project \"Storefront\" does not exist or is not visible; there are \"billing\", \"p1\", "
            "\"storefront\"");
}

TEST(Directory, ANameThatSeveralBearNamesTheirIds) {
  EXPECT_EQ(found("billing"), "project \"billing\" is ambiguous; use one of the IDs \"p2\", \"p3\"");
}

TEST(Directory, AnEntryThatIsListedTwiceIsNotAmbiguous) {
  EXPECT_EQ(found("a", {{"p1", "a"}, {"p1", "a"}}), "p1");
}

TEST(Directory, AtMostFiveOfWhatThereIsAreNamed) {
  std::vector<project> many;
  for (char c = 'a'; c <= 'g'; ++c)
    many.push_back({std::string("id-") + c, std::string(1, c)});
  EXPECT_EQ(found("shop", many),
            "project \"shop\" does not exist or is not visible; there are \"a\", \"b\", \"c\", \"d\", \"e\" "
            "and 2 more");
  EXPECT_EQ(found("shop", {}), "project \"shop\" does not exist or is not visible; there are none");
}

TEST(Directory, NamesFromTheConsoleAreCleanedInMessages) {
  EXPECT_EQ(found("x", {{"p1", "evil\n\x1b[31mname"}}),
            "project \"x\" does not exist or is not visible; there are \"evil [31mname\"");
}

TEST(Directory, RolesAreResolvedTogetherAndTheFirstUnknownIsNamed) {
  const std::vector<role> roles = {{"r1", "deployers", {}}, {"r2", "viewers", {}}};
  EXPECT_THAT(*find_roles(roles, {"deployers", "r2"}), ElementsAre("r1", "r2"));
  EXPECT_EQ(find_roles(roles, {"deployers", "admins"}).error().message,
            "custom role \"admins\" does not exist or is not visible; there are \"deployers\", \"viewers\"");
  EXPECT_TRUE(find_roles({}, {})->empty());
}

TEST(Directory, OrganizationsToo) {
  EXPECT_EQ(*find_organization({{"o1", "acme"}}, "acme"), "o1");
  EXPECT_FALSE(find_organization({{"o1", "acme"}}, ""));
}

}  // namespace
}  // namespace platformer::console
