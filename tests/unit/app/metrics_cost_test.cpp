// Counting what has been counted before allocates nothing: metrics must not be what an operator spends its
// time with.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "app/metrics.hpp"

namespace {
std::size_t allocations = 0;  // of the whole program
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* got = std::malloc(size)) return got;
  throw std::bad_alloc();
}
void operator delete(void* pointer) noexcept {
  std::free(pointer);
}
void operator delete(void* pointer, std::size_t) noexcept {
  std::free(pointer);
}

namespace platformer::app {
namespace {

void count_all(metrics& m) {
  m.observe_reconcile("serviceaccount", reconcile_result::requeue_after, 0.1);
  m.observe_phase("serviceaccount", reconcile_phase::console, 0.1);
  m.observe_wait("consoleconnection", 0.1);
  m.set_queue("serviceaccount", {});
  m.count_kube_request(net::http_method::patch, 409, 0.1);
  m.count_kube_request(net::http_method::get, 0, 0.1);
  m.count_console_request(console::call::create_account, 201, 0.1);
  m.count_console_request(console::call::create_account, api_error{.code = api_errc::timeout}, 0.1);
  m.count_event(false, "Issued");
  m.count_event(true, "a reason of nobody's that is longer than a short string");
}

TEST(metrics_cost, counting_allocates_only_for_a_series_that_is_new) {
  metrics m("1");
  const std::size_t at_first = allocations;
  count_all(m);
  EXPECT_GT(allocations, at_first);
  const std::size_t then = allocations;
  for (int i = 0; i < 1000; ++i)
    count_all(m);
  EXPECT_EQ(allocations, then);
}

}  // namespace
}  // namespace platformer::app
