#include "controllers/reconcile/outcome.hpp"

#include <gtest/gtest.h>

namespace platformer::controllers {
namespace {

using namespace std::chrono_literals;
using runtime::queue_priority;

constexpr time_point start{1000h};

// How a key comes back that ended so; nullopt: not by itself.
std::optional<queue_priority> comes_back_as(const outcome& end) {
  runtime::work_queue<std::string> queue;
  queue.add("tried", start);
  queue.pop(start);
  settle(queue, std::string("tried"), end, start, 0.5);
  queue.done("tried", start);
  const auto again = queue.pop(queue.next_wake().value_or(start));
  return again ? std::optional(again->priority) : std::nullopt;
}

TEST(outcome, of_a_failure_and_of_what_is_due_lets_changes_go_first) {
  EXPECT_EQ(comes_back_as(outcome_of(accounts::stop(accounts::back_off{}))), queue_priority::low);
  EXPECT_EQ(comes_back_as(outcome_of(accounts::stop(accounts::requeue_at{start + 1h}))), queue_priority::low);
}

TEST(outcome, of_a_run_that_holds_a_token_or_saw_an_old_state_waits_for_nobody) {
  const accounts::stop holding = accounts::back_off{.holds_token = true};
  EXPECT_EQ(comes_back_as(outcome_of(holding)), queue_priority::normal);
  EXPECT_EQ(comes_back_as(outcome_of(accounts::stop(accounts::read_again{}))), queue_priority::normal);
}

TEST(outcome, of_a_connection_that_failed_waits_for_nobody) {
  EXPECT_EQ(comes_back_as(outcome_of(connections::stop(connections::back_off{}))), queue_priority::normal);
}

TEST(outcome, of_what_is_finished_does_not_come_back) {
  EXPECT_EQ(comes_back_as(outcome_of(accounts::stop(accounts::finished{}))), std::nullopt);
}

}  // namespace
}  // namespace platformer::controllers
