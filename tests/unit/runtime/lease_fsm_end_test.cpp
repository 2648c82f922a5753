// How leading ends: taken by others, deleted, given back, and a program that breaks the rules.
#include <gtest/gtest.h>

#include "lease_transcript.hpp"

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;
using test::lease_transcript;
using test::record_of;
using test::refused;

// ---- losing ----

TEST(a_leader, that_reads_another_holder_has_lost_for_ever) {
  for (const std::string holder : {"them", ""}) {
    auto t = lease_transcript::leading();
    t.wait("update 1 to us");
    t.step(refused(api_errc::conflict), "read");
    t.step(lease_read{record_of(holder, "5")}, "end");
    EXPECT_EQ(t.fsm.role(), lease_role::lost);
    EXPECT_EQ(t.fsm.loss(), lease_loss::taken);
    EXPECT_EQ(t.fsm.holder(), holder);
    EXPECT_FALSE(t.fsm.leading(t.now));
    t.step(lease_wait_over{}, "end");
    t.step(lease_read{record_of("", "6")}, "end");
    t.step(lease_read{record_of("us", "7")}, "end");
    EXPECT_FALSE(t.fsm.leading(t.now));
  }
}

TEST(a_leader, that_was_stopped_too_long_does_not_lead_and_does_not_try) {
  auto t = lease_transcript::leading();
  t.now += 15s;
  EXPECT_FALSE(t.fsm.leading(t.now)) << "even before it is told";
  t.step(lease_wait_over{}, "end");
  EXPECT_EQ(t.fsm.loss(), lease_loss::not_renewed);
}

TEST(a_leader, whose_renewal_was_stored_but_heard_of_too_late_has_lost) {
  auto t = lease_transcript::leading();
  t.wait("update 1 to us");
  t.now += 10s;
  t.step(t.stored("2"), "end");
  EXPECT_EQ(t.fsm.loss(), lease_loss::not_renewed);
}

TEST(a_leader, whose_renewal_took_long_but_not_too_long_goes_on) {
  auto t = lease_transcript::leading();
  t.wait("update 1 to us");
  t.now += 9s;                                        // past the deadline of the one before
  t.step(t.stored("2"), "update 2 to us within 1s");  // a period later would be too late
  EXPECT_TRUE(t.fsm.leading(t.now));
  t.step(t.stored("3"), "wait 2s");
}

TEST(a_leader, in_doubt_until_the_deadline_has_lost) {
  auto t = lease_transcript::leading();
  t.wait("update 1 to us");
  t.now += 5s;
  t.step(refused(api_errc::timeout), "read within 3s");
  t.now += 3s;
  t.step(refused(api_errc::timeout), "wait 0s");
  t.wait("end");
}

TEST(a_standby, that_hears_of_its_lease_too_late_does_not_lead_by_it) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  const auto arrived = t.stored("1");
  t.now += 10s;
  t.step(arrived, "wait 2s");
  EXPECT_FALSE(t.fsm.leading(t.now));
  t.wait("read");
  t.step(lease_read{arrived.record}, "wait 2s");
  t.now += 13s;
  t.step(lease_wait_over{}, "read");
  t.step(lease_read{arrived.record}, "update 1 to us");
  t.step(t.stored("2"), "wait 2s");
  EXPECT_EQ(t.fsm.valid_until(), t.now + 15s);
}

TEST(a_standby, that_finds_a_create_that_it_gave_up_long_ago_waits_for_it_to_expire) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  const auto late = t.stored("9");
  t.step(refused(api_errc::timeout), "read");
  t.step(lease_read{record_of("them", "1")}, "wait 2s");
  t.wait("read");
  t.step(lease_read{late.record}, "wait 2s");  // in place of theirs, which somebody deleted
  t.now += 15s;
  t.step(lease_wait_over{}, "read");
  t.step(lease_read{late.record}, "update 9 to us");
}

