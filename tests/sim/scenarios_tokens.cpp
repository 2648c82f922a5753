// How tokens live: when they are renewed, tried, replaced, and who is told.
#include "tests/sim/oracle_views.hpp"
#include "tests/sim/scenarios.hpp"

namespace platformer::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr duration day = hours(24);
constexpr duration overlap = hours(1);
// A token that is tried every hour: three looks at most, and nothing else.
constexpr std::uint64_t tries_an_hour = 3;

// ---- schedules

void renew_before(world& in) {
  issue_first(in, [](service_account& object) {
    object.spec.token.lifetime = 30 * day;
    object.spec.token.renew_before = 5 * day;
  });
  in.expect_scheduled_renewals(1);
  in.pass(26 * day);
}

void rotation(world& in) {
  issue_first(in, [](service_account& object) { object.spec.token.rotation_interval = 30 * day; });
  in.expect_scheduled_renewals(1);
  in.pass(31 * day);
}

// A fixed end is moved: the living token's, without a new one.
void fixed_end(world& in) {
  issue_first(in, [](service_account& object) { object.spec.token.expires_at = start_of_time + 10 * day; });
  in.pass(5 * day);
  in.crowd.edit_object(
      in, [](service_account& object) { object.spec.token.expires_at = start_of_time + 20 * day; });
  in.pass(7 * day);
}

// ---- verification

void tries(service_account& object) {
  object.spec.token.verify_interval = hours(1);
}

void revoked(world& in) {
  in.expect_looks(tries_an_hour);
  issue_first(in, tries);
  in.crowd.act(in, fault::revoke_token);
  in.pass(hours(3));
}

void issue_four_that_are_tried(world& in) {
  in.expect_looks(4 * tries_an_hour);
  set_up(in);
  in.crowd.create_object(in, tries);
  for (const char* name : {"deployer", "reader", "writer"})
    in.crowd.create_object(in, {in.crowd.subject.ns, name}, tries);
  in.settle();
  in.arm();
}

// The Console takes every token for dead, for an hour; all of them work all the time.
void tokens_rejected(world& in) {
  issue_four_that_are_tried(in);
  in.all.tokens_rejected_until = in.now + hours(1);
  in.pass(hours(4));
}

// … and the connection's own credential as well.
void logins_rejected(world& in) {
  issue_four_that_are_tried(in);
  in.all.tokens_rejected_until = in.all.credentials_rejected_until = in.now + hours(1);
  in.pass(hours(4));
}

// ---- a lost Secret that nobody is to replace by himself

void loss_manual(world& in) {
  issue_first(in, [](service_account& object) { object.spec.secret.on_loss = loss_policy::manual; });
  in.crowd.act(in, fault::delete_secret);
  in.pass(hours(2));
  in.crowd.act(in, fault::ask_renewal);
}

// Where the Secret was taken away later still, a person has to decide once more.
void well_or_lost(world& in) {
  for (const models::kube_pointer& each : in.all.kube.all(models::kube_kind::service_account))
    if (waits_for_lost_token(std::get<service_account>(*each))) return in.watcher.nothing_superfluous(in);
  all_is_well(in);
}

// ---- Replace

void replaces(service_account& object) {
  object.spec.token.strategy = token_strategy::replace;
  object.spec.token.overlap = overlap;
}

void replace_requested(world& in) {
  issue_first(in, replaces);
  in.crowd.act(in, fault::ask_renewal);
}

void replace_scheduled(world& in) {
  issue_first(in, [](service_account& object) {
    replaces(object);
    object.spec.token.lifetime = 30 * day;
  });
  in.expect_scheduled_renewals(1);
  in.pass(21 * day);
}

void replace_twice(world& in) {
  replace_requested(in);
  in.pass(minutes(5));
  in.crowd.act(in, fault::ask_renewal);
}

template <fault What>
void replace_and(world& in) {
  replace_requested(in);
  in.pass(minutes(5));
  in.crowd.act(in, What);
}

void replace_kept(world& in) {
  issue_first(in, [](service_account& object) {
    replaces(object);
    object.spec.secret.previous_key = "previous";
  });
  in.crowd.act(in, fault::ask_renewal);
  in.pass(minutes(5));
  in.crowd.act(in, fault::edit_access);
}

void replace_where_names_are_unique(world& in) {
  in.all.console.set_duplicate_names(models::duplicate_names::refuse);
  replace_requested(in);
}

// ---- consumers

void restarts(service_account& object) {
  object.spec.restart_targets = {{workload_kind::deployment, "web"}};
}

void restart_consumers(world& in) {
  set_up(in);
  in.crowd.create_object(in, restarts);
  in.crowd.create_object(in, {in.crowd.subject.ns, "deployer"}, restarts);
  in.settle();
  in.arm();
  in.crowd.act(in, fault::ask_renewal);
  in.pass(milliseconds(40));
  in.crowd.edit_object(in, [](service_account& object) { object.spec.description = "another text"; });
}

constexpr scenario all[] = {
    {"renew_before", "the token is renewed so long before it ends", renew_before, all_is_well},
    {"rotation", "the token never ends, and is renewed all the same", rotation, all_is_well},
    {"fixed_end", "the token's fixed end is moved", fixed_end, all_is_well},
    {"revoked", "the token is revoked, and found to be", revoked, all_is_well},
    {"tokens_rejected", "the Console rejects every token for an hour", tokens_rejected, all_is_well},
    {"logins_rejected", "… and the operator's own", logins_rejected, all_is_well},
    {"loss_manual", "a lost Secret waits for a person", loss_manual, well_or_lost},
    {"replace_requested", "strategy Replace, on request", replace_requested, all_is_well},
    {"replace_scheduled", "… by schedule", replace_scheduled, all_is_well},
    {"replace_twice", "… and again within the overlap", replace_twice, all_is_well},
    {"replace_edited_back", "… and the strategy changes within the overlap",
     replace_and<fault::edit_strategy>, all_is_well},
    {"replace_deleted", "… and the object is deleted within the overlap", replace_and<fault::delete_object>,
     all_is_well},
    {"replace_secret_lost", "… and the Secret is deleted within the overlap",
     replace_and<fault::delete_secret>, all_is_well},
    {"replace_unmarked", "… and the previous account's marker is removed within the overlap",
     replace_and<fault::unmark_account>, all_is_well},
    {"replace_previous_gone", "… and the previous account is deleted by hand",
     replace_and<fault::delete_account>, all_is_well},
    {"replace_kept", "… and the old token is kept under another key", replace_kept, all_is_well},
    {"replace_unique_names", "… where the Console allows one account of a name",
     replace_where_names_are_unique, all_is_well},
    {"restart_consumers", "two objects name one workload", restart_consumers, all_is_well},
};

}  // namespace

std::span<const scenario> token_scenarios() {
  return all;
}

}  // namespace platformer::sim
