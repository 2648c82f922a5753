// A Console, or somebody in its place, that lies: nothing is lost, nobody else is touched, memory stays
// bounded, and the operator goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gate/http.hpp"
#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/hostile.hpp"
#include "tests/integration/harness/operation_parts.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const subject victim{.name = "victim"};
constexpr const char* create_path = "/token/create$";
constexpr const char* renew_path = "/token/renew$";

json bystanders_account(gated_scenario& at) {
  for (const json& each : at.it.console.accounts())
    if (each["name"] == bystander) return each;
  return nullptr;
}

testing::AssertionResult becomes_ready(gated_scenario& at, const std::string& name = victim.name) {
  const subject about{.name = name};
  if (eventually(2 * usual_wait, [&] { return ready_problems(at, about).empty(); }))
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << reason_of(at.it, "psa/" + name) << ": "
                                     << message_of(at.it, "psa/" + name) << "\n"
                                     << at.gate.notes().around_the_fault();
}

// One account, whose live token is in the Secret.
void expect_own_account(gated_scenario& at) {
  const auto own = accounts_of(at, victim);
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_EQ(at.api.find("serviceaccounts", victim.name)->at("status").at("accountID"), own[0]["id"]);
  const json owner = at.it.console.admin("POST", "/verify",
                                         {{"token", at.api.secret_value(victim.name + "-token", "token")}});
  EXPECT_EQ(owner["account_id"], own[0]["id"]) << "the Secret has another account's token";
}

// A 200 whose data is what `change` made of the Console's own.
gate_action changed(std::function<void(json& data)> change) {
  return act::forge{
      moment::after,
      [change](const passage&, const std::string&, const std::string& answered) -> act::answer {
        json body = json::parse(answered);
        change(body["data"]);
        return {.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = body.dump()};
      }};
}

TEST(attack_console, another_accounts_id_in_the_answer_to_a_creation_is_not_believed) {
  gated_scenario at;
  const std::string foreign = bystanders_account(at)["id"];
  at.gate.impose({.on = {.path = create_path}, .act = changed([=](json& data) { data["id"] = foreign; })});
  apply(at, victim);
  ASSERT_TRUE(becomes_ready(at));
  expect_own_account(at);
  EXPECT_TRUE(goes_on(at));
}

// A process that has not seen that account come into being can't know better: it goes by markers.
TEST(attack_console, another_accounts_id_that_was_believed_harms_nobody) {
  gated_scenario at;
  const std::string foreign = bystanders_account(at)["id"];
  at.kill_operator();
  at.start_operator();
  at.gate.impose({.on = {.path = create_path}, .act = changed([=](json& data) { data["id"] = foreign; })});
  apply(at, victim);
  ASSERT_TRUE(becomes_ready(at));
  EXPECT_TRUE(at.it.console.is_live(at.api.secret_value(victim.name + "-token", "token")));
  at.api.remove("serviceaccounts", victim.name);
  EXPECT_TRUE(eventually(usual_wait, [&] { return accounts_of(at, victim).empty(); }));
  EXPECT_TRUE(eventually(usual_wait, [&] { return !at.api.find("serviceaccounts", victim.name); }));
  EXPECT_TRUE(goes_on(at));
}

TEST(attack_console, another_accounts_id_in_the_answer_to_a_renewal_is_not_believed) {
  gated_scenario at;
  subject about = victim;
  make_subject_ready(at, about);
  const std::string foreign = bystanders_account(at)["id"];
  const auto lie =
      at.gate.impose({.on = {.path = renew_path}, .act = changed([=](json& data) { data["id"] = foreign; })});
  annotate_renew(at, victim);
  ASSERT_TRUE(at.gate.rules().wait_hits(lie, 1, usual_wait));
  ASSERT_TRUE(eventually(2 * usual_wait, [&] { return renew_is_handled(at, victim).empty(); }));
  ASSERT_TRUE(becomes_ready(at));
  expect_own_account(at);
  EXPECT_TRUE(goes_on(at));
}

// The Console gives `token` out for a new account; the account gets another one in the end.
void expect_not_handed_on(gated_scenario& at, const std::string& token) {
  const auto lie = at.gate.impose(
      {.on = {.path = create_path}, .act = changed([=](json& data) { data["token"] = token; })});
  apply(at, victim);
  ASSERT_TRUE(at.gate.rules().wait_hits(lie, 1, usual_wait));
  ASSERT_TRUE(becomes_ready(at));
  expect_own_account(at);
  EXPECT_TRUE(goes_on(at));
}

