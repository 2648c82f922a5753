#include <gmock/gmock.h>

#include "console/codec.hpp"

namespace platformer::console {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string account_refusal(const std::string& members) {
  const auto found = decode_account(R"({"success":true,"data":{"id":"a1",)" + members + "}}");
  return found ? "accepted" : found.error().message;
}

TEST(DecodeAccount, AllItsFieldsInEitherFormOfDate) {
  const auto found = decode_account(R"({"success":true,"data":{"id":"a1","name":"bot","description":"d\nm",
      "organization_id":"o1","project_id":null,"roles":["r1","a.b"],
      "projects":[{"project_id":"p1","roles":["x"]},{"project_id":"p2","roles":[]}],
      "expired_in":"2027-01-01T00:00:00Z","created_date":{"_seconds":1700000000,"_nanoseconds":1},
      "token_created_date":"2026-01-01T00:00:00Z","status":"active","colour":{"a":[1,2]}}})");
  ASSERT_TRUE(found) << found.error().message;
  account expected;
  expected.id = "a1";
  expected.name = "bot";
  expected.description = "d\nm";
  expected.organization_id = "o1";
  expected.roles = {"r1", "a.b"};
  expected.projects = {{"p1", {"x"}}, {"p2", {}}};
  expected.expires_at = parse_rfc3339("2027-01-01T00:00:00Z");
  expected.created_at = time_point(std::chrono::seconds(1700000000));
  EXPECT_EQ(*found, expected);
}

TEST(DecodeAccount, OnlyTheIdIsIndispensable) {
  account expected;
  expected.id = "a1";
  EXPECT_EQ(*decode_account(R"({"data":{"id":"a1"}})"), expected);
  EXPECT_EQ(
      account_refusal(R"("name":null,"roles":null,"projects":null,"created_date":null,"description":null)"),
      "accepted");
  EXPECT_EQ(decode_account(R"({"data":{"name":"x"}})").error().message,
            "data.id is missing or no identifier");
}

TEST(DecodeAccount, AWrongTypeIsNamed) {
  EXPECT_THAT(account_refusal(R"("name":7)"), HasSubstr("data.name is no string"));
  EXPECT_EQ(account_refusal(R"("roles":"all")"), "data.roles is no list");
  EXPECT_EQ(account_refusal(R"("roles":["a",1])"), "data.roles is no list of codes and IDs");
  EXPECT_EQ(account_refusal(R"("projects":{"p1":[]})"), "data.projects is no list");
  EXPECT_EQ(account_refusal(R"("projects":["p1"])"), "data.projects[0] is no object");
  EXPECT_EQ(account_refusal(R"("projects":[{"roles":[]}])"),
            "data.projects[0].project_id is missing or no identifier");
  EXPECT_EQ(account_refusal(R"("project_id":"a/b")"), "data.project_id is no identifier");
  EXPECT_EQ(decode_account(R"({"data":[]})").error().message, "data is no object");
}

TEST(DecodeAccount, WhatIsNoDateIsNamed) {
  for (const char* date :
       {R"("")", R"("2027-13-01T00:00:00Z")", "7", "true", "[]", "{}", R"({"_seconds":"1"})",
        R"({"_seconds":1.5})", R"({"_seconds":99999999999999})", R"({"_seconds":-99999999999999})",
        R"({"_seconds":18446744073709551615})", R"({"_seconds":1,"_nanoseconds":-1})",
        R"({"_seconds":1,"_nanoseconds":1000000000})"})
    EXPECT_EQ(account_refusal(std::string(R"("expired_in":)") + date), "data.expired_in is no date") << date;
  EXPECT_EQ(account_refusal(R"("expired_in":{"_seconds":-5})"), "accepted");
}

