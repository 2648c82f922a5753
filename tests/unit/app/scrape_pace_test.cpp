// Making the metrics' text takes a tenth of the time at most.
#include "app/scrape_pace.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace platformer::app {
namespace {

using namespace std::chrono_literals;

// Texts "1", "2", …, each of which takes as long to make as it is told.
struct costly_text {
  std::chrono::steady_clock::time_point now{};
  std::chrono::steady_clock::duration cost = 10ms;
  int made = 0;
  std::function<std::string()> text = paced(
      [this] {
        now += cost;
        return std::to_string(++made);
      },
      [this] { return now; });
};

TEST(scrape_pace, the_same_text_is_given_for_nine_times_as_long_as_it_took) {
  costly_text it;
  EXPECT_EQ(it.text(), "1");
  it.now += 89ms;
  EXPECT_EQ(it.text(), "1");
  it.now += 1ms;
  EXPECT_EQ(it.text(), "2");
}

TEST(scrape_pace, whoever_asks_without_a_pause_gets_a_tenth_of_the_time) {
  costly_text it;
  const auto begun = it.now;
  while (it.now < begun + 10s) {
    (void)it.text();
    it.now += 100us;
  }
  EXPECT_LE(it.made, 100);
  EXPECT_GE(it.made, 99);
}

TEST(scrape_pace, a_text_that_costs_nothing_is_made_each_time) {
  costly_text it;
  it.cost = 0ms;
  EXPECT_EQ(it.text(), "1");
  EXPECT_EQ(it.text(), "2");
}

TEST(scrape_pace, a_process_that_was_stopped_meanwhile_gives_an_old_text_for_five_seconds_only) {
  costly_text it;
  it.cost = 1h;
  EXPECT_EQ(it.text(), "1");
  it.cost = 0ms;
  it.now += 4999ms;
  EXPECT_EQ(it.text(), "1");
  it.now += 1ms;
  EXPECT_EQ(it.text(), "2");
}

TEST(scrape_pace, a_failure_passes_and_is_not_kept) {
  bool fails = true;
  const auto text = paced(
      [&fails]() -> std::string {
        if (fails) throw std::runtime_error("no");
        return "up 1\n";
      },
      [] { return std::chrono::steady_clock::time_point{}; });
  EXPECT_THROW((void)text(), std::runtime_error);
  fails = false;
  EXPECT_EQ(text(), "up 1\n");
}

}  // namespace
}  // namespace platformer::app
