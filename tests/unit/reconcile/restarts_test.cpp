// Workloads that are to restart, and the revisions that they are to have seen.
#include "controllers/reconcile/restarts.hpp"

#include <gtest/gtest.h>

#include "controllers/reconcile/gather.hpp"
#include "model/names.hpp"
#include "tests/unit/reconcile/objects.hpp"

namespace platformer::controllers {
namespace {

using platformer::testing::account_named;
using platformer::testing::next_version;

struct workloads {
  knowledge known{{}};

  // A ServiceAccount that names the Deployment, and its Secret.
  void put(const std::string& name, const std::string& workload, const std::string& revision,
           const std::string& issued_at) {
    service_account object = account_named(name);
    object.spec.restart_targets = {{workload_kind::deployment, workload}};
    known.service_accounts.note_write(object);
    secret_meta secret;
    secret.meta.ns = "team";
    secret.meta.name = name + "-token";
    secret.meta.uid = name + "-secret";
    secret.meta.resource_version = next_version();
    secret.meta.annotations[std::string(names::secret_revision)] = revision;
    secret.meta.annotations[std::string(names::secret_issued_at)] = issued_at;
    known.secrets.note_write(secret);
  }
  accounts::workload_restart of(const std::string& name) {
    const auto seen = gather_account(known, {"team", name}, "op");
    return seen->restarts.at(0);
  }
};

TEST(restarts, of_one_workload_are_alike_for_all_objects_that_name_it) {
  workloads w;
  w.put("a", "shop", "2", "2026-11-23T08:00:00Z");
  w.put("b", "shop", "5", "2026-11-23T08:00:07Z");
  EXPECT_EQ(w.of("a").revisions, w.of("b").revisions);
  EXPECT_EQ(w.of("a").changed_at, parse_rfc3339("2026-11-23T08:00:07Z"));
}

TEST(restarts, change_with_any_of_the_secrets_and_with_nothing_else) {
  workloads w;
  w.put("a", "shop", "2", "2026-11-23T08:00:00Z");
  w.put("b", "shop", "5", "2026-11-23T08:00:00Z");
  w.put("c", "other", "1", "2026-11-23T08:00:00Z");
  const std::string before = w.of("a").revisions;
  w.put("c", "other", "2", "2026-11-23T09:00:00Z");
  EXPECT_EQ(w.of("a").revisions, before);
  w.put("b", "shop", "6", "2026-11-23T09:00:00Z");
  EXPECT_NE(w.of("a").revisions, before);
}

TEST(restarts, do_not_change_while_a_secret_moves_or_is_lost) {
  workloads w;
  w.put("a", "shop", "2", "2026-11-23T08:00:00Z");
  const std::string before = w.of("a").revisions;
  service_account moved = account_named("a");
  moved.spec.restart_targets = {{workload_kind::deployment, "shop"}};
  moved.spec.secret.name = "elsewhere";
  moved.status.token.revision = 2;
  moved.meta.resource_version = next_version();
  w.known.service_accounts.note_write(moved);
  EXPECT_EQ(w.of("a").revisions, before);
}

}  // namespace
}  // namespace platformer::controllers
