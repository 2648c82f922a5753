// A thousand accounts of one connection: how much the operator asks of a Console, in figures. Virtual time.
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <map>

#include "controllers/service_account/schedule.hpp"
#include "runtime/rolling_quota.hpp"
#include "tests/sim/scenarios.hpp"

namespace platformer::sim {
namespace {

using namespace std::chrono_literals;
using models::account_act;
using models::kube_kind;

constexpr int fleet_size = 1000;
constexpr std::uint64_t pages = fleet_size / models::page_limit_max;

struct fleet : testing::Test {
  mutant none;
  world in{{}, none};
  std::map<account_act, std::uint64_t> acts;

  // The connection looks that often; 0: never by itself.
  void arrange(duration look_interval, const std::function<void(service_account&)>& edit = {}) {
    in.watcher.watch_fleet([this](const models::account_change& change) { on_account(change); });
    in.expect_events(5'000'000);
    set_up(in, [&](console_connection& connection) { connection.spec.interval = look_interval; });
    for (int i = 0; i < fleet_size; ++i)
      in.crowd.create_object(in, key(i), edit);
    in.pass(5min);
    ASSERT_EQ(ready(), fleet_size);
    acts.clear();
  }
  object_key key(int i) const { return {in.crowd.subject.ns, "bot-" + std::to_string(i)}; }

  virtual void on_account(const models::account_change& change) { ++acts[change.act]; }

  int ready() const {
    int count = 0;
    for (const models::kube_pointer& each : in.all.kube.all(kube_kind::service_account)) {
      const auto& object = std::get<service_account>(*each);
      const condition* found = find_condition(object.status.conditions, "Ready");
      if (found != nullptr && found->status && object.status.observed_generation == object.meta.generation)
        ++count;
    }
    return count;
  }
  const condition* connection_says(std::string_view type) const {
    const auto all = in.all.kube.all(kube_kind::console_connection);
    return find_condition(std::get<console_connection>(*all.front()).status.conditions, type);
  }
  void TearDown() override {
    for (const std::string& each : in.violations())
      ADD_FAILURE() << each;
  }
};

void print(const std::string& what, auto is, auto bound) {
  std::cout << "[  FIGURE  ] " << what << ": " << is << " (at most " << bound << ")\n";
  EXPECT_LE(is, bound) << what;
}

// Calls of the check; what was found to differ is put right by one more each.
TEST_F(fleet, a_check_for_drift_costs_one_listing_and_a_call_for_each_account_that_differs) {
  constexpr std::uint64_t drifted = 25;
  arrange(1h);
  in.pass(1h);
  const std::uint64_t before = in.watcher.calls();
  in.pass(1h);
  // The listing is one request here; the trial of the connection's credential is one more.
  print("drift check of 1,000 accounts, none differs: calls", in.watcher.calls() - before - 1 + pages,
        pages + 1);
  std::uint64_t edited = 0;
  in.all.console.for_each_account([&](const models::stored_account& each) {
    if (edited < drifted)
      (void)in.all.console.edit_by_hand(each.data.id, {.roles = string_set{"rudder.app.editor"}}, in.now);
    ++edited;
  });
  acts.clear();
  const std::uint64_t then = in.watcher.calls();
  in.pass(1h);
  EXPECT_EQ(acts[account_act::update], drifted);
  print("drift check of 1,000 accounts, 25 differ: calls beside the corrections",
        in.watcher.calls() - then - 1 + pages - acts[account_act::update], pages + 1 + drifted);
  EXPECT_EQ(acts.size(), 1U) << "nothing is minted";
  EXPECT_EQ(ready(), fleet_size);
}

TEST_F(fleet, a_console_that_rejects_every_token_for_an_hour_costs_a_tenth_of_the_tokens) {
  arrange(10min, [](service_account& object) { object.spec.token.verify_interval = 10min; });
  in.all.tokens_rejected_until = in.now + 1h;
  in.pass(59min);
  const condition* told = connection_says("TokensAccepted");
  ASSERT_NE(told, nullptr);
  EXPECT_FALSE(told->status);
  EXPECT_EQ(told->reason, "TokensRejected");
  in.pass(1min);
  print("renewals while every token of 1,000 is rejected for an hour", acts[account_act::renew], 100U);
  in.pass(2h);
  const std::uint64_t renewed = acts[account_act::renew];
  EXPECT_EQ(ready(), fleet_size) << "it recovers by itself";
  EXPECT_EQ(connection_says("TokensAccepted"), nullptr);
  in.pass(3h);
  EXPECT_EQ(acts[account_act::renew], renewed);
  print("renewals by the time all is well again", renewed, 200U);
}

TEST_F(fleet, a_console_that_is_down_for_an_hour_is_probed_and_everything_settles_when_it_is_back) {
  arrange(10min);
  in.take_console_down_until(in.now + 1h);
  for (int i = 0; i < 100; ++i)
    (void)in.all.kube.remove(kube_kind::service_account, key(i), {}, in.now);
  for (int i = 100; i < fleet_size; ++i) {
    models::kube_object changed = **in.all.kube.get(kube_kind::service_account, key(i));
    std::get<service_account>(changed).spec.own.permissions = {"rudder.app.editor"};
    (void)in.all.kube.update(std::move(changed), in.now);
  }
  in.pass(1h);
  print("calls of a Console that is down for an hour, beyond the first minute", in.calls_in_outage(),
        59U * 2);
  in.pass(2min);
  EXPECT_EQ(in.all.kube.all(kube_kind::service_account).size(), 900U) << "those deleted are gone";
  EXPECT_EQ(ready(), 900);
  EXPECT_EQ(acts[account_act::remove], 100U);
  EXPECT_EQ(acts[account_act::update], 900U);
  EXPECT_EQ(acts[account_act::create] + acts[account_act::renew], 0U);
}

struct fleet_of_a_year : fleet {
  static constexpr int days = 365;
  time_point begin{};
  std::array<unsigned, days + 1> renewals{};
  std::map<std::string, unsigned> names;
  std::map<std::string, unsigned> renewals_of;  // by the account's name

