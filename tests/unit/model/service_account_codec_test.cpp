// The fields of a ServiceAccount's spec from JSON; codec_test.cpp has what holds for all objects.
#include <gtest/gtest.h>

#include "model/codec.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

service_account decoded(json spec) {
  return *decode_service_account(
      {{"metadata", {{"name", "ci-bot"}, {"namespace", "team-a"}, {"resourceVersion", "1"}}},
       {"spec", std::move(spec)}});
}

std::string error_of(json spec) {
  return decoded(std::move(spec)).spec_error;
}

TEST(service_account_codec, what_the_author_left_out_changes_nothing_about_renewing) {
  const auto object = decoded(json::object());
  EXPECT_EQ(object.spec_error, "");
  EXPECT_EQ(object.spec.token.lifetime, std::nullopt);
  EXPECT_EQ(object.spec.token.renew_before, std::nullopt);
  EXPECT_EQ(object.spec.token.rotation_interval, std::nullopt);
  EXPECT_EQ(object.spec.token.verify_interval, 24h);
  EXPECT_EQ(object.spec.token.strategy, token_strategy::in_place);
  EXPECT_EQ(object.spec.token.overlap, 1h);
  EXPECT_EQ(object.spec.secret.type, secret_type::opaque);
  EXPECT_EQ(object.spec.secret.on_loss, loss_policy::renew);
  EXPECT_EQ(object.spec.secret.previous_key, "");
  EXPECT_TRUE(object.spec.secret.templates.empty());
  EXPECT_TRUE(object.spec.restart_targets.empty());
}

