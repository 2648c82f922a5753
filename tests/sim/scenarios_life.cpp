// What people do with their objects: apply, edit, renew, move, delete.
#include "model/names.hpp"
#include "tests/sim/scenarios.hpp"

namespace platformer::sim {
namespace {

void issue(world& in) {
  set_up(in);
  in.arm();
  in.crowd.create_object(in);
}

void start(world& in) {
  in.crowd.arrange_connection(in, false);
  in.crowd.create_object(in);
  in.arm();
  in.start_operator();
}

void issue_asked(world& in) {
  set_up(in);
  in.arm();
  in.crowd.create_object(in, [](service_account& object) {
    object.meta.annotations[std::string(names::renew_annotation)] = "from-the-start";
  });
}

void issue_in_project(world& in) {
  set_up(in);
  in.arm();
  in.crowd.create_object(in, [](service_account& object) { object.spec.project = "storefront"; });
}

void fleet(world& in) {
  set_up(in);
  in.arm();
  in.crowd.create_object(in);
  for (const char* name : {"deployer", "reader", "writer"})
    in.crowd.create_object(in, {in.crowd.subject.ns, name}, {});
}

template <int Requests>
void renew_storm(world& in) {
  issue_first(in);
  for (int i = 0; i < Requests; ++i) {
    in.crowd.act(in, fault::ask_renewal);
    in.pass(std::chrono::milliseconds(15));
  }
}

void renew_reverted(world& in) {
  issue_first(in);
  in.crowd.act(in, fault::ask_renewal);
  in.settle();
  in.crowd.act(in, fault::ask_renewal);
  in.settle();
  in.crowd.act(in, fault::ask_renewal_again);
}

void move_twice(world& in) {
  issue_first(in);
  in.crowd.act(in, fault::rename_secret);
  in.pass(std::chrono::milliseconds(9));
  in.crowd.act(in, fault::rename_secret);
}

void delete_while_issuing(world& in) {
  set_up(in);
  in.arm();
  in.crowd.create_object(in);
  in.pass(std::chrono::milliseconds(8));
  in.crowd.act(in, fault::delete_object);
}

void orphan(world& in) {
  issue_first(in, [](service_account& object) { object.spec.deletion = deletion_policy::orphan; });
  in.crowd.act(in, fault::delete_object);
}

void orphan_after_renewal(world& in) {
  issue_first(in, [](service_account& object) { object.spec.deletion = deletion_policy::orphan; });
  in.crowd.act(in, fault::ask_renewal);
  in.pass(std::chrono::milliseconds(8));
  in.crowd.act(in, fault::delete_object);
}

void suspended(world& in) {
  issue_first(in);
  in.crowd.act(in, fault::suspend);
  in.crowd.act(in, fault::ask_renewal);
}

void operator_restarts(world& in) {
  issue_first(in);
  in.restart_operator();
}

// Invariant 11: account and Secret have outlived the object, and the Secret's token works. Where somebody
// made a new object of the name meanwhile, that one is judged as any.
void left_behind(world& in) {
  if (!in.all.kube.all(models::kube_kind::service_account).empty()) return all_is_well(in);
  if (in.crowd.done().secrets_spoiled > 0 || in.crowd.done().accounts_removed > 0 ||
      in.crowd.done().accounts_unmarked > 0 || in.crowd.done().tokens_revoked > 0 ||
      in.crowd.done().traces_wiped > 0 || in.overtaken_calls() > 0)
    return;  // what was taken away before can't be left behind
  for (const models::kube_pointer& each : in.all.kube.all(models::kube_kind::secret))
    for (const auto& [key, entry] : std::get<secret_content>(*each).data)
      if (entry.value && in.all.console.find_by_token(entry.value->reveal(), in.now) != nullptr) return;
  in.fail("invariant 11: no Secret with a live token has outlived the object");
}

// A restart on what is Ready writes nothing and mints nothing.
void nothing_new(world& in) {
  all_is_well(in);
}

constexpr scenario all[] = {
    {"issue", "a new object gets its account and Secret", issue, all_is_well},
    {"start", "operator, connection and object start together", start, all_is_well},
    {"issue_asked", "a new object bears a renew request already", issue_asked, all_is_well},
    {"issue_in_project", "a new object of project level", issue_in_project, all_is_well},
    {"fleet", "four objects at once", fleet, all_is_well},
    {"renew", "somebody asks for a new token", people_do<fault::ask_renewal>, all_is_well},
    {"renew_storm", "twelve requests within a moment", renew_storm<12>, all_is_well},
    {"renew_burst", "three requests within a moment", renew_storm<3>, all_is_well},
    {"renew_reverted", "a request is reverted in Git", renew_reverted, all_is_well},
    {"edit_access", "permissions change", people_do<fault::edit_access>, all_is_well},
    {"edit_description", "the description changes", people_do<fault::edit_description>, all_is_well},
    {"move", "the Secret gets another name", people_do<fault::rename_secret>, all_is_well},
    {"move_twice", "the Secret gets another name, and another", move_twice, all_is_well},
    {"rename_key", "the Secret's key gets another name", people_do<fault::rename_key>, all_is_well},
    {"suspended", "a suspended object is asked for a renewal", suspended, all_is_well},
    {"restart", "the operator starts again on a Ready object", operator_restarts, nothing_new},
    {"delete", "the object is deleted", people_do<fault::delete_object>, all_is_well},
    {"delete_while_issuing", "the object is deleted while it gets its token", delete_while_issuing,
     all_is_well},
    {"recreate", "the object is deleted and created again", people_do<fault::recreate_object>, all_is_well},
    {"orphan", "the object is deleted, its account stays", orphan, left_behind},
    {"orphan_after_renewal", "… while its token is renewed", orphan_after_renewal, left_behind},
};

}  // namespace

std::span<const scenario> life_scenarios() {
  return all;
}

void set_up(world& in, const std::function<void(console_connection&)>& edit) {
  in.crowd.arrange_connection(in, true, edit);
  in.start_operator();
  in.settle();
}

void issue_first(world& in, const std::function<void(service_account&)>& edit) {
  set_up(in);
  in.crowd.create_object(in, edit);
  in.settle();
  in.arm();
}

void all_is_well(world& in) {
  in.watcher.at_rest(in);
}

}  // namespace platformer::sim
