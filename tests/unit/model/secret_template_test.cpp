#include "model/secret_template.hpp"

#include <gtest/gtest.h>

#include "model/base64.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;

template_values values() {
  return {.token = std::make_shared<const secret_string>("s3cret"),
          .account_id = "acc-1",
          .organization_id = "org-1",
          .project_id = "prj-1",
          .gateway = "https://api.platformer.com",
          .expires_at = time_point(1s)};
}

std::string expanded(std::string_view text, const template_values& with = values()) {
  const auto parsed = parse_template(text);
  if (!parsed) return "error: " + parsed.error().message;
  const auto result = expand(*parsed, with);
  EXPECT_EQ(result.size(), expanded_size(*parsed, with));
  return std::string(result.reveal());
}

TEST(secret_template, text_without_names_stays_as_it_is) {
  EXPECT_EQ(expanded(""), "");
  EXPECT_EQ(expanded("a {b} }\n\tü"), "a {b} }\n\tü");
}

TEST(secret_template, every_name_is_filled_in) {
  EXPECT_EQ(expanded("//registry/:_authToken=${token}"), "//registry/:_authToken=s3cret");
  EXPECT_EQ(expanded("${account-id},${organization-id},${project-id},${gateway},${expires-at}"),
            "acc-1,org-1,prj-1,https://api.platformer.com,1970-01-01T00:00:01Z");
  EXPECT_EQ(expanded("${token}${token}"), "s3crets3cret");
}

TEST(secret_template, what_is_not_there_is_empty) {
  template_values some = values();
  some.project_id.clear();
  some.expires_at.reset();
  EXPECT_EQ(expanded("[${project-id}][${expires-at}][${base64:expires-at}]", some), "[][][]");
}

TEST(secret_template, base64_takes_any_name) {
  EXPECT_EQ(expanded("${base64:token}"), "czNjcmV0");
  EXPECT_EQ(expanded("<${base64:account-id}>"), "<YWNjLTE=>");
}

TEST(secret_template, two_dollars_are_one) {
  EXPECT_EQ(expanded("$$"), "$");
  EXPECT_EQ(expanded("$${token}"), "${token}");
  EXPECT_EQ(expanded("$$${token}$$"), "$s3cret$");
}

TEST(secret_template, values_are_not_expanded_again) {
  template_values some = values();
  some.account_id = "${token}$$";
  EXPECT_EQ(expanded("${account-id}", some), "${token}$$");
}

TEST(secret_template, an_unknown_name_is_named_with_its_place) {
  EXPECT_TRUE(expanded("ab${toke}").starts_with("error: ${toke} at character 3 is not known"))
      << expanded("ab${toke}");
  EXPECT_TRUE(expanded("üö${Token}").starts_with("error: ${Token} at character 3 is not known"));
  EXPECT_TRUE(expanded("${}").starts_with("error: ${} at character 1"));
  EXPECT_TRUE(expanded("${ token}").starts_with("error: ${...} at character 1"));
  EXPECT_TRUE(expanded("${base64:}").starts_with("error: ${base64:}"));
  EXPECT_TRUE(expanded("${base64:base64:token}").starts_with("error: ${base64:base64:token}"));
  EXPECT_TRUE(expanded("${BASE64:token}").starts_with("error: ${BASE64:token}"));
  EXPECT_NE(expanded("${x}").find("${expires-at}"), std::string::npos) << "it says what is known";
}

TEST(secret_template, an_unfinished_name_and_a_lone_dollar_are_errors) {
  EXPECT_EQ(expanded("a${token"), "error: the ${ at character 2 has no }");
  EXPECT_EQ(expanded("cost: 5$"), "error: the $ at character 8 stands alone: write $$ for a dollar sign");
  EXPECT_EQ(expanded("$HOME"), "error: the $ at character 1 stands alone: write $$ for a dollar sign");
  EXPECT_EQ(expanded("$$$x"), "error: the $ at character 3 stands alone: write $$ for a dollar sign");
}

TEST(secret_template, a_long_or_unprintable_name_is_not_quoted_whole) {
  EXPECT_LT(expanded("${" + std::string(5000, 'x') + "}").size(), 300U);
  EXPECT_EQ(expanded("${a\nb}").find('\n'), std::string::npos);
}

TEST(base64, pads_and_covers_every_byte) {
  const auto encoded = [](std::string_view bytes) {
    std::string text;
    base64_append(text, bytes);
    EXPECT_EQ(text.size(), base64_size(bytes.size()));
    return text;
  };
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encoded("\xff\xfe\xfd"), "//79");
  EXPECT_EQ(encoded(std::string_view("\0", 1)), "AA==");
}

}  // namespace
}  // namespace platformer::test
