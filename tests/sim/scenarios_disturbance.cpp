// What people and tools do to Secrets, accounts and the operator's own traces.
#include "tests/sim/scenarios.hpp"

namespace platformer::sim {
namespace {

void foreign_secret_first(world& in) {
  set_up(in);
  in.crowd.create_object(in, [](service_account& object) { object.spec.suspend = true; });
  in.settle();
  in.crowd.act(in, fault::foreign_secret);
  in.arm();
  in.crowd.edit_object(in, [](service_account& object) { object.spec.suspend = false; });
}

template <bool Live>
void predecessor(world& in) {
  set_up(in);
  in.crowd.arrange_predecessor(in, Live);
  in.arm();
  in.crowd.create_object(in);
}

// The predecessor's things are left alone; once somebody removes them there is room.
void predecessor_refused(world& in) {
  set_up(in);
  in.crowd.arrange_predecessor(in, true);
  in.crowd.create_object(in, [](service_account& object) { object.spec.adoption = adoption_policy::never; });
  in.settle();
  in.arm();
  in.crowd.clear_predecessor(in);
}

void duplicate(world& in) {
  issue_first(in);
  in.crowd.arrange_duplicate(in);
  in.crowd.look_later(in);
}

void secret_thief(world& in) {
  issue_first(in);
  in.crowd.steal_secrets_until(in.now + std::chrono::hours(30));
  in.crowd.act(in, fault::delete_secret);
  in.pass(std::chrono::hours(30));
}

void all_traces_wiped(world& in) {
  issue_first(in);
  in.crowd.act(in, fault::replace_object);
  in.crowd.act(in, fault::wipe_status);
  in.crowd.act(in, fault::delete_secret);
}

constexpr scenario all[] = {
    {"secret_deleted", "the Secret is deleted", people_do<fault::delete_secret>, all_is_well},
    {"secret_emptied", "the Secret is emptied", people_do<fault::empty_secret>, all_is_well},
    {"token_overwritten", "something else is written into the Secret", people_do<fault::overwrite_token>,
     all_is_well},
    {"secret_stripped", "labels and annotations of the Secret are removed", people_do<fault::strip_secret>,
     all_is_well},
    {"secret_thief", "another controller keeps deleting the Secret", secret_thief, all_is_well},
    {"foreign_secret", "somebody else's Secret has the name", foreign_secret_first, all_is_well},
    {"account_deleted", "the account is deleted at the Console", people_do<fault::delete_account>,
     all_is_well},
    {"account_edited", "the account is changed at the Console", people_do<fault::edit_account>, all_is_well},
    {"account_unmarked", "the account's marker is removed for a while", people_do<fault::unmark_account>,
     all_is_well},
    {"duplicate", "a second account of the object turns up", duplicate, all_is_well},
    {"replace", "kubectl replace wipes finalizer and intent", people_do<fault::replace_object>, all_is_well},
    {"status_wiped", "the status is wiped", people_do<fault::wipe_status>, all_is_well},
    {"all_traces_wiped", "finalizer, intent, status and Secret are wiped", all_traces_wiped, all_is_well},
    {"predecessor", "an earlier object left account and Secret", predecessor<true>, all_is_well},
    {"predecessor_dead", "… and the token in it is dead", predecessor<false>, all_is_well},
    {"predecessor_refused", "… and adoptionPolicy is Never", predecessor_refused, all_is_well},
};

}  // namespace

std::span<const scenario> disturbance_scenarios() {
  return all;
}

}  // namespace platformer::sim
