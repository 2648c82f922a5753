// Who may scrape: what is remembered, for how long, and how often Kubernetes is asked.
#include "app/scrape_access.hpp"

#include <gtest/gtest.h>

namespace platformer::app {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{std::chrono::hours(1)};

scrape_verdict verdict(scrape_answer answer) {
  return {.answer = answer, .detail = "somebody"};
}

// Asks about it, and learns that at once.
scrape_turn ask(scrape_access& access, const std::string& key, scrape_answer answer, time_point now = start) {
  const scrape_turn turn = access.may_ask(key, now);
  if (turn != scrape_turn::ask) return turn;
  access.begin(key);
  access.learn(key, verdict(answer), now);
  return turn;
}

TEST(bearer_token, is_what_follows_the_scheme_however_that_is_written) {
  EXPECT_EQ(bearer_token("Bearer abc.DEF-1_2~3+/="), "abc.DEF-1_2~3+/=");
  EXPECT_EQ(bearer_token("bearer abc"), "abc");
  EXPECT_EQ(bearer_token("BEARER   abc  "), "abc");
}

TEST(bearer_token, is_none_in_anything_else) {
  for (const char* header :
       {"", "Bearer", "Bearer ", "Bearer  ", "Basic abc", "abc", "Bearerabc", "Bearer a b", "Bearer a\"b",
        "Bearer a\\b", "Bearer \xc3\xa4", "Bearer =", "Bearer a=b", "Bearer a\n", "Token abc"})
    EXPECT_EQ(bearer_token(header), "") << header;
  EXPECT_EQ(bearer_token("Bearer " + std::string(16 * 1024, 'a')).size(), 16U * 1024);
  EXPECT_EQ(bearer_token("Bearer " + std::string(16 * 1024 + 1, 'a')), "");
}

TEST(scrape_access, knows_nobody_at_first) {
  scrape_access access;
  EXPECT_EQ(access.find("a", start), nullptr);
  EXPECT_EQ(access.may_ask("a", start), scrape_turn::ask);
}

TEST(scrape_access, remembers_each_answer_for_its_time_and_no_longer) {
  for (const scrape_answer answer :
       {scrape_answer::allowed, scrape_answer::unknown_token, scrape_answer::forbidden}) {
    scrape_access access;
    ask(access, "a", answer);
    ASSERT_NE(access.find("a", start + 9999ms), nullptr);
    EXPECT_EQ(access.find("a", start + 9999ms)->answer, answer);
    EXPECT_EQ(access.find("a", start + 10s), nullptr);
    EXPECT_EQ(access.find("b", start), nullptr);
  }
}

TEST(scrape_access, remembers_that_kubernetes_did_not_answer_for_a_second_only) {
  scrape_access access;
  ask(access, "a", scrape_answer::unavailable);
  EXPECT_NE(access.find("a", start + 999ms), nullptr);
  EXPECT_EQ(access.find("a", start + 1s), nullptr);
}

TEST(scrape_access, a_clock_that_was_set_back_makes_no_answer_live_longer) {
  scrape_access access;
  ask(access, "a", scrape_answer::allowed);
  EXPECT_EQ(access.find("a", start - 1ms), nullptr);
}

TEST(scrape_access, asks_about_one_token_once_at_a_time) {
  scrape_access access;
  access.begin("a");
  EXPECT_EQ(access.may_ask("a", start), scrape_turn::wait);
  access.learn("a", verdict(scrape_answer::allowed), start);
  EXPECT_NE(access.find("a", start), nullptr);
}

TEST(scrape_access, asks_about_two_strangers_at_a_time) {
  scrape_access access;
  access.begin("a");
  access.begin("b");
  EXPECT_EQ(access.may_ask("c", start), scrape_turn::wait);
  access.learn("a", verdict(scrape_answer::forbidden), start);
  EXPECT_EQ(access.may_ask("c", start), scrape_turn::ask);
}

TEST(scrape_access, whoever_was_allowed_does_not_wait_for_strangers) {
  scrape_access access;
  ask(access, "scraper", scrape_answer::allowed);
  access.begin("a");
  access.begin("b");
  EXPECT_EQ(access.may_ask("scraper", start + 1h), scrape_turn::ask);
}

TEST(scrape_access, an_outage_makes_nobody_a_stranger_and_a_refusal_does) {
  scrape_access access;
  ask(access, "outage", scrape_answer::allowed);
  ask(access, "outage", scrape_answer::unavailable, start + 10s);
  ask(access, "revoked", scrape_answer::allowed);
  ask(access, "revoked", scrape_answer::forbidden, start + 10s);
  access.begin("a");
  access.begin("b");
  EXPECT_EQ(access.may_ask("outage", start + 1h), scrape_turn::ask);
  EXPECT_EQ(access.may_ask("revoked", start + 1h), scrape_turn::wait);
}

TEST(scrape_access, asks_about_four_tokens_at_a_time_at_the_most) {
  scrape_access access;
  for (const char* key : {"1", "2", "3", "4", "5"})
    ask(access, key, scrape_answer::allowed);
  for (const char* key : {"1", "2", "3", "4"}) {
    ASSERT_EQ(access.may_ask(key, start + 1h), scrape_turn::ask);
    access.begin(key);
  }
  EXPECT_EQ(access.may_ask("5", start + 1h), scrape_turn::wait);
  access.learn("1", verdict(scrape_answer::unavailable), start + 1h);
  EXPECT_EQ(access.may_ask("5", start + 1h), scrape_turn::ask);
}

TEST(scrape_access, a_flood_of_invented_tokens_is_asked_about_twenty_times_and_then_five_times_a_second) {
  scrape_access access;
  const auto asked = [&](time_point now, const std::string& prefix) {
    int count = 0;
    for (int i = 0; i < 1000; ++i)
      if (ask(access, prefix + std::to_string(i), scrape_answer::unknown_token, now) == scrape_turn::ask)
        ++count;
    return count;
  };
  EXPECT_EQ(asked(start, "a"), 20);
  EXPECT_EQ(asked(start + 1s, "b"), 5);
}

TEST(scrape_access, a_flood_keeps_no_known_scraper_out_and_memory_bounded) {
  scrape_access_limits limits;
  limits.strangers_burst = 1e6;
  scrape_access access(limits);
  ask(access, "scraper", scrape_answer::allowed);
  for (int i = 0; i < 10'000; ++i)
    ASSERT_EQ(ask(access, std::to_string(i), scrape_answer::unknown_token, start + std::chrono::seconds(i)),
              scrape_turn::ask);
  EXPECT_EQ(access.size(), limits.tokens);
  access.begin("x");
  access.begin("y");
  EXPECT_EQ(access.may_ask("scraper", start + 10'000s), scrape_turn::ask);
  EXPECT_EQ(access.size(), limits.tokens);
}

TEST(scrape_access, among_scrapers_the_one_that_was_looked_at_longest_ago_is_forgotten) {
  scrape_access_limits limits;
  limits.tokens = 2;
  scrape_access access(limits);
  ask(access, "old", scrape_answer::allowed, start);
  ask(access, "new", scrape_answer::allowed, start + 1s);
  ask(access, "newest", scrape_answer::allowed, start + 2s);
  EXPECT_EQ(access.find("old", start + 2s), nullptr);
  EXPECT_NE(access.find("new", start + 2s), nullptr);
  EXPECT_NE(access.find("newest", start + 2s), nullptr);
}

}  // namespace
}  // namespace platformer::app
