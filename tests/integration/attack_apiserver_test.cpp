// An apiserver, or somebody in its place, that lies: no secret gets into what people see, nothing is minted
// for objects that are not there, memory stays bounded, and the operator goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/gate/http.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/hostile.hpp"
#include "tests/integration/harness/kubeconfig.hpp"
#include "tests/integration/harness/operation_parts.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

const subject victim{.name = "victim"};

const request_pattern watch_of_objects{
    .server = "kubernetes", .path = "/serviceaccounts$", .query = "watch=true"};

std::string head(const std::string& fields) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + fields + "\r\n";
}

// A watch that tells these events and then ends.
gate_action told(const std::vector<std::string>& events) {
  std::string all = head("Transfer-Encoding: chunked\r\n");
  for (const std::string& each : events)
    all += chunk(each + "\n");
  return act::flood{.first = all + chunk("")};
}

std::string hexadecimal(const std::string& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char each : bytes) {
    text += digits[static_cast<unsigned char>(each) >> 4U];
    text += digits[static_cast<unsigned char>(each) & 15U];
  }
  return text;
}

// The watch of ServiceAccounts is opened anew and meets `act`; or its list, where that is what `on` says.
void expect_survival(const gate_action& act, const request_pattern& on = watch_of_objects) {
  gated_scenario at;
  const std::size_t before = peak_memory(at.operator_pid());
  const auto lie = at.gate.impose({.on = on, .times = 2, .act = act});
  at.gate.cut_connections("kubernetes");
  ASSERT_TRUE(at.gate.rules().wait_hits(lie, 2, usual_wait));
  EXPECT_TRUE(goes_on(at));
  EXPECT_LT(peak_memory(at.operator_pid()), before + growth_limit);
}

TEST(attack_apiserver, an_error_that_quotes_the_secret_is_shown_without_it) {
  gated_scenario at;
  std::vector<std::string> quoted;  // what was sent, in each form
  const auto echo = [&](int status) {
    return act::forge{
        moment::before, [&quoted, status](const passage&, const std::string& asked, const std::string&) {
          const std::string token = json::parse(asked)["data"]["token"];
          const std::string plain = decode_base64(token);
          quoted = {token, plain, hexadecimal(plain)};
          const json refusal{{"kind", "Status"},
                             {"apiVersion", "v1"},
                             {"status", "Failure"},
                             {"reason", "Invalid"},
                             {"code", status},
                             {"message", "Secret is invalid: data[token]: " + token + ", that is " + plain +
                                             " or " + hexadecimal(plain) + ": " + asked}};
          return act::answer{
              .status = status, .headers = {{"Content-Type", "application/json"}}, .body = refusal.dump()};
        }};
  };
  const auto is_commit = [](const passage& each) { return !each.dry_run; };
  const request_pattern commit{.method = "POST", .path = "/secrets$", .also = is_commit};
  const auto invalid = at.gate.impose({.on = commit, .act = echo(422)});
  const auto failed = at.gate.impose({.on = commit, .nth = 2, .act = echo(500)});
  apply(at, victim);
  ASSERT_TRUE(at.gate.rules().wait_hits(invalid, 1, usual_wait));
  ASSERT_TRUE(comes_to_event(at.it, victim.name, "Warning", "Secret"));
  ASSERT_TRUE(at.gate.rules().wait_hits(failed, 1, usual_wait));
  ASSERT_TRUE(eventually(2 * usual_wait, [&] { return ready_problems(at, victim).empty(); }));
  ASSERT_EQ(quoted.size(), 3U);
  EXPECT_EQ(quoted[1], at.api.secret_value("victim-token", "token")) << "the token was kept, not minted anew";
  for (const auto& [place, text] : everything_visible(at.it, at.the_operator()))
    for (const std::string& form : quoted)
      EXPECT_FALSE(holds_part_of(text, form)) << place;
  EXPECT_TRUE(goes_on(at));
}

TEST(attack_apiserver, a_redirect_is_not_followed) {
  gated_scenario at;
  const std::string other = at.gate.open({.name = "other", .server_port = 1});
  const auto lie = at.gate.impose(
      {.on = {.method = "POST", .path = "/secrets$"},
       .act = act::answer{
           .when = moment::before, .status = 307, .headers = {{"Location", other + "/api/v1/secrets"}}}});
  apply(at, victim);
  ASSERT_TRUE(at.gate.rules().wait_hits(lie, 1, usual_wait));
  EXPECT_TRUE(goes_on(at));
  for (const passage& each : at.gate.notes().all())
    EXPECT_NE(each.server, "other") << each.text();
}

TEST(attack_apiserver, an_endless_watch_event_costs_little_memory) {
  expect_survival(act::flood{.first = head("Transfer-Encoding: chunked\r\n") + chunk(R"({"type":")"),
                             .again = chunk(std::string(65536, 'x')),
                             .times = always});
}

