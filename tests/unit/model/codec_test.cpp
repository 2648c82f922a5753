#include "model/codec.hpp"

#include <gtest/gtest.h>

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

json least() {
  return {{"metadata", {{"name", "ci-bot"}, {"namespace", "team-a"}, {"resourceVersion", "1"}}}};
}

TEST(codec, an_object_without_spec_gets_the_defaults) {
  const auto object = decode_service_account(least());
  ASSERT_TRUE(object);
  EXPECT_EQ(object->spec.account_name, "ci-bot");
  EXPECT_EQ(object->spec.secret.name, "ci-bot-token");
  EXPECT_EQ(object->spec.secret.key, "token");
  EXPECT_EQ(object->spec.connection, "default");
  EXPECT_EQ(object->spec.adoption, adoption_policy::if_marked);
  EXPECT_EQ(object->spec.deletion, deletion_policy::remove);
  EXPECT_EQ(object->spec_error, "");
}

TEST(codec, what_is_no_kubernetes_object_is_refused) {
  for (const char* text : {"null", "[]", "7", "{}", R"({"metadata":[]})", R"({"metadata":{"name":"a"}})",
                           R"({"metadata":{"name":7,"resourceVersion":"1"}})"})
    EXPECT_FALSE(decode_service_account(json::parse(text))) << text;
}

TEST(codec, values_of_the_wrong_type_never_throw) {
  const std::vector<json> wrong = {nullptr,
                                   true,
                                   7,
                                   -1.5,
                                   "text",
                                   json::array(),
                                   json::array({1, nullptr, json::object()}),
                                   json::object(),
                                   json{{"a", 1}}};
  const std::vector<std::string> paths = {"/spec",
                                          "/status",
                                          "/spec/connectionRef",
                                          "/spec/accountName",
                                          "/spec/permissions",
                                          "/spec/projectAccess",
                                          "/spec/token",
                                          "/spec/token/lifetime",
                                          "/spec/token/expiresAt",
                                          "/spec/secret",
                                          "/spec/secret/labels",
                                          "/spec/adoptionPolicy",
                                          "/spec/deletionPolicy",
                                          "/spec/suspend",
                                          "/status/token",
                                          "/status/token/revision",
                                          "/status/conditions",
                                          "/status/failures",
                                          "/metadata/annotations",
                                          "/metadata/ownerReferences",
                                          "/metadata/finalizers",
                                          "/metadata/generation",
                                          "/metadata/deletionTimestamp",
                                          "/spec/gateway",
                                          "/spec/routes",
                                          "/spec/routes/a",
                                          "/spec/timeout",
                                          "/spec/credentialsSecretRef",
                                          "/spec/rateLimit",
                                          "/spec/rateLimit/burst",
                                          "/spec/allowed",
                                          "/spec/allowed/projects",
                                          "/spec/adoptable",
                                          "/spec/allowedNamespaces",
                                          "/spec/allowedNamespaces/selector/matchExpressions",
                                          "/spec/secret/template",
                                          "/spec/secret/registry",
                                          "/spec/rolloutRestartTargets",
                                          "/status/orphans",
                                          "/status/serviceAccounts",
                                          "/status/throttledUntil"};
  for (const std::string& path : paths) {
    for (const json& value : wrong) {
      json object = least();
      object["spec"] = json::object();
      object["status"] = json::object();
      const json::json_pointer pointer(path);
      if (path.rfind('/') != 0 && !object.contains(pointer.parent_pointer()))
        object[pointer.parent_pointer()] = json::object();
      object[pointer] = value;
      EXPECT_NO_THROW({
        (void)decode_service_account(object);
        (void)decode_console_connection(object);
      }) << path
         << value.dump();
    }
  }
}

TEST(codec, a_spec_that_can_not_be_understood_says_which_field) {
  const std::vector<std::pair<json, std::string>> cases = {
      {{{"token", {{"expiresAt", "soon"}}}}, "spec.token.expiresAt"},
      {{{"token", {{"lifetime", "5 days"}}}}, "spec.token.lifetime"},
      {{{"adoptionPolicy", "Sometimes"}}, "spec.adoptionPolicy"},
      {{{"deletionPolicy", "Shred"}}, "spec.deletionPolicy"},
      {{{"connectionRef", {{"kind", "Other"}}}}, "spec.connectionRef.kind"}};
  for (const auto& [spec, field] : cases) {
    json object = least();
    object["spec"] = spec;
    EXPECT_TRUE(decode_service_account(object)->spec_error.starts_with(field));
  }
}

TEST(codec, an_unknown_deletion_policy_deletes_nothing) {
  json object = least();
  object["spec"] = {{"deletionPolicy", "Shred"}};
  EXPECT_EQ(decode_service_account(object)->spec.deletion, deletion_policy::orphan);
}

TEST(codec, a_forged_revision_in_the_status_is_bounded) {
  for (const char* text : {"9223372036854775807", "-9223372036854775808", "18446744073709551615"}) {
    json object = least();
    object["status"] = {{"token", {{"revision", json::parse(text)}}}};
    const auto revision = decode_service_account(object)->status.token.revision;
    EXPECT_GE(revision, 0);
    EXPECT_LT(revision, INT64_MAX - 1);
  }
}

TEST(codec, a_status_comes_back_as_it_was_written) {
  service_account_status status;
  status.observed_generation = 3;
  status.account_id = "acc-1";
  status.organization_id = "o";
  status.project_id = "p";
  status.secret_name = "s";
  status.token = {
      4, "op", "sha256:1a2b3c4d5e6f", time_point(1s), time_point(2s), time_point(3s), "RenewRequest"};
  status.last_handled_renew = "one";
  status.last_handled_reconcile = "two";
  status.failures = 2;
  status.conditions = {{"Ready", true, "Issued", "all is well", 3, time_point(4s)},
                       {"Stalled", false, "x", "", 3, time_point(5s)}};
  json object = least();
  object["status"] = encode_status(status);
  EXPECT_EQ(decode_service_account(object)->status, status);
}

TEST(merge_difference, turns_one_document_into_the_other) {
  const std::vector<json> documents = {json::object(),
                                       {{"a", 1}},
                                       {{"a", 2}, {"b", {{"c", 1}, {"d", {1, 2}}}}},
                                       {{"b", {{"c", 1}}}},
                                       {{"b", 7}},
                                       {{"b", json::object()}},
                                       {{"a", json::array()}, {"b", {{"d", {2}}}}}};
  for (const json& from : documents) {
    for (const json& to : documents) {
      json patched = from;
      patched.merge_patch(merge_difference(from, to));
      EXPECT_EQ(patched, to) << from << " -> " << to;
    }
    EXPECT_EQ(merge_difference(from, from), json::object());
  }
}

TEST(merge_difference, names_only_what_changes) {
  EXPECT_EQ(
      merge_difference({{"a", 1}, {"b", {{"c", 1}, {"d", 2}}}}, {{"a", 1}, {"b", {{"c", 3}, {"d", 2}}}}),
      (json{{"b", {{"c", 3}}}}));
  EXPECT_EQ(merge_difference({{"a", 1}}, json::object()), (json{{"a", nullptr}}));
}

}  // namespace
}  // namespace platformer::test
