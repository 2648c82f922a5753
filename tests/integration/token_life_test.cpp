// When tokens end, and when they are renewed: by the schedule, because the Console rejects them, or by a
// person only. Nothing here waits for a token's real age: records are dated back instead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/clock.hpp"
#include "controllers/service_account/schedule.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/kube_api.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* issued_at = "console.platformer.com/issued-at";

time_point now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

nlohmann::json status(scenario& it, const std::string& name, const std::string& pointer) {
  return part_of(it.kube.object("psa/" + name), "/status" + pointer);
}

std::optional<time_point> moment(scenario& it, const std::string& name, const std::string& pointer) {
  const auto text = status(it, name, pointer);
  return text.is_string() ? parse_rfc3339(text.get<std::string>()) : std::nullopt;
}

std::string in_the_future(std::chrono::hours span) {
  return format_rfc3339(std::chrono::floor<std::chrono::seconds>(now() + span));
}

// The token becomes so much older, by the record in its Secret and by the status: one alone is not believed.
// While the operator is away, which would put either right by the other.
void age(scenario& it, const std::string& name, duration by) {
  it.the_operator().stop();
  const auto secret = it.kube.object("secret/" + name + "-token");
  const auto before = parse_rfc3339(secret["metadata"]["annotations"][issued_at].get<std::string>());
  const std::string older = format_rfc3339(before.value() - by);
  it.kube.must({"annotate", "secret", name + "-token", "--overwrite", std::string(issued_at) + "=" + older});
  it.kube.must({"patch", "psa", name, "--subresource=status", "--type=merge", "-p",
                R"({"status":{"token":{"issuedAt":")" + older + R"("}}})"});
  it.the_operator().restart();
}

TEST(token_life, a_token_is_renewed_by_a_timer_at_the_time_that_status_announced) {
  scenario it;
  make_ready(it, "ci-bot", "token: {rotationInterval: 1h}");
  const auto announced = moment(it, "ci-bot", "/token/renewAt");
  ASSERT_TRUE(announced && *announced > now());
  const std::string before = token_of(it, "ci-bot-token");
  age(it, "ci-bot", *announced - now() - 10s);
  ASSERT_TRUE(eventually(usual_wait, [&] { return moment(it, "ci-bot", "/token/renewAt") != announced; }));
  const auto due = moment(it, "ci-bot", "/token/renewAt");
  EXPECT_EQ(revision_of(it, "ci-bot"), 1) << "not before its time";
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_EQ(status(it, "ci-bot", "/token/cause"), "ScheduledRenewal");
  EXPECT_GE(moment(it, "ci-bot", "/token/issuedAt"), due);
  EXPECT_GT(moment(it, "ci-bot", "/token/renewAt"), now() + 50min) << "from now on a tenth earlier at most";
  EXPECT_FALSE(it.console.is_live(before));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

TEST(token_life, a_lifetime_is_what_the_console_granted) {
  scenario it;
  it.console.admin("POST", "/settings", {{"longest_lifetime_seconds", 900}});
  make_ready(it, "ci-bot", "token: {lifetime: 720h, renewBefore: 100h}");
  const auto issued = moment(it, "ci-bot", "/token/issuedAt").value();
  EXPECT_LE(moment(it, "ci-bot", "/token/expiresAt"), issued + 901s);
  const auto due = moment(it, "ci-bot", "/token/renewAt").value();
  EXPECT_GE(due, issued + 300s);
  EXPECT_LE(due, issued + 601s) << "a third of what was granted is left";
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 1) << "less than asked for is no reason to ask again";
}

TEST(token_life, a_token_that_is_granted_seconds_only_is_not_renewed_within_its_first_minute) {
  scenario it;
  it.console.admin("POST", "/settings", {{"longest_lifetime_seconds", 30}});
  make_ready(it, "ci-bot", "token: {lifetime: 10m}");
  EXPECT_EQ(moment(it, "ci-bot", "/token/renewAt").value(),
            moment(it, "ci-bot", "/token/issuedAt").value() + 1min);
}

TEST(token_life, a_renewal_that_fails_for_long_is_overdue_and_the_token_works_on) {
  scenario it;
  make_ready(it, "ci-bot", "token: {rotationInterval: 1h}");
  it.console.add_fault({{"operation", "*"}, {"status", 503}, {"count", 1000}});
  const std::string token = token_of(it, "ci-bot-token");
  age(it, "ci-bot", 2h);
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "RenewalOverdue"));
  EXPECT_EQ(token_of(it, "ci-bot-token"), token);
  EXPECT_TRUE(it.console.is_live(token));
  it.console.admin("DELETE", "/faults");
  ASSERT_TRUE(eventually(2 * usual_wait, [&] { return revision_of(it, "ci-bot") == 2; }));
}

