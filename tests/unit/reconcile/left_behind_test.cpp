// Names whose object vanished while something of it may be left at the Console: who bears them next is not
// new.
#include <gtest/gtest.h>

#include "controllers/reconcile/triggers.hpp"
#include "tests/unit/reconcile/objects.hpp"

namespace platformer::controllers {
namespace {

using platformer::testing::account_named;
using platformer::testing::next_version;
using runtime::change_source;
using runtime::observed_by;

struct fixture {
  knowledge known{{}};
  enqueue_function ignore = [](const work_key&, runtime::queue_priority) {};

  void put(service_account object) {
    object.meta.resource_version = next_version();
    if (const auto change = known.service_accounts.upsert(std::move(object), observed_by::live_added))
      on_change(known, *change, change_source::live, ignore);
  }
  void erase(service_account object) {
    object.meta.resource_version = next_version();
    if (const auto change = known.service_accounts.erase(object.meta))
      on_change(known, *change, change_source::live, ignore);
  }
};

service_account with_account(const std::string& name) {
  service_account object = account_named(name);
  object.meta.finalizers = {std::string(names::finalizer)};
  object.status.account_id = "a-1";
  return object;
}

TEST(left_behind, is_the_name_of_what_vanished_without_us) {
  fixture it;
  it.put(with_account("ci"));
  service_account stripped = with_account("ci");
  stripped.meta.finalizers.clear();
  it.put(stripped);
  it.erase(stripped);
  EXPECT_TRUE(it.known.left_behind.contains({"team", "ci"}));
  // A person took the finalizer away while it was being deleted.
  service_account forced = with_account("forced");
  forced.meta.deleted = time_point{};
  it.put(forced);
  it.erase(forced);
  EXPECT_TRUE(it.known.left_behind.contains({"team", "forced"}));
  // Held again, it is known.
  it.put(with_account("ci"));
  EXPECT_FALSE(it.known.left_behind.contains({"team", "ci"}));
}

TEST(left_behind, is_not_the_name_of_what_ended_in_order) {
  fixture it;
  service_account done = with_account("ci");
  done.meta.deleted = time_point{};
  it.put(done);
  done.meta.finalizers.clear();
  it.put(done);
  it.erase(done);
  it.put(account_named("never-begun"));
  it.erase(account_named("never-begun"));
  EXPECT_TRUE(it.known.left_behind.empty());
}

}  // namespace
}  // namespace platformer::controllers
