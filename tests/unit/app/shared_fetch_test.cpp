// One fetch for all who need the same at about the same time.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>

#include "app/console_sharing.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// A value that is fetched when the test says so; its content is the number of the fetch.
struct shelf {
  asio::io_context io{1};
  time_point now{1h};
  shared_fetch<int> value{io.get_executor()};
  gate reply{io.get_executor()};
  int fetches = 0;
  std::optional<api_error> failure;
  bool thrown = false;
  std::vector<std::string> answers;  // "1", or an error's message

  void ask(time_point not_before) {
    asio::co_spawn(io, asked(not_before), asio::detached);
    settle();
  }
  asio::awaitable<void> asked(time_point not_before) {
    const auto clock = [this] { return now; };
    const auto fetch = [this]() -> asio::awaitable<result<int, api_error>> {
      const int number = ++fetches;
      co_await reply.wait();
      if (thrown) throw std::runtime_error("thrown");
      if (failure) co_return tl::unexpected(*failure);
      co_return number;
    };
    try {
      const auto got = co_await value.get(not_before, clock, fetch);
      answers.push_back(got ? std::to_string(**got) : got.error().message);
    } catch (const std::runtime_error& bug) {
      answers.push_back(bug.what());
    }
  }
  void answer() {
    reply.open();
    settle();
  }
  void settle() {
    io.restart();
    io.poll();
  }
};

using strings = std::vector<std::string>;

TEST(shared_fetch, two_who_wait_get_the_value_of_one_fetch) {
  shelf it;
  it.ask(it.now);
  it.ask(it.now);
  EXPECT_EQ(it.fetches, 1);
  EXPECT_EQ(it.answers, strings{});
  it.answer();
  EXPECT_EQ(it.answers, (strings{"1", "1"}));
}

TEST(shared_fetch, two_who_wait_get_the_error_of_one_fetch_and_the_next_tries_anew) {
  shelf it;
  it.failure = api_error{.code = api_errc::unreachable, .message = "away"};
  it.ask(it.now);
  it.ask(it.now);
  it.answer();
  EXPECT_EQ(it.answers, (strings{"away", "away"}));
  EXPECT_EQ(it.fetches, 1);
  it.failure.reset();
  it.ask(it.now);
  it.answer();
  EXPECT_EQ(it.answers, (strings{"away", "away", "2"}));
}

TEST(shared_fetch, a_value_is_used_as_long_as_it_is_new_enough) {
  shelf it;
  it.ask(it.now);
  it.answer();
  it.now += 1min;
  it.ask(it.now - 1min);
  EXPECT_EQ(it.answers, (strings{"1", "1"}));
  it.ask(it.now - 1min + 1ms);
  EXPECT_EQ(it.fetches, 2);
  it.answer();
  EXPECT_EQ(it.answers, (strings{"1", "1", "2"}));
}

TEST(shared_fetch, age_counts_from_a_fetchs_beginning) {
  shelf it;
  it.ask(it.now);
  it.now += 5s;
  it.answer();
  it.ask(it.now);
  EXPECT_EQ(it.fetches, 2) << "the value was answered now, but asked for 5 seconds ago";
}

TEST(shared_fetch, who_needs_it_newer_than_the_fetch_under_way_waits_and_fetches_again) {
  shelf it;
  it.ask(it.now);
  it.now += 1s;
  it.ask(it.now);
  EXPECT_EQ(it.fetches, 1) << "one at a time";
  it.answer();
  EXPECT_EQ(it.answers, strings{"1"});
  EXPECT_EQ(it.fetches, 2);
  it.answer();
  EXPECT_EQ(it.answers, (strings{"1", "2"}));
}

TEST(shared_fetch, an_older_fetchs_error_is_not_for_who_needs_a_newer_one) {
  shelf it;
  it.failure = api_error{.code = api_errc::unreachable, .message = "away"};
  it.ask(it.now);
  it.now += 1s;
  it.ask(it.now);
  it.answer();
  EXPECT_EQ(it.answers, strings{"away"});
  it.failure.reset();
  it.answer();
  EXPECT_EQ(it.answers, (strings{"away", "2"}));
}

TEST(shared_fetch, an_earlier_error_is_not_for_those_who_wait_for_the_next_fetch) {
  shelf it;
  it.failure = api_error{.code = api_errc::unreachable, .message = "away"};
  it.ask(it.now);
  it.answer();
  it.failure.reset();
  it.ask(it.now);
  it.ask(it.now);
  it.answer();
  EXPECT_EQ(it.answers, (strings{"away", "2", "2"}));
}

TEST(shared_fetch, those_who_wait_for_a_fetch_that_throws_fetch_for_themselves) {
  shelf it;
  it.thrown = true;
  it.ask(it.now);
  it.ask(it.now);
  it.answer();
  EXPECT_EQ(it.answers, strings{"thrown"});
  it.thrown = false;
  it.answer();
  EXPECT_EQ(it.answers, (strings{"thrown", "2"}));
}

TEST(shared_fetch, what_is_forgotten_is_fetched_again) {
  shelf it;
  it.ask(it.now);
  it.answer();
  it.value.forget();
  it.ask(it.now - 1h);
  EXPECT_EQ(it.fetches, 2);
}

}  // namespace
}  // namespace platformer::app