TEST(attack_apiserver, a_watch_of_a_hundred_thousand_headers_costs_little_memory) {
  expect_survival(act::flood{
      .first = "HTTP/1.1 200 OK\r\n", .again = "X-Header: another one of them\r\n", .times = 100'000});
}

TEST(attack_apiserver, a_compressed_watch_costs_little_memory) {
  expect_survival(act::flood{.first = head("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n") +
                                      chunk(compressed_zeros(std::size_t{256} << 20U)) + chunk("")});
}

TEST(attack_apiserver, a_watch_of_garbage_is_read_anew) {
  expect_survival(told({"garbage", "\x01\xff"}));
}

TEST(attack_apiserver, an_event_that_nests_without_end_is_read_anew) {
  expect_survival(told({R"({"type":"ADDED","object":)" + std::string(1'000'000, '[')}));
}

// A page may have 64 MiB, and is there twice while its buffer grows.
constexpr std::size_t page_limit = std::size_t{2 * 64} << 20U;

TEST(attack_apiserver, an_endless_list_costs_little_memory) {
  const gate_action endless =
      act::flood{.first = head("Transfer-Encoding: chunked\r\n") + chunk("{\"items\":["),
                 .again = chunk(std::string(65536, ' ')),
                 .times = always};
  gated_scenario at;
  const std::size_t before = peak_memory(at.operator_pid());
  // Without streaming lists, pages are asked for.
  at.gate.impose({.on = {.server = "kubernetes", .query = "sendInitialEvents"},
                  .times = always,
                  .act = act::answer{.when = moment::before, .status = 422}});
  // Its version is too old, so that it has to be listed.
  at.gate.impose({.on = {.server = "kubernetes", .path = "/serviceaccounts$", .query = "watch=true"},
                  .act = act::answer{.when = moment::before, .status = 410}});
  const auto lie =
      at.gate.impose({.on = {.server = "kubernetes", .path = "/serviceaccounts$", .query = "limit="},
                      .times = 2,
                      .act = endless});
  at.gate.cut_connections("kubernetes");
  ASSERT_TRUE(at.gate.rules().wait_hits(lie, 2, usual_wait)) << at.gate.notes().text(0, always);
  EXPECT_TRUE(goes_on(at));
  EXPECT_LT(peak_memory(at.operator_pid()), before + growth_limit + page_limit);
}

// An ADDED event about a ServiceAccount of that name, as new as what the apiserver has, with `changed` over
// it.
std::string added(gated_scenario& at, const std::string& name, const json& changed = json::object()) {
  json object = at.api.find("serviceaccounts", bystander).value();
  object["metadata"] = {{"name", name},
                        {"namespace", at.it.name_space},
                        {"uid", "00000000-0000-4000-8000-000000000000"},
                        {"resourceVersion", object["metadata"]["resourceVersion"]},
                        {"generation", 1},
                        {"creationTimestamp", "2026-01-01T00:00:00Z"}};
  object.erase("status");
  object.merge_patch(changed);
  return json({{"type", "ADDED"}, {"object", object}}).dump();
}

// The watch of ServiceAccounts tells `lies`; no call is made for them, and the log has `warning` ("": any).
void expect_nothing_done(const std::function<std::vector<std::string>(gated_scenario&)>& lies,
                         const std::string& warning) {
  gated_scenario at;
  const auto lie = at.gate.impose({.on = watch_of_objects, .act = told(lies(at))});
  at.it.console.clear_calls();
  at.gate.cut_connections("kubernetes");
  ASSERT_TRUE(at.gate.rules().wait_hits(lie, 1, usual_wait));
  EXPECT_TRUE(goes_on(at));
  EXPECT_EQ(at.it.console.calls("createServiceAccount"), 1U) << "the one that goes_on made";
  EXPECT_EQ(at.it.console.calls("deleteServiceAccount"), 0U);
  EXPECT_EQ(at.it.console.calls("renewServiceAccountToken"), 0U);
  EXPECT_THAT(at.the_operator().program().output(), HasSubstr(warning));
  for (const passage& each : at.gate.notes().all())
    EXPECT_THAT(each.path, Not(HasSubstr("/namespaces/default/"))) << each.text();
}

TEST(attack_apiserver, objects_of_other_namespaces_are_not_worked_on) {
  expect_nothing_done(
      [](gated_scenario& at) {
        return std::vector{added(at, "ghost", {{"metadata", {{"namespace", "default"}}}})};
      },
      "it is of another namespace");
}

TEST(attack_apiserver, objects_of_other_kinds_are_not_worked_on) {
  expect_nothing_done(
      [](gated_scenario& at) {
        return std::vector{added(at, "ghost", {{"kind", "Secret"}, {"apiVersion", "v1"}}),
                           added(at, "ghost", {{"kind", "ConsoleConnection"}})};
      },
      "it is of another kind");
}

TEST(attack_apiserver, events_that_are_none_are_not_worked_on) {
  for (const std::string none : {R"({"type":"ADDED","object":7})", R"({"type":"NEVER","object":{}})"})
    expect_nothing_done([&](gated_scenario&) { return std::vector{none}; }, "");
}

TEST(attack_apiserver, an_object_that_is_not_there_mints_nothing) {
  expect_nothing_done([](gated_scenario& at) { return std::vector{added(at, "ghost")}; }, "");
}

TEST(attack_apiserver, an_objects_forged_end_and_its_twin_touch_nobody) {
  const json dying{{"metadata",
                    {{"deletionTimestamp", "2026-01-01T00:00:00Z"},
                     {"finalizers", {"console.platformer.com/finalizer"}}}}};
  expect_nothing_done(
      [&](gated_scenario& at) {
        return std::vector{added(at, bystander), added(at, bystander, dying)};
      },
      "");
}

}  // namespace
}  // namespace platformer::test
