// Names whose object vanished while something of it may be left at the Console: who bears them next is not
// new.
#include <gtest/gtest.h>

#include "controllers/reconcile/gather.hpp"
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

// Until a listing that is newer, the accounts that the next object of that name finds are as the last one
// left them.
TEST(what_an_object_wrote_last, is_known_to_the_next_of_its_name) {
  const time_point written{std::chrono::hours(1)};
  for (const bool ends_after_it_is_gone : {false, true}) {
    fixture it;
    service_account gone = with_account("ci");
    it.put(gone);
    accounts::memory remembered;
    remembered.account_written_at = written;
    if (!ends_after_it_is_gone) it.known.remember(key_of(gone.meta), gone.meta.uid, remembered);
    it.erase(gone);
    if (ends_after_it_is_gone) it.known.remember(key_of(gone.meta), gone.meta.uid, remembered);
    EXPECT_TRUE(it.known.memories.empty());
    service_account next = account_named("ci");
    next.meta.uid = "another";
    it.put(next);
    it.put(account_named("other"));
    ASSERT_TRUE(gather_account(it.known, key_of(next.meta), "op"));
    ASSERT_TRUE(gather_account(it.known, {"team", "other"}, "op"));
    EXPECT_EQ(it.known.recall("another").account_written_at, written);
    EXPECT_EQ(it.known.recall("uid-of-other").account_written_at, time_point{});
  }
}

// Whoever looks for tokens that wait to be written, at the end of a process, must not find an empty one.
TEST(a_token_in_memory, is_not_found_there_while_a_reconcile_holds_it) {
  fixture it;
  const service_account object = with_account("ci");
  it.put(object);
  accounts::memory remembered;
  remembered.pending.emplace().token = std::make_shared<const secret_string>("waits");
  it.known.remember(key_of(object.meta), object.meta.uid, std::move(remembered));
  const accounts::memory held = it.known.recall(object.meta.uid);
  ASSERT_TRUE(held.pending);
  EXPECT_FALSE(it.known.memories.at(object.meta.uid).pending);
}

TEST(what_an_object_wrote_last, is_forgotten_when_a_minute_has_passed) {
  fixture it;
  const auto write_and_go = [&](const std::string& name, time_point at) {
    accounts::memory remembered;
    remembered.account_written_at = at;
    it.known.remember({"team", name}, "uid-of-" + name, remembered);
  };
  write_and_go("a", time_point(std::chrono::minutes(10)));
  write_and_go("b", time_point(std::chrono::minutes(11)));
  EXPECT_EQ(it.known.written_before.size(), 2U);
  write_and_go("c", time_point(std::chrono::minutes(11) + std::chrono::seconds(1)));
  EXPECT_EQ(it.known.written_before.size(), 2U);
  EXPECT_FALSE(it.known.written_before.contains({"team", "a"}));
}

}  // namespace
}  // namespace platformer::controllers
