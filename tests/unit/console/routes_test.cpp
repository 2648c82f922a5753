#include "console/routes.hpp"

#include <gmock/gmock.h>

namespace platformer::console {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using overrides = std::map<std::string, route_override, std::less<>>;

std::string refusal(std::string operation, route_override change) {
  const auto made = route_table::make({{std::move(operation), std::move(change)}});
  return made ? "accepted" : made.error().message;
}

std::string path_refusal(std::string path) {
  return refusal("getServiceAccount", {"", std::move(path)});
}

std::string expanded(std::string_view path_template, route_values values) {
  const auto path = expand(path_template, values);
  return path ? *path : "refused: " + path.error().message;
}

TEST(RouteTable, WithoutOverridesItIsTheDefaults) {
  const auto table = route_table::make({});
  ASSERT_TRUE(table);
  for (const auto& row : default_routes)
    EXPECT_EQ(table->at(row.operation), (route{std::string(row.method), std::string(row.path)}));
}

TEST(RouteTable, EveryDefaultWouldPassAsAnOverride) {
  for (const auto& row : default_routes)
    EXPECT_EQ(refusal(std::string(row.operation_id), {std::string(row.method), std::string(row.path)}),
              "accepted");
}

TEST(RouteTable, AnOverrideReplacesMethodAndPathOfOneOperation) {
  const auto table =
      route_table::make({{"renewServiceAccountToken", {"POST", "/auth/api/v2/accounts/{id}:renew"}}});
  ASSERT_TRUE(table);
  EXPECT_EQ(table->at(call::renew_token), (route{"POST", "/auth/api/v2/accounts/{id}:renew"}));
  EXPECT_EQ(table->at(call::get_account).path, "/auth/api/v1/serviceaccount/{id}");
}

TEST(RouteTable, AnEmptyFieldOfAnOverrideKeepsTheDefault) {
  const auto table =
      route_table::make({{"updateServiceAccount", {"PATCH", ""}}, {"getServiceAccount", {"", "/x/{id}"}}});
  ASSERT_TRUE(table);
  EXPECT_EQ(table->at(call::update_account), (route{"PATCH", "/auth/api/v1/serviceaccount/{id}"}));
  EXPECT_EQ(table->at(call::get_account), (route{"GET", "/x/{id}"}));
}

TEST(RouteTable, ScopePlaceholdersMayBeAddedOrLeftOutAsTheHeadersCarryThem) {
  EXPECT_EQ(path_refusal("/orgs/{organization}/accounts/{id}"), "accepted");
  EXPECT_EQ(refusal("listProjects", {"", "/projects"}), "accepted");
  EXPECT_EQ(refusal("listProjectRoles", {"", "/roles/{project}"}), "accepted");
}

TEST(RouteTable, AnUnknownOperationIsNamedTogetherWithTheKnownOnes) {
  EXPECT_THAT(refusal("renewToken", {"PUT", ""}),
              AllOf(HasSubstr("no operation \"renewToken\""), HasSubstr("renewServiceAccountToken")));
  EXPECT_THAT(refusal("a\r\nb", {"PUT", ""}), Not(HasSubstr("\n")));
}

TEST(RouteTable, AMethodMustFitWhatTheOperationDoes) {
  EXPECT_EQ(refusal("getServiceAccount", {"DELETE", ""}),
            "spec.routes.getServiceAccount.method can't be \"DELETE\"; allowed: GET POST");
  EXPECT_THAT(refusal("createServiceAccount", {"GET", ""}), HasSubstr("allowed: POST PUT PATCH"));
  EXPECT_THAT(refusal("deleteServiceAccount", {"delete", ""}), HasSubstr("can't be"));
  EXPECT_THAT(refusal("deleteServiceAccount", {"POST PUT", ""}), HasSubstr("can't be"));
  EXPECT_THAT(refusal("deleteServiceAccount", {"PUT\r\nX: y", ""}), HasSubstr("can't be"));
}

TEST(RouteTable, APathMustBeAPlainAbsolutePath) {
  const std::string field = "spec.routes.getServiceAccount.path ";
  EXPECT_THAT(path_refusal("x/{id}"), HasSubstr(field + "must start with '/'"));
  EXPECT_THAT(path_refusal("https://evil.example/{id}"), HasSubstr("must start with '/'"));
  EXPECT_THAT(path_refusal("//evil.example/{id}"), HasSubstr("empty segment"));
  EXPECT_THAT(path_refusal("/x/{id}/"), HasSubstr("empty segment"));
  EXPECT_THAT(path_refusal("/a/../{id}"), HasSubstr("segment \"..\""));
  EXPECT_THAT(path_refusal("/a/./{id}"), HasSubstr("segment \".\""));
  EXPECT_THAT(path_refusal("/x/{id}?all=1"), HasSubstr("query"));
  EXPECT_THAT(path_refusal("/x/{id}#top"), HasSubstr("fragment"));
  EXPECT_THAT(path_refusal("/x/%2e%2e/{id}"), HasSubstr("percent-encoded"));
  EXPECT_THAT(path_refusal("/x/{id}\r\nX-Evil: 1"), HasSubstr("character"));
  EXPECT_THAT(path_refusal("/x y/{id}"), HasSubstr("character"));
  EXPECT_THAT(path_refusal("/x\\y/{id}"), HasSubstr("character"));
  EXPECT_THAT(path_refusal("/" + std::string(600, 'a') + "/{id}"), HasSubstr("longer than 512 bytes"));
}

TEST(RouteTable, PlaceholdersMustBeKnownPairedAndPresent) {
  EXPECT_THAT(path_refusal("/x/{account}"), AllOf(HasSubstr("placeholder \"account\""), HasSubstr("{id}")));
  EXPECT_THAT(path_refusal("/x/{project}/{id}"), HasSubstr("does not know"));
  EXPECT_THAT(path_refusal("/x/account"), HasSubstr("needs the placeholder {id}"));
  EXPECT_THAT(path_refusal("/x/{id"), HasSubstr("unpaired brace"));
  EXPECT_THAT(path_refusal("/x/id}/{id}"), HasSubstr("unpaired brace"));
  EXPECT_THAT(path_refusal("/x/{{id}}"), HasSubstr("placeholder \"{id\""));
  EXPECT_THAT(refusal("listServiceAccounts", {"", "/list/{id}"}), HasSubstr("placeholder \"id\""));
}

TEST(Expand, FillsInEveryPlaceholder) {
  EXPECT_EQ(expanded("/a/{organization}/b/{project}/{id}:renew", {"o1", "p1", "a1"}), "/a/o1/b/p1/a1:renew");
  EXPECT_EQ(expanded("/plain", {}), "/plain");
}

TEST(Expand, NoValueLeavesItsSegment) {
  EXPECT_EQ(expanded("/x/{id}", {.id = "../admin"}), "/x/..%2Fadmin");
  EXPECT_EQ(expanded("/x/{id}", {.id = "a%2fb"}), "/x/a%252fb");
  EXPECT_EQ(expanded("/x/{id}", {.id = "a?b#c"}), "/x/a%3Fb%23c");
  EXPECT_EQ(expanded("/x/{id}", {.id = "a\r\nHost: evil"}), "/x/a%0D%0AHost%3A%20evil");
  EXPECT_EQ(expanded("/x/{id}", {.id = "{organization}"}), "/x/%7Borganization%7D");
  EXPECT_EQ(expanded("/x/{id}", {.id = std::string_view("a\0b", 3)}), "/x/a%00b");
  EXPECT_EQ(expanded("/x/{id}", {.id = "ü"}), "/x/%C3%BC");
}

TEST(Expand, AValueThatWouldClimbOrIsMissingIsRefused) {
  EXPECT_THAT(expanded("/x/{id}", {.id = ".."}), HasSubstr("refused: an ID of the form \"..\""));
  EXPECT_THAT(expanded("/x/{id}", {.id = "."}), HasSubstr("refused"));
  EXPECT_THAT(expanded("/x/{id}{organization}", {.organization = ".", .id = "."}), HasSubstr("refused"));
  EXPECT_EQ(expanded("/x/{id}", {}), "refused: the path needs an ID for {id}");
}

}  // namespace
}  // namespace platformer::console
