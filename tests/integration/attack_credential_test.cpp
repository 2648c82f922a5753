// Where a credential and the tokens go: to the gateway that their connection names, whatever redirects,
// routes, certificates, proxy variables and other namespaces say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/gate/gate.hpp"
#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::AnyOf;
using testing::Each;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

std::uint16_t port_of(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

// The Console behind two hosts, of which each would serve whoever came.
struct two_hosts {
  scenario it;
  gate doors;
  const std::string right = open("right");
  const std::string other = open("other");

  std::string open(const std::string& name, std::optional<certificate> identity = std::nullopt) {
    return doors.open(
        {.name = name, .server_port = port_of(it.console.gateway()), .identity = std::move(identity)});
  }
  void connect(const std::string& gateway, const std::string& spec = "") {
    if (!it.kube.find("secret/console-credentials"))
      it.kube.must({"create", "secret", "generic", "console-credentials",
                    "--from-file=token=" + it.console.credential_file().string()});
    it.kube.apply(
        "apiVersion: console.platformer.com/v1alpha1\nkind: ConsoleConnection\nmetadata: {name: default}\n"
        "spec:\n  organization: acme\n  interval: 1s\n  credentialsSecretRef: {name: console-credentials}\n"
        "  allowInsecureHTTP: true\n  gateway: " +
        gateway + "\n" + spec);
  }
  std::set<std::string> paths_at(const std::string& door) const {
    std::set<std::string> paths;
    for (const passage& each : doors.notes().all())
      if (each.server == door) paths.insert(each.path);
    return paths;
  }
};

TEST(attack_credential, redirects_are_not_followed) {
  two_hosts at;
  const auto lie = at.doors.impose(
      {.on = {.server = "right"},
       .times = always,
       .act = act::answer{
           .when = moment::before, .status = 307, .headers = {{"Location", at.other + "/auth/api/v1"}}}});
  at.connect(at.right);
  at.it.start_operator();
  at.it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return message_of(at.it, "pcc/default").find("redirects, which is never followed") != std::string::npos;
  }));
  at.doors.rules().lift(lie);
  ASSERT_TRUE(at.it.kube.wait("pcc/default", "condition=Ready", usual_wait));
  at.doors.impose({.on = {.path = "/token/create$"},
                   .act = act::answer{.when = moment::before,
                                      .status = 308,
                                      .headers = {{"Location", at.other + "/auth/api/v1/user/logintime"}}}});
  ASSERT_TRUE(at.it.kube.wait("psa/ci-bot", "condition=Ready", 60s));
  EXPECT_TRUE(at.it.console.is_live(token_of(at.it, "ci-bot-token")));
  EXPECT_THAT(at.paths_at("other"), IsEmpty());
}

TEST(attack_credential, routes_do_not_lead_to_another_host) {
  two_hosts at;
  at.connect(at.right);
  at.it.start_operator();
  ASSERT_TRUE(at.it.kube.wait("pcc/default", "condition=Ready", usual_wait));
  const std::string address = at.other.substr(at.other.find("//"));
  for (const std::string& path :
       {at.other + "/x", address + "/x", "@" + address.substr(2) + "/x", ":80" + address + "/x",
        "/a\r\nHost: " + address.substr(2), "/../" + address}) {
    const json change{{"spec", {{"routes", {{"listOrganizations", {{"path", path}}}}}}}};
    EXPECT_NE(at.it.kube.run({"patch", "pcc", "default", "--type=merge", "-p", change.dump()}).exit_code, 0)
        << path;
  }
  // A path that begins like the end of an address is one of the same host.
  const std::string path = "/@" + address.substr(2);
  const auto route = [](const json& of) { return json{{"spec", {{"routes", of}}}}.dump(); };
  at.it.kube.must(
      {"patch", "pcc", "default", "--type=merge", "-p", route({{"listOrganizations", {{"path", path}}}})});
  ASSERT_TRUE(eventually(usual_wait, [&] { return at.paths_at("right").contains(path); }));
  at.it.kube.must({"patch", "pcc", "default", "--type=merge", "-p", route(nullptr)});
  at.it.kube.apply(service_account_yaml("ci-bot"));
  EXPECT_TRUE(at.it.kube.wait("psa/ci-bot", "condition=Ready", 60s));
  EXPECT_THAT(at.paths_at("other"), IsEmpty());
}

