// Who leads, as a course of questions and answers: taking, renewing, losing.
#include <gtest/gtest.h>

#include "lease_transcript.hpp"

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;
using test::lease_transcript;
using test::record_of;
using test::refused;

// ---- taking ----

TEST(a_candidate, creates_a_lease_that_is_not_there_and_leads) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  EXPECT_FALSE(t.fsm.leading(t.now));
  t.step(lease_absent{}, "create by us");
  const lease_spec wanted = std::get<lease_create_action>(t.last).spec;
  EXPECT_EQ(wanted.lease_duration, 15s);
  EXPECT_EQ(wanted.acquired_at, t.wall);
  EXPECT_EQ(wanted.renewed_at, t.wall);
  EXPECT_EQ(wanted.transitions, 0);
  EXPECT_FALSE(t.fsm.leading(t.now));
  t.step(t.stored("1"), "wait 2s");
  EXPECT_EQ(t.fsm.role(), lease_role::leader);
  EXPECT_EQ(t.fsm.holder(), "us");
}

TEST(a_candidate, takes_a_released_lease_at_once) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_read{record_of("", "7")}, "update 7 to us");
  const lease wanted = std::get<lease_update_action>(t.last).record;
  EXPECT_EQ(wanted.meta.uid, "u");
  EXPECT_EQ(wanted.spec.transitions, 1);
  EXPECT_EQ(wanted.spec.acquired_at, t.wall);
  t.step(t.stored("8"), "wait 2s");
  EXPECT_TRUE(t.fsm.leading(t.now));
}

TEST(a_candidate, keeps_what_others_wrote_into_the_metadata) {
  lease_transcript t;
  lease record = record_of("", "7");
  record.meta.labels["team"] = "a";
  record.meta.annotations["note"] = "b";
  t.step(lease_started{}, "read");
  t.step(lease_read{record}, "update 7 to us");
  EXPECT_EQ(std::get<lease_update_action>(t.last).record.meta, record.meta);
}

TEST(a_standby, leaves_a_lease_alone_that_is_renewed) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  for (int version = 1; version < 30; ++version) {
    t.step(lease_read{record_of("them", std::to_string(version))}, "wait 2s");
    t.wait("read");
  }
  EXPECT_EQ(t.fsm.role(), lease_role::standby);
  EXPECT_EQ(t.fsm.holder(), "them");
}

TEST(a_standby, takes_a_lease_that_it_saw_unchanged_for_its_whole_duration) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  const time_point first_seen = t.now;
  t.step(lease_read{record_of("them", "4")}, "wait 2s");
  while (t.now < first_seen + 14s) {
    t.wait("read");
    t.step(lease_read{record_of("them", "4")}, t.now < first_seen + 14s ? "wait 2s" : "wait 1s");
  }
  t.wait("read");  // not a moment later than the expiry
  EXPECT_EQ(t.now, first_seen + 15s);
  t.step(lease_read{record_of("them", "4")}, "update 4 to us");
}

TEST(a_standby, counts_anew_when_anything_in_the_record_changes) {
  for (const auto& change : std::vector<void (*)(lease&)>{
           [](lease& r) { r.spec.renewed_at = time_point(1s); }, [](lease& r) { r.spec.holder = "other"; },
           [](lease& r) { r.meta.resource_version = "5"; }, [](lease& r) { r.meta.uid = "v"; }}) {
    lease_transcript t;
    t.random = 1.0;
    lease record = record_of("them", "4");
    t.step(lease_started{}, "read");
    t.step(lease_read{record}, "wait 2400ms");
    t.now += 14s;
    t.step(lease_wait_over{}, "read");
    change(record);
    t.step(lease_read{record}, "wait 2400ms");
    t.now += 14s;
    t.step(lease_wait_over{}, "read");
    t.step(lease_read{record}, "wait 1s");
  }
}

TEST(a_standby, never_looks_at_the_times_in_the_record) {
  for (const time_point written : {time_point{}, time_point(48h), time_point(1'000'000h)}) {
    lease_transcript t;
    lease record = record_of("them", "4");
    record.spec.renewed_at = record.spec.acquired_at = written;
    t.step(lease_started{}, "read");
    t.step(lease_read{record}, "wait 2s");
    t.wall += 24h;  // somebody sets our clock
    t.now += 14s;
    t.step(lease_wait_over{}, "read");
    t.step(lease_read{record}, "wait 1s");
    t.wall -= 96h;
    t.wait("read");
    t.step(lease_read{record}, "update 4 to us");
  }
}

TEST(a_standby, waits_as_long_as_the_record_claims) {
  lease_transcript t;
  lease record = record_of("them", "4");
  record.spec.lease_duration = 60s;
  t.step(lease_started{}, "read");
  t.step(lease_read{record}, "wait 2s");
  t.now += 59s;
  t.step(lease_wait_over{}, "read");
  t.step(lease_read{record}, "wait 1s");
  t.wait("read");
  t.step(lease_read{record}, "update 4 to us");
  EXPECT_EQ(std::get<lease_update_action>(t.last).record.spec.lease_duration, 15s);
}