TEST(a_standby, finds_that_its_create_arrived) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  const auto arrived = t.stored("1");
  const time_point sent = t.now;
  t.now += 5s;
  t.step(refused(api_errc::timeout), "read");
  EXPECT_FALSE(t.fsm.leading(t.now));
  t.step(lease_read{arrived.record}, "wait 2s");
  EXPECT_TRUE(t.fsm.leading(t.now));
  EXPECT_EQ(t.fsm.valid_until(), sent + 15s);
}

TEST(a_standby, in_doubt_that_can_not_read_waits_and_reads) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  const auto arrived = t.stored("1");
  const time_point sent = t.now;
  t.step(refused(api_errc::connection_lost), "read");
  t.step(refused(api_errc::unreachable), "wait 2s");
  t.wait("read");
  t.step(lease_read{arrived.record}, "wait 2s");
  EXPECT_EQ(t.fsm.valid_until(), sent + 15s);
}

// ---- a Lease that somebody deletes ----

TEST(a_leader, puts_a_deleted_lease_back) {
  auto t = lease_transcript::leading();
  t.wait("update 1 to us");
  t.step(refused(api_errc::not_found), "read");
  t.step(lease_absent{}, "create by us");
  t.step(t.stored("9"), "wait 2s");
  EXPECT_EQ(t.fsm.valid_until(), t.now + 15s);
  t.wait("update 9 to us");
}

TEST(a_leader, that_finds_its_deleted_lease_in_other_hands_has_lost) {
  auto t = lease_transcript::leading();
  t.wait("update 1 to us");
  t.step(refused(api_errc::not_found), "read");
  t.step(lease_absent{}, "create by us");
  t.step(refused(api_errc::already_exists), "wait 2s");
  t.wait("read");
  t.step(lease_read{record_of("them", "9")}, "end");
  EXPECT_EQ(t.fsm.loss(), lease_loss::taken);
}

TEST(a_leader, that_learns_of_the_deletion_too_late_has_lost) {
  auto t = lease_transcript::leading();
  t.wait("update 1 to us");
  t.step(refused(api_errc::not_found), "read");
  t.now += 8s;
  t.step(lease_absent{}, "end");
  EXPECT_EQ(t.fsm.loss(), lease_loss::not_renewed);
}

TEST(a_standby, gives_the_holder_of_a_deleted_lease_its_time) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_read{record_of("them", "4")}, "wait 2s");
  t.wait("read");
  const time_point gone = t.now;
  t.step(lease_absent{}, "wait 2s");  // the holder may have renewed it just before
  while (t.now < gone + 14s) {
    t.wait("read");
    t.step(lease_absent{}, t.now < gone + 14s ? "wait 2s" : "wait 1s");
  }
  t.wait("read");
  EXPECT_EQ(t.now, gone + 15s);
  t.step(lease_absent{}, "create by us");
}

TEST(a_standby, creates_a_deleted_lease_at_once_that_nobody_held) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_read{record_of("", "4")}, "update 4 to us");
  t.step(refused(api_errc::not_found), "read");
  t.step(lease_absent{}, "create by us");
}

// ---- giving back ----

TEST(release, empties_the_record_that_we_hold) {
  auto t = lease_transcript::leading();
  t.fsm.release();
  EXPECT_FALSE(t.fsm.leading(t.now));
  t.step(lease_wait_over{}, "update 1 to nobody");
  const lease_spec wanted = std::get<lease_update_action>(t.last).record.spec;
  EXPECT_EQ(wanted.lease_duration, 1s);
  EXPECT_EQ(wanted.transitions, 0);
  t.step(t.stored("2"), "end");
  EXPECT_EQ(t.fsm.role(), lease_role::released);
  EXPECT_EQ(t.fsm.loss(), lease_loss::none);
}

TEST(release, of_a_standby_asks_nothing) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_read{record_of("them", "4")}, "wait 2s");
  t.fsm.release();
  t.step(lease_wait_over{}, "end");
  EXPECT_EQ(t.fsm.role(), lease_role::released);
}

