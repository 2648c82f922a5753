// DNS that answers, fails or hangs. The hanging one is a stand-in for getaddrinfo that waits until the test
// lets it go.
#include "net/name_resolver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>

#include "tests/unit/net/loop.hpp"

namespace platformer::net {
namespace {

std::counting_semaphore<> may_answer(0);
std::counting_semaphore<> has_answered(0);
std::atomic<int> asked = 0;

lookup_answer answer_when_told(const std::string&) {
  ++asked;
  may_answer.acquire();
  lookup_answer reply;
  reply.count = 1;
  reply.found[0].bytes = {192, 0, 2, 7};
  has_answered.release();
  return reply;
}

lookup_answer nothing(const std::string&) {
  return {};
}

steady_time in(duration span) {
  return std::chrono::steady_clock::now() + span;
}

std::string told(const result<addresses, resolve_error>& outcome) {
  if (outcome) return outcome->front().to_string();
  switch (outcome.error().reason) {
    case resolve_failure::not_found:
      return "not found";
    case resolve_failure::timed_out:
      return "timed out";
    case resolve_failure::closed:
      break;
  }
  return "closed";
}

TEST(name_resolver, an_address_is_its_own_answer) {
  loop on;
  for (const char* literal : {"127.0.0.1", "::1", "2001:db8::1"}) {
    const auto resolver = std::make_shared<name_resolver>(on.executor(), literal, nothing);
    EXPECT_EQ(told(on.run(resolver->resolve(in(long_enough)))), literal);
  }
}

TEST(name_resolver, asks_the_system_for_a_name) {
  loop on;
  const auto resolver = std::make_shared<name_resolver>(on.executor(), "localhost");
  const auto found = on.run(resolver->resolve(in(long_enough)));
  ASSERT_TRUE(found.has_value());
  for (const auto& address : *found)
    EXPECT_TRUE(address.is_loopback());
}

TEST(name_resolver, a_name_without_address_is_not_found) {
  loop on;
  const auto resolver = std::make_shared<name_resolver>(on.executor(), "empty.test", nothing);
  EXPECT_EQ(told(on.run(resolver->resolve(in(long_enough)))), "not found");
}

TEST(name_resolver, a_hanging_lookup_ends_at_each_deadline_and_is_shared) {
  loop on;
  asked = 0;
  const auto resolver = std::make_shared<name_resolver>(on.executor(), "slow.test", answer_when_told);
  EXPECT_EQ(told(on.run(resolver->resolve(in(short_time)))), "timed out");
  const auto patient = on.start(resolver->resolve(in(long_enough)));
  EXPECT_EQ(told(on.run(resolver->resolve(in(short_time)))), "timed out");
  EXPECT_EQ(asked, 1);
  may_answer.release();
  on.run_until([&] { return patient->has_value(); });
  EXPECT_EQ(told(**patient), "192.0.2.7");
  has_answered.acquire();
}

TEST(name_resolver, close_ends_the_waiting_and_leaves_the_lookup_behind) {
  loop on;
  const auto resolver = std::make_shared<name_resolver>(on.executor(), "slow.test", answer_when_told);
  const auto waiting = on.start(resolver->resolve(in(long_enough)));
  on.io.poll();
  resolver->close();
  on.run_until([&] { return waiting->has_value(); });
  EXPECT_EQ(told(**waiting), "closed");
  EXPECT_EQ(told(on.run(resolver->resolve(in(long_enough)))), "closed");
  may_answer.release();
  has_answered.acquire();
}

TEST(name_resolver, may_be_forgotten_while_it_looks_up) {
  {
    loop on;
    const auto resolver = std::make_shared<name_resolver>(on.executor(), "slow.test", answer_when_told);
    const auto waiting = on.start(resolver->resolve(in(long_enough)));
    on.io.poll();
  }
  may_answer.release();
  has_answered.acquire();
}

}  // namespace
}  // namespace platformer::net