TEST(a_standby, spreads_its_looks) {
  lease_transcript t;
  t.random = 0.5;
  t.step(lease_started{}, "read");
  t.step(lease_read{record_of("them", "1")}, "wait 2200ms");
  t.random = 7;  // out of range
  t.wait("read");
  t.step(lease_read{record_of("them", "2")}, "wait 2400ms");
}

TEST(a_standby, that_lost_the_race_looks_who_won) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  t.step(refused(api_errc::already_exists), "read");
  t.step(lease_read{record_of("them", "1")}, "wait 2s");
  EXPECT_EQ(t.fsm.holder(), "them");
}

TEST(a_standby, that_only_ever_meets_conflicts_does_not_hurry) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_read{record_of("", "1")}, "update 1 to us");
  t.step(refused(api_errc::conflict), "read");
  t.step(lease_read{record_of("", "2")}, "update 2 to us");
  t.step(refused(api_errc::conflict), "wait 2s");
  t.wait("read");
}

TEST(a_standby, goes_on_asking_whatever_it_is_told) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  for (const api_errc code : {api_errc::forbidden, api_errc::unreachable, api_errc::timeout,
                              api_errc::server_error, api_errc::unauthorized, api_errc::malformed}) {
    t.step(refused(code), "wait 2s");
    t.wait("read");
  }
  t.step(refused(api_errc::rate_limited, 7s), "wait 7s");
  t.wait("read");
}

TEST(a_standby, that_may_not_write_goes_on_asking) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  t.step(refused(api_errc::forbidden), "wait 2s");
  t.wait("read");
  t.step(lease_absent{}, "create by us");
  t.step(refused(api_errc::not_found), "read");  // the namespace is missing
  t.step(lease_absent{}, "create by us");
  t.step(refused(api_errc::not_found), "wait 2s");
}

// ---- garbage ----

TEST(a_record_without_fields, is_a_free_lease) {
  lease_transcript t;
  lease record = record_of("", "3");
  record.spec = {};
  t.step(lease_started{}, "read");
  t.step(lease_read{record}, "update 3 to us");
}

TEST(a_record_without_a_duration, gets_ours) {
  for (const duration claimed : {duration{0}, duration{-5s}}) {
    lease_transcript t;
    lease record = record_of("them", "3");
    record.spec.lease_duration = claimed;
    t.step(lease_started{}, "read");
    t.step(lease_read{record}, "wait 2s");
    t.now += 14s;
    t.step(lease_wait_over{}, "read");
    t.step(lease_read{record}, "wait 1s");
    t.wait("read");
    t.step(lease_read{record}, "update 3 to us");
  }
}

