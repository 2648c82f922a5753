#include <gtest/gtest.h>

#include "tests/unit/models/kube_fixture.hpp"

namespace platformer::models {
namespace {

kube_list_options labelled(std::string selector, std::string ns = "") {
  kube_list_options options;
  options.label_selector = std::move(selector);
  options.ns = std::move(ns);
  return options;
}

// version 1: a created, 2: labelled, 3: another annotation, 4: no label, 5: gone.
kube_model one_life() {
  kube_model cluster;
  const auto patch = [&](metadata_patch wanted) {
    EXPECT_TRUE(cluster.patch_metadata(kube_kind::secret, key_named("a"), wanted, start));
  };
  EXPECT_TRUE(cluster.create(secret_named("a"), start));
  metadata_patch label;
  label.labels["team"] = "red";
  patch(label);
  patch(annotated("x", "y"));
  label.labels["team"] = std::nullopt;
  patch(label);
  EXPECT_TRUE(cluster.remove(kube_kind::secret, key_named("a"), {}, start));
  return cluster;
}

TEST(kube_model_watch, all_changes_of_the_kind_are_told_in_order) {
  const kube_model cluster = one_life();
  EXPECT_EQ(told(cluster.events_after(kube_kind::secret, {}, 0)),
            "added a@1 modified a@2 modified a@3 modified a@4 deleted a@5");
  EXPECT_EQ(told(cluster.events_after(kube_kind::secret, {}, 3)), "modified a@4 deleted a@5");
  EXPECT_EQ(told(cluster.events_after(kube_kind::secret, {}, 5)), "");
  EXPECT_EQ(told(cluster.events_after(kube_kind::lease, {}, 0)), "");
}

TEST(kube_model_watch, what_begins_and_ceases_to_match_is_added_and_deleted) {
  const kube_model cluster = one_life();
  const auto events = cluster.events_after(kube_kind::secret, labelled("team=red"), 0);
  ASSERT_EQ(told(events), "added a@2 modified a@3 deleted a@4");
  EXPECT_EQ(meta_of(*events->back().object).labels.count("team"), 1U);
  EXPECT_EQ(meta_of(*events->back().object).resource_version, "4");
  EXPECT_EQ(told(cluster.events_after(kube_kind::secret, labelled("team=blue"), 0)), "");
  EXPECT_EQ(told(cluster.events_after(kube_kind::secret, labelled("team=red,x=y"), 0)), "");
  EXPECT_EQ(told(cluster.events_after(kube_kind::secret, labelled("", "elsewhere"), 0)), "");
}

TEST(kube_model_watch, a_reader_may_be_slow_and_a_replica_behind) {
  const kube_model cluster = one_life();
  EXPECT_EQ(told(cluster.events_after(kube_kind::secret, {}, 1, 2)), "modified a@2 modified a@3");
  EXPECT_EQ(told(cluster.events_after(kube_kind::secret, {}, 1, 9, 2)), "modified a@2");
}

TEST(kube_model_watch, a_compacted_version_is_gone_and_the_one_compacted_to_is_not) {
  kube_model cluster = one_life();
  cluster.compact(3);
  EXPECT_EQ(told(cluster.events_after(kube_kind::secret, {}, 2)), "gone");
  EXPECT_EQ(told(cluster.events_after(kube_kind::secret, {}, 3)), "modified a@4 deleted a@5");
  cluster.compact(99);
  EXPECT_EQ(cluster.compacted(), 5U);
  cluster.compact(1);
  EXPECT_EQ(cluster.compacted(), 5U);
}

TEST(kube_model_watch, initial_events_end_with_a_bookmark) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(secret_named("b"), start));
  ASSERT_TRUE(cluster.create(secret_named("a"), start));
  ASSERT_TRUE(cluster.create(lease_named("l", "me"), start));
  EXPECT_EQ(told(cluster.initial_events(kube_kind::secret, {})), "added a@2 added b@1 bookmark@3");
}

TEST(kube_model_watch, a_listener_hears_every_change_once_it_is_in_place) {
  kube_model cluster;
  std::string heard;
  cluster.set_listener([&](const kube_change& change) {
    heard += (change.before ? "b" : "-") + std::string(change.after ? "a" : "-") +
             std::to_string(change.version) + (cluster.get(kube_kind::secret, key_named("s")) ? "+ " : ". ");
  });
  ASSERT_TRUE(cluster.create(secret_named("s"), start));
  ASSERT_TRUE(cluster.update(secret_named("s", "t-2"), start));
  ASSERT_TRUE(cluster.update(secret_named("s", "t-2"), start));
  ASSERT_TRUE(cluster.remove(kube_kind::secret, key_named("s"), {}, start));
  EXPECT_EQ(heard, "-a1+ ba2+ b-3. ");
}

}  // namespace
}  // namespace platformer::models
