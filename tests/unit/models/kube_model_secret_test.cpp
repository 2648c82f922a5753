#include <gtest/gtest.h>

#include "tests/unit/models/kube_fixture.hpp"

namespace platformer::models {
namespace {

secret_write creating(std::string_view token = "t-1") {
  secret_write write;
  write.key = key_named("s");
  write.data["token"] = bytes(token);
  write.labels["a"] = "b";
  return write;
}

secret_write changing(const kube_answer<kube_pointer>& seen) {
  secret_write write;
  write.key = key_named("s");
  write.uid = meta(seen).uid;
  write.resource_version = meta(seen).resource_version;
  return write;
}

std::string_view text(const kube_answer<kube_pointer>& answer, std::string_view key) {
  return part<secret_content>(answer).data.find(key)->second.value->reveal();
}

TEST(kube_model_secret, a_write_without_a_version_creates_and_never_overwrites) {
  kube_model cluster;
  const auto made = cluster.write_secret(creating(), start);
  EXPECT_EQ(text(made, "token"), "t-1");
  EXPECT_EQ(part<secret_content>(made).type, "Opaque");
  EXPECT_EQ(meta(made).generation, 0);
  EXPECT_EQ(outcome(cluster.write_secret(creating("t-2"), start)), "already exists");
}

TEST(kube_model_secret, a_change_keeps_what_it_does_not_name) {
  kube_model cluster;
  secret_write write = creating();
  write.data["other"] = bytes("x");
  const auto made = cluster.write_secret(write, start);
  secret_write change = changing(made);
  change.data = {{"token", bytes("t-2")}, {"other", nullptr}};
  change.annotations = {{"c", "d"}, {"absent", std::nullopt}};
  const auto changed = cluster.write_secret(change, start);
  EXPECT_EQ(text(changed, "token"), "t-2");
  EXPECT_EQ(part<secret_content>(changed).data.size(), 1U);
  EXPECT_EQ(meta(changed).labels, (string_map{{"a", "b"}}));
  EXPECT_EQ(meta(changed).annotations, (string_map{{"c", "d"}}));
  EXPECT_EQ(outcome(cluster.write_secret(change, start)), "conflict");
}

TEST(kube_model_secret, a_value_has_its_fingerprint_however_it_came) {
  kube_model cluster([](std::string_view text) { return "print of " + std::string(text); });
  const auto made = cluster.create(secret_named("s", "t-1"), start);
  EXPECT_EQ(part<secret_content>(made).data.at("token").fingerprint, "print of t-1");
  secret_write change = changing(made);
  change.data["token"] = bytes("t-2");
  EXPECT_EQ(part<secret_content>(cluster.write_secret(change, start)).data.at("token").fingerprint,
            "print of t-2");
}

TEST(kube_model_secret, equal_bytes_change_nothing) {
  kube_model cluster;
  const auto made = cluster.write_secret(creating("t-1"), start);
  secret_write change = changing(made);
  change.data["token"] = bytes("t-1");
  EXPECT_EQ(version(cluster.write_secret(change, start)), version(made));
}

TEST(kube_model_secret, a_change_of_one_that_is_gone_is_not_found) {
  kube_model cluster;
  const auto made = cluster.write_secret(creating(), start);
  ASSERT_TRUE(cluster.remove(kube_kind::secret, key_named("s"), {}, start));
  EXPECT_EQ(outcome(cluster.write_secret(changing(made), start)), "not found");
}

TEST(kube_model_secret, one_that_came_back_under_its_name_is_another) {
  kube_model cluster;
  const auto made = cluster.write_secret(creating(), start);
  ASSERT_TRUE(cluster.remove(kube_kind::secret, key_named("s"), {}, start));
  ASSERT_TRUE(cluster.write_secret(creating(), start));
  EXPECT_EQ(outcome(cluster.write_secret(changing(made), start)), "conflict");
}

TEST(kube_model_secret, values_have_a_mebibyte_in_all) {
  kube_model cluster;
  secret_write write = creating();
  write.data["token"] = bytes(std::string(1024 * 1024, 'x'));
  EXPECT_EQ(outcome(cluster.write_secret(write, start, true)), "ok");
  write.data["more"] = bytes("y");
  EXPECT_EQ(outcome(cluster.write_secret(write, start, true)), "invalid");
}

TEST(kube_model_secret, a_request_has_three_mebibytes) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(secret_named("s"), start));
  const auto far_too_large = std::string(std::size_t{3} * 1024 * 1024, 'x');
  EXPECT_EQ(outcome(cluster.write_secret(creating(far_too_large), start)), "too large");
  EXPECT_EQ(outcome(cluster.update(secret_named("s", far_too_large), start)), "too large");
}

TEST(kube_model_secret, keys_are_names_of_files) {
  kube_model cluster;
  for (const char* key : {"", ".", "..a", "a/b", "a b"}) {
    secret_write write = creating();
    write.data[key] = bytes("x");
    EXPECT_EQ(outcome(cluster.write_secret(write, start, true)), "invalid") << key;
  }
}

TEST(kube_model_secret, an_immutable_one_keeps_its_data_but_not_its_labels) {
  kube_model cluster;
  secret_content content = secret_named("s");
  content.immutable = true;
  const auto made = cluster.create(content, start);
  secret_write change = changing(made);
  change.data["token"] = bytes("t-2");
  EXPECT_EQ(outcome(cluster.write_secret(change, start)), "invalid");
  change.data.clear();
  change.labels["a"] = "c";
  EXPECT_EQ(outcome(cluster.write_secret(change, start)), "ok");
  EXPECT_EQ(outcome(cluster.update(secret_named("s"), start)), "invalid");
}

TEST(kube_model_secret, a_type_is_for_life) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(secret_named("s"), start));
  secret_content content = secret_named("s");
  content.type = "example.com/other";
  EXPECT_EQ(outcome(cluster.update(content, start)), "invalid");
}

TEST(kube_model_secret, a_rehearsal_refuses_what_the_write_would) {
  kube_model cluster;
  const auto made = cluster.write_secret(creating(), start);
  EXPECT_EQ(outcome(cluster.write_secret(creating(), start, true)), "already exists");
  secret_write change = changing(made);
  change.data["token"] = bytes("t-2");
  EXPECT_EQ(outcome(cluster.write_secret(change, start, true)), "ok");
  EXPECT_EQ(text(cluster.get(kube_kind::secret, key_named("s")), "token"), "t-1");
  change.resource_version = "99";
  EXPECT_EQ(outcome(cluster.write_secret(change, start, true)), "conflict");
}

}  // namespace
}  // namespace platformer::models
