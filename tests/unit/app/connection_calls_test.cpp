// Calls that wait for their connection's limits.
#include "app/connection_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
using console::call;
using controllers::call_limits;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct queue_of_calls {
  boost::asio::io_context io{1};
  time_point now{std::chrono::hours(12)};
  bool ending = false;
  const char* objection = nullptr;
  std::shared_ptr<call_limits> limits = std::make_shared<call_limits>();
  std::shared_ptr<connection_calls> calls;
  std::vector<std::string> sent;  // by name, "-" before what was not
  std::vector<console::call_admission::permit> under_way;

  explicit queue_of_calls(std::int64_t concurrent) {
    limits->configure(rate_limit_spec{.requests_per_second = 1000, .burst = 1000, .concurrent = concurrent});
    connection_calls::hooks told;
    told.clock = [this] { return now; };
    told.ending = [this] { return ending; };
    told.objection = [this](call) { return objection; };
    told.on_end = [this](const call_limits::permit& given, const api_error* failure) {
      limits->end(given, failure, now);
    };
    calls = std::make_shared<connection_calls>(io.get_executor(), limits, std::move(told));
  }
  boost::asio::awaitable<void> send(call operation) {
    const auto permit = co_await calls->enter(operation);
    sent.push_back((permit ? "" : "-") + std::string(console::operation_id(operation)));
    if (permit) under_way.push_back(*permit);
  }
  void begin(call operation) {
    boost::asio::co_spawn(io, send(operation), boost::asio::detached);
    settle();
  }
  void end_one(const api_error* failure = nullptr) {
    const auto permit = under_way.front();
    under_way.erase(under_way.begin());
    calls->leave(permit, failure);
    settle();
  }
  void settle() {
    io.restart();
    io.poll();
  }
};

std::string name(call operation) {
  return std::string(console::operation_id(operation));
}

TEST(connection_calls, are_sent_in_the_order_in_which_somebody_waits_for_them) {
  queue_of_calls it(1);
  it.begin(call::list_projects);
  for (const call each : {call::validate_token, call::list_accounts, call::create_account, call::renew_token,
                          call::delete_account})
    it.begin(each);
  EXPECT_THAT(it.sent, ElementsAre(name(call::list_projects)));
  while (it.calls->waiting() > 0)
    it.end_one();
  EXPECT_THAT(it.sent,
              ElementsAre(name(call::list_projects), name(call::renew_token), name(call::delete_account),
                          name(call::create_account), name(call::list_accounts), name(call::validate_token)));
}

TEST(connection_calls, are_refused_when_the_console_stops_answering) {
  queue_of_calls it(5);
  for (int i = 0; i < 5; ++i)
    it.begin(call::get_account);
  it.begin(call::delete_account);
  it.sent.clear();
  const api_error no_answer{.code = api_errc::timeout};
  for (int i = 0; i < 4; ++i)
    it.end_one(&no_answer);
  EXPECT_THAT(it.sent, ElementsAre(name(call::delete_account))) << "it took the first free place";
  it.end_one(&no_answer);
  it.sent.clear();
  it.begin(call::delete_account);
  EXPECT_THAT(it.sent, ElementsAre("-" + name(call::delete_account)));
  it.now += 1s;
  it.sent.clear();
  it.begin(call::validate_token);
  EXPECT_THAT(it.sent, ElementsAre(name(call::validate_token))) << "the probe";
}

TEST(connection_calls, do_not_wait_on_the_way_out) {
  queue_of_calls it(1);
  it.begin(call::get_account);
  it.begin(call::delete_account);
  it.ending = true;
  it.calls->pump();
  it.settle();
  EXPECT_THAT(it.sent, ElementsAre(name(call::get_account), "-" + name(call::delete_account)));
}

TEST(connection_calls, are_not_sent_when_something_speaks_against_it_once_their_turn_has_come) {
  queue_of_calls it(1);
  it.begin(call::get_account);
  it.begin(call::delete_account);
  it.objection = "the connection is suspended";
  it.sent.clear();
  it.end_one();
  EXPECT_THAT(it.sent, ElementsAre("-" + name(call::delete_account)));
  it.objection = nullptr;
  it.begin(call::get_account);
  EXPECT_EQ(it.sent.back(), name(call::get_account)) << "and its place is free";
}

}  // namespace
}  // namespace platformer::app
