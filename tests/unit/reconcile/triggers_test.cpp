// Which keys a change in the caches queues.
#include "controllers/reconcile/triggers.hpp"
#include "controllers/reconcile/gather.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
using ::testing::IsEmpty;
using standing = accounts::connection_view::standing;

const object_key connection_key{"team", "default"};

struct fixture {
  knowledge known{{}};
  std::vector<std::string> queued;
  enqueue_function enqueue = [this](const work_key& key, queue_priority priority) {
    queued.push_back(std::string(to_string(key.kind)) + " " + key.object.to_string() +
                     (priority == queue_priority::low ? " low" : ""));
  };

  // The connection as the watch shows it, which queues it as well.
  void connect(bool held) {
    auto object = connection_named("default");
    if (!held) object.meta.finalizers.clear();
    known.connections.upsert(object, observed_by::live_added);
  }
  void put(service_account object, change_source source = change_source::live) {
    if (const auto change = known.service_accounts.upsert(std::move(object), observed_by::live_added))
      on_change(known, *change, source, enqueue);
  }
  void erase(service_account object) {
    object.meta.resource_version = next_version();
    if (const auto change = known.service_accounts.erase(object.meta))
      on_change(known, *change, change_source::live, enqueue);
  }
};

TEST(a_service_account, is_queued_when_it_changes_and_after_everything_fresh_when_it_was_listed) {
  fixture it;
  it.put(account_named("ci"));
  it.put(account_named("cd"), change_source::list);
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/ci", "serviceaccount team/cd low"));
}

TEST(a_service_account, queues_its_connection_when_that_is_not_held_yet) {
  fixture it;
  it.connect(false);
  it.put(account_named("ci"));
  EXPECT_THAT(it.queued, ElementsAre("consoleconnection team/default", "serviceaccount team/ci"));
}

TEST(a_service_account, leaves_a_connection_alone_that_is_held_already) {
  fixture it;
  it.connect(true);
  it.put(account_named("ci"));
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/ci"));
}

TEST(a_service_account, queues_a_connection_that_only_another_operator_holds) {
  fixture it;
  it.known.select_objects("tier=gold");
  it.connect(true);
  it.put(account_named("ci"));
  EXPECT_THAT(it.queued, ElementsAre("consoleconnection team/default", "serviceaccount team/ci"));
}

TEST(a_service_account, queues_its_connection_when_the_last_one_goes) {
  fixture it;
  it.connect(true);
  const auto ci = account_named("ci");
  const auto cd = account_named("cd");
  it.put(ci);
  it.put(cd);
  it.queued.clear();
  it.erase(ci);
  EXPECT_THAT(it.queued, IsEmpty());
  it.erase(cd);
  EXPECT_THAT(it.queued, ElementsAre("consoleconnection team/default"));
}

TEST(a_service_account, is_forgotten_when_it_goes_or_comes_again_with_another_uid) {
  fixture it;
  auto ci = account_named("ci");
  it.put(ci);
  it.known.memories[ci.meta.uid].failures = 3;
  auto again = account_named("ci");
  again.meta.uid = "another";
  it.put(again);
  EXPECT_FALSE(it.known.memories.contains(ci.meta.uid));
  it.known.memories["another"].failures = 1;
  it.erase(again);
  EXPECT_THAT(it.known.memories, IsEmpty());
}

TEST(a_secret, queues_the_service_account_that_controls_it_before_or_after_a_change) {
  fixture it;
  secret_meta secret;
  secret.meta.name = "ci-token";
  secret.meta.ns = "team";
  secret.meta.uid = "s1";
  const auto put = [&](const std::string& owner) {
    secret.meta.resource_version = next_version();
    secret.meta.owners = {{std::string(names::api_version), std::string(names::service_account_kind), owner,
                           "uid-of-" + owner, true, true}};
    if (const auto change = it.known.secrets.upsert(secret, observed_by::live_modified))
      on_change(it.known, *change, change_source::live, it.enqueue);
  };
  put("ci");
  put("cd");
  EXPECT_THAT(it.queued,
              ElementsAre("serviceaccount team/ci", "serviceaccount team/ci", "serviceaccount team/cd"));
}

