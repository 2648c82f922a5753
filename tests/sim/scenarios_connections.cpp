// What connections do for all their accounts: looks for drift, adoption, limits; and what becomes of accounts
// while a connection does not work.
#include "tests/sim/scenarios.hpp"

namespace platformer::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// A look is a trial of the credential and a listing, which all accounts share.
constexpr duration look_interval = hours(1);
constexpr std::uint64_t looks_an_hour = 3;

void looks(console_connection& connection) {
  connection.spec.interval = look_interval;
}

// ---- drift

void issue_first_and_look(world& in, const std::function<void(service_account&)>& edit = {}) {
  in.expect_looks(looks_an_hour);
  set_up(in, looks);
  in.crowd.create_object(in, edit);
  in.settle();
  in.arm();
}

template <fault What>
void drift(world& in) {
  issue_first_and_look(in);
  in.crowd.act(in, What);
  in.pass(2 * look_interval);
}

void drift_of_replaced(world& in) {
  issue_first_and_look(in, [](service_account& object) {
    object.spec.token.strategy = token_strategy::replace;
    object.spec.token.overlap = 4 * look_interval;
  });
  in.crowd.act(in, fault::ask_renewal);
  in.pass(look_interval);
  in.crowd.act(in, fault::edit_account);
  in.pass(2 * look_interval);
}

// Listings are older than the account.
void drift_in_old_listing(world& in) {
  in.all.console.set_list_lag(3 * look_interval);
  issue_first_and_look(in);
  in.pass(2 * look_interval);
}

// A listing shows what differs, and not yet that somebody has taken the account away since: the look comes 40
// minutes after the start.
void drift_let_go(world& in) {
  issue_first_and_look(in);
  in.all.console.set_list_lag(minutes(10));
  in.pass(minutes(21));
  in.crowd.act(in, fault::edit_account);
  in.pass(minutes(10));
  in.crowd.act(in, fault::unmark_account);
  in.pass(2 * look_interval);
}

void no_account_was_lost(world& in) {
  all_is_well(in);
  if (in.watcher.minted(mint_cause::account_lost) > 0 && in.crowd.done().accounts_removed == 0 &&
      in.crowd.done().accounts_unmarked == 0)
    in.fail("an account that a listing lacks was made anew without asking for it");
}

void orphans(world& in) {
  in.expect_looks(looks_an_hour);
  set_up(in, [](console_connection& connection) {
    looks(connection);
    connection.spec.orphans = orphan_policy::remove;
  });
  in.crowd.create_object(in);
  in.settle();
  in.arm();
  in.crowd.arrange_orphan(in);
  in.pass(4 * look_interval);
}

void orphans_are_gone(world& in) {
  in.all.console.for_each_account([&](const models::stored_account& each) {
    if (each.data.name == "left-behind") in.fail("an orphan was not deleted");
  });
  all_is_well(in);
}

// ---- adoption

void adopts(service_account& object) {
  object.spec.adoption = adoption_policy::always;
}

void allows(console_connection& connection) {
  connection.spec.adoptable = {"ci-*"};
}

void adopt(world& in) {
  set_up(in, allows);
  in.crowd.arrange_stranger(in);
  in.arm();
  in.crowd.create_object(in, adopts);
}

// The connection does not allow it; the account's owner removes it.
void adopt_not_allowed(world& in) {
  set_up(in);
  const std::string id = in.crowd.arrange_stranger(in);
  in.arm();
  in.crowd.create_object(in, adopts);
  in.pass(minutes(5));
  in.crowd.remove_account(in, id);
}

void adopt_one_of_two(world& in) {
  set_up(in, allows);
  in.crowd.arrange_stranger(in);
  const std::string other = in.crowd.arrange_stranger(in);
  in.arm();
  in.crowd.create_object(in, adopts);
  in.pass(minutes(5));
  in.crowd.remove_account(in, other);
}

// Another object's account has the name.
void adopt_anothers(world& in) {
  set_up(in, allows);
  in.crowd.create_object(in, {in.crowd.subject.ns, "deployer"},
                         [&](service_account& object) { object.spec.account_name = in.crowd.subject.name; });
  in.settle();
  in.arm();
  in.crowd.create_object(in, adopts);
}

// ---- connections that don't work

void console_down_for_long(world& in) {
  set_up(in);
  in.crowd.create_object(in);
  for (const char* name : {"deployer", "reader", "writer"})
    in.crowd.create_object(in, {in.crowd.subject.ns, name}, {});
  in.settle();
  in.arm();
  in.take_console_down_until(in.now + hours(1));
  in.crowd.act(in, fault::ask_renewal);
  for (const char* name : {"deployer", "reader"})
    (void)in.all.kube.remove(models::kube_kind::service_account, {in.crowd.subject.ns, name}, {}, in.now);
  in.pass(hours(1) + minutes(2));
}

void connection_suspended(world& in) {
  issue_first(in);
  in.crowd.act(in, fault::suspend_connection);
  in.pass(minutes(1));
  in.crowd.act(in, fault::ask_renewal);
}

// ---- a ClusterConsoleConnection

void of_cluster(console_connection& connection) {
  connection.meta.name = "platform";
  connection.meta.ns.clear();
  connection.spec.credentials.ns = "team-a";
  connection.spec.used_from.match_labels["team"] = "a";
}

void cluster_connection(world& in) {
  set_up(in, of_cluster);
  in.arm();
  in.crowd.create_object(in, [](service_account& object) {
    object.spec.connection = "platform";
    object.spec.connected_by = connection_kind::cluster;
  });
  in.settle();
  in.crowd.act(in, fault::ask_renewal);
}

constexpr scenario all[] = {
    {"drift_edited", "the account is changed by hand, and the next look finds it", drift<fault::edit_account>,
     all_is_well},
    {"drift_deleted", "… is deleted", drift<fault::delete_account>, all_is_well},
    {"drift_unmarked", "… loses its marker for a while", drift<fault::unmark_account>, all_is_well},
    {"drift_replaced", "… is changed while it has a successor", drift_of_replaced, all_is_well},
    {"drift_old_listing", "looks see listings that are older than the account", drift_in_old_listing,
     no_account_was_lost},
    {"drift_let_go", "… than the removal of its marker, and show it changed by hand", drift_let_go,
     all_is_well},
    {"orphans", "an account whose object is gone is removed after an hour", orphans, orphans_are_gone},
    {"adopt", "an account that somebody made by hand is taken over", adopt, all_is_well},
    {"adopt_not_allowed", "… where the connection does not allow it", adopt_not_allowed, all_is_well},
    {"adopt_one_of_two", "… when there is one of that name only", adopt_one_of_two, all_is_well},
    {"adopt_anothers", "… never another object's", adopt_anothers, all_is_well},
    {"console_down_for_long", "the Console answers 503 for an hour, four objects wait", console_down_for_long,
     all_is_well},
    {"connection_suspended", "the connection is suspended while a renewal is asked for", connection_suspended,
     all_is_well},
    {"cluster_connection", "a ClusterConsoleConnection is used", cluster_connection, all_is_well},
};

}  // namespace

std::span<const scenario> connection_scenarios() {
  return all;
}

}  // namespace platformer::sim
