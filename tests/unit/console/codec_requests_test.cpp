#include <gmock/gmock.h>

#include "console/codec.hpp"

namespace platformer::console {
namespace {

const time_point at = *parse_rfc3339("2027-01-01T00:00:00.750Z");

TEST(EncodeCreate, EverythingThatIsSet) {
  account_fields fields;
  fields.name = "ci-bot";
  fields.description = "deploys\nplatformer-operator:c/n/x/u";
  fields.roles = string_set{"rudder.app.viewer", "r1"};
  fields.projects = {{"p2", {"b"}}, {"p1", {}}};
  fields.expires_at.emplace(at);
  EXPECT_EQ(
      encode_create(fields),
      R"({"description":"deploys\nplatformer-operator:c/n/x/u","expired_in":"2027-01-01T00:00:00Z",)"
      R"("name":"ci-bot","projects":[{"project_id":"p1","roles":[]},{"project_id":"p2","roles":["b"]}],)"
      R"("roles":["r1","rudder.app.viewer"]})");
}

TEST(EncodeCreate, AnAbsentExpiryIsNull) {
  account_fields fields;
  fields.name = "ci-bot";
  EXPECT_EQ(encode_create(fields), R"({"expired_in":null,"name":"ci-bot"})");
}

TEST(EncodeUpdate, OnlyWhatIsSetAndNeverTheName) {
  account_fields fields;
  fields.name = "ignored";
  EXPECT_EQ(encode_update(fields), "{}");
  fields.roles.emplace();
  fields.expires_at.emplace(std::nullopt);
  EXPECT_EQ(encode_update(fields), R"({"expired_in":null,"roles":[]})");
}

TEST(EncodeRenew, DateOrNull) {
  EXPECT_EQ(encode_renew(std::nullopt), R"({"expired_in":null})");
  EXPECT_EQ(encode_renew(at), R"({"expired_in":"2027-01-01T00:00:00Z"})");
}

TEST(Encode, InvalidUtf8IsReplacedNotThrown) {
  account_fields fields;
  fields.description = "a\xff";
  EXPECT_EQ(encode_update(fields), "{\"description\":\"a\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace platformer::console