TEST(attack_credential, a_gateway_of_another_organization_gets_no_accounts_token) {
  two_hosts at;
  at.connect(at.right);
  at.it.start_operator();
  at.it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(at.it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  at.doors.impose({.on = {.server = "other", .path = "/organization/list$"},
                   .times = always,
                   .act = act::answer{
                       .status = 200,
                       .headers = {{"Content-Type", "application/json"}},
                       .body = R"({"success":true,"data":[{"organization_id":"org-evil","name":"acme"}]})"}});
  at.connect(at.other);
  ASSERT_TRUE(comes_to_reason(at.it, "pcc/default", "OrganizationChanged"));
  ask_to_renew(at.it, "ci-bot", "1");
  ASSERT_TRUE(comes_to_reason(at.it, "psa/ci-bot", "ConnectionNotReady"));
  at.it.kube.must({"delete", "secret", "ci-bot-token"});
  at.it.kube.apply(service_account_yaml("second"));
  ASSERT_TRUE(comes_to_reason(at.it, "psa/second", "ConnectionNotReady"));
  EXPECT_THAT(at.paths_at("other"), Each(AnyOf(EndsWith("/user/logintime"), EndsWith("/organization/list"))))
      << "the trial of the credential, and nothing about accounts";
  at.connect(at.right);
  EXPECT_TRUE(at.it.kube.wait("psa/second", "condition=Ready", 60s));
}

TEST(attack_credential, proxy_variables_of_the_environment_are_not_obeyed) {
  two_hosts at;
  at.connect(at.right);
  operator_options options;
  for (const char* name :
       {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"})
    options.environment.emplace_back(name, at.other);
  options.environment.emplace_back("NO_PROXY", "");
  at.it.start_operator(options);
  at.it.kube.apply(service_account_yaml("ci-bot"));
  EXPECT_TRUE(at.it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_THAT(at.paths_at("other"), IsEmpty());
}

TEST(attack_credential, a_host_that_can_not_prove_its_name_gets_nothing) {
  two_hosts at;
  const certificate_authority authority;
  const certificate_authority stranger;
  const std::vector<std::string> name{"DNS:localhost"};
  const std::map<std::string, certificate> liars = {
      {"of-another-name", authority.issue({.names = {"DNS:console.example", "IP:127.0.0.1"}})},
      {"of-another-authority", stranger.issue({.names = name})},
      {"expired", authority.issue({.names = name, .expired = true})}};
  at.it.kube.must(
      {"create", "secret", "generic", "ca", "--from-literal=ca.crt=" + authority.certificate_pem()});
  at.it.start_operator();
  at.it.kube.apply(service_account_yaml("ci-bot"));
  const auto by_name = [](const std::string& url) {
    return "https://localhost:" + std::to_string(port_of(url));
  };
  const std::string with_ca = "  caBundleSecretRef: {name: ca}\n";
  for (const auto& [door, identity] : liars) {
    at.connect(by_name(at.open(door, identity)), with_ca);
    ASSERT_TRUE(
        eventually(usual_wait,
                   [&] { return message_of(at.it, "pcc/default").find("certificate") != std::string::npos; }))
        << door << ": " << message_of(at.it, "pcc/default");
    EXPECT_THAT(at.paths_at(door), IsEmpty());
    at.it.kube.must({"delete", "pcc", "default", "--wait=false"});
    at.it.kube.must({"patch", "pcc", "default", "--type=merge", "-p", R"({"metadata":{"finalizers":[]}})"});
  }
  at.connect(by_name(at.open("itself", authority.issue({.names = name}))), with_ca);
  EXPECT_TRUE(at.it.kube.wait("psa/ci-bot", "condition=Ready", 60s));
  EXPECT_FALSE(at.paths_at("itself").empty());
}

TEST(attack_credential, the_connection_of_another_namespace_serves_nobody_here) {
  scenario it;
  const std::string other = it.add_namespace();
  const kubectl there(the_environment().admin_kubeconfig(), other);
  it.connect();
  it.start_operator({.arguments = {"--watch-namespace", other}});
  ASSERT_TRUE(it.kube.wait("pcc/default", "condition=Ready", usual_wait));
  there.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return there.must({"get", "psa", "ci-bot", "-o", "jsonpath={.status.conditions[*].reason}"})
               .find("ConnectionNotFound") != std::string::npos;
  }));
  for (const std::string& ref :
       {"{name: " + it.name_space + "/default}", "{name: ../" + it.name_space + "/default}",
        "{name: default, namespace: " + it.name_space + "}"})
    EXPECT_NE(
        there.run({"apply", "-f", "-"}, service_account_yaml("thief", "connectionRef: " + ref)).exit_code, 0)
        << ref;
  const auto borrowed =
      there.run({"apply", "-f", "-"},
                "apiVersion: console.platformer.com/v1alpha1\nkind: ConsoleConnection\nmetadata: {name: "
                "default}\nspec: "
                "{organization: acme, credentialsSecretRef: {name: console-credentials, namespace: " +
                    it.name_space + "}}\n");
  EXPECT_NE(borrowed.exit_code, 0);
  EXPECT_THAT(borrowed.err, HasSubstr("unknown field"));
  EXPECT_EQ(it.console.calls("createServiceAccount"), 0U);
}

}  // namespace
}  // namespace platformer::test
