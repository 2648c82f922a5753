#include <gtest/gtest.h>

#include "tests/unit/models/kube_fixture.hpp"

namespace platformer::models {
namespace {

constexpr auto accounts = kube_kind::service_account;

TEST(kube_model_write, a_created_object_gets_what_the_server_assigns) {
  kube_model cluster;
  service_account account = account_named("bot");
  account.meta.uid = "forged";
  account.meta.generation = 7;
  account.status.account_id = "forged";
  const auto made = cluster.create(account, start + std::chrono::milliseconds(900));
  EXPECT_EQ(meta(made).uid, "uid-1");
  EXPECT_EQ(meta(made).resource_version, "1");
  EXPECT_EQ(meta(made).generation, 1);
  EXPECT_EQ(meta(made).created, start);
  EXPECT_EQ(part<service_account>(made).status, service_account_status());
  EXPECT_EQ(*cluster.get(accounts, key_named("bot")), *made);
}

TEST(kube_model_write, a_name_is_given_once_and_a_uid_never_again) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(account_named("bot"), start));
  EXPECT_EQ(outcome(cluster.create(account_named("bot"), start)), "already exists");
  ASSERT_TRUE(cluster.remove(accounts, key_named("bot"), {}, start));
  EXPECT_EQ(meta(cluster.create(account_named("bot"), start)).uid, "uid-2");
}

TEST(kube_model_write, all_kinds_count_with_one_version) {
  kube_model cluster;
  EXPECT_EQ(version(cluster.create(account_named("bot"), start)), 1U);
  EXPECT_EQ(version(cluster.create(secret_named("bot"), start)), 2U);
  EXPECT_EQ(version(cluster.create(lease_named("bot", "me"), start)), 3U);
  EXPECT_EQ(cluster.version(), 3U);
}

TEST(kube_model_write, a_put_of_a_custom_resource_needs_the_version_that_is_stored) {
  kube_model cluster;
  const auto made = cluster.create(account_named("bot"), start);
  service_account change = part<service_account>(made);
  change.spec.description = "new";
  change.meta.resource_version.clear();
  EXPECT_EQ(outcome(cluster.update(change, start)), "invalid");
  change.meta.resource_version = "99";
  EXPECT_EQ(outcome(cluster.update(change, start)), "conflict");
  change.meta.resource_version = meta(made).resource_version;
  EXPECT_EQ(outcome(cluster.update(change, start)), "ok");
}

TEST(kube_model_write, a_put_of_a_secret_without_a_version_overwrites) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(secret_named("s", "one"), start));
  ASSERT_TRUE(cluster.update(secret_named("s", "two"), start));
  const auto read = cluster.get(kube_kind::secret, key_named("s"));
  EXPECT_EQ(part<secret_content>(read).data.at("token").value->reveal(), "two");
}

TEST(kube_model_write, the_uid_of_a_put_is_a_precondition) {
  kube_model cluster;
  secret_content content = secret_named("s");
  content.meta.uid = "other";
  EXPECT_EQ(outcome(cluster.update(content, start)), "not found");
  ASSERT_TRUE(cluster.create(secret_named("s"), start));
  EXPECT_EQ(outcome(cluster.update(content, start)), "conflict");
  lease record = lease_named("l", "me");
  record.meta.uid = "other";
  EXPECT_EQ(outcome(cluster.update(record, start)), "conflict");
}

TEST(kube_model_write, only_a_lease_is_created_by_a_put) {
  kube_model cluster;
  EXPECT_EQ(outcome(cluster.update(account_named("bot"), start)), "not found");
  EXPECT_EQ(version(cluster.update(lease_named("l", "me"), start)), 1U);
}

TEST(kube_model_write, a_generation_moves_with_the_spec_only) {
  kube_model cluster;
  const auto made = cluster.create(account_named("bot"), start);
  const auto noted = cluster.patch_metadata(accounts, key_named("bot"), annotated("a", "b"), start);
  EXPECT_EQ(meta(noted).generation, 1);
  service_account change = part<service_account>(noted);
  change.spec.suspend = true;
  const auto updated = cluster.update(change, start);
  EXPECT_EQ(meta(updated).generation, 2);
  change = part<service_account>(updated);
  change.status.account_id = "a-1";
  EXPECT_EQ(meta(cluster.update_status(change, start)).generation, 2);
}

TEST(kube_model_write, a_put_keeps_the_status_and_a_status_keeps_all_else) {
  kube_model cluster;
  service_account change = part<service_account>(cluster.create(account_named("bot"), start));
  change.status.account_id = "a-1";
  EXPECT_EQ(part<service_account>(cluster.update(change, start)).status.account_id, "");
  change.spec.description = "not by this way";
  change.meta.labels["a"] = "b";
  const auto stored = cluster.update_status(change, start);
  EXPECT_EQ(part<service_account>(stored).status.account_id, "a-1");
  EXPECT_EQ(part<service_account>(stored).spec.description, "");
  EXPECT_TRUE(meta(stored).labels.empty());
}

TEST(kube_model_write, a_status_that_is_put_needs_its_version_and_a_patched_one_does_not) {
  kube_model cluster;
  service_account change = part<service_account>(cluster.create(account_named("bot"), start));
  change.meta.resource_version.clear();
  change.status.failures = 1;
  EXPECT_EQ(outcome(cluster.update_status(change, start, status_write::put)), "invalid");
  EXPECT_EQ(outcome(cluster.update_status(change, start)), "ok");
  change.meta.resource_version = "1";
  EXPECT_EQ(outcome(cluster.update_status(change, start)), "conflict");
}