TEST(a_secret, that_something_else_controls_queues_nothing) {
  fixture it;
  secret_meta secret;
  secret.meta.name = "tls";
  secret.meta.ns = "team";
  secret.meta.uid = "s1";
  secret.meta.resource_version = next_version();
  secret.meta.owners = {{"apps/v1", "Deployment", "web", "u", true, true}};
  const auto change = it.known.secrets.upsert(secret, observed_by::live_added);
  ASSERT_TRUE(change);
  on_change(it.known, *change, change_source::live, it.enqueue);
  EXPECT_THAT(it.queued, IsEmpty());
}

TEST(a_connection, queues_its_accounts_when_they_see_it_in_another_standing) {
  fixture it;
  it.connect(true);
  it.put(account_named("ci"));
  it.queued.clear();
  live_connection& live = it.known.registry.at(connection_key);
  live.in_use = std::make_shared<connection_client>();
  live.generation = 3;
  tell_accounts(it.known, connection_key, standing::unknown, it.enqueue);
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/ci"));
  EXPECT_EQ(live.told, standing::ready);
  tell_accounts(it.known, connection_key, standing::ready, it.enqueue);
  EXPECT_EQ(it.queued.size(), 1U);
}

// A fleet's start: each account is looked at once, when its connection has been.
TEST(a_connection, that_was_never_attempted_is_waited_for_by_who_was_never_looked_at) {
  fixture it;
  it.connect(true);
  it.put(account_named("ci"));
  it.put(account_named("known"));
  it.queued.clear();
  it.known.memories["uid-of-known"];
  EXPECT_FALSE(gather_account(it.known, {"team", "ci"}, "op-1"));
  EXPECT_TRUE(gather_account(it.known, {"team", "known"}, "op-1")) << "it may hold a token";
  live_connection& live = it.known.registry.at(connection_key);
  const time_point now{std::chrono::hours(12)};
  const auto may = live.calls->ask(call_purpose::probe, now);
  const api_error pause{.code = api_errc::rate_limited, .http_status = 429, .message = ""};
  it.known.registry.end_call(connection_key, may.given, &pause, now);
  ASSERT_TRUE(live.calls->blocked());
  tell_accounts(it.known, connection_key, standing::unknown, it.enqueue);
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/ci", "serviceaccount team/known"))
      << "although no call can be made: they have more to do than calls";
  EXPECT_EQ(gather_account(it.known, {"team", "ci"}, "op-1")->connection.state, standing::not_ready);
}

TEST(a_connection, that_does_not_exist_is_waited_for_by_nobody) {
  fixture it;
  it.put(account_named("ci"));
  EXPECT_EQ(gather_account(it.known, {"team", "ci"}, "op-1")->connection.state, standing::missing);
}

// Found by the simulation: its spec had been another for a moment, in which an account looked at it.
TEST(a_connection, tells_those_that_met_it_unready_between_two_readings) {
  fixture it;
  it.connect(true);
  it.put(account_named("ci"));
  live_connection& live = it.known.registry.at(connection_key);
  live.in_use = std::make_shared<connection_client>();
  live.generation = 3;
  tell_accounts(it.known, connection_key, standing::unknown, it.enqueue);
  it.queued.clear();
  live.generation = 2;
  ASSERT_EQ(gather_account(it.known, {"team", "ci"}, "op-1")->connection.state, standing::not_ready);
  live.generation = 3;
  tell_accounts(it.known, connection_key, standing::ready, it.enqueue);
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/ci"));
  tell_accounts(it.known, connection_key, standing::ready, it.enqueue);
  EXPECT_EQ(it.queued.size(), 1U);
}

// Found by the simulation: an object came back while the finalizer's removal was under way, and nothing put
// it back.
TEST(a_connection, that_was_let_go_while_an_account_came_is_looked_at_again) {
  fixture it;
  it.connect(true);
  it.put(account_named("ci"));
  it.queued.clear();
  auto freed = connection_named("default");
  freed.meta.finalizers.clear();
  note_write(it.known, freed, it.enqueue);
  EXPECT_THAT(it.queued, ElementsAre("consoleconnection team/default"));
  it.queued.clear();
  note_write(it.known, connection_named("default"), it.enqueue);
  EXPECT_THAT(it.queued, IsEmpty());
}

TEST(a_connection, that_is_gone_queues_its_accounts_once) {
  fixture it;
  it.put(account_named("ci"));
  it.queued.clear();
  tell_accounts(it.known, connection_key, standing::ready, it.enqueue);
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/ci"));
  tell_accounts(it.known, connection_key, standing::missing, it.enqueue);
  EXPECT_EQ(it.queued.size(), 1U);
}

