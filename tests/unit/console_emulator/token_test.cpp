// One-time tokens over HTTP: shown once, dead at once, ended by the clock.
#include <gtest/gtest.h>

#include "tests/unit/console_emulator/bench.hpp"

namespace platformer::emulator {
namespace {

using net::http_method;

std::string token_of(const json& data) {
  return data.at("token").get<std::string>();
}
std::string path_of(const json& data) {
  return "/serviceaccount/" + data.at("id").get<std::string>();
}

TEST(emulator_token, a_token_is_in_the_reply_that_mints_it_and_nowhere_else) {
  bench console;
  const auto made = console.create("ci");
  const auto token = token_of(made);
  EXPECT_TRUE(console.is_live(token));
  for (const auto& seen :
       {console.get(path_of(made)), console.get("/serviceaccount/list"),
        console.put(path_of(made), {{"description", "x"}}), console.admin(http_method::get, "/accounts"),
        console.admin(http_method::get, "/calls")}) {
    EXPECT_EQ(seen.status, 200);
    EXPECT_EQ(seen.text.find(token), std::string::npos);
    EXPECT_EQ(seen.text.find("\"token\""), std::string::npos);
  }
}

TEST(emulator_token, a_renewal_kills_the_previous_token_at_once) {
  bench console;
  const auto made = console.create("ci");
  const auto renewed = console.put(path_of(made) + "/token/renew", {{"expired_in", nullptr}});
  ASSERT_EQ(renewed.status, 200) << renewed.error();
  EXPECT_FALSE(console.is_live(token_of(made)));
  EXPECT_TRUE(console.is_live(token_of(renewed.body.at("data"))));
  EXPECT_EQ(renewed.body.at("data").at("id"), made.at("id"));
  EXPECT_EQ(console.accounts()[0].at("tokens_issued"), 2);
}

TEST(emulator_token, deleting_the_account_kills_its_token) {
  bench console;
  const auto made = console.create("ci");
  EXPECT_EQ(console.remove(path_of(made)).status, 200);
  EXPECT_FALSE(console.is_live(token_of(made)));
}

TEST(emulator_token, a_token_ends_when_the_clock_passes_its_expiry) {
  emulator_options options;
  options.clock = [] { return *parse_rfc3339("2030-01-01T00:00:00Z"); };
  bench console(std::move(options));
  const auto made = console.post("/serviceaccount/token/create",
                                 {{"name", "ci"}, {"expired_in", "2030-01-01T01:00:00+00:00"}});
  const auto token = token_of(made.body.at("data"));
  EXPECT_EQ(console.admin(http_method::post, "/clock/advance", {{"seconds", 3599}}).body.at("now"),
            "2030-01-01T00:59:59Z");
  EXPECT_TRUE(console.is_live(token));
  console.admin(http_method::post, "/clock/advance", {{"seconds", 1}});
  EXPECT_FALSE(console.is_live(token));
  EXPECT_EQ(console.get(path_of(made.body.at("data"))).body.at("data").at("status"), "expired");
}

TEST(emulator_token, a_changed_expiry_applies_to_the_living_token) {
  emulator_options options;
  options.clock = [] { return *parse_rfc3339("2030-01-01T00:00:00Z"); };
  bench console(std::move(options));
  const auto made = console.create("ci");
  EXPECT_EQ(console.put(path_of(made), {{"expired_in", "2030-01-01T01:00:00Z"}}).status, 200);
  console.admin(http_method::post, "/clock/advance", {{"seconds", 3600}});
  EXPECT_FALSE(console.is_live(token_of(made)));
}

TEST(emulator_token, an_accounts_own_token_can_operate_when_its_roles_allow) {
  bench console;
  const auto made =
      console.post("/serviceaccount/token/create",
                   {{"name", "op"}, {"expired_in", nullptr}, {"roles", {"organization.admin"}}});
  EXPECT_EQ(console.get("/serviceaccount/list", with_token(token_of(made.body.at("data")))).status, 200);
  const auto plain = console.create("plain");
  EXPECT_EQ(console.get("/serviceaccount/list", with_token(token_of(plain))).status, 403);
}

}  // namespace
}  // namespace platformer::emulator
