// What a reconcile is shown of the world.
#include "controllers/reconcile/gather.hpp"

#include <gtest/gtest.h>

#include "tests/unit/reconcile/objects.hpp"

namespace platformer::controllers {
namespace {

using namespace std::chrono_literals;
using runtime::observed_by;
using standing = accounts::connection_view::standing;
using testing::account_named;
using testing::connection_named;

const object_key key{"team", "ci"};

struct small_world {
  time_point now = *parse_rfc3339("2026-11-24T06:00:00Z");
  knowledge in{{}};
  small_world() {
    in.cluster_id = "cluster-1";
    in.holder = "here_1";
  }
};

secret_meta secret_of(const std::string& name, const std::string& owner_uid, bool controls = true) {
  secret_meta made;
  made.meta.name = name;
  made.meta.ns = "team";
  made.meta.uid = "uid-of-" + name;
  made.meta.resource_version = testing::next_version();
  made.meta.owners = {{.api_version = std::string(names::api_version),
                       .kind = std::string(names::service_account_kind),
                       .name = "ci",
                       .uid = owner_uid,
                       .controller = controls}};
  return made;
}

TEST(gather_account, gives_nothing_when_the_object_is_gone) {
  small_world it;
  EXPECT_FALSE(gather_account(it.in, key, "op"));
}

TEST(gather_account, tells_who_looks_and_which_operation_it_would_be) {
  small_world it;
  it.in.service_accounts.upsert(account_named("ci"), observed_by::live_added);
  const auto seen = gather_account(it.in, key, "op-7");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->cluster_id, "cluster-1");
  EXPECT_EQ(seen->holder, "here_1");
  EXPECT_EQ(seen->operation_id, "op-7");
  EXPECT_EQ(seen->connection.state, standing::missing);
  EXPECT_EQ(seen->connection.name, "default");
  EXPECT_FALSE(seen->secret);
  EXPECT_TRUE(seen->owned.empty());
}

TEST(gather_account, finds_the_named_secret_and_all_that_this_uid_controls) {
  small_world it;
  it.in.service_accounts.upsert(account_named("ci"), observed_by::live_added);
  for (const auto& each :
       {secret_of("ci-token", "uid-of-ci"), secret_of("ci-old", "uid-of-ci"),
        secret_of("before", "uid-of-its-predecessor"), secret_of("not-controlled", "uid-of-ci", false)})
    it.in.secrets.upsert(each, observed_by::live_added);
  const auto seen = gather_account(it.in, key, "op");
  ASSERT_TRUE(seen && seen->secret);
  EXPECT_EQ(seen->secret->meta.name, "ci-token");
  ASSERT_EQ(seen->owned.size(), 2U);
  EXPECT_EQ(seen->owned[0]->meta.name, "ci-old");
  EXPECT_EQ(seen->owned[1]->meta.name, "ci-token");
}

TEST(gather_account, shows_the_named_secret_whoever_owns_it) {
  small_world it;
  it.in.service_accounts.upsert(account_named("ci"), observed_by::live_added);
  it.in.secrets.upsert(secret_of("ci-token", "uid-of-another"), observed_by::live_added);
  const auto seen = gather_account(it.in, key, "op");
  EXPECT_TRUE(seen->secret);
  EXPECT_TRUE(seen->owned.empty());
}

// An object that is provably new, but for what a test changes.
struct fresh {
  small_world it;
  service_account object = account_named("ci", it.now + 1s);
  observed_by how = observed_by::live_added;
  fresh() { it.in.watching_since = it.now; }
  bool provably_new() {
    it.in.service_accounts.upsert(object, how);
    return gather_account(it.in, key, "op")->provably_new;
  }
};

TEST(provably_new, is_what_was_created_and_seen_live_after_the_first_list) {
  EXPECT_TRUE(fresh().provably_new());
}

TEST(provably_new, is_not_whose_name_an_object_left_that_vanished_without_us) {
  auto one = fresh();
  one.it.in.left_behind.insert(key);
  EXPECT_FALSE(one.provably_new());
}

TEST(provably_new, is_not_whose_name_an_account_bears_that_the_connections_last_look_found) {
  auto one = fresh();
  live_connection& live = one.it.in.registry.at({"team", "default"});
  live.orphaned_names = {{"team", "another"}, {"other", "ci"}};
  EXPECT_TRUE(one.provably_new());
  live.orphaned_names = {key};
  EXPECT_FALSE(gather_account(one.it.in, key, "op")->provably_new);
}

TEST(provably_new, is_nothing_before_the_servers_time_is_known) {
  fresh one;
  one.it.in.watching_since.reset();
  EXPECT_FALSE(one.provably_new());
}

TEST(provably_new, is_not_what_was_created_in_the_second_of_the_first_list) {
  fresh one;
  one.object.meta.created = one.it.now;
  EXPECT_FALSE(one.provably_new());
}

TEST(provably_new, is_not_what_began_to_match_by_a_change) {
  fresh one;
  one.how = observed_by::live_modified;
  EXPECT_FALSE(one.provably_new());
}

TEST(provably_new, is_not_what_came_by_a_list) {
  fresh one;
  one.it.in.service_accounts.replace_all({one.object}, one.object.meta.resource_version);
  EXPECT_FALSE(gather_account(one.it.in, key, "op")->provably_new);
}

TEST(provably_new, is_not_what_bears_our_finalizer) {
  fresh one;
  one.object.meta.finalizers = {std::string(names::finalizer)};
  EXPECT_FALSE(one.provably_new());
}

// With leader election, an object that was created while this process watched, and then led.
struct fresh_for_a_leader : fresh {
  fresh_for_a_leader() {
    it.in.elects = true;
    it.in.leading_since = it.now + 5s;
    object.meta.created = it.now + 6s;
  }
};

TEST(provably_new, for_a_leader_is_what_was_created_after_it_began_to_lead) {
  EXPECT_TRUE(fresh_for_a_leader().provably_new());
}

TEST(provably_new, for_a_leader_is_not_what_was_created_before_or_when_it_began_to_lead) {
  for (const auto early : {1s, 4s, 5s}) {
    fresh_for_a_leader one;
    one.object.meta.created = one.it.now + early;
    EXPECT_FALSE(one.provably_new()) << "an earlier leader may have worked on it";
  }
}

TEST(provably_new, for_a_standby_is_nothing) {
  fresh_for_a_leader one;
  one.it.in.leading_since.reset();
  EXPECT_FALSE(one.provably_new());
}

TEST(provably_new, for_a_leader_is_not_what_is_older_than_its_first_list) {
  fresh_for_a_leader one;
  one.it.in.watching_since = one.it.now + 10s;
  EXPECT_FALSE(one.provably_new());
}

TEST(gather_connection, gives_nothing_when_the_object_is_gone) {
  small_world it;
  EXPECT_FALSE(gather_connection(it.in, {"team", "default"}, it.now));
}

TEST(gather_connection, counts_the_accounts_of_its_namespace_that_name_it) {
  small_world it;
  it.in.connections.upsert(connection_named("default"), observed_by::live_added);
  auto elsewhere = account_named("elsewhere");
  elsewhere.meta.ns = "other";
  auto another = account_named("another");
  another.spec.connection = "second";
  for (const auto& each : {account_named("ci"), account_named("cd"), elsewhere, another})
    it.in.service_accounts.upsert(each, observed_by::live_added);
  const auto seen = gather_connection(it.in, {"team", "default"}, it.now);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->users, 2U);
  EXPECT_FALSE(seen->client_is_current);
  EXPECT_EQ(seen->organization_id, "");
}

TEST(gather_connection, tells_whether_the_client_in_use_is_of_this_generation) {
  small_world it;
  it.in.connections.upsert(connection_named("default"), observed_by::live_added);
  live_connection& live = it.in.registry.at({"team", "default"});
  live.in_use = std::make_shared<connection_client>();
  live.organization_id = "org-acme";
  live.generation = 2;
  EXPECT_FALSE(gather_connection(it.in, {"team", "default"}, it.now)->client_is_current);
  live.generation = 3;
  const auto seen = gather_connection(it.in, {"team", "default"}, it.now);
  EXPECT_TRUE(seen->client_is_current);
  EXPECT_EQ(seen->organization_id, "org-acme");
}

}  // namespace
}  // namespace platformer::controllers
