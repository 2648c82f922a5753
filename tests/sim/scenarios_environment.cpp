// What the servers, the clock and other machines do.
#include "tests/sim/scenarios.hpp"

namespace platformer::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

void scheduled(world& in) {
  issue_first(in, [](service_account& object) { object.spec.token.lifetime = hours(24 * 30); });
  in.expect_scheduled_renewals(1);
  in.pass(hours(24 * 21));
}

// The Console grants an hour instead of a month: two thirds of it pass between renewals.
void granted_less(world& in) {
  in.all.console.set_longest_lifetime(hours(24));
  issue_first(in, [](service_account& object) { object.spec.token.lifetime = hours(24 * 30); });
  // The first comes after 8 to 16 hours, the next after 15 to 16, and after any other minting as after the
  // first.
  in.expect_scheduled_renewals(3);
  in.pass(hours(33));
}

void quota(world& in) {
  issue_first(in);
  in.refuse_secrets_until(in.now + minutes(5));
  in.crowd.act(in, fault::ask_renewal);
}

void quota_at_issue(world& in) {
  set_up(in);
  in.refuse_secrets_until(in.now + minutes(5));
  in.arm();
  in.crowd.create_object(in);
}

void console_down(world& in) {
  issue_first(in);
  in.take_console_down_until(in.now + minutes(10));
  in.crowd.act(in, fault::ask_renewal);
  in.pass(minutes(10));
}

void console_down_at_issue(world& in) {
  set_up(in);
  in.take_console_down_until(in.now + minutes(10));
  in.arm();
  in.crowd.create_object(in);
  in.pass(minutes(10));
}

void stale_lists(world& in) {
  in.all.console.set_list_lag(std::chrono::seconds(2));
  set_up(in);
  in.arm();
  in.crowd.create_object(in);
  in.crowd.look_later(in);
}

constexpr scenario all[] = {
    {"scheduled", "the token is renewed before it ends", scheduled, all_is_well},
    {"granted_less", "the Console grants less than asked for", granted_less, all_is_well},
    {"quota", "Secrets can't be written for five minutes while a renewal is asked for", quota, all_is_well},
    {"quota_at_issue", "… while an object is new", quota_at_issue, all_is_well},
    {"console_down", "the Console answers 503 for ten minutes while a renewal is asked for", console_down,
     all_is_well},
    {"console_down_at_issue", "… while an object is new", console_down_at_issue, all_is_well},
    {"stale_lists", "the Console's listings lag by two seconds", stale_lists, all_is_well},
};

}  // namespace

std::span<const scenario> environment_scenarios() {
  return all;
}

}  // namespace platformer::sim
