#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console_emulator/bench.hpp"

namespace platformer::emulator {
namespace {

using testing::HasSubstr;

TEST(emulator_seed, a_file_says_what_exists) {
  const auto seed = parse_seed(R"(
duplicateNames: refuse
organizations:
- id: o1
  name: One
  roles: [{id: r1, name: role, permissions: [a.b]}]
  projects:
  - {id: p1, name: first, description: the first, roles: [{id: r2, name: other}]}
- {id: o2, name: Two}
)");
  ASSERT_TRUE(seed) << seed.error().message;
  EXPECT_EQ(seed->duplicates, models::duplicate_names::refuse);
  ASSERT_EQ(seed->directory.organizations.size(), 2U);
  const auto& one = seed->directory.organizations[0];
  EXPECT_EQ(one.roles[0].permissions, (string_set{"a.b"}));
  EXPECT_EQ(one.projects[0].description, "the first");
  EXPECT_EQ(one.projects[0].roles[0].id, "r2");
}

TEST(emulator_seed, an_operation_can_be_served_elsewhere) {
  auto seed = parse_seed(R"(
routes:
  getServiceAccount: {method: POST, path: "/auth/api/v1/read/{id}"}
organizations: [{id: org-acme, name: acme}]
)");
  ASSERT_TRUE(seed) << seed.error().message;
  emulator_options options;
  options.start = std::move(*seed);
  bench console(std::move(options));
  const auto id = console.create("ci").at("id").get<std::string>();
  EXPECT_EQ(console.send(net::http_method::post, "/read/" + id, std::nullopt).body.at("data").at("id"), id);
  EXPECT_EQ(console.get("/serviceaccount/" + id).status, 405) << "PUT and DELETE are still there";
}

TEST(emulator_seed, mistakes_are_named) {
  const auto message = [](const char* yaml) {
    const auto seed = parse_seed(yaml);
    return seed ? std::string("accepted") : seed.error().message;
  };
  EXPECT_THAT(message("organizations: []"), HasSubstr("must have an entry"));
  EXPECT_THAT(message("[]"), HasSubstr("must be a mapping"));
  EXPECT_THAT(message("orgs: []"), HasSubstr("unknown field in the seed: orgs"));
  EXPECT_THAT(message("organizations: [{id: a}]"), HasSubstr("name is missing"));
  EXPECT_THAT(message("organizations: [{id: a b, name: x}]"), HasSubstr("an id must have"));
  EXPECT_THAT(message("organizations: [{id: a, name: x}, {id: a, name: y}]"), HasSubstr("is there twice"));
  EXPECT_THAT(message("organizations: [{id: a, name: x, projects: {}}]"),
              HasSubstr("projects must be a list"));
  EXPECT_THAT(message("duplicateNames: maybe"), HasSubstr("allow or refuse"));
  EXPECT_THAT(message("routes: {makeCoffee: {path: /x}}\norganizations: [{id: a, name: x}]"),
              HasSubstr("no operation makeCoffee"));
  EXPECT_THAT(message("organizations: [\""), HasSubstr("line"));
}

TEST(emulator_seed, a_missing_file_is_named) {
  const auto seed = load_seed("/nowhere/seed.yaml");
  ASSERT_FALSE(seed);
  EXPECT_THAT(seed.error().message, HasSubstr("/nowhere/seed.yaml"));
}

}  // namespace
}  // namespace platformer::emulator