TEST(token_life, a_fixed_end_is_moved_without_a_new_token) {
  scenario it;
  const std::string first = in_the_future(48h);
  const std::string later = in_the_future(96h);
  make_ready(it, "ci-bot", "token: {expiresAt: \"" + first + "\"}");
  EXPECT_EQ(status(it, "ci-bot", "/token/expiresAt"), first);
  EXPECT_TRUE(status(it, "ci-bot", "/token/renewAt").is_null());
  const std::string token = token_of(it, "ci-bot-token");
  it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p",
                R"({"spec":{"token":{"expiresAt":")" + later + R"("}}})"});
  ASSERT_TRUE(eventually(usual_wait, [&] { return status(it, "ci-bot", "/token/expiresAt") == later; }));
  EXPECT_EQ(token_of(it, "ci-bot-token"), token);
  EXPECT_TRUE(it.console.is_live(token));
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 1);
  EXPECT_EQ(parse_rfc3339(it.console.accounts()[0]["expired_in"].get<std::string>()), parse_rfc3339(later));
}

TEST(token_life, a_fixed_end_that_has_come_is_expired_and_renew_requests_are_refused) {
  scenario it;
  const auto end = std::chrono::ceil<std::chrono::seconds>(now() + 6s);
  make_ready(it, "ci-bot", "token: {expiresAt: \"" + format_rfc3339(end) + "\"}");
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "Expired"));
  EXPECT_GE(now(), end);
  ask_to_renew(it, "ci-bot", "please");
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return message_of(it, "psa/ci-bot").find("a token minted now would be dead") != std::string::npos;
  }));
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 1);
  const std::string later = in_the_future(24h);
  it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p",
                R"({"spec":{"token":{"expiresAt":")" + later + R"("}}})"});
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2)) << "the request that was open";
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

TEST(token_life, with_on_loss_manual_a_lost_token_waits_for_a_person) {
  scenario it;
  make_ready(it, "ci-bot", "secret: {onLoss: Manual}");
  const std::string token = token_of(it, "ci-bot-token");
  it.kube.must(
      {"patch", "secret", "ci-bot-token", "--type=merge", "-p", R"({"stringData":{"token":"mine"}})"});
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "TokenLost"));
  EXPECT_THAT(message_of(it, "psa/ci-bot"), HasSubstr("kubectl annotate psa ci-bot"));
  it.kube.must({"patch", "secret", "ci-bot-token", "--type=merge", "-p",
                nlohmann::json({{"stringData", {{"token", token}}}}).dump()});
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "Issued")) << "put back";
  it.kube.must({"delete", "secret", "ci-bot-token"});
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "TokenLost"));
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 1);
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

// Turns are spread over the interval by UID: the objects' names, first those whose turn comes first.
std::vector<std::string> by_turn(scenario& it, time_point since) {
  const token_spec every_minute{.verify_interval = 1min};
  std::map<time_point, std::string> turns;
  for (const auto& each : it.kube.items({"psa"})) {
    const std::string uid = each["metadata"]["uid"];
    turns[*accounts::next_verification(every_minute, since, uid)] = each["metadata"]["name"];
  }
  std::vector<std::string> names;
  for (const auto& [turn, name] : turns)
    names.push_back(name);
  return names;
}

TEST(token_life, a_rejected_token_is_renewed_once_and_of_many_only_a_tenth) {
  scenario it;
  it.connect();
  std::string many;
  for (int i = 0; i < 10; ++i)
    many += "---\n" + service_account_yaml("a" + std::to_string(i), "token: {verifyInterval: 1m}");
  it.kube.apply(many);
  it.start_operator();
  const auto all = it.kube.run({"wait", "psa", "--all", "--for=condition=Ready", "--timeout=30s"}, "", 40s);
  ASSERT_EQ(all.exit_code, 0) << all.err;
  const auto names = by_turn(it, now() + 2s);
  for (std::size_t i = 0; i < 2; ++i)
    it.console.admin("POST",
                     "/accounts/" + status(it, names[i], "/accountID").get<std::string>() + "/revoke");
  ASSERT_TRUE(eventually(75s, [&] { return revision_of(it, names[0]) == 2; }));
  EXPECT_EQ(status(it, names[0], "/token/cause"), "RevokedExternally");
  EXPECT_TRUE(it.console.is_live(token_of(it, names[0] + "-token")));
  ASSERT_TRUE(eventually(75s, [&] { return reason_of(it, "psa/" + names[1]) == "TokenRevoked"; }));
  ASSERT_TRUE(it.kube.wait("pcc/default", "condition=TokensAccepted=False", usual_wait));
  EXPECT_EQ(it.console.calls("renewServiceAccountToken"), 1U);
  ask_to_renew(it, names[1], "now");
  ASSERT_TRUE(comes_to_revision(it, names[1], 2)) << "people's requests are not held back by that";
}

}  // namespace
}  // namespace platformer::test