// A connection that works, and what its accounts were told of it.
struct working : fixture {
  working() {
    connect(true);
    live_connection& live = known.registry.at(connection_key);
    live.in_use = std::make_shared<connection_client>();
    live.generation = 3;
    tell_accounts(known, connection_key, standing::missing, enqueue);
  }
  live_connection& live() { return known.registry.at(connection_key); }
  void tell() {
    queued.clear();
    tell_accounts(known, connection_key, live().told, enqueue);
  }
};

service_account at_rest(const std::string& name) {
  auto made = account_named(name);
  made.status.conditions = {{.type = "Ready", .status = true, .reason = "Issued"}};
  return made;
}

TEST(a_connection, that_works_again_serves_deletions_first_then_renewals_and_what_rests_last) {
  working it;
  auto renewed = at_rest("a-renewed");
  renewed.meta.annotations[std::string(names::renew_annotation)] = "2";
  auto deleted = account_named("z-deleted");
  deleted.meta.deleted = time_point{};
  it.put(renewed);
  it.put(deleted);
  it.put(at_rest("a-resting"));
  it.put(account_named("b-new"));
  it.live().told = standing::not_ready;
  it.tell();
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/z-deleted", "serviceaccount team/a-renewed",
                                     "serviceaccount team/b-new", "serviceaccount team/a-resting low"));
}

TEST(a_connection, whose_calls_are_blocked_queues_nobody_until_they_are_free_again) {
  working it;
  it.put(account_named("ci"));
  const api_error pause{.code = api_errc::rate_limited,
                        .http_status = 429,
                        .message = "",
                        .retry_after = std::chrono::seconds(5)};
  const time_point now{std::chrono::hours(12)};
  const auto may = it.live().calls->ask(call_purpose::work, now);
  EXPECT_TRUE(it.known.registry.end_call(connection_key, may.given, &pause, now));
  it.tell();
  EXPECT_THAT(it.queued, IsEmpty());
  EXPECT_EQ(it.known.registry.view(connection_key, it.known.connection(connection_key).get()).state,
            standing::not_ready);
  EXPECT_FALSE(it.live().calls->paused_until(now + std::chrono::seconds(5)));
  it.tell();
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/ci"));
}

TEST(a_connection, queues_its_accounts_when_a_look_begins_and_when_it_allows_something_else) {
  working it;
  it.put(at_rest("ci"));
  it.known.registry.begin_look(connection_key, {.since = time_point{std::chrono::hours(1)}, .next = {}});
  it.tell();
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/ci low"));
  it.tell();
  EXPECT_THAT(it.queued, IsEmpty());
  auto changed = connection_named("default");
  changed.spec.allowed.permissions = {"rudder.*"};
  it.known.connections.upsert(changed, observed_by::live_modified);
  it.tell();
  EXPECT_THAT(it.queued, ElementsAre("serviceaccount team/ci low"));
}

TEST(a_connection, grants_a_tenth_of_its_accounts_the_renewal_of_a_rejected_token) {
  working it;
  const time_point now{std::chrono::hours(12)};
  auto& registry = it.known.registry;
  EXPECT_TRUE(registry.reserve_revocation(connection_key, "u1", now, 20, false).granted);
  const auto again = registry.reserve_revocation(connection_key, "u1", now, 20, false);
  EXPECT_FALSE(again.granted);
  EXPECT_FALSE(again.changed) << "one account says nothing about the others";
  EXPECT_TRUE(registry.reserve_revocation(connection_key, "u2", now, 20, false).granted);
  const auto beyond = registry.reserve_revocation(connection_key, "u3", now, 20, false);
  EXPECT_FALSE(beyond.granted);
  EXPECT_TRUE(beyond.changed);
  EXPECT_EQ(beyond.retry_at, now + std::chrono::hours(1));
  EXPECT_FALSE(registry.reserve_revocation(connection_key, "u4", now, 20, false).changed)
      << "it was said already";
  EXPECT_TRUE(registry.reserve_revocation(connection_key, "u2", now, 20, true).granted) << "it was not used";
  registry.drop(connection_key);
  EXPECT_FALSE(registry.reserve_revocation(connection_key, "u3", now, 20, false).granted)
      << "suspending the connection makes no room";
  EXPECT_TRUE(registry.reserve_revocation(connection_key, "u3", beyond.retry_at, 20, false).granted);
}

}  // namespace
}  // namespace platformer::controllers
