// What others do in the cluster: the garbage collector, quotas and policies.
#include <gtest/gtest.h>

#include "tests/unit/models/kube_fixture.hpp"

namespace platformer::models {
namespace {

constexpr auto secrets = kube_kind::secret;

kube_pointer add_owned(kube_model& cluster, std::string name, std::vector<owner_reference> owners) {
  secret_content content = secret_named(std::move(name));
  content.meta.owners = std::move(owners);
  return cluster.create(content, start).value();
}

TEST(kube_model_cluster, what_lost_its_owner_is_collected) {
  kube_model cluster;
  const auto owner = cluster.create(account_named("bot"), start);
  add_owned(cluster, "s", {owned_by(*owner)});
  EXPECT_FALSE(cluster.collect_garbage(start));
  ASSERT_TRUE(cluster.remove(kube_kind::service_account, key_named("bot"), {}, start));
  EXPECT_TRUE(cluster.collect_garbage(start));
  EXPECT_EQ(outcome(cluster.get(secrets, key_named("s"))), "not found");
  EXPECT_FALSE(cluster.collect_garbage(start));
}

TEST(kube_model_cluster, an_owner_is_its_uid_and_not_its_name) {
  kube_model cluster;
  const auto owner = cluster.create(account_named("bot"), start);
  ASSERT_TRUE(cluster.remove(kube_kind::service_account, key_named("bot"), {}, start));
  ASSERT_TRUE(cluster.create(account_named("bot"), start));
  add_owned(cluster, "s", {owned_by(*owner)});
  EXPECT_TRUE(cluster.collect_garbage(start));
  EXPECT_EQ(outcome(cluster.get(secrets, key_named("s"))), "not found");
}

TEST(kube_model_cluster, one_owner_that_is_left_keeps_it_and_the_other_is_forgotten) {
  kube_model cluster;
  owner_reference left = owned_by(*cluster.create(account_named("left"), start));
  owner_reference lost = left;
  lost.uid = "never-was";
  lost.controller = false;
  add_owned(cluster, "s", {lost, left});
  EXPECT_TRUE(cluster.collect_garbage(start));
  EXPECT_EQ(meta(cluster.get(secrets, key_named("s"))).owners, std::vector({left}));
}

TEST(kube_model_cluster, owners_of_kinds_that_are_not_modelled_count_as_there) {
  kube_model cluster;
  add_owned(cluster, "s", {{"apps/v1", "Deployment", "d", "1", true, false}});
  EXPECT_FALSE(cluster.collect_garbage(start));
}

TEST(kube_model_cluster, a_collected_object_waits_for_its_finalizers) {
  kube_model cluster;
  secret_content content = secret_named("s");
  content.meta.finalizers = {"a/x"};
  content.meta.owners = {{"v1", "Secret", "gone", "1", true, false}};
  ASSERT_TRUE(cluster.create(content, start));
  EXPECT_TRUE(cluster.collect_garbage(later));
  EXPECT_EQ(meta(cluster.get(secrets, key_named("s"))).deleted, later);
  EXPECT_FALSE(cluster.collect_garbage(later));
}

TEST(kube_model_cluster, admission_refuses_writes_and_rehearsals_after_validation_and_before_storage) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(secret_named("there"), start));
  cluster.set_admission("quota", secrets, [](const kube_object* before, const kube_object*) {
    return before == nullptr ? std::optional(api_error{.code = api_errc::forbidden, .http_status = 403})
                             : std::nullopt;
  });
  EXPECT_EQ(outcome(cluster.create(secret_named("s"), start, true)), "forbidden");
  EXPECT_EQ(outcome(cluster.create(secret_named("there"), start)), "forbidden");
  EXPECT_EQ(outcome(cluster.create(secret_named("Bad"), start)), "invalid");
  EXPECT_EQ(outcome(cluster.update(secret_named("there", "t-2"), start)), "ok");
  EXPECT_EQ(outcome(cluster.create(account_named("bot"), start)), "ok");
  cluster.set_admission("quota", secrets, nullptr);
  EXPECT_EQ(outcome(cluster.create(secret_named("s"), start)), "ok");
}

TEST(kube_model_cluster, admission_sees_a_deletion_and_then_the_removal_of_its_finalizer_as_a_change) {
  kube_model cluster;
  secret_content content = secret_named("s");
  content.meta.finalizers = {"a/x"};
  ASSERT_TRUE(cluster.create(content, start));
  std::string seen;
  cluster.set_admission("spy", secrets, [&](const kube_object* before, const kube_object* after) {
    seen += std::string(before != nullptr ? "b" : "-") + (after != nullptr ? "a " : "- ");
    return std::optional<api_error>();
  });
  ASSERT_TRUE(cluster.remove(secrets, key_named("s"), {}, start));
  ASSERT_TRUE(cluster.patch_metadata(secrets, key_named("s"), finalizers({}), start));
  EXPECT_EQ(seen, "b- ba ");
}

}  // namespace
}  // namespace platformer::models
