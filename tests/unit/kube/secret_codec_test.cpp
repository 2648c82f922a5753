#include "kube/secret_codec.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "net/digest.hpp"

namespace platformer::kube {
namespace {

using json = nlohmann::json;

token_handle token(std::string_view bytes) {
  return std::make_shared<const secret_string>(bytes);
}

TEST(encoding_a_secret, creates_it_opaque_with_owner_and_data) {
  secret_write write;
  write.key = {"apps", "x-token"};
  write.data = {{"token", token("s3cr3t")}, {"absent", nullptr}};
  write.labels = {{"a", "1"}, {"gone", std::nullopt}};
  write.annotations = {{"n", "2"}};
  write.owners = {{{"v1", "Kind", "x", "uid-1", true, true}}};
  const auto body = encode_secret(write);
  const auto sent = json::parse(body.reveal());
  EXPECT_EQ(sent["kind"], "Secret");
  EXPECT_EQ(sent["apiVersion"], "v1");
  EXPECT_EQ(sent["type"], "Opaque");
  EXPECT_EQ(sent["data"], json::parse(R"({"token":"czNjcjN0"})"));
  EXPECT_EQ(sent["metadata"]["name"], "x-token");
  EXPECT_EQ(sent["metadata"]["namespace"], "apps");
  EXPECT_EQ(sent["metadata"]["labels"], json::parse(R"({"a":"1"})"));
  EXPECT_EQ(sent["metadata"]["ownerReferences"][0]["uid"], "uid-1");
  EXPECT_FALSE(sent["metadata"].contains("resourceVersion"));
}

TEST(encoding_a_secret, changes_it_under_preconditions_and_names_only_what_changes) {
  secret_write write;
  write.key = {"apps", "x-token"};
  write.uid = "uid-2";
  write.resource_version = "41";
  write.data = {{"token", token("new")}, {"old \"key\"", nullptr}};
  write.labels = {{"gone", std::nullopt}};
  EXPECT_EQ(json::parse(encode_secret(write).reveal()),
            json::parse(R"({"metadata":{"uid":"uid-2","resourceVersion":"41","labels":{"gone":null}},
                            "data":{"token":"bmV3","old \"key\"":null}})"));
  write.data.clear();
  EXPECT_EQ(json::parse(encode_secret(write).reveal()),
            json::parse(R"({"metadata":{"uid":"uid-2","resourceVersion":"41","labels":{"gone":null}}})"));
}

TEST(decoding_a_secret, gives_values_with_fingerprints) {
  const auto content =
      decode_secret(R"( {"kind":"Secret", "data" : { "token":"czNjcjN0" ,"empty":"", "none":null},
      "metadata":{"name":"x","namespace":"apps","uid":"u","resourceVersion":"7",
      "annotations":{"a":"{\"data\":\"}\"}","kubectl.kubernetes.io/last-applied-configuration":"{}"}},
      "type":"Opaque","immutable":true} )");
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(content->data.at("token").value->reveal(), "s3cr3t");
  EXPECT_EQ(content->data.at("token").fingerprint, net::fingerprint("s3cr3t"));
  EXPECT_TRUE(content->data.at("empty").value->empty());
  EXPECT_TRUE(content->data.at("none").value->empty());
  EXPECT_EQ(content->meta.resource_version, "7");
  EXPECT_EQ(content->meta.annotations.size(), 1U);
  EXPECT_EQ(content->type, "Opaque");
  EXPECT_TRUE(content->immutable);
}

TEST(decoding_a_secret, works_without_data) {
  for (const char* data : {"", R"("data":null,)", R"("data":{},)"}) {
    const auto content =
        decode_secret("{" + std::string(data) + R"("metadata":{"name":"x","resourceVersion":"7"}})");
    ASSERT_TRUE(content) << data;
    EXPECT_TRUE(content->data.empty());
  }
}

TEST(decoding_a_secret, refuses_what_it_does_not_understand_without_quoting_it) {
  const std::string meta = R"("metadata":{"name":"x","resourceVersion":"7"})";
  const std::vector<std::string> bodies = {
      "",
      "[]",
      "null",
      "{",
      "{\"data\"",
      "<html>s3cr3t</html>",
      R"({"data":{"s3cr3t":"czNj"})",
      R"({"data":{"token":"s3cr3t!"},)" + meta + "}",  // not base64
      R"({"data":{"token":"\u0063zNj"},)" + meta + "}",
      R"({"data":{"token":7},)" + meta + "}",
      "{\"data\":{\"a\tb\":\"czNj\"}," + meta + "}",  // no server stores such a key
      R"({"data":{"":"czNj"},)" + meta + "}",
      R"({"data":["s3cr3t"],)" + meta + "}",
      R"({"data":{"a":"czNj"},"data":{"b":"czNj"},)" + meta + "}",
      R"({"d\u0061ta":{"token":"czNj"},)" + meta + "}",
      R"({"data":{"token":"czNj"}})",
      R"({"data":{"token":"czNj"},)" + meta + "} trailing",
      "{\"metadata\":" + std::string(100'000, '[') + "}",
      "{\"data\":" + std::string(100'000, '{') + "}",
      "{\"metadata\":{\"name\":\"\xff\xfe\",\"resourceVersion\":\"1\"}}",
  };
  for (const auto& body : bodies) {
    const auto content = decode_secret(body);
    ASSERT_FALSE(content) << body.substr(0, 80);
    EXPECT_EQ(content.error().message.find("s3cr3t"), std::string::npos) << content.error().message;
  }
}

TEST(decoding_a_secrets_metadata, takes_whole_secrets_and_partial_ones) {
  EXPECT_EQ(
      decode_secret_meta(R"({"kind":"PartialObjectMetadata","metadata":{"name":"x","resourceVersion":"7"}})")
          ->resource_version,
      "7");
  EXPECT_EQ(decode_secret_meta(R"({"data":{"token":"czNj"},"metadata":{"name":"x","resourceVersion":"8"}})")
                ->resource_version,
            "8");
}

TEST(decoding_a_secret, survives_every_cut) {
  const std::string whole =
      R"({"data":{"token":"czNjcjN0"},"metadata":{"name":"x","resourceVersion":"7"},"type":"Opaque"})";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(decode_secret(whole.substr(0, size))) << size;
  EXPECT_TRUE(decode_secret(whole));
}

}  // namespace
}  // namespace platformer::kube