TEST(attack_console, a_token_that_another_account_was_given_is_not_handed_on) {
  gated_scenario at;
  expect_not_handed_on(at, at.api.secret_value(std::string(bystander) + "-token", "token"));
}

TEST(attack_console, the_connections_own_credential_is_not_handed_on_as_a_token) {
  gated_scenario at;
  expect_not_handed_on(at, read_file(at.it.console.credential_file()));
}

// `act` in place of one answer to a creation, which was carried out or not.
void expect_survival(const gate_action& act) {
  gated_scenario at;
  const std::size_t before = peak_memory(at.operator_pid());
  const auto lie = at.gate.impose({.on = {.path = create_path}, .act = act});
  apply(at, victim);
  ASSERT_TRUE(at.gate.rules().wait_hits(lie, 1, usual_wait));
  ASSERT_TRUE(becomes_ready(at));
  expect_own_account(at);
  EXPECT_TRUE(goes_on(at));
  EXPECT_LT(peak_memory(at.operator_pid()), before + growth_limit);
}

gate_action success(const std::string& body, const std::string& type = "application/json",
                    const std::string& coding = "identity") {
  return act::answer{.when = moment::after,
                     .status = 200,
                     .headers = {{"Content-Type", type}, {"Content-Encoding", coding}},
                     .body = body};
}

std::string head(const std::string& fields) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + fields + "\r\n";
}

TEST(attack_console, a_success_with_garbage_loses_nothing) {
  expect_survival(success("\x01\xff garbage"));
}

TEST(attack_console, a_web_page_in_place_of_an_answer_loses_nothing) {
  expect_survival(success("<html>welcome</html>", "text/html"));
}

TEST(attack_console, a_body_that_nests_without_end_loses_nothing) {
  expect_survival(success(R"({"data":)" + std::string(500'000, '[')));
}

TEST(attack_console, an_endless_body_costs_little_memory_and_loses_nothing) {
  expect_survival(act::flood{.first = head("Transfer-Encoding: chunked\r\n"),
                             .again = chunk(std::string(65536, ' ')),
                             .times = always});
}

TEST(attack_console, a_body_announced_as_a_terabyte_costs_little_memory_and_loses_nothing) {
  expect_survival(act::flood{
      .first = head("Content-Length: 1099511627776\r\n"), .again = std::string(65536, ' '), .times = always});
}

TEST(attack_console, a_hundred_thousand_headers_cost_little_memory_and_lose_nothing) {
  expect_survival(act::flood{
      .first = "HTTP/1.1 200 OK\r\n", .again = "X-Header: another one of them\r\n", .times = 100'000});
}

TEST(attack_console, an_endless_header_costs_little_memory_and_loses_nothing) {
  expect_survival(act::flood{
      .first = "HTTP/1.1 200 OK\r\nX-Header: ", .again = std::string(65536, 'x'), .times = always});
}

TEST(attack_console, a_compressed_bomb_costs_little_memory_and_loses_nothing) {
  expect_survival(success(compressed_zeros(std::size_t{256} << 20U), "application/json", "gzip"));
}

TEST(attack_console, a_compressed_transfer_costs_little_memory_and_loses_nothing) {
  expect_survival(act::flood{.first = head("Transfer-Encoding: gzip, chunked\r\n"),
                             .again = chunk(compressed_zeros(std::size_t{16} << 20U)),
                             .times = 64});
}

TEST(attack_console, garbage_in_every_answer_is_a_condition_and_ends_with_it) {
  gated_scenario at;
  const auto lie = at.gate.impose(
      {.on = {.server = "console"},
       .times = always,
       .act = act::answer{.when = moment::before, .status = 200, .body = "{\"success\":true,\"data\":7}"}});
  apply(at, victim);
  ASSERT_TRUE(comes_to_reason(at.it, "psa/victim", "ConsoleUnavailable"));
  EXPECT_THAT(message_of(at.it, "psa/victim"), HasSubstr("the reply can't be understood"));
  at.gate.rules().lift(lie);
  ASSERT_TRUE(becomes_ready(at));
  expect_own_account(at);
  EXPECT_TRUE(goes_on(at));
}

}  // namespace
}  // namespace platformer::test