// 50 objects of a megabyte were 58 MB of memory.
TEST(service_account_codec, keeps_for_a_cache_only_what_is_ours_of_labels_and_annotations) {
  const auto cached = decode_cached_service_account(
      {{"metadata",
        {{"name", "ci-bot"},
         {"namespace", "team-a"},
         {"resourceVersion", "1"},
         {"labels", {{"console.platformer.com/shard", "a"}, {"team", std::string(100'000, 'x')}}},
         {"annotations",
          {{"console.platformer.com/renew", "one"}, {"example.com/notes", std::string(100'000, 'x')}}}}},
       {"spec", {{"accountName", "robot"}}}});
  ASSERT_TRUE(cached);
  EXPECT_TRUE(cached->meta.labels.empty());
  EXPECT_EQ(cached->meta.annotations, (string_map{{"console.platformer.com/renew", "one"}}));
  EXPECT_EQ(cached->spec.account_name, "robot");
  EXPECT_FALSE(decode_cached_service_account(json::object()));
}

TEST(service_account_codec, reads_each_field_of_the_token) {
  const auto token = decoded({{"token",
                               {{"lifetime", "2160h"},
                                {"renewBefore", "360h"},
                                {"rotationInterval", "1h30m"},
                                {"verifyInterval", "15m"},
                                {"strategy", "Replace"},
                                {"overlap", "90s"}}}})
                         .spec.token;
  EXPECT_EQ(token.lifetime, 2160h);
  EXPECT_EQ(token.renew_before, 360h);
  EXPECT_EQ(token.rotation_interval, 90min);
  EXPECT_EQ(token.verify_interval, 15min);
  EXPECT_EQ(token.strategy, token_strategy::replace);
  EXPECT_EQ(token.overlap, 90s);
  EXPECT_EQ(decoded({{"token", {{"verifyInterval", "0"}}}}).spec.token.verify_interval, 0s);
}

TEST(service_account_codec, durations_are_bounded) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"lifetime", "9m59s"},      {"lifetime", "876001h"},     {"renewBefore", "59s"},
      {"rotationInterval", "4m"}, {"verifyInterval", "30s"},   {"verifyInterval", "often"},
      {"overlap", "721h"},        {"rotationInterval", "-1h"}, {"renewBefore", "9999999999999h"}};
  for (const auto& [field, text] : cases)
    EXPECT_TRUE(error_of({{"token", {{field, text}}}}).starts_with(std::string("spec.token.") + field))
        << field << " " << text;
  EXPECT_EQ(error_of({{"token", {{"lifetime", "10m"}, {"rotationInterval", "5m"}, {"overlap", "0s"}}}}), "");
}

TEST(service_account_codec, a_bound_that_is_broken_is_said) {
  EXPECT_EQ(error_of({{"token", {{"lifetime", "1m"}}}}),
            "spec.token.lifetime must be between 10m and 876000h (100 years): 1m");
}

TEST(service_account_codec, reads_each_field_of_the_secret) {
  const auto secret = decoded({{"secret",
                                {{"name", "s"},
                                 {"key", "k"},
                                 {"type", "kubernetes.io/dockerconfigjson"},
                                 {"template", {{"NPMRC", "${token}"}}},
                                 {"registry", {{"host", "r.io"}, {"username", "u"}}},
                                 {"previousKey", "old"},
                                 {"onLoss", "Manual"}}}})
                          .spec.secret;
  EXPECT_EQ(secret.name, "s");
  EXPECT_EQ(secret.key, "k");
  EXPECT_EQ(secret.type, secret_type::docker_config);
  EXPECT_EQ(secret.templates, (string_map{{"NPMRC", "${token}"}}));
  EXPECT_EQ(secret.registry, (registry_spec{"r.io", "u"}));
  EXPECT_EQ(secret.previous_key, "old");
  EXPECT_EQ(secret.on_loss, loss_policy::manual);
}

TEST(service_account_codec, the_tokens_key_depends_on_the_type) {
  EXPECT_EQ(decoded({{"secret", {{"type", "kubernetes.io/basic-auth"}}}}).spec.secret.key, "password");
  EXPECT_EQ(decoded({{"secret", {{"type", "kubernetes.io/dockerconfigjson"}}}}).spec.secret.key, "token");
}

TEST(service_account_codec, restart_targets_are_sorted_and_each_is_there_once) {
  const auto targets = decoded({{"rolloutRestartTargets",
                                 {{{"kind", "Rollout"}, {"name", "a"}},
                                  {{"kind", "DaemonSet"}, {"name", "b"}},
                                  {{"kind", "Deployment"}, {"name", "z"}},
                                  {{"kind", "StatefulSet"}, {"name", "c"}},
                                  {{"kind", "Deployment"}, {"name", "z"}}}}})
                           .spec.restart_targets;
  EXPECT_EQ(targets, (std::vector<restart_target>{{workload_kind::deployment, "z"},
                                                  {workload_kind::stateful_set, "c"},
                                                  {workload_kind::daemon_set, "b"},
                                                  {workload_kind::rollout, "a"}}));
  EXPECT_EQ(to_string(workload_kind::stateful_set), "StatefulSet");
}

TEST(service_account_codec, a_connection_of_the_cluster_has_no_namespace) {
  auto object = decoded({{"connectionRef", {{"kind", "ClusterConsoleConnection"}, {"name", "main"}}}});
  EXPECT_EQ(object.spec_error, "");
  EXPECT_EQ(connection_key(object), (object_key{"", "main"}));
  EXPECT_EQ(connection_title(object), "ClusterConsoleConnection main");
  object = decoded({{"connectionRef", {{"name", "main"}}}});
  EXPECT_EQ(connection_key(object), (object_key{"team-a", "main"}));
  EXPECT_EQ(connection_title(object), "ConsoleConnection team-a/main");
}

TEST(service_account_codec, unknown_words_are_errors_that_say_what_is_known) {
  EXPECT_EQ(error_of({{"token", {{"strategy", "Magic"}}}}),
            "spec.token.strategy is not supported: Magic (one of InPlace, Replace)");
  const std::vector<std::pair<json, std::string>> cases = {
      {{{"secret", {{"type", "kubernetes.io/tls"}}}}, "spec.secret.type"},
      {{{"secret", {{"onLoss", "Panic"}}}}, "spec.secret.onLoss"},
      {{{"rolloutRestartTargets", {{{"kind", "Job"}, {"name", "a"}}}}}, "spec.rolloutRestartTargets[].kind"}};
  for (const auto& [spec, field] : cases)
    EXPECT_TRUE(error_of(spec).starts_with(field)) << error_of(spec);
}

TEST(service_account_codec, unknown_words_read_as_what_does_least) {
  EXPECT_EQ(decoded({{"secret", {{"onLoss", "Panic"}}}}).spec.secret.on_loss, loss_policy::manual);
  EXPECT_EQ(decoded({{"adoptionPolicy", "Sometimes"}}).spec.adoption, adoption_policy::never);
  EXPECT_EQ(decoded({{"adoptionPolicy", "Always"}}).spec.adoption, adoption_policy::always);
}

}  // namespace
}  // namespace platformer::test