TEST(release, before_the_first_answer_takes_nothing) {
  for (const lease_input& answer : std::vector<lease_input>{lease_absent{}, lease_read{record_of("", "4")},
                                                            lease_read{record_of("them", "4")}}) {
    lease_transcript t;
    t.step(lease_started{}, "read");
    t.fsm.release();
    t.step(answer, "end");
    EXPECT_EQ(t.fsm.role(), lease_role::released);
  }
}

TEST(release, while_taking_gives_back_what_was_taken) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  t.fsm.release();
  t.step(t.stored("1"), "update 1 to nobody");
  EXPECT_FALSE(t.fsm.leading(t.now));
  t.step(t.stored("2"), "end");
}

TEST(release, in_doubt_about_taking_looks_first) {
  lease_transcript t;
  t.step(lease_started{}, "read");
  t.step(lease_absent{}, "create by us");
  const auto arrived = t.stored("1");
  t.fsm.release();
  t.step(refused(api_errc::connection_lost), "read");
  t.step(lease_read{arrived.record}, "update 1 to nobody");
}

TEST(release, never_touches_what_another_holds) {
  auto t = lease_transcript::leading();
  t.fsm.release();
  t.step(lease_wait_over{}, "update 1 to nobody");
  t.step(refused(api_errc::conflict), "read");
  t.step(lease_read{record_of("them", "5")}, "end");
  EXPECT_EQ(t.fsm.role(), lease_role::released);
}

TEST(release, is_tried_again_while_there_is_time) {
  auto t = lease_transcript::leading();
  t.fsm.release();
  const time_point began = t.now;
  t.step(lease_wait_over{}, "update 1 to nobody");
  t.step(refused(api_errc::unreachable), "wait 500ms");
  t.wait("update 1 to nobody within 4500ms");
  t.step(refused(api_errc::timeout), "read within 4500ms");
  t.step(lease_read{record_of("us", "1")}, "update 1 to nobody within 4500ms");
  t.now = began + 4800ms;
  t.step(refused(api_errc::unreachable), "wait 200ms");
  t.wait("end");
  EXPECT_EQ(t.fsm.role(), lease_role::released);
}

TEST(release, that_is_forbidden_is_not_tried_again) {
  auto t = lease_transcript::leading();
  t.fsm.release();
  t.step(lease_wait_over{}, "update 1 to nobody");
  t.step(refused(api_errc::forbidden), "end");
}

TEST(release, of_a_deleted_lease_is_done) {
  auto t = lease_transcript::leading();
  t.fsm.release();
  t.step(lease_wait_over{}, "update 1 to nobody");
  t.step(refused(api_errc::not_found), "read");
  t.step(lease_absent{}, "end");
}

// ---- inputs that do not fit ----

TEST(an_answer_to_nothing, is_not_believed) {
  for (const lease_input& stray :
       std::vector<lease_input>{lease_started{}, lease_read{record_of("them", "8")}, lease_absent{},
                                lease_written{record_of("us", "8")}, refused(api_errc::forbidden)}) {
    auto t = lease_transcript::leading();
    const time_point until = t.fsm.valid_until();
    t.step(stray, "wait 2s");
    EXPECT_EQ(t.fsm.valid_until(), until);
    EXPECT_EQ(t.fsm.role(), lease_role::leader);
    t.wait("read");
  }
}

TEST(a_write_whose_answer_went_astray, is_in_doubt) {
  auto t = lease_transcript::leading();
  t.wall += 2s;
  t.wait("update 1 to us");
  const time_point sent = t.now;
  const auto arrived = t.stored("2");
  t.step(lease_absent{}, "wait 2s");
  t.wait("read");
  t.step(lease_read{arrived.record}, "wait 2s");
  EXPECT_EQ(t.fsm.valid_until(), sent + 15s);
}

}  // namespace
}  // namespace platformer::runtime
