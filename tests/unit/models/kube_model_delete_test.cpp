#include <gtest/gtest.h>

#include "tests/unit/models/kube_fixture.hpp"

namespace platformer::models {
namespace {

constexpr auto accounts = kube_kind::service_account;

kube_pointer held(kube_model& cluster) {
  service_account account = account_named("bot");
  account.meta.finalizers = {"a/x", "a/y"};
  return cluster.create(account, start).value();
}

TEST(kube_model_delete, without_finalizers_an_object_is_gone_at_once) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(account_named("bot"), start));
  EXPECT_EQ(outcome(cluster.remove(accounts, key_named("bot"), {}, start)), "ok");
  EXPECT_EQ(outcome(cluster.get(accounts, key_named("bot"))), "not found");
  EXPECT_EQ(outcome(cluster.remove(accounts, key_named("bot"), {}, start)), "not found");
}

TEST(kube_model_delete, preconditions_protect_what_came_later) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(account_named("bot"), start));
  EXPECT_EQ(outcome(cluster.remove(accounts, key_named("bot"), {"other", ""}, start)), "conflict");
  EXPECT_EQ(outcome(cluster.remove(accounts, key_named("bot"), {"", "99"}, start)), "conflict");
  EXPECT_EQ(outcome(cluster.remove(accounts, key_named("bot"), {"uid-1", "1"}, start)), "ok");
}

TEST(kube_model_delete, finalizers_hold_a_marked_object) {
  kube_model cluster;
  held(cluster);
  ASSERT_TRUE(cluster.remove(accounts, key_named("bot"), {}, later + std::chrono::milliseconds(1)));
  const auto marked = cluster.get(accounts, key_named("bot"));
  EXPECT_EQ(meta(marked).deleted, later);
  EXPECT_EQ(meta(marked).generation, 2);
  EXPECT_EQ(version(marked), 2U);
  ASSERT_TRUE(cluster.remove(accounts, key_named("bot"), {}, later));
  EXPECT_EQ(cluster.version(), 2U);
}

TEST(kube_model_delete, the_last_finalizer_takes_the_object_with_it) {
  kube_model cluster;
  held(cluster);
  ASSERT_TRUE(cluster.remove(accounts, key_named("bot"), {}, later));
  ASSERT_TRUE(cluster.patch_metadata(accounts, key_named("bot"), finalizers({"a/y"}), later));
  const auto last = cluster.patch_metadata(accounts, key_named("bot"), finalizers({}), later);
  EXPECT_TRUE(meta(last).finalizers.empty());
  EXPECT_EQ(version(last), 3U);
  EXPECT_EQ(cluster.version(), 4U);
  EXPECT_EQ(outcome(cluster.get(accounts, key_named("bot"))), "not found");
}

TEST(kube_model_delete, the_event_of_a_deletion_shows_the_last_stored_state) {
  kube_model cluster;
  held(cluster);
  ASSERT_TRUE(cluster.remove(accounts, key_named("bot"), {}, later));
  ASSERT_TRUE(cluster.patch_metadata(accounts, key_named("bot"), finalizers({}), later));
  const auto events = cluster.events_after(accounts, {}, 2);
  ASSERT_EQ(told(events), "deleted bot@3");
  EXPECT_EQ(meta_of(*events->front().object).finalizers.size(), 2U);
  EXPECT_EQ(meta_of(*events->front().object).resource_version, "3");
}

TEST(kube_model_delete, a_marked_object_gets_no_new_finalizer) {
  kube_model cluster;
  held(cluster);
  ASSERT_TRUE(cluster.remove(accounts, key_named("bot"), {}, later));
  EXPECT_EQ(outcome(cluster.patch_metadata(accounts, key_named("bot"), finalizers({"a/x", "a/z"}), later)),
            "invalid");
  EXPECT_EQ(outcome(cluster.patch_metadata(accounts, key_named("bot"), finalizers({"a/x"}), later)), "ok");
}

TEST(kube_model_delete, nobody_takes_a_deletion_back) {
  kube_model cluster;
  service_account saved = std::get<service_account>(*held(cluster));
  ASSERT_TRUE(cluster.remove(accounts, key_named("bot"), {}, later));
  saved.meta.resource_version = "2";
  saved.spec.suspend = true;
  EXPECT_EQ(meta(cluster.update(saved, later)).deleted, later);
}

TEST(kube_model_delete, a_status_does_not_free_a_marked_object) {
  kube_model cluster;
  service_account saved = std::get<service_account>(*held(cluster));
  ASSERT_TRUE(cluster.remove(accounts, key_named("bot"), {}, later));
  saved.meta.finalizers.clear();
  saved.meta.resource_version.clear();
  saved.status.failures = 1;
  EXPECT_EQ(meta(cluster.update_status(saved, later)).finalizers.size(), 2U);
}

TEST(kube_model_delete, a_rehearsed_last_finalizer_leaves_the_object) {
  kube_model cluster;
  held(cluster);
  ASSERT_TRUE(cluster.remove(accounts, key_named("bot"), {}, later));
  ASSERT_TRUE(cluster.patch_metadata(accounts, key_named("bot"), finalizers({}), later, true));
  EXPECT_EQ(outcome(cluster.get(accounts, key_named("bot"))), "ok");
}

}  // namespace
}  // namespace platformer::models
