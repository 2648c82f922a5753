// What users can write, though it is the operator's: status, intents, a Secret's notes, markers. None of it
// leads the operator to another's account, and none costs more than the forger's own token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/kube_api.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// `first`, whose account others would like to have, and `forger`, both Ready.
struct neighbours {
  scenario it;
  json account;  // first's, as it was
  std::string token;

  explicit neighbours(const console_options& console = {}) : it(console) {
    it.connect("timeout: 2s");  // what is in doubt is waited out soon
    make_ready(it, "first");
    it.kube.apply(service_account_yaml("forger"));
    if (!it.kube.wait("psa/forger", "condition=Ready", usual_wait)) throw std::runtime_error("not Ready");
    account = it.console.account(id_of("first"));
    token = token_of(it, "first-token");
  }
  std::string id_of(const std::string& name) { return it.kube.object("psa/" + name)["status"]["accountID"]; }
  void forge_status(const json& status) {
    it.kube.must({"patch", "psa", "forger", "--subresource=status", "--type=merge", "-p",
                  json({{"status", status}}).dump()});
  }
  // Over annotations of ours, on the object or its Secret.
  void forge(const std::string& resource, const std::string& name, const json& notes) {
    json change;
    for (const auto& [key, value] : notes.items())
      change["metadata"]["annotations"]["console.platformer.com/" + key] = value;
    kube_api(it.name_space).merge_patch(resource, name, change);
  }
  // Ready objects, of which the n-th is called forger-n.
  std::vector<std::string> make_forgers(std::size_t count) {
    std::vector<std::string> names;
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
      names.push_back("forger-" + std::to_string(i));
      all += "---\n" + service_account_yaml(names.back());
    }
    it.kube.apply(all);
    it.kube.must({"wait", "psa", "--all", "--for=condition=Ready", "--timeout=20s"});
    return names;
  }
  // Waits until its Secret holds a live token of its own account, and asks for no more than that has cost.
  void expect_own_token(const std::string& name, std::int64_t tokens_at_most) {
    json owner;
    const bool lives = eventually(usual_wait, [&] {
      owner = it.console.admin("POST", "/verify", {{"token", token_of(it, name + "-token")}});
      return owner["live"] == true && reason_of(it, "psa/" + name) != "TooManyRenewals";
    });
    ASSERT_TRUE(lives) << name << " is " << reason_of(it, "psa/" + name) << ": "
                       << message_of(it, "psa/" + name);
    const json own = it.console.account(owner["account_id"]);
    EXPECT_EQ(own["name"], name);
    EXPECT_LE(own["tokens_issued"], tokens_at_most) << name;
    expect_first_untouched();
  }
  // first's account is as it was and its token lives.
  void expect_first_untouched() {
    EXPECT_EQ(it.console.account(account["id"]), account);
    EXPECT_TRUE(it.console.is_live(token));
    EXPECT_EQ(token_of(it, "first-token"), token);
  }
  // Asks for a new token, and waits until it is there.
  void renew_and_expect_own_token() {
    ask_to_renew(it, "forger", "please");
    const bool handled = eventually(
        usual_wait, [&] { return it.kube.object("psa/forger")["status"]["lastHandledRenew"] == "please"; });
    EXPECT_TRUE(handled) << reason_of(it, "psa/forger") << ": " << message_of(it, "psa/forger");
    expect_own_token("forger", 3);
  }
};

// With its Secret gone, too, the status is all that is left.
TEST(attack_forgery, a_forged_account_id_in_the_status_renews_nobody_elses_token) {
  neighbours of;
  of.it.the_operator().stop();
  of.forge_status({{"accountID", of.id_of("first")}});
  of.it.kube.must({"delete", "secret", "forger-token"});
  of.it.start_operator();
  ASSERT_TRUE(comes_to_revision(of.it, "forger", 2));
  of.expect_own_token("forger", 2);
}

TEST(attack_forgery, a_forged_account_id_in_the_status_deletes_nobody_elses_account) {
  neighbours of;
  of.it.the_operator().stop();
  of.forge_status({{"accountID", of.id_of("first")}});
  of.it.kube.must({"delete", "secret", "forger-token"});
  of.it.kube.must({"delete", "psa", "forger", "--wait=false"});
  of.it.start_operator();
  EXPECT_TRUE(of.it.kube.wait("psa/forger", "delete", usual_wait));
  of.expect_first_untouched();
  EXPECT_EQ(of.it.console.accounts().size(), 1U) << "its own is gone";
}

TEST(attack_forgery, a_forged_account_id_on_the_secret_renews_and_deletes_nobody_elses) {
  neighbours of;
  const std::string id = of.id_of("first");
  of.forge("secrets", "forger-token",
           {{"account-id", id}, {"previous-account-id", id}, {"previous-until", "2026-01-01T00:00:00Z"}});
  of.renew_and_expect_own_token();
  of.it.kube.must({"delete", "psa", "forger", "--timeout=60s"});
  of.expect_first_untouched();
}

TEST(attack_forgery, a_forged_revision_on_the_secret_costs_nobody_else_a_token) {
  neighbours of;
  const std::vector<std::string> forged{
      "999999999999999999999", "9007199254740993", "-1", "0x10", "banana", ""};
  const auto names = of.make_forgers(forged.size());
  for (std::size_t i = 0; i < forged.size(); ++i)
    of.forge("secrets", names[i] + "-token", {{"revision", forged[i]}, {"operation-id", "forged"}});
  for (const std::string& each : names)
    of.expect_own_token(each, 2);
}

