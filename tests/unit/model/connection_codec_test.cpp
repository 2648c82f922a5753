// ConsoleConnection and ClusterConsoleConnection from JSON, and their status to JSON.
#include <gtest/gtest.h>

#include "model/codec.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

console_connection decoded(json spec, const std::string& ns = "team-a") {
  json object = {{"metadata", {{"name", "default"}, {"resourceVersion", "1"}}}, {"spec", std::move(spec)}};
  if (!ns.empty()) object["metadata"]["namespace"] = ns;
  return *decode_console_connection(object);
}

TEST(connection_codec, what_the_author_left_out_limits_and_allows_nothing) {
  const auto connection = decoded(json::object());
  EXPECT_EQ(connection.spec_error, "");
  EXPECT_EQ(connection.spec.gateway, "https://api.platformer.com");
  EXPECT_EQ(connection.spec.timeout, 30s);
  EXPECT_EQ(connection.spec.rate_limit, std::nullopt);
  EXPECT_TRUE(connection.spec.allowed.empty());
  EXPECT_TRUE(connection.spec.adoptable.empty());
  EXPECT_EQ(connection.spec.interval, 10min);
  EXPECT_FALSE(connection.spec.suspend);
  EXPECT_EQ(connection.spec.orphans, orphan_policy::report);
  EXPECT_EQ(connection.spec.rotate_credentials, std::nullopt);
}

TEST(connection_codec, reads_each_field) {
  const auto spec =
      decoded(
          {{"rateLimit", {{"requestsPerSecond", 2}, {"concurrent", 3}}},
           {"allowed",
            {{"projects", {"store*"}}, {"permissions", {"rudder.*", "a"}}, {"customRoles", {"deployers"}}}},
           {"adoptable", {"legacy-*"}},
           {"interval", "90s"},
           {"suspend", true},
           {"orphanPolicy", "Delete"},
           {"rotateCredentials", {{"accountName", "operator"}, {"interval", "24h"}}}})
          .spec;
  EXPECT_EQ(spec.rate_limit, (rate_limit_spec{2, 10, 3}));
  EXPECT_EQ(spec.allowed, (access_ceiling{{"store*"}, {"a", "rudder.*"}, {"deployers"}}));
  EXPECT_EQ(spec.adoptable, (pattern_set{"legacy-*"}));
  EXPECT_EQ(spec.interval, 90s);
  EXPECT_TRUE(spec.suspend);
  EXPECT_EQ(spec.orphans, orphan_policy::remove);
  EXPECT_EQ(spec.rotate_credentials, (credential_rotation{"operator", 24h}));
  EXPECT_EQ(decoded({{"rotateCredentials", {{"accountName", "o"}}}}).spec.rotate_credentials->interval, 720h);
}

TEST(connection_codec, rates_are_bounded) {
  const auto limit = [](json values) { return *decoded({{"rateLimit", std::move(values)}}).spec.rate_limit; };
  EXPECT_EQ(limit(json::object()), (rate_limit_spec{5, 10, 8}));
  EXPECT_EQ(limit({{"requestsPerSecond", 0}, {"burst", -7}, {"concurrent", 1'000'000}}),
            (rate_limit_spec{1, 1, 64}));
}

TEST(connection_codec, what_can_not_be_understood_says_which_field) {
  const std::vector<std::pair<json, std::string>> cases = {
      {{{"timeout", "6m"}}, "spec.timeout must be between 1s and 5m: 6m"},
      {{{"timeout", "soon"}}, "spec.timeout is not a duration: soon"},
      {{{"interval", "1ms"}}, "spec.interval must be"},
      {{{"interval", "25h"}}, "spec.interval must be"},
      {{{"orphanPolicy", "Shoot"}}, "spec.orphanPolicy is not supported: Shoot (one of Report, Delete)"},
      {{{"rotateCredentials", {{"accountName", "o"}, {"interval", "1m"}}}},
       "spec.rotateCredentials.interval"},
      {{{"rotateCredentials", json::object()}}, "spec.rotateCredentials.accountName"}};
  for (const auto& [spec, text] : cases)
    EXPECT_TRUE(decoded(spec).spec_error.starts_with(text)) << decoded(spec).spec_error;
}

