#include "model/secret_contents.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace platformer::test {
namespace {

template_values with_token(std::string_view token = "s3cret") {
  template_values values;
  values.token = std::make_shared<const secret_string>(token);
  values.account_id = "acc-1";
  return values;
}

std::map<std::string, std::string> revealed(const secret_spec& spec,
                                            const template_values& values = with_token()) {
  std::map<std::string, std::string> data;
  const auto contents = secret_contents(spec, values);
  if (!contents) return {{"error", contents.error().message}};
  for (const auto& [key, value] : *contents)
    data[key] = std::string(value->reveal());
  return data;
}

using expected = std::map<std::string, std::string>;

TEST(secret_contents, by_default_there_is_the_token_alone) {
  EXPECT_EQ(revealed({}), (expected{{"token", "s3cret"}}));
  EXPECT_EQ(revealed({.key = "CONSOLE_TOKEN"}), (expected{{"CONSOLE_TOKEN", "s3cret"}}));
}

TEST(secret_contents, the_token_itself_is_shared_not_copied) {
  const auto values = with_token();
  const auto contents = secret_contents({}, values);
  ASSERT_TRUE(contents);
  EXPECT_EQ(contents->at("token"), values.token);
}

TEST(secret_contents, templates_add_keys) {
  secret_spec spec;
  spec.templates = {{".npmrc", "//r/:_authToken=${token}"}, {"id", "${account-id}"}};
  EXPECT_EQ(revealed(spec),
            (expected{{"token", "s3cret"}, {".npmrc", "//r/:_authToken=s3cret"}, {"id", "acc-1"}}));
}

TEST(secret_contents, a_broken_template_is_named_by_its_key) {
  secret_spec spec;
  spec.templates = {{"a", "fine"}, {"b", "${nope}"}};
  EXPECT_TRUE(revealed(spec)["error"].starts_with("spec.secret.template[b]: ${nope} at character 1"));
}

TEST(secret_contents, all_texts_together_are_bounded_once_filled_in) {
  secret_spec spec;
  spec.templates = {{"a", std::string(expanded_limit_bytes - 6, 'x') + "${token}"}};
  EXPECT_EQ(revealed(spec)["a"].size(), expanded_limit_bytes);
  spec.templates["b"] = "y";
  EXPECT_NE(revealed(spec)["error"].find("65536 bytes"), std::string::npos);
  // Few characters that become many.
  spec.templates = {{"a", "${token}${token}"}};
  EXPECT_NE(revealed(spec, with_token(std::string(40'000, 't')))["error"].find("65536"), std::string::npos);
}

TEST(secret_contents, dockerconfigjson_is_what_kubectl_writes) {
  secret_spec spec;
  spec.type = secret_type::docker_config;
  spec.registry = registry_spec{"registry.acme.io", "platformer"};
  EXPECT_EQ(revealed(spec),
            (expected{{"token", "s3cret"},
                      {".dockerconfigjson", R"({"auths":{"registry.acme.io":{"username":"platformer",)"
                                            R"("password":"s3cret","auth":"cGxhdGZvcm1lcjpzM2NyZXQ="}}})"}}));
}

TEST(secret_contents, dockerconfigjson_is_json_whatever_the_token_holds) {
  const std::string token = "a\"b\\c\x01\n/ü";
  const auto text = docker_config_json({"h:5000/p", "u\"v"}, secret_string(token));
  const auto json = nlohmann::json::parse(text.reveal());
  EXPECT_EQ(json["auths"]["h:5000/p"]["password"], token);
  EXPECT_EQ(json["auths"]["h:5000/p"]["username"], "u\"v");
}

TEST(secret_contents, basic_auth_has_username_and_password) {
  secret_spec spec;
  spec.type = secret_type::basic_auth;
  spec.key = "password";
  spec.registry = registry_spec{"", "platformer"};
  EXPECT_EQ(revealed(spec), (expected{{"username", "platformer"}, {"password", "s3cret"}}));
}

TEST(secret_contents, no_key_takes_the_place_of_the_token) {
  secret_spec spec;
  spec.templates = {{"token", "other"}};
  EXPECT_EQ(revealed(spec)["token"], "s3cret");
}

}  // namespace
}  // namespace platformer::test
