// spec.rotateCredentials: the operator replaces its own credential by that of a new account.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* rotating = "interval: 1s\nrotateCredentials: {accountName: operator, interval: 720h}";
constexpr const char* label = "console.platformer.com/managed-credential=true";

// A connection whose credential is the token of an account that a person made; its ID. The Secret has no
// label that agrees to anything.
std::string connect_with_account(scenario& it, const std::string& spec = rotating) {
  const json made = it.console.make_by_hand("operator", {{"roles", {"organization.admin"}}});
  it.connect(spec);
  it.kube.must({"patch", "secret", "console-credentials", "--type=merge", "--patch-file=/dev/stdin"},
               json{{"stringData", {{"token", made["token"]}}}}.dump());
  return made["id"];
}

json credential_of(scenario& it) {
  return it.kube.object("pcc/default").value(json::json_pointer("/status/credential"), json::object());
}

testing::AssertionResult comes_to_account_other_than(scenario& it, const std::string& before,
                                                     std::chrono::seconds deadline = usual_wait) {
  std::string now;
  const bool done = eventually(deadline, [&] {
    now = credential_of(it).value("accountID", "");
    return !now.empty() && now != before;
  });
  if (done) return testing::AssertionSuccess();
  return testing::AssertionFailure() << it.kube.object("pcc/default")["status"].dump(1);
}

json condition_of(scenario& it, const std::string& type) {
  for (const json& each :
       it.kube.object("pcc/default").value(json::json_pointer("/status/conditions"), json::array()))
    if (each["type"] == type) return each;
  return json::object();
}

TEST(rotation, a_credential_that_a_person_gave_is_replaced_by_that_of_a_new_account) {
  scenario it;
  const std::string first = connect_with_account(it);
  it.kube.must({"label", "secret", "console-credentials", label});
  const std::string before = it.kube.secret_value("console-credentials", "token");
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(comes_to_account_other_than(it, ""));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  const std::string second = credential_of(it)["accountID"];
  const std::string token = it.kube.secret_value("console-credentials", "token");
  EXPECT_NE(token, before);
  EXPECT_TRUE(it.console.is_live(token));
  EXPECT_EQ(it.console.account(second)["name"], "operator");
  EXPECT_EQ(it.console.account(second)["roles"], json::array({"organization.admin"}));
  EXPECT_THAT(it.console.account(second)["description"].get<std::string>(),
              AllOf(HasSubstr("platformer-operator:"), HasSubstr("/connection/")));
  EXPECT_TRUE(it.console.is_live(before)) << "a person's account is told, not touched";
  EXPECT_EQ(credential_of(it)["leftAccount"], "operator (" + first + ")");
  EXPECT_THAT(condition_of(it, "CredentialRotated")["message"].get<std::string>(), HasSubstr("made by hand"));
  EXPECT_EQ(reason_of(it, "pcc/default"), "Connected");
  EXPECT_EQ(it.console.calls("renewServiceAccountToken"), 0U) << "never in place";
}

TEST(rotation, does_nothing_without_the_consent_of_the_secrets_owner) {
  scenario it;
  (void)connect_with_account(it);
  it.start_operator();
  ASSERT_TRUE(eventually(
      usual_wait, [&] { return condition_of(it, "CredentialRotated").value("status", "") == "False"; }));
  EXPECT_THAT(condition_of(it, "CredentialRotated")["message"].get<std::string>(),
              HasSubstr("kubectl label secret console-credentials -n " + it.name_space + " " + label));
  EXPECT_EQ(it.console.calls("createServiceAccount"), 1U) << "the one by hand";
  it.kube.must({"label", "secret", "console-credentials", label});
  EXPECT_TRUE(comes_to_account_other_than(it, ""));
}

TEST(rotation, an_account_before_is_deleted_when_calls_with_its_token_have_ended) {
  scenario it;
  (void)connect_with_account(it);
  it.kube.must({"label", "secret", "console-credentials", label});
  it.start_operator();
  ASSERT_TRUE(comes_to_account_other_than(it, ""));
  const std::string second = credential_of(it)["accountID"];
  // As if a month had passed.
  char text[] = "2026-01-01T00:00:00Z";
  const std::time_t then = std::time(nullptr) - 721 * 3600;
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&then));
  it.kube.must({"annotate", "secret", "console-credentials", "--overwrite",
                std::string("console.platformer.com/issued-at=") + text});
  // Not before the overlap with the one before has ended.
  ASSERT_TRUE(comes_to_account_other_than(it, second, 90s));
  const std::string third = credential_of(it)["accountID"];
  EXPECT_FALSE(it.console.account(second).is_null()) << "calls may be under way";
  EXPECT_TRUE(eventually(90s, [&] { return it.console.account(second).is_null(); }));
  EXPECT_FALSE(it.console.account(third).is_null());
  EXPECT_TRUE(it.console.is_live(it.kube.secret_value("console-credentials", "token")));
  EXPECT_EQ(it.console.accounts().size(), 2U) << "the person's and ours";
}

TEST(rotation, an_account_that_is_not_there_is_named_and_nothing_is_made) {
  scenario it;
  (void)connect_with_account(it, "interval: 1s\nrotateCredentials: {accountName: somebody-else}");
  it.kube.must({"label", "secret", "console-credentials", label});
  it.start_operator();
  ASSERT_TRUE(eventually(
      usual_wait, [&] { return condition_of(it, "CredentialRotated").value("status", "") == "False"; }));
  EXPECT_THAT(condition_of(it, "CredentialRotated")["message"].get<std::string>(),
              HasSubstr("somebody-else"));
  EXPECT_EQ(it.console.accounts().size(), 1U);
  EXPECT_EQ(reason_of(it, "pcc/default"), "Connected");
}

}  // namespace
}  // namespace platformer::test