TEST(connection_codec, an_unknown_orphan_policy_deletes_nothing) {
  EXPECT_EQ(decoded({{"orphanPolicy", "Shoot"}}).spec.orphans, orphan_policy::report);
}

json shared_spec() {
  return {{"credentialsSecretRef", {{"name", "c"}, {"namespace", "console"}}},
          {"caBundleSecretRef", {{"name", "ca"}, {"namespace", "certs"}}},
          {"allowedNamespaces",
           {{"names", {"team-b"}},
            {"selector",
             {{"matchLabels", {{"team", "a"}}},
              {"matchExpressions",
               {{{"key", "tier"}, {"operator", "NotIn"}, {"values", {"dev", "test"}}},
                {{"key", "x"}, {"operator", "Exists"}}}}}}}}};
}

TEST(connection_codec, an_object_without_namespace_is_the_clusters) {
  const auto shared = decoded(shared_spec(), "");
  EXPECT_EQ(shared.spec_error, "");
  EXPECT_TRUE(shared.cluster_scoped());
  EXPECT_EQ(title(shared), "ClusterConsoleConnection default");
  EXPECT_EQ(shared.secret_key(shared.spec.credentials), (object_key{"console", "c"}));
  EXPECT_EQ(shared.secret_key(*shared.spec.ca_bundle), (object_key{"certs", "ca"}));
  EXPECT_EQ(shared.spec.used_from,
            (namespace_selection{.names = {"team-b"},
                                 .match_labels = {{"team", "a"}},
                                 .match_expressions = {{"tier", selector_operator::not_in, {"dev", "test"}},
                                                       {"x", selector_operator::exists, {}}}}));
}

TEST(connection_codec, a_namespaced_one_reads_secrets_beside_it) {
  const auto own = decoded({{"credentialsSecretRef", {{"name", "c"}}}});
  EXPECT_FALSE(own.cluster_scoped());
  EXPECT_EQ(title(own), "ConsoleConnection team-a/default");
  EXPECT_EQ(own.secret_key(own.spec.credentials), (object_key{"team-a", "c"}));
  EXPECT_NE(decoded(shared_spec()).spec_error, "");
}

TEST(connection_codec, a_selector_that_is_not_understood_selects_nothing) {
  json spec = shared_spec();
  spec["allowedNamespaces"]["selector"]["matchExpressions"][1]["operator"] = "Resembles";
  const auto shared = decoded(spec, "");
  EXPECT_TRUE(shared.spec_error.starts_with("spec.allowedNamespaces.selector"));
  EXPECT_FALSE(shared.spec.used_from.by_label());
  EXPECT_FALSE(admits_namespace(shared, "team-c", {{"team", "a"}, {"x", ""}}));
}

TEST(connection_codec, a_status_comes_back_as_it_was_written) {
  console_connection_status status;
  status.observed_generation = 3;
  status.organization_id = "o";
  status.token_valid = false;
  status.conditions = {{"Ready", true, "Connected", "all is well", 3, time_point(4s)}};
  status.credential =
      credential_status{"op", "id", time_point(5s), std::nullopt, time_point(7s), "first (id-0)"};
  status.service_accounts = 0;
  status.orphans = {"b", "a"};
  status.throttled_until = time_point(6s);
  json object = {{"metadata", {{"name", "a"}, {"resourceVersion", "1"}}}, {"status", encode_status(status)}};
  EXPECT_EQ(decode_console_connection(object)->status, status);
  object["status"] = encode_status(console_connection_status{});
  EXPECT_EQ(decode_console_connection(object)->status, console_connection_status{});
}

TEST(connection_codec, orphans_in_a_forged_status_are_bounded) {
  json object = {{"metadata", {{"name", "a"}, {"resourceVersion", "1"}}},
                 {"status", {{"orphans", json(std::vector<std::string>(1000, "x"))}}}};
  EXPECT_EQ(decode_console_connection(object)->status.orphans.size(), orphans_listed);
}

}  // namespace
}  // namespace platformer::test
