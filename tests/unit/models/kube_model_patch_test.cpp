#include <gtest/gtest.h>

#include "tests/unit/models/kube_fixture.hpp"

namespace platformer::models {
namespace {

using list = std::vector<std::string>;

TEST(kube_model_patch, a_merge_patch_replaces_lists_and_merges_maps) {
  kube_model cluster;
  service_account account = account_named("bot");
  account.meta.finalizers = {"a/x", "a/y"};
  account.meta.annotations = {{"keep", "1"}, {"drop", "2"}};
  ASSERT_TRUE(cluster.create(account, start));
  metadata_patch patch = finalizers({"a/z"});
  patch.annotations = {{"drop", std::nullopt}, {"add", "3"}};
  const auto patched = cluster.patch_metadata(kube_kind::service_account, key_named("bot"), patch, start);
  EXPECT_EQ(meta(patched).finalizers, list({"a/z"}));
  EXPECT_EQ(meta(patched).annotations, (string_map{{"keep", "1"}, {"add", "3"}}));
}

TEST(kube_model_patch, a_version_is_a_precondition_and_another_uid_an_attempt_to_change_it) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(account_named("bot"), start));
  const auto patch = [&](preconditions only_if) {
    metadata_patch wanted = annotated("a", only_if.uid + only_if.resource_version);
    wanted.only_if = std::move(only_if);
    return outcome(cluster.patch_metadata(kube_kind::service_account, key_named("bot"), wanted, start));
  };
  EXPECT_EQ(patch({"", "99"}), "conflict");
  EXPECT_EQ(patch({"other", ""}), "invalid");
  EXPECT_EQ(patch({"other", "99"}), "conflict");
  EXPECT_EQ(patch({"uid-1", "1"}), "ok");
}

TEST(kube_model_patch, a_strategic_patch_unites_finalizers_and_owners_of_built_in_kinds) {
  kube_model cluster;
  secret_content content = secret_named("s");
  content.meta.finalizers = {"a/x"};
  content.meta.owners = {{"v1", "Secret", "o", "1", false, false}};
  ASSERT_TRUE(cluster.create(content, start));
  metadata_patch patch = finalizers({"a/y", "a/x"});
  patch.kind = patch_kind::strategic;
  patch.owners = {{"v1", "Secret", "o", "1", true, false}, {"v1", "Secret", "p", "2", false, false}};
  const auto patched = cluster.patch_metadata(kube_kind::secret, key_named("s"), patch, start);
  EXPECT_EQ(meta(patched).finalizers, list({"a/y", "a/x"}));
  ASSERT_EQ(meta(patched).owners.size(), 2U);
  EXPECT_TRUE(meta(patched).owners[0].controller);
}

TEST(kube_model_patch, a_custom_resource_takes_no_strategic_patch) {
  kube_model cluster;
  metadata_patch patch = finalizers({"a/x"});
  patch.kind = patch_kind::strategic;
  const auto refused = cluster.patch_metadata(kube_kind::service_account, key_named("bot"), patch, start);
  EXPECT_EQ(outcome(refused), "bad request");
  EXPECT_EQ(refused.error().http_status, 415);
}

TEST(kube_model_patch, a_json_patch_tests_first_and_needs_what_it_adds_to) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(account_named("bot"), start));
  const auto patch = [&](metadata_patch wanted) {
    wanted.kind = patch_kind::json;
    return outcome(cluster.patch_metadata(kube_kind::service_account, key_named("bot"), wanted, start));
  };
  metadata_patch tested = finalizers({"a/x"});
  tested.only_if.resource_version = "99";
  EXPECT_EQ(patch(tested), "invalid");
  EXPECT_EQ(patch(annotated("a", "b")), "invalid");
  EXPECT_EQ(patch(finalizers({"a/x"})), "ok");
  ASSERT_TRUE(
      cluster.patch_metadata(kube_kind::service_account, key_named("bot"), annotated("c", "d"), start));
  EXPECT_EQ(patch(annotated("a", std::nullopt)), "invalid");
  EXPECT_EQ(patch(annotated("a", "b")), "ok");
  EXPECT_EQ(patch(annotated("a", std::nullopt)), "ok");
}

TEST(kube_model_patch, what_is_not_there_can_not_be_patched) {
  kube_model cluster;
  EXPECT_EQ(outcome(cluster.patch_metadata(kube_kind::secret, key_named("s"), annotated("a", "b"), start)),
            "not found");
}

}  // namespace
}  // namespace platformer::models
