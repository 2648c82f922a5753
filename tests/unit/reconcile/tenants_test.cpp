// Connections of both kinds, and who may use them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/reconcile/gather.hpp"
#include "controllers/reconcile/triggers.hpp"
#include "tests/unit/reconcile/objects.hpp"

namespace platformer::controllers {
namespace {

using platformer::testing::account_named;
using platformer::testing::connection_named;
using platformer::testing::next_version;
using runtime::change_source;
using runtime::observed_by;
using runtime::queue_priority;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using standing = accounts::connection_view::standing;

const object_key shared{"", "default"};

struct tenants {
  knowledge known;
  std::vector<std::string> queued;
  enqueue_function enqueue = [this](const work_key& key, queue_priority priority) {
    queued.push_back(std::string(to_string(key.kind)) + " " + key.object.to_string() +
                     (priority == queue_priority::low ? " low" : ""));
  };
  console_connection connection = connection_named("default");
  service_account object = account_named("ci");

  explicit tenants(const std::vector<std::string>& namespaces = {}) : known(namespaces) {
    connection.meta.ns.clear();
    object.spec.connected_by = connection_kind::cluster;
    known.service_accounts.upsert(object, observed_by::live_added);
  }
  void share(namespace_selection with) {
    connection.spec.used_from = std::move(with);
    connection.meta.resource_version = next_version();
    known.cluster_connections.upsert(connection, observed_by::live_added);
    live_connection& live = known.registry.at(shared);
    live.attempted = true;
    live.in_use = std::make_shared<connection_client>();
    live.generation = connection.meta.generation;
  }
  void label(string_map labels) {
    namespace_meta home;
    home.meta.name = "team";
    home.meta.resource_version = next_version();
    home.meta.labels = std::move(labels);
    if (const auto change = known.namespaces.upsert(home, observed_by::live_modified))
      on_change(known, *change, change_source::live, enqueue);
  }
  accounts::connection_view view() const { return known.view_of(object); }
};

TEST(a_cluster_connection, may_be_used_from_the_namespaces_that_it_names) {
  tenants it;
  it.share({.names = {"team"}});
  EXPECT_EQ(it.view().state, standing::ready);
  EXPECT_TRUE(it.view().admits);
  it.share({.names = {"another"}});
  it.label({});
  EXPECT_FALSE(it.view().admits);
}

TEST(a_cluster_connection, that_selects_nothing_may_be_used_from_nowhere) {
  tenants it;
  it.label({});
  it.share({});
  EXPECT_FALSE(it.view().admits);
}

TEST(a_cluster_connection, admits_by_labels_and_nobody_whose_labels_are_not_known) {
  tenants it;
  it.share({.match_expressions = {{.key = "restricted", .op = selector_operator::does_not_exist}}});
  EXPECT_EQ(it.view().state, standing::unknown) << "the namespace may turn out to be restricted";
  it.label({{"restricted", "yes"}});
  EXPECT_FALSE(it.view().admits);
  it.label({});
  EXPECT_TRUE(it.view().admits);
  EXPECT_EQ(it.view().state, standing::ready);
}

TEST(a_cluster_connection, counts_users_of_all_namespaces_and_none_of_a_namesake) {
  tenants it;
  it.share({.names = {"team"}});
  auto elsewhere = account_named("cd");
  elsewhere.meta.ns = "other";
  elsewhere.spec.connected_by = connection_kind::cluster;
  it.known.service_accounts.upsert(elsewhere, observed_by::live_added);
  it.known.service_accounts.upsert(account_named("namespaced"), observed_by::live_added);
  EXPECT_EQ(gather_connection(it.known, shared, {})->users, 2U);
  it.known.connections.upsert(connection_named("default"), observed_by::live_added);
  EXPECT_EQ(gather_connection(it.known, {"team", "default"}, {})->users, 1U);
}

TEST(a_cluster_connection, cannot_be_seen_by_who_watches_single_namespaces_and_says_so) {
  tenants it({"team"});
  EXPECT_EQ(it.view().state, standing::missing);
  EXPECT_THAT(it.view().message, HasSubstr("--watch-namespace"));
}

TEST(a_namespace, queues_its_users_of_cluster_connections_when_its_labels_change) {
  tenants it;
  it.known.service_accounts.upsert(account_named("namespaced"), observed_by::live_added);
  it.label({{"team", "a"}});
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/ci"));
  it.queued.clear();
  it.label({{"team", "a"}});
  EXPECT_THAT(it.queued, IsEmpty());
}

TEST(a_credentials_secret, queues_whoever_names_it_when_it_changes_and_makes_the_client_outdated) {
  tenants it;
  it.connection.spec.credentials = {.name = "console", .key = "token", .ns = "vault"};
  it.share({.names = {"team"}});
  const object_key secret{"vault", "console"};
  EXPECT_THAT(credential_secrets(it.known), ElementsAre(secret));
  it.known.registry.at(shared).made_from = {{secret, "7"}};
  EXPECT_TRUE(gather_connection(it.known, shared, {})->client_is_current);
  on_credential(it.known, secret, "6", it.enqueue);
  EXPECT_TRUE(gather_connection(it.known, shared, {})->client_is_current) << "the watch lags behind";
  it.queued.clear();
  on_credential(it.known, secret, "8", it.enqueue);
  EXPECT_FALSE(gather_connection(it.known, shared, {})->client_is_current);
  EXPECT_THAT(it.queued, ElementsAre("consoleconnection default"));
  on_credential(it.known, secret, "8", it.enqueue);
  EXPECT_EQ(it.queued.size(), 1U);
  on_credential(it.known, secret, "", it.enqueue);
  EXPECT_FALSE(gather_connection(it.known, shared, {})->client_is_current);
  EXPECT_EQ(it.queued.size(), 2U);
}

TEST(a_group, is_the_connection_of_an_account) {
  tenants with;
  service_account other = account_named("other"), elsewhere = account_named("elsewhere");
  other.spec.connected_by = connection_kind::cluster;
  with.known.service_accounts.upsert(other, observed_by::live_added);
  with.known.service_accounts.upsert(elsewhere, observed_by::live_added);
  const auto group = [&](const char* name) { return with.known.group_of({"team", name}); };
  EXPECT_EQ(group("ci"), group("other"));
  EXPECT_NE(group("ci"), group("elsewhere")) << "a ConsoleConnection of the same name";
  EXPECT_NE(group("ci"), group("gone"));
}

}  // namespace
}  // namespace platformer::controllers
