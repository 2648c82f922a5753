#include "model/spec_rules.hpp"

#include <gtest/gtest.h>

namespace platformer::test {
namespace {

using namespace std::chrono_literals;

// "" when there is nothing to say.
std::string said(const std::optional<std::string>& problem) {
  return problem.value_or("");
}

bool names_field(const std::string& problem, std::string_view field) {
  return problem.find(field) != std::string::npos;
}

TEST(token_rules, renew_before_is_shorter_than_the_lifetime) {
  EXPECT_EQ(said(find_token_problem({})), "");
  EXPECT_EQ(said(find_token_problem({.lifetime = 3h, .renew_before = 1h})), "");
  EXPECT_TRUE(names_field(said(find_token_problem({.lifetime = 1h, .renew_before = 1h})), "renewBefore"));
  EXPECT_TRUE(names_field(said(find_token_problem({.renew_before = 1h})), "renewBefore"));
}

TEST(secret_rules, the_default_is_fine) {
  EXPECT_EQ(said(find_secret_problem({}, {})), "");
}

TEST(secret_rules, a_previous_key_needs_a_previous_token_and_a_key_of_its_own) {
  const token_spec replace{.strategy = token_strategy::replace};
  EXPECT_EQ(said(find_secret_problem({.previous_key = "old"}, replace)), "");
  EXPECT_TRUE(names_field(said(find_secret_problem({.previous_key = "old"}, {})), "previousKey"));
  EXPECT_TRUE(names_field(said(find_secret_problem({.previous_key = "token"}, replace)), "previousKey"));
  EXPECT_TRUE(names_field(said(find_secret_problem({.previous_key = "a/b"}, replace)), "previousKey"));
  EXPECT_TRUE(
      names_field(said(find_secret_problem({.templates = {{"old", "x"}}, .previous_key = "old"}, replace)),
                  "may not set old"));
  secret_spec basic{.key = "password", .type = secret_type::basic_auth};
  basic.registry = registry_spec{"", "u"};
  basic.previous_key = "username";
  EXPECT_TRUE(names_field(said(find_secret_problem(basic, replace)), "previousKey"));
}

TEST(secret_rules, a_registry_goes_with_its_types_alone) {
  secret_spec secret{.registry = registry_spec{"r.io", "u"}};
  EXPECT_TRUE(names_field(said(find_secret_problem(secret, {})), "spec.secret.registry is for"));
  secret.type = secret_type::docker_config;
  EXPECT_EQ(said(find_secret_problem(secret, {})), "");
  secret.registry->host.clear();
  EXPECT_TRUE(names_field(said(find_secret_problem(secret, {})), "registry.host is missing"));
  secret.registry.reset();
  EXPECT_TRUE(names_field(said(find_secret_problem(secret, {})), "registry.username is missing"));
  secret.registry = registry_spec{"r.io", "a:b"};
  EXPECT_TRUE(names_field(said(find_secret_problem(secret, {})), "colon"));
}

TEST(secret_rules, basic_auth_has_no_host_and_a_fixed_key) {
  secret_spec secret{.key = "password", .type = secret_type::basic_auth};
  secret.registry = registry_spec{"", "u"};
  EXPECT_EQ(said(find_secret_problem(secret, {})), "");
  secret.registry->host = "r.io";
  EXPECT_TRUE(names_field(said(find_secret_problem(secret, {})), "registry.host"));
  secret.registry->host.clear();
  secret.key = "token";
  EXPECT_TRUE(names_field(said(find_secret_problem(secret, {})), "spec.secret.key"));
}

TEST(secret_rules, templates_set_no_key_that_the_operator_writes) {
  const auto with = [](const char* key, secret_type type) {
    secret_spec secret{.type = type, .templates = {{key, "x"}}};
    if (type == secret_type::basic_auth) secret.key = "password";
    if (type != secret_type::opaque)
      secret.registry = registry_spec{type == secret_type::docker_config ? "r.io" : "", "u"};
    return said(find_secret_problem(secret, {}));
  };
  EXPECT_EQ(with("username", secret_type::opaque), "");
  EXPECT_EQ(with(".dockerconfigjson", secret_type::basic_auth), "");
  EXPECT_TRUE(names_field(with("token", secret_type::opaque), "may not set token"));
  EXPECT_TRUE(
      names_field(with(".dockerconfigjson", secret_type::docker_config), "may not set .dockerconfigjson"));
  EXPECT_TRUE(names_field(with("username", secret_type::basic_auth), "may not set username"));
  EXPECT_TRUE(names_field(with("a/b", secret_type::opaque), "is not a key"));
  EXPECT_TRUE(names_field(with("..data", secret_type::opaque), "is not a key"));
}

TEST(secret_rules, templates_are_bounded_and_well_formed) {
  secret_spec secret;
  secret.templates = {{"a", "${nope}"}};
  EXPECT_TRUE(names_field(said(find_secret_problem(secret, {})), "spec.secret.template[a]: ${nope}"));
  secret.templates = {{"a", std::string(65'000, 'x')}, {"b", std::string(537, 'x')}};
  EXPECT_TRUE(names_field(said(find_secret_problem(secret, {})), "65536"));
  secret.templates.clear();
  for (int i = 0; i < 33; ++i)
    secret.templates["k" + std::to_string(i)] = "x";
  EXPECT_TRUE(names_field(said(find_secret_problem(secret, {})), "32"));
}

TEST(restart_rules, targets_are_named_and_few) {
  EXPECT_EQ(said(find_restart_problem({})), "");
  EXPECT_EQ(said(find_restart_problem({{workload_kind::deployment, "ci"}})), "");
  EXPECT_TRUE(names_field(said(find_restart_problem({{workload_kind::deployment, ""}})), "empty"));
  EXPECT_TRUE(names_field(
      said(find_restart_problem(std::vector<restart_target>(17, {workload_kind::rollout, "x"}))), "16"));
}

TEST(connection_rules, only_the_clusters_kind_looks_into_other_namespaces) {
  console_connection own;
  own.meta.ns = "team-a";
  own.spec.credentials = {"c", "token"};
  EXPECT_EQ(said(find_connection_problem(own)), "");
  own.spec.credentials.ns = "kube-system";
  EXPECT_TRUE(names_field(said(find_connection_problem(own)), "remove namespace"));
  own.spec.credentials.ns.clear();
  own.spec.ca_bundle = secret_key_ref{"ca", "ca.crt", "kube-system"};
  EXPECT_TRUE(names_field(said(find_connection_problem(own)), "remove namespace"));
  own.spec.ca_bundle.reset();
  own.spec.used_from.names = {"team-b"};
  EXPECT_TRUE(names_field(said(find_connection_problem(own)), "allowedNamespaces"));
}

TEST(connection_rules, the_clusters_kind_says_where_its_secrets_are) {
  console_connection shared;
  shared.spec.credentials = {"c", "token"};
  EXPECT_TRUE(names_field(said(find_connection_problem(shared)), "namespace of each Secret"));
  shared.spec.credentials.ns = "console";
  EXPECT_EQ(said(find_connection_problem(shared)), "");
  shared.spec.ca_bundle = secret_key_ref{"ca", "ca.crt"};
  EXPECT_TRUE(names_field(said(find_connection_problem(shared)), "namespace of each Secret"));
}

TEST(connection_rules, a_rotation_needs_the_accounts_name) {
  console_connection own;
  own.meta.ns = "team-a";
  own.spec.rotate_credentials = credential_rotation{};
  EXPECT_TRUE(names_field(said(find_connection_problem(own)), "rotateCredentials.accountName"));
}

}  // namespace
}  // namespace platformer::test