TEST(kube_model_write, a_uid_in_a_status_is_asked_for_by_a_put_only) {
  kube_model cluster;
  service_account change = part<service_account>(cluster.create(account_named("bot"), start));
  change.meta.uid = "other";
  change.status.failures = 1;
  EXPECT_EQ(outcome(cluster.update_status(change, start, status_write::put)), "conflict");
  EXPECT_EQ(outcome(cluster.update_status(change, start)), "ok");
}

TEST(kube_model_write, a_built_in_kind_has_no_status) {
  kube_model cluster;
  ASSERT_TRUE(cluster.create(secret_named("s"), start));
  EXPECT_EQ(outcome(cluster.update_status(secret_named("s"), start)), "not found");
}

TEST(kube_model_write, what_changes_nothing_keeps_the_version_and_makes_no_event) {
  kube_model cluster;
  const auto made = cluster.create(account_named("bot"), start);
  EXPECT_EQ(*cluster.update(part<service_account>(made), later), *made);
  EXPECT_EQ(*cluster.update_status(part<service_account>(made), later), *made);
  EXPECT_EQ(*cluster.patch_metadata(accounts, key_named("bot"), annotated("absent", std::nullopt), later),
            *made);
  EXPECT_EQ(cluster.version(), 1U);
  EXPECT_EQ(cluster.history(accounts).size(), 1U);
}

TEST(kube_model_write, a_dry_run_returns_what_would_be_and_changes_nothing) {
  kube_model cluster;
  const auto rehearsed = cluster.create(account_named("bot"), start, true);
  EXPECT_EQ(meta(rehearsed).resource_version, "");
  EXPECT_EQ(outcome(cluster.get(accounts, key_named("bot"))), "not found");
  const auto made = cluster.create(account_named("bot"), start);
  const auto patched = cluster.patch_metadata(accounts, key_named("bot"), annotated("a", "b"), start, true);
  EXPECT_EQ(meta(patched).annotation("a"), "b");
  EXPECT_EQ(meta(patched).resource_version, "1");
  EXPECT_TRUE(cluster.remove(accounts, key_named("bot"), {}, start, true));
  EXPECT_EQ(*cluster.get(accounts, key_named("bot")), *made);
  EXPECT_EQ(cluster.version(), 1U);
}

TEST(kube_model_write, a_lease_is_changed_by_the_one_who_saw_it_last) {
  kube_model cluster;
  lease mine = part<lease>(cluster.create(lease_named("l", "me"), start));
  lease yours = mine;
  mine.spec.renewed_at = start;
  EXPECT_EQ(outcome(cluster.update(mine, start)), "ok");
  yours.spec.holder = "you";
  EXPECT_EQ(outcome(cluster.update(yours, start)), "conflict");
  yours.meta.resource_version.clear();
  EXPECT_EQ(outcome(cluster.update(yours, start)), "invalid");
}

TEST(kube_model_write, names_and_references_that_no_object_can_have_are_invalid) {
  kube_model cluster;
  const auto refused = [&](auto&& spoil) {
    service_account account = account_named("bot");
    spoil(account.meta);
    return outcome(cluster.create(account, start));
  };
  EXPECT_EQ(refused([](object_meta& meta) { meta.name = "Bot"; }), "invalid");
  EXPECT_EQ(refused([](object_meta& meta) { meta.name = "a..b"; }), "invalid");
  EXPECT_EQ(refused([](object_meta& meta) { meta.labels["a"] = "b c"; }), "invalid");
  EXPECT_EQ(refused([](object_meta& meta) { meta.labels["-a"] = "b"; }), "invalid");
  EXPECT_EQ(refused([](object_meta& meta) { meta.annotations["a b"] = "c"; }), "invalid");
  EXPECT_EQ(refused([](object_meta& meta) { meta.annotations["a"] = std::string(256 * 1024, 'x'); }),
            "invalid");
  EXPECT_EQ(refused([](object_meta& meta) { meta.finalizers = {"a/b/c"}; }), "invalid");
  EXPECT_EQ(refused([](object_meta& meta) {
              meta.owners = {{"v1", "Secret", "s", "", false, false}};
            }),
            "invalid");
  EXPECT_EQ(
      refused([](object_meta& meta) {
        meta.owners = {{"v1", "Secret", "s", "1", true, false}, {"v1", "Secret", "t", "2", true, false}};
      }),
      "invalid");
  EXPECT_EQ(refused([](object_meta& meta) { meta.annotations["Example.com/A"] = "b"; }), "ok");
}

TEST(kube_model_write, bytes_that_are_no_text_are_replaced_in_annotations) {
  kube_model cluster;
  service_account account = account_named("bot");
  account.meta.annotations["a"] = "caf\xc3\xa9 \xff\xc0\x80 \xf0\x9f\x98\x80";
  EXPECT_EQ(meta(cluster.create(account, start)).annotation("a"),
            "caf\xc3\xa9 \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \xf0\x9f\x98\x80");
}

TEST(kube_model_write, what_the_crd_calls_immutable_can_not_be_changed) {
  kube_model cluster;
  const auto made = part<service_account>(cluster.create(account_named("bot"), start));
  service_account change = made;
  change.spec.connection = "other";
  EXPECT_EQ(outcome(cluster.update(change, start)), "invalid");
  change = made;
  change.spec.account_name = "other";
  EXPECT_EQ(outcome(cluster.update(change, start)), "invalid");
  change = made;
  change.spec.project = "other";
  EXPECT_EQ(outcome(cluster.update(change, start)), "invalid");
}

}  // namespace
}  // namespace platformer::models