TEST(a_record_that_claims_eternity, is_waited_for_for_an_hour) {
  lease_transcript t;
  lease record = record_of("them", "3");
  record.spec.lease_duration = std::chrono::seconds(2'147'483'647);
  t.step(lease_started{}, "read");
  t.step(lease_read{record}, "wait 2s");
  t.now += 1h - 1s;
  t.step(lease_wait_over{}, "read");
  t.step(lease_read{record}, "wait 1s");
  t.wait("read");
  t.step(lease_read{record}, "update 3 to us");
}

TEST(transitions, are_counted_within_what_the_api_takes) {
  for (const auto& [before, after] :
       std::vector<std::pair<std::int64_t, std::int64_t>>{{41, 42}, {-9, 1}, {1LL << 40, 2'147'483'647}}) {
    lease_transcript t;
    lease record = record_of("", "3");
    record.spec.transitions = before;
    t.step(lease_started{}, "read");
    t.step(lease_read{record}, "update 3 to us");
    EXPECT_EQ(std::get<lease_update_action>(t.last).record.spec.transitions, after);
  }
}

// ---- renewing ----

TEST(a_leader, renews_without_reading) {
  auto t = lease_transcript::leading();
  const time_point acquired = t.wall;
  for (int version = 1; version < 20; ++version) {
    t.wall += 2s;
    t.wait("update " + std::to_string(version) + " to us");
    const lease_spec wanted = std::get<lease_update_action>(t.last).record.spec;
    EXPECT_EQ(wanted.acquired_at, acquired);
    EXPECT_EQ(wanted.renewed_at, t.wall);
    EXPECT_EQ(wanted.transitions, 0);
    t.step(t.stored(std::to_string(version + 1)), "wait 2s");
    EXPECT_EQ(t.fsm.valid_until(), t.now + 15s);
  }
}

TEST(the_lease, counts_from_before_the_request) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  const time_point sent = t.now;
  t.now += 3s;  // a slow server
  t.step(t.stored("1"), "wait 2s");
  EXPECT_EQ(t.fsm.valid_until(), sent + 15s);
  EXPECT_TRUE(t.fsm.leading(sent + 14s));
  EXPECT_FALSE(t.fsm.leading(sent + 15s));
}

TEST(the_fence, holds_back_what_would_outlast_the_lease) {
  auto t = lease_transcript::leading();
  EXPECT_TRUE(t.fsm.valid_for(t.now, 14s));
  EXPECT_FALSE(t.fsm.valid_for(t.now, 15s));
  EXPECT_TRUE(t.fsm.valid_for(t.now + 10s, 4s));
  EXPECT_FALSE(t.fsm.valid_for(t.now + 10s, 5s));
}

TEST(the_fence, goes_by_a_duration_that_was_shortened_on_the_way) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  auto stored = t.stored("1");
  stored.record.spec.lease_duration = 4s;
  t.step(stored, "wait 2s");
  EXPECT_FALSE(t.fsm.valid_for(t.now, 4s));
  t.wait("update 1 to us within 2s");
}

TEST(a_leader, that_gets_no_connection_tries_until_the_renew_deadline) {
  auto t = lease_transcript::leading();
  const time_point led_since = t.now;
  t.wait("update 1 to us");
  t.step(refused(api_errc::unreachable), "wait 2s");
  t.wait("update 1 to us");
  t.step(refused(api_errc::rate_limited, 30s), "wait 2s");  // has no time for that
  t.wait("update 1 to us within 4s");
  t.step(refused(api_errc::forbidden), "wait 2s");
  t.wait("update 1 to us within 2s");
  t.step(refused(api_errc::unreachable), "wait 2s");
  EXPECT_TRUE(t.fsm.leading(t.now));
  t.wait("end");
  EXPECT_EQ(t.now, led_since + 10s);
  EXPECT_EQ(t.fsm.role(), lease_role::lost);
  EXPECT_EQ(t.fsm.loss(), lease_loss::not_renewed);
  EXPECT_FALSE(t.fsm.leading(t.now));
}

TEST(a_leader, whose_time_is_short_asks_for_short_requests) {
  auto t = lease_transcript::leading();
  t.now += 7s;
  t.step(lease_wait_over{}, "update 1 to us within 3s");
}

TEST(a_leader, reads_after_a_write_without_an_answer) {
  for (const api_errc code :
       {api_errc::timeout, api_errc::connection_lost, api_errc::server_error, api_errc::malformed}) {
    auto t = lease_transcript::leading();
    t.wall += 2s;
    t.wait("update 1 to us");
    const auto arrived = t.stored("2");
    const time_point sent = t.now;
    t.now += 1s;
    t.step(refused(code), "read");
    EXPECT_EQ(t.fsm.valid_until(), sent - 2s + 15s) << "nothing is known yet";
    t.step(lease_read{arrived.record}, "wait 2s");
    EXPECT_EQ(t.fsm.valid_until(), sent + 15s) << "it had arrived";
  }
}

TEST(a_leader, renews_at_once_what_it_learns_of_late) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  const auto arrived = t.stored("1");
  t.now += 8s;  // of the ten until the renew deadline
  t.step(refused(api_errc::timeout), "read");
  t.step(lease_read{arrived.record}, "update 1 to us within 2s");
  EXPECT_TRUE(t.fsm.leading(t.now));
  t.step(t.stored("2"), "wait 2s");
  EXPECT_TRUE(t.fsm.valid_for(t.now, 14s));
}

TEST(a_leader, writes_again_what_did_not_arrive) {
  auto t = lease_transcript::leading();
  const auto before = record_of("us", "1");
  t.wait("update 1 to us");
  t.step(refused(api_errc::timeout), "read");
  t.step(lease_read{before}, "update 1 to us");
  t.step(refused(api_errc::conflict), "wait 2s");  // the first one came through now
  t.wait("read");
}

TEST(a_leader, does_not_take_the_record_before_for_its_renewal) {
  auto t = lease_transcript::leading();
  const time_point led_since = t.now;
  lease before = t.stored("1").record;
  before.spec.holder = "us";
  before.spec.acquired_at = before.spec.renewed_at = t.wall;
  t.wait("update 1 to us");  // the wall clock stands still: the renewal looks like what it replaces
  t.step(refused(api_errc::timeout), "read");
  t.step(lease_read{before}, "update 1 to us");
  EXPECT_EQ(t.fsm.valid_until(), led_since + 15s);
}

TEST(a_leader, goes_on_when_somebody_edits_the_metadata) {
  auto t = lease_transcript::leading();
  t.wait("update 1 to us");
  t.step(refused(api_errc::conflict), "read");
  t.step(lease_read{record_of("us", "2")}, "update 2 to us");
  t.step(t.stored("3"), "wait 2s");
  EXPECT_EQ(t.fsm.valid_until(), t.now + 15s);
}

TEST(a_leader, whose_renewal_comes_back_changed_does_not_count_it) {
  auto t = lease_transcript::leading();
  const time_point led_since = t.now;
  t.wait("update 1 to us");
  t.step(lease_written{record_of("", "2")}, "read");
  EXPECT_EQ(t.fsm.valid_until(), led_since + 15s);
}

TEST(a_slow_renewal, counts_from_when_it_was_sent) {
  auto t = lease_transcript::leading();
  t.wait("update 1 to us");
  const time_point sent = t.now;
  t.now += 4s;
  t.step(t.stored("2"), "wait 2s");
  EXPECT_EQ(t.fsm.valid_until(), sent + 15s);
  t.wait("update 2 to us within 4s");
}

}  // namespace
}  // namespace platformer::runtime
