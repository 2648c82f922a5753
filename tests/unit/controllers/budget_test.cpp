#include "controllers/service_account/budget.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "controllers/service_account/policies.hpp"
#include "controllers/service_account/secret_record.hpp"
#include "model/names.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{std::chrono::seconds(1795420800)};

TEST(budget, allows_at_most_twelve_automatic_mintings_in_any_day_however_they_are_asked_for) {
  std::uint64_t seed = 1;
  for (int round = 0; round < 200; ++round) {
    mint_budget budget;
    std::deque<time_point> day;
    time_point now = start;
    for (int i = 0; i < 300; ++i) {
      seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
      const auto roll = (seed >> 33U) % 100;
      now += roll < 80   ? duration(1000 * static_cast<std::int64_t>(roll))
             : roll < 98 ? duration(roll * 120'000)
                         : duration(25h);
      if (allowed_at(budget, mint_cause::token_lost, now) > now) continue;
      budget = charge(budget, mint_cause::token_lost, now);
      day.push_back(now);
      while (now - day.front() > 24h)
        day.pop_front();
      ASSERT_LE(day.size(), 12U);
    }
  }
}

TEST(budget, allows_thirty_scheduled_renewals_an_hour_whatever_the_notes_say) {
  mint_budget budget;
  int renewals = 0;
  for (time_point now = start; now < start + 3h; now += 1min) {
    if (allowed_at(budget, mint_cause::scheduled_renewal, now) > now) continue;
    budget = charge(budget, mint_cause::scheduled_renewal, now);
    ++renewals;
  }
  EXPECT_EQ(renewals, 90);
  operation op;
  op.budget = budget;
  op.id = "op";
  EXPECT_EQ(decode_operation(encode_operation(op))->budget.scheduled, 30) << "it survives a restart";
}

TEST(budget, allows_ten_requests_an_hour_and_then_at_its_end) {
  mint_budget budget;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(allowed_at(budget, mint_cause::renew_request, start), start);
    budget = charge(budget, mint_cause::renew_request, start);
  }
  EXPECT_EQ(allowed_at(budget, mint_cause::renew_request, start + 1min), start + 1h);
  EXPECT_EQ(allowed_at(budget, mint_cause::renew_request, start + 1h), start + 1h);
  EXPECT_EQ(allowed_at(budget, mint_cause::token_lost, start), start);
}

TEST(budget, never_holds_up_the_first_issue_or_the_schedule) {
  mint_budget budget;
  for (int i = 0; i < 20; ++i)
    budget = charge(charge(budget, mint_cause::recovery, start), mint_cause::renew_request, start);
  for (const auto cause : {mint_cause::initial_issue, mint_cause::scheduled_renewal}) {
    EXPECT_EQ(allowed_at(budget, cause, start), start);
    const mint_budget after = charge(budget, cause, start);
    EXPECT_EQ(after.automatic, budget.automatic);
    EXPECT_EQ(after.requested, budget.requested);
  }
}

TEST(budget, a_time_in_the_future_neither_blocks_for_ever_nor_frees) {
  mint_budget budget{
      .automatic = 20, .last_automatic = start + 1h, .requested = 10, .hour_start = start + 10min};
  EXPECT_EQ(allowed_at(budget, mint_cause::token_lost, start), start + 6h);
  EXPECT_LE(allowed_at(budget, mint_cause::renew_request, start), start + 70min);
  budget = {
      .automatic = 20, .last_automatic = start + 10'000h, .requested = 10, .hour_start = start + 10'000h};
  EXPECT_EQ(allowed_at(budget, mint_cause::token_lost, start), start);
  EXPECT_EQ(allowed_at(budget, mint_cause::renew_request, start), start);
}

TEST(budget, of_two_accounts_the_stricter_counts) {
  const mint_budget strict{.automatic = 5, .last_automatic = start, .requested = 10, .hour_start = start};
  for (const mint_budget& other :
       {mint_budget{},
        mint_budget{.automatic = 1, .last_automatic = start, .requested = 1, .hour_start = start},
        mint_budget{.automatic = 1000,
        .last_automatic = start + 10'000h,
        .requested = 99,
        .hour_start = start + 10'000h}}) {
    EXPECT_EQ(stricter(strict, other, start), strict);
    EXPECT_EQ(stricter(other, strict, start), strict);
  }
}

TEST(budget, of_two_accounts_the_longer_distance_counts_on_after_it_has_passed) {
  const mint_budget kept{.automatic = 8, .last_automatic = start, .requested = 0, .hour_start = {}};
  const time_point later = start + 5h;
  for (const mint_budget& edited :
       {mint_budget{},
        mint_budget{.automatic = 1, .last_automatic = later - 1min, .requested = 0, .hour_start = {}}}) {
    EXPECT_EQ(stricter(kept, edited, later).automatic, 8);
    EXPECT_EQ(stricter(edited, kept, later).automatic, 8);
  }
}

TEST(policies, stand_in_the_order_that_their_comments_argue_for) {
  std::vector<std::string_view> names;
  for (const policy& each : mint_policies)
    names.push_back(each.name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"in_doubt", "adopted", "account_lost", "never_issued",
                                                  "token_lost", "renew_request", "scheduled", "revoked"}));
}

TEST(secret_record, comes_back_as_it_was_written) {
  secret_record record{.operation_id = "op",
                       .revision = 3,
                       .account_id = "acc",
                       .renew = "one",
                       .renew_history = {renew_hash("zero"), renew_hash("one")},
                       .issued_at = start,
                       .expires_at = start + 1h,
                       .fingerprint = "sha256:1a2b3c4d5e6f",
                       .cause = "RenewRequest"};
  for (int i = 0; i < 2; ++i) {
    object_meta meta;
    for (const auto& [key, value] : record_annotations(record))
      if (value) meta.annotations[key] = *value;
    EXPECT_EQ(read_record(meta), record);
    record = {};
  }
}

TEST(secret_record, that_is_forged_is_bounded) {
  for (const char* text : {"", "-1", "0", "x", "1x", " 1", "99999999999999999999", "1000000000000"}) {
    object_meta meta;
    meta.annotations[std::string(names::secret_revision)] = text;
    EXPECT_EQ(read_record(meta).revision, 0) << text;
  }
  object_meta meta;
  std::string history;
  for (int i = 0; i < 100; ++i)
    history += ",," + std::string(static_cast<std::size_t>(i), 'x');
  meta.annotations[std::string(names::secret_renew_history)] = history;
  const secret_record record = read_record(meta);
  EXPECT_LE(record.renew_history.size(), renew_history_limit);
  for (const std::string& each : record.renew_history)
    EXPECT_LE(each.size(), renew_hash_size);
}

TEST(secret_record, knows_which_requests_were_honoured) {
  secret_record record;
  EXPECT_TRUE(is_honoured(record, "one", "one"));
  EXPECT_FALSE(is_honoured(record, "two", "one"));
  record.renew = "three";
  record.renew_history = {renew_hash("two")};
  EXPECT_TRUE(is_honoured(record, "two", "one"));
  EXPECT_TRUE(is_honoured(record, "three", "one"));
  EXPECT_FALSE(is_honoured(record, "one", "one"));
}

}  // namespace
}  // namespace platformer::accounts::test