  void on_account(const models::account_change& change) override {
    ++acts[change.act];
    if (change.act == account_act::create && ++names[change.after->data.name] > 1)
      ADD_FAILURE() << "two accounts are named " << change.after->data.name;
    if (change.act != account_act::renew || begin == time_point{}) return;
    EXPECT_TRUE(change.before->is_live(in.now)) << change.before->data.name << " was without a live token";
    ++renewals[static_cast<std::size_t>((in.now - begin) / 24h)];
    ++renewals_of[change.before->data.name];
  }

  // By the schedule alone: the pure rule from the first issuance on, as if every renewal took no time.
  unsigned expected_of(const service_account& object, time_point end) const {
    accounts::secret_record record;
    record.issued_at = begin - 5min;
    record.cause = "InitialIssue";
    for (unsigned count = 0;; ++count) {
      record.expires_at = *record.issued_at + *object.spec.token.lifetime;
      const time_point due = accounts::next_renewal(object.spec.token, record, object.meta.uid)->at;
      if (due > end) return count;
      record.issued_at = due;
      record.cause = "ScheduledRenewal";
    }
  }
};

TEST_F(fleet_of_a_year, every_token_lives_at_every_moment_and_is_renewed_by_schedule_alone) {
  arrange(0s, [](service_account& object) { object.spec.token.lifetime = 720h; });
  begin = in.now;
  for (int day = 0; day < days; ++day) {
    in.pass(24h);
    ASSERT_FALSE(in.failed());
  }
  const time_point end = in.now;
  std::uint64_t all = 0;
  std::uint64_t off = 0;
  for (const models::kube_pointer& each : in.all.kube.all(kube_kind::service_account)) {
    const auto& object = std::get<service_account>(*each);
    const unsigned is = renewals_of[object.meta.name];
    const unsigned expected = expected_of(object, end);
    all += is;
    // At the last moment of the year one may just be due.
    off += is > expected ? is - expected : expected - is;
    EXPECT_LE(is > expected ? is - expected : expected - is, 1U) << object.meta.name;
  }
  EXPECT_EQ(ready(), fleet_size);
  EXPECT_EQ(in.watcher.minted(), all + fleet_size) << "nothing but the schedule mints";
  print("renewals of 1,000 tokens in a year that the schedule does not explain", off, fleet_size / 100U);
  const unsigned most = *std::max_element(renewals.begin(), renewals.end());
  print("renewals on the busiest day, of " + std::to_string(all) + " in a year", double(most),
        3.0 * double(all) / days);
}

}  // namespace
}  // namespace platformer::sim