TEST(DecodeAccount, StringsAreBounded) {
  EXPECT_THAT(account_refusal(R"("name":")" + std::string(2000, 'a') + "\""),
              HasSubstr("at most 1024 bytes"));
  EXPECT_THAT(account_refusal(R"("description":")" + std::string(40'000, 'a') + "\""),
              HasSubstr("at most 32768"));
  EXPECT_THAT(account_refusal(R"("roles":[")" + std::string(300, 'a') + "\"]"), HasSubstr("data.roles"));
}

TEST(DecodeAccount, BytesThatAreNoJson) {
  for (const std::string& body :
       {std::string(), std::string("null x"), std::string("{\"data\":{\"id\":\"\xff\"}}"),
        std::string("{\"data\":{\"id\":1e999}}"), std::string(1, '\0')})
    EXPECT_EQ(decode_account(body).error().message, "the body is no JSON");
  EXPECT_EQ(decode_account("[]").error().message, "the body is no JSON object");
  EXPECT_EQ(decode_account("{}").error().message, "data is missing");
  EXPECT_EQ(decode_account(R"({"success":"yes","data":{"id":"a"}})").error().message,
            "success is not true in spite of the status");
}

TEST(DecodeLists, OrganizationsProjectsAndRoles) {
  EXPECT_THAT(*decode_organizations(R"({"data":[{"organization_id":"o1","name":"acme"}]})"),
              ElementsAre(organization{"o1", "acme"}));
  EXPECT_THAT(*decode_projects(R"({"data":[{"project_id":"p1","name":"shop","description":"x"}]})"),
              ElementsAre(project{"p1", "shop"}));
  EXPECT_THAT(*decode_roles(R"({"data":[{"id":"r1","name":"dep","permissions":["a","b"]},{"id":"r2"}]})"),
              ElementsAre(role{"r1", "dep", {"a", "b"}}, role{"r2", "", {}}));
  EXPECT_THAT(*decode_projects(R"({"data":[]})"), ElementsAre());
}

TEST(DecodeLists, OneWrongEntryRefusesTheWhole) {
  EXPECT_EQ(decode_projects(R"({"data":[{"project_id":"p1"},{"name":"x"}]})").error().message,
            "data[1].project_id is missing or no identifier");
  EXPECT_EQ(decode_roles(R"({"data":[7]})").error().message, "data[0] is no object");
  EXPECT_EQ(decode_organizations(R"({"data":{"o1":"acme"}})").error().message, "data is no list");
}

TEST(DecodeAccountPage, AccountsAndMeta) {
  const auto page =
      decode_account_page(R"({"data":[{"id":"a1"},{"id":"a2"}],"meta":{"page":1,"pages":2,"total":4}})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->accounts.size(), 2U);
  EXPECT_EQ(page->meta.page, 1);
  EXPECT_EQ(page->meta.pages, 2);
  EXPECT_EQ(page->meta.total, 4);
}

TEST(DecodeAccountPage, MetaMayBeAbsentButNotWrong) {
  EXPECT_FALSE(decode_account_page(R"({"data":[]})")->meta.pages);
  EXPECT_EQ(decode_account_page(R"({"data":[],"meta":{"total":-1}})").error().message,
            "meta.total is no count");
  EXPECT_EQ(decode_account_page(R"({"data":[],"meta":{"pages":"2"}})").error().message,
            "meta.pages is no count");
  EXPECT_EQ(decode_account_page(R"({"data":[],"meta":{"page":99999999999}})").error().message,
            "meta.page is no count");
}

TEST(DecodeDone, AnythingButARefusal) {
  EXPECT_TRUE(decode_done(""));
  EXPECT_TRUE(decode_done(R"({"success":true})"));
  EXPECT_TRUE(decode_done(R"({"success":true,"data":[7]})"));
  EXPECT_FALSE(decode_done(R"({"success":false})"));
  EXPECT_FALSE(decode_done("<html>signed in</html>"));
  EXPECT_FALSE(decode_done("[]"));
}

}  // namespace
}  // namespace platformer::console
