#include <gtest/gtest.h>

#include "tests/unit/models/kube_fixture.hpp"

namespace platformer::models {
namespace {

kube_model with_secrets(const std::vector<std::string>& names) {
  kube_model cluster;
  for (const std::string& each : names)
    EXPECT_TRUE(cluster.create(secret_named(each), start));
  return cluster;
}

// "a b @3" or the error.
std::string listed(const kube_model& cluster, const kube_list_options& options, kube_version replica = 0) {
  const auto page = cluster.list(kube_kind::secret, options, replica);
  if (!page) return std::string(to_string(page.error().code));
  std::string text;
  for (const kube_pointer& each : page->items)
    text += meta_of(*each).name + " ";
  return text + "@" + std::to_string(page->version);
}

kube_list_options at(std::string version) {
  kube_list_options options;
  options.resource_version = std::move(version);
  return options;
}

TEST(kube_model_list, objects_come_in_order_with_the_storages_version) {
  kube_model cluster = with_secrets({"c", "a", "b"});
  EXPECT_EQ(listed(cluster, {}), "a b c @3");
  EXPECT_EQ(cluster.all(kube_kind::secret).size(), 3U);
}

TEST(kube_model_list, a_selector_and_a_namespace_narrow_it) {
  kube_model cluster = with_secrets({"a"});
  secret_content content = secret_named("b");
  content.meta.labels = {{"x", "1"}, {"y", "2"}};
  ASSERT_TRUE(cluster.create(content, start));
  content.meta.ns = "other";
  ASSERT_TRUE(cluster.create(content, start));
  kube_list_options options;
  options.label_selector = "x=1,y=2";
  EXPECT_EQ(listed(cluster, options), "b b @3");
  options.ns = "team";
  EXPECT_EQ(listed(cluster, options), "b @3");
}

TEST(kube_model_list, pages_show_one_version_whatever_happens_meanwhile) {
  kube_model cluster = with_secrets({"a", "c", "e"});
  kube_list_options options;
  options.limit = 2;
  const auto first = cluster.list(kube_kind::secret, options);
  ASSERT_EQ(first->items.size(), 2U);
  ASSERT_TRUE(cluster.create(secret_named("d"), start));
  ASSERT_TRUE(cluster.remove(kube_kind::secret, key_named("e"), {}, start));
  options.continue_token = first->continue_token;
  EXPECT_EQ(listed(cluster, options), "e @3");
  cluster.compact(3);
  EXPECT_EQ(listed(cluster, options), "e @3");
  cluster.compact(4);
  EXPECT_EQ(listed(cluster, options), "gone");
}

TEST(kube_model_list, a_garbled_token_is_a_bad_request) {
  const kube_model cluster = with_secrets({"a"});
  for (const char* token : {"x", "1", "1/team", "0/team/a", "x/team/a"}) {
    kube_list_options options;
    options.continue_token = token;
    EXPECT_EQ(listed(cluster, options), "bad request") << token;
  }
}

TEST(kube_model_list, a_lagging_replica_answers_from_its_past) {
  kube_model cluster = with_secrets({"a", "b"});
  ASSERT_TRUE(cluster.remove(kube_kind::secret, key_named("a"), {}, start));
  EXPECT_EQ(listed(cluster, at("0"), 2), "a b @2");
  EXPECT_EQ(listed(cluster, at("2"), 2), "a b @2");
  EXPECT_EQ(listed(cluster, at(""), 2), "b @3");
  EXPECT_EQ(listed(cluster, at("3"), 2), "server error");
  EXPECT_EQ(listed(cluster, at("1")), "b @3");
  EXPECT_EQ(listed(cluster, at("9")), "server error");
  EXPECT_EQ(listed(cluster, at("x")), "bad request");
}

TEST(kube_model_list, the_past_has_what_was_changed_as_it_was) {
  kube_model cluster = with_secrets({"a"});
  ASSERT_TRUE(cluster.update(secret_named("a", "t-2"), start));
  const auto page = cluster.list(kube_kind::secret, at("0"), 1);
  EXPECT_EQ(std::get<secret_content>(*page->items.at(0)).data.at("token").value->reveal(), "t-1");
}

}  // namespace
}  // namespace platformer::models
