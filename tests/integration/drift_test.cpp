// What somebody changes at the Console by hand, with connections that look every second.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* every_second = "interval: 1s";

std::string account_of(scenario& it, const std::string& name) {
  return it.kube.object("psa/" + name)["status"]["accountID"];
}

void edit(scenario& it, const std::string& id, const json& fields) {
  it.console.admin("POST", "/accounts/" + id + "/edit", fields);
}

// Waits until the connection has looked so many times more.
testing::AssertionResult looks_again(scenario& it, std::size_t times) {
  const std::size_t before = it.console.calls("listServiceAccounts");
  if (eventually(usual_wait, [&] { return it.console.calls("listServiceAccounts") >= before + times; }))
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << "the connection does not look";
}

TEST(drift, access_and_description_are_put_right_and_told) {
  scenario it;
  it.connect(every_second);
  make_ready(it, "ci-bot", "project: storefront\npermissions: [rudder.app.viewer]\ndescription: mine");
  const std::string id = account_of(it, "ci-bot");
  const json before = it.console.account(id);
  edit(it, id, {{"roles", {"rudder.app.viewer", "rudder.app.editor"}}});
  ASSERT_TRUE(comes_to_event(it, "ci-bot", "Normal", "brought in line: permissions and roles"));
  EXPECT_EQ(it.console.account(id)["roles"], before["roles"]);
  std::string text = before["description"];
  edit(it, id, {{"description", text.replace(text.find("mine"), 4, "yours")}});
  ASSERT_TRUE(comes_to_event(it, "ci-bot", "Normal", "brought in line: description"));
  EXPECT_EQ(it.console.account(id)["description"], before["description"]);
  EXPECT_EQ(it.console.account(id)["tokens_issued"], 1);
  EXPECT_EQ(reason_of(it, "psa/ci-bot"), "Issued");
}

TEST(drift, a_fixed_expiry_is_put_right) {
  scenario it;
  it.connect(every_second);
  make_ready(it, "ci-bot", "token: {expiresAt: \"2101-02-03T04:05:06Z\"}");
  const std::string id = account_of(it, "ci-bot");
  const json before = it.console.account(id);
  edit(it, id, {{"expired_in", "2102-02-03T04:05:06Z"}});
  ASSERT_TRUE(comes_to_event(it, "ci-bot", "Normal", "brought in line: expiry"));
  EXPECT_EQ(it.console.account(id)["expired_in"], before["expired_in"]);
  EXPECT_EQ(it.console.account(id)["tokens_issued"], 1);
}

TEST(drift, an_account_deleted_by_hand_is_made_again_without_being_asked) {
  scenario it;
  it.connect(every_second);
  make_ready(it, "ci-bot", "project: storefront\npermissions: [rudder.app.viewer]");
  it.console.admin("POST", "/accounts/" + account_of(it, "ci-bot") + "/delete");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_EQ(it.kube.object("psa/ci-bot")["status"]["token"]["cause"], "AccountLost");
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  EXPECT_EQ(it.console.accounts().size(), 1U);
}

TEST(drift, a_listing_without_its_last_page_loses_no_account) {
  scenario it;
  it.connect(every_second);
  make_ready(it, "ci-bot");
  it.console.admin("POST", "/settings", {{"listing_gap", "last_page_empty"}});
  ASSERT_TRUE(looks_again(it, 3));
  EXPECT_EQ(it.console.calls("createServiceAccount"), 1U);
  EXPECT_EQ(it.console.calls("renewServiceAccountToken"), 0U);
  EXPECT_EQ(reason_of(it, "psa/ci-bot"), "Issued");
}

TEST(drift, a_taken_away_marker_is_reported_and_the_account_left_alone) {
  scenario it;
  it.connect(every_second);
  make_ready(it, "ci-bot");
  const std::string id = account_of(it, "ci-bot");
  const json marked = it.console.account(id);
  edit(it, id, {{"description", "somebody else's now"}});
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "AccountConflict"));
  EXPECT_THAT(message_of(it, "psa/ci-bot"), HasSubstr(marked["description"].get<std::string>()));
  EXPECT_EQ(it.console.account(id)["description"], "somebody else's now");
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  edit(it, id, {{"description", marked["description"]}});
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "Issued"));
  EXPECT_EQ(it.console.account(id)["tokens_issued"], 1);
}

TEST(drift, one_listing_serves_all_accounts_and_kubernetes_is_not_written_to) {
  scenario it;
  it.connect(every_second);
  make_ready(it, "a", "project: storefront\npermissions: [rudder.app.viewer]");
  it.kube.apply(service_account_yaml("b") + "---\n" + service_account_yaml("c", "customRoles: [deployers]"));
  ASSERT_TRUE(it.kube.wait("psa/b", "condition=Ready", usual_wait));
  ASSERT_TRUE(it.kube.wait("psa/c", "condition=Ready", usual_wait));
  ASSERT_TRUE(looks_again(it, 2));
  it.audit.mark();
  it.console.clear_calls();
  ASSERT_TRUE(looks_again(it, 5));
  EXPECT_THAT(it.operator_writes(), IsEmpty());
  const auto counts = it.console.admin("GET", "/calls")["counts"];
  EXPECT_EQ(counts.value("getServiceAccount", 0), 0) << counts;
  EXPECT_EQ(counts.value("updateServiceAccount", 0), 0) << counts;
}

}  // namespace
}  // namespace platformer::test
