// The admin API: what tests read and change behind the Console's back.
#include <gtest/gtest.h>

#include "tests/console_emulator/tokens.hpp"
#include "tests/unit/console_emulator/bench.hpp"

namespace platformer::emulator {
namespace {

using net::http_method;

std::string id_of(const json& data) {
  return data.at("id").get<std::string>();
}
std::string token_of(const json& data) {
  return data.at("token").get<std::string>();
}

TEST(emulator_admin, it_is_healthy) {
  bench console;
  EXPECT_EQ(console.admin(http_method::get, "/healthz").status, 200);
  EXPECT_EQ(console.admin(http_method::get, "/nothing").status, 404);
  EXPECT_EQ(console.admin(http_method::put, "/healthz").status, 405);
}

TEST(emulator_admin, accounts_show_fingerprints_instead_of_tokens) {
  bench console;
  const auto made = console.create("ci");
  const auto accounts = console.accounts();
  ASSERT_EQ(accounts.size(), 1U);
  const auto digest = console.server().console().model().digest(token_of(made));
  EXPECT_EQ(accounts[0].at("fingerprint"), fingerprint(digest));
  EXPECT_EQ(accounts[0].at("fingerprint").get<std::string>().size(), 19U);
  EXPECT_EQ(accounts[0].at("tokens_issued"), 1);
  EXPECT_EQ(accounts[0].at("description"), "");
}

TEST(emulator_admin, calls_are_counted_and_listed_until_they_are_cleared) {
  bench console;
  const auto made = console.create("ci");
  console.get("/serviceaccount/nobody");
  console.get("/not/there");
  const auto calls = console.admin(http_method::get, "/calls").body;
  EXPECT_EQ(calls.at("total"), 3);
  EXPECT_EQ(calls.at("counts"),
            json::parse(R"({"createServiceAccount": 1, "getServiceAccount": 1, "unknown": 1})"));
  const auto& first = calls.at("calls")[0];
  EXPECT_EQ(first.at("operation"), "createServiceAccount");
  EXPECT_EQ(first.at("account_id"), made.at("id"));
  EXPECT_EQ(first.at("status"), 200);
  EXPECT_EQ(first.at("committed"), true);
  EXPECT_TRUE(parse_rfc3339(first.at("time").get<std::string>()));
  EXPECT_EQ(calls.at("calls")[1].at("account_id"), "nobody");
  EXPECT_EQ(calls.at("calls")[1].at("committed"), false);
  EXPECT_EQ(console.admin(http_method::del, "/calls").status, 200);
  EXPECT_EQ(console.admin(http_method::get, "/calls").body.at("total"), 0);
}

TEST(emulator_admin, the_journal_keeps_the_last_10000_calls) {
  journal calls;
  for (std::size_t i = 0; i < journal_limit_calls + 5; ++i)
    calls.add({.operation = "listProjects", .account_id = std::to_string(i)});
  EXPECT_EQ(calls.calls().size(), journal_limit_calls);
  EXPECT_EQ(calls.calls().front().account_id, "5");
  EXPECT_EQ(calls.counts().at("listProjects"), journal_limit_calls + 5);
}

TEST(emulator_admin, verifying_a_token_is_no_operator_call) {
  bench console;
  const auto made = console.create("ci");
  console.admin(http_method::del, "/calls");
  const auto live = console.admin(http_method::post, "/verify", {{"token", token_of(made)}}).body;
  EXPECT_EQ(live.at("live"), true);
  EXPECT_EQ(live.at("account_id"), made.at("id"));
  EXPECT_EQ(live.at("credential"), nullptr);
  const auto dead = console.admin(http_method::post, "/verify", {{"token", "pct_dead"}}).body;
  EXPECT_EQ(dead.at("live"), false);
  EXPECT_EQ(dead.at("account_id"), nullptr);
  const auto credential = console.admin(http_method::post, "/verify", {{"token", console.credential()}}).body;
  EXPECT_EQ(credential.at("credential"), "test");
  EXPECT_EQ(console.admin(http_method::post, "/verify", {{"token", 1}}).status, 400);
  EXPECT_EQ(console.admin(http_method::get, "/calls").body.at("total"), 0);
}

TEST(emulator_admin, a_person_deletes_renews_and_edits) {
  bench console;
  const auto made = console.create("ci", in_project("prj-billing"));
  const std::string path = "/accounts/" + id_of(made);
  const auto edited =
      console.admin(http_method::post, path + "/edit",
                    {{"name", "mine"}, {"description", "by hand"}, {"roles", {"mizzen.admin"}}});
  ASSERT_EQ(edited.status, 200) << edited.error();
  EXPECT_EQ(edited.body.at("name"), "mine");
  EXPECT_TRUE(console.is_live(token_of(made)));
  EXPECT_EQ(console.admin(http_method::post, path + "/edit", {{"roles", {"nonsense"}}}).status, 400);
  EXPECT_EQ(console.admin(http_method::post, path + "/renew").status, 200);
  EXPECT_FALSE(console.is_live(token_of(made)));
  EXPECT_EQ(console.admin(http_method::post, path + "/delete").status, 200);
  EXPECT_EQ(console.admin(http_method::post, path + "/delete").status, 404);
  EXPECT_EQ(console.admin(http_method::post, path + "/renew").status, 404);
  EXPECT_TRUE(console.accounts().empty());
}

TEST(emulator_admin, a_person_revokes_a_token) {
  bench console;
  const auto made = console.create("ci");
  const std::string path = "/accounts/" + id_of(made);
  const auto revoked = console.admin(http_method::post, path + "/revoke");
  ASSERT_EQ(revoked.status, 200) << revoked.error();
  EXPECT_EQ(revoked.body.at("status"), "expired");
  EXPECT_EQ(revoked.body.at("fingerprint"), nullptr);
  EXPECT_FALSE(console.is_live(token_of(made)));
  EXPECT_EQ(console.admin(http_method::post, "/accounts/nobody/revoke").status, 404);
}

TEST(emulator_admin, listings_lag_and_leave_out_when_told_to) {
  bench console;
  const auto total = [&] { return console.get("/serviceaccount/list").body.at("meta").at("total"); };
  ASSERT_EQ(console.admin(http_method::post, "/settings", {{"list_lag_ms", 3'600'000}}).status, 200);
  console.create("ci");
  EXPECT_EQ(total(), 0);
  ASSERT_EQ(console.admin(http_method::post, "/clock/advance", {{"seconds", 3601}}).status, 200);
  EXPECT_EQ(total(), 1);
  ASSERT_EQ(console.admin(http_method::post, "/settings", {{"listing_gap", "last_page_empty"}}).status, 200);
  EXPECT_EQ(total(), 1);
  EXPECT_TRUE(console.get("/serviceaccount/list").body.at("data").empty());
}

TEST(emulator_admin, lifetimes_are_capped_when_told_to) {
  bench console;
  const std::string path = "/settings";
  ASSERT_EQ(console.admin(http_method::post, path, {{"longest_lifetime_seconds", 3600}}).status, 200);
  EXPECT_NE(console.create("ci").at("expired_in"), nullptr);
  ASSERT_EQ(console.admin(http_method::post, path, {{"longest_lifetime_seconds", nullptr}}).status, 200);
  EXPECT_EQ(console.create("ci").at("expired_in"), nullptr);
}

TEST(emulator_admin, credentials_come_and_go) {
  bench console;
  const auto made =
      console.admin(http_method::post, "/credentials",
                    {{"name", "weak"}, {"organization_id", "org-acme"}, {"roles", {"rudder.app.viewer"}}});
  ASSERT_EQ(made.status, 200) << made.error();
  const auto token = made.body.at("token").get<std::string>();
  EXPECT_TRUE(console.is_live(token));
  EXPECT_EQ(console.get("/serviceaccount/list", with_token(token)).status, 403);
  EXPECT_EQ(console.admin(http_method::del, "/credentials/weak").status, 200);
  EXPECT_FALSE(console.is_live(token));
  EXPECT_EQ(console.admin(http_method::del, "/credentials/weak").status, 404);
  EXPECT_EQ(console
                .admin(http_method::post, "/credentials",
                       {{"name", "x"}, {"organization_id", "nowhere"}, {"roles", json::array()}})
                .status,
            400);
}

TEST(emulator_admin, wrong_settings_and_clocks_are_refused) {
  bench console;
  EXPECT_EQ(console.admin(http_method::post, "/settings", {{"duplicate_names", "maybe"}}).status, 400);
  for (const char* settings :
       {R"({"volume": 11})", "{}", R"({"list_lag_ms": -1})", R"({"list_lag_ms": 86400001})",
        R"({"listing_gap": "all"})", R"({"longest_lifetime_seconds": 0})",
        R"({"longest_lifetime_seconds": "long"})"})
    EXPECT_EQ(console.admin(http_method::post, "/settings", json::parse(settings)).status, 400) << settings;
  EXPECT_EQ(console.admin(http_method::post, "/clock/advance", {{"seconds", -1}}).status, 400);
  EXPECT_EQ(console.admin(http_method::post, "/clock/advance", {{"seconds", 4'000'000'000}}).status, 400);
  EXPECT_EQ(console.admin(http_method::post, "/clock/advance", json::object()).status, 400);
}

}  // namespace
}  // namespace platformer::emulator