TEST(attack_forgery, forged_operations_lead_to_nobody_elses_account) {
  neighbours of;
  const json firsts = of.it.kube.object("psa/first")["metadata"]["annotations"];
  const std::vector<std::string> forged{"{",
                                        "[]",
                                        "null",
                                        R"({"id":"../../x","kind":"renew","revision":-7})",
                                        std::string(200'000, 'x'),
                                        firsts["console.platformer.com/operation"]};
  const auto names = of.make_forgers(forged.size());
  for (std::size_t i = 0; i < forged.size(); ++i)
    of.forge("serviceaccounts", names[i], {{"operation", forged[i]}});
  for (const std::string& each : names)
    ask_to_renew(of.it, each, "please");
  for (const std::string& each : names) {
    EXPECT_TRUE(eventually(2 * usual_wait, [&] { return revision_of(of.it, each) > 1; })) << each;
    of.expect_own_token(each, 3);
  }
}

TEST(attack_forgery, a_renew_value_is_honoured_once_and_writes_no_log_line_of_its_own) {
  neighbours of;
  const std::string value =
      "1\n2026-11-27T00:00:00.000Z error forged\r\n\x1b[31m\"" + std::string(10'000, 'x');
  of.forge("serviceaccounts", "forger", {{"renew", value}});
  ASSERT_TRUE(comes_to_revision(of.it, "forger", 2));
  of.it.kube.must({"annotate", "psa", "forger", "console.platformer.com/reconcile=1"});
  ASSERT_TRUE(comes_to_reason(of.it, "psa/forger", "Renewed"));
  EXPECT_EQ(of.it.console.account(of.id_of("forger"))["tokens_issued"], 2);
  const std::string log = of.it.the_operator().program().output();
  EXPECT_THAT(log, Not(HasSubstr("\n2026-11-27T00:00:00.000Z error forged")));
  EXPECT_THAT(log, Not(HasSubstr("\x1b")));
  of.expect_first_untouched();
}

TEST(attack_forgery, a_status_written_by_users_is_put_right) {
  neighbours of;
  const json before = of.it.kube.object("psa/forger")["status"];
  of.forge_status({{"accountID", "forged"},
                   {"organizationID", "org-forged"},
                   {"token", {{"fingerprint", "sha256:000000000000"}, {"cause", "forged"}}},
                   {"conditions",
                    {{{"type", "Ready"},
                      {"status", "False"},
                      {"reason", "Forged"},
                      {"message", "forged"},
                      {"lastTransitionTime", "2026-01-01T00:00:00Z"}}}}});
  of.it.kube.must({"annotate", "psa", "forger", "console.platformer.com/reconcile=1"});
  EXPECT_TRUE(eventually(usual_wait, [&] {
    return of.it.kube.object("psa/forger")["status"].dump().find("orged") == std::string::npos;
  })) << of.it.kube.object("psa/forger")["status"].dump(1);
  EXPECT_EQ(of.id_of("forger"), before["accountID"]);
  EXPECT_TRUE(of.it.console.is_live(token_of(of.it, "forger-token")));
  of.expect_first_untouched();
}

TEST(attack_forgery, a_forged_marker_in_a_description_is_refused_and_a_similar_one_is_no_marker) {
  neighbours of;
  const std::string text = of.account["description"];
  const std::string marker = text.substr(text.find("platformer-operator:"));
  for (const std::string& forged : {marker, "x\n" + marker, marker + "\nx"}) {
    const json change{{"spec", {{"description", forged}}}};
    EXPECT_NE(of.it.kube.run({"patch", "psa", "forger", "--type=merge", "-p", change.dump()}).exit_code, 0);
  }
  const json similar{{"spec", {{"description", "Рlatformer-operator" + marker.substr(19)}}}};  // a Cyrillic Р
  of.it.kube.must({"patch", "psa", "forger", "--type=merge", "-p", similar.dump()});
  ASSERT_TRUE(eventually(usual_wait, [&] {
    const json account = of.it.console.account(of.id_of("forger"));
    return account["description"].get<std::string>().starts_with("Рlatformer");
  }));
  of.renew_and_expect_own_token();
  of.it.kube.must({"delete", "psa", "forger", "--timeout=60s"});
  of.expect_first_untouched();
}

TEST(attack_forgery, a_marker_in_a_roles_or_projects_name_is_a_name) {
  const std::string forged = "platformer-operator:a/b/c/d";
  const auto file = fresh_folder(unique_name("seed")) / "seed.yaml";
  std::ofstream(file) << "organizations:\n- id: org-acme\n  name: acme\n  roles: [{id: role-x, name: \""
                      << forged << "\", permissions: [rudder.app.viewer]}]\n  projects: [{id: prj-x, name: \""
                      << forged << "\"}]\n";
  console_options options;
  options.seed = file;
  neighbours of(options);
  of.it.kube.apply(service_account_yaml("named", "customRoles: [\"" + forged +
                                                     "\"]\nprojectAccess: [{project: \"" + forged +
                                                     "\", permissions: [rudder.app.viewer]}]"));
  ASSERT_TRUE(of.it.kube.wait("psa/named", "condition=Ready", usual_wait));
  EXPECT_EQ(of.it.console.account(of.id_of("named"))["roles"], json({"role-x"}));
  of.it.kube.must({"delete", "psa", "named", "--timeout=60s"});
  of.expect_first_untouched();
}

}  // namespace
}  // namespace platformer::test
