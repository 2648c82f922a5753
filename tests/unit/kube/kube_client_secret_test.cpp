#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/kube_client.hpp"
#include "net/digest.hpp"
#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::kube {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using json = nlohmann::json;
using testing::answers;
using testing::failure;
using testing::json_reply;
using testing::scripted_cluster;

const object_key key{"apps", "x-token"};
const std::string value = "pk_live_Zq8v1LmT4xW9";
const std::string partial =
    R"({"kind":"PartialObjectMetadata","metadata":{"name":"x-token","namespace":"apps","uid":"u","resourceVersion":"8"}})";

std::string base64(std::string_view bytes) {
  std::string text;
  net::base64_append(text, bytes);
  return text;
}

secret_write creation() {
  secret_write write;
  write.key = key;
  write.data = {{"token", std::make_shared<const secret_string>(std::string_view(value))}};
  return write;
}

TEST(reading_a_secret, decodes_its_values) {
  const json body = {{"kind", "Secret"},
                     {"data", {{"token", base64(value)}}},
                     {"metadata", {{"name", "x-token"}, {"namespace", "apps"}, {"resourceVersion", "7"}}},
                     {"type", "Opaque"}};
  scripted_cluster it({answers({json_reply(200, body.dump())})});
  const auto content = it.run(it.client->read_secret(key));
  ASSERT_TRUE(content) << content.error().message;
  ASSERT_TRUE(content->has_value());
  EXPECT_EQ((*content)->data.at("token").value->reveal(), value);
  EXPECT_EQ((*content)->data.at("token").fingerprint, net::fingerprint(value));
  EXPECT_EQ(it.seen().line, "GET /api/v1/namespaces/apps/secrets/x-token HTTP/1.1");
}

TEST(reading_a_secret, that_does_not_exist_is_no_error) {
  scripted_cluster it({answers({failure(404, "NotFound", "not found")})});
  const auto content = it.run(it.client->read_secret(key));
  ASSERT_TRUE(content);
  EXPECT_FALSE(content->has_value());
}

TEST(reading_a_secret, reduces_errors_to_code_and_reason) {
  scripted_cluster it(
      {answers({failure(403, "Forbidden", "s3cr3t"), json_reply(200, R"({"data":{"s3cr3t":7}})")})});
  const auto forbidden = it.run(it.client->read_secret(key));
  EXPECT_EQ(forbidden.error().code, api_errc::forbidden);
  EXPECT_EQ(forbidden.error().message, "Forbidden");
  const auto garbage = it.run(it.client->read_secret(key));
  EXPECT_EQ(garbage.error().code, api_errc::malformed);
  EXPECT_THAT(garbage.error().message, Not(HasSubstr("s3cr3t")));
}

TEST(writing_a_secret, creates_with_post_and_wants_no_data_back) {
  scripted_cluster it({answers({json_reply(201, partial)})});
  const auto meta = it.run(it.client->write_secret(creation()));
  ASSERT_TRUE(meta) << meta.error().message;
  EXPECT_EQ(meta->resource_version, "8");
  const auto seen = it.seen();
  EXPECT_EQ(seen.line, "POST /api/v1/namespaces/apps/secrets?fieldManager=platformer-operator HTTP/1.1");
  EXPECT_EQ(seen.headers.at("content-type"), "application/json");
  EXPECT_THAT(seen.headers.at("accept"), HasSubstr("as=PartialObjectMetadata;"));
  EXPECT_EQ(seen.json()["data"]["token"], base64(value));
  EXPECT_EQ(seen.json()["type"], "Opaque");
}

TEST(writing_a_secret, changes_with_a_merge_patch_under_preconditions) {
  scripted_cluster it({answers({json_reply(200, partial)})});
  auto change = creation();
  change.uid = "u";
  change.resource_version = "7";
  ASSERT_TRUE(it.run(it.client->write_secret(std::move(change))));
  const auto seen = it.seen();
  EXPECT_EQ(seen.line,
            "PATCH /api/v1/namespaces/apps/secrets/x-token?fieldManager=platformer-operator HTTP/1.1");
  EXPECT_EQ(seen.headers.at("content-type"), "application/merge-patch+json");
  EXPECT_EQ(seen.json()["metadata"], json::parse(R"({"uid":"u","resourceVersion":"7"})"));
}

TEST(writing_a_secret, can_be_a_dry_run_whose_reply_has_no_version) {
  scripted_cluster it({answers({json_reply(201, R"({"kind":"Secret","metadata":{"name":"x-token"}})")})});
  write_options options;
  options.dry_run = true;
  const auto meta = it.run(it.client->write_secret(creation(), options));
  ASSERT_TRUE(meta) << meta.error().message;
  EXPECT_EQ(meta->name, "x-token");
  EXPECT_EQ(it.seen().line,
            "POST /api/v1/namespaces/apps/secrets?dryRun=All&fieldManager=platformer-operator HTTP/1.1");
}

TEST(writing_a_secret, sends_the_same_body_again_after_a_429) {
  scripted_cluster it(
      {answers({failure(429, "TooManyRequests", "later", "Retry-After: 0\r\n"), json_reply(201, partial)})});
  ASSERT_TRUE(it.run(it.client->write_secret(creation())));
  EXPECT_EQ(it.seen(1).body, it.seen(0).body);
}

TEST(writing_a_secret, explains_a_quota_but_never_repeats_the_value) {
  const std::string quota =
      "exceeded quota: none, requested: count/secrets=1, used: count/secrets=0, limited: "
      "count/secrets=0";
  scripted_cluster it({answers({failure(403, "Forbidden", quota),
                                failure(422, "Invalid", "Secret \"x\" is invalid: data: " + base64(value)),
                                failure(400, "BadRequest", "admission webhook denied: " + value),
                                failure(409, "AlreadyExists", "secrets \"x-token\" already exists")})});
  const auto write = [&] { return it.run(it.client->write_secret(creation())).error(); };
  EXPECT_EQ(write().message, quota);
  const auto invalid = write();
  EXPECT_EQ(invalid.code, api_errc::invalid);
  EXPECT_EQ(invalid.message, "Invalid");
  EXPECT_EQ(write().message, "BadRequest");
  const auto taken = write();
  EXPECT_EQ(taken.code, api_errc::already_exists);
  EXPECT_EQ(taken.message, "secrets \"x-token\" already exists");
}

TEST(writing_a_secret, with_a_reply_that_cannot_be_understood_is_in_doubt) {
  scripted_cluster it({answers({json_reply(201, "<html>")})});
  const auto meta = it.run(it.client->write_secret(creation()));
  EXPECT_TRUE(may_be_committed(meta.error().code));
}

TEST(removing_a_secret, sends_preconditions_and_ignores_the_reply) {
  scripted_cluster it(
      {answers({json_reply(200, R"({"data":{"token":"czNj"}})"), failure(409, "Conflict", "s3cr3t")})});
  delete_options options;
  options.uid = "u";
  ASSERT_TRUE(it.run(it.client->remove_secret(key, options)));
  EXPECT_EQ(it.seen().line, "DELETE /api/v1/namespaces/apps/secrets/x-token HTTP/1.1");
  EXPECT_EQ(it.seen().json()["preconditions"], json::parse(R"({"uid":"u"})"));
  const auto conflict = it.run(it.client->remove_secret(key, options));
  EXPECT_EQ(conflict.error().code, api_errc::conflict);
  EXPECT_EQ(conflict.error().message, "Conflict");
}

}  // namespace
}  // namespace platformer::kube
