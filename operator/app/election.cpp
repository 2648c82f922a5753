#include "app/election.hpp"

#include "base/hash.hpp"
#include "model/names.hpp"

namespace platformer::app {

std::string lease_name(const std::vector<std::string>& namespaces, const std::string& selector) {
  std::string name(names::lease);
  if (namespaces.empty() && selector.empty()) return name;
  std::string scope;
  for (const std::string& each : namespaces)
    scope += each + ",";
  scope += "/" + selector;
  return name + "-" + short_hash(scope);
}

election::election(world& in, const options& wanted, std::shared_ptr<kube::kube_client> client, hooks told)
    : in_(in),
      told_(std::move(told)),
      key_{wanted.leader_election_namespace, lease_name(wanted.watch_namespaces, wanted.selector)},
      lease_(key_.to_string()),
      renew_deadline_(wanted.renew_deadline),
      fence_(wanted.lease_duration - wanted.renew_deadline),
      elector_(in.executor, std::move(client), watched(wanted)) {
  in_.elects = true;
  in_.may_call = [this] { return may_call(); };
  in_.meters->set_leader(key_.name, false);
}

kube::leader_elector_options election::watched(const options& wanted) {
  kube::leader_elector_options made;
  made.lease = key_;
  made.fsm.identity = in_.holder;
  made.fsm.lease_duration = wanted.lease_duration;
  made.fsm.renew_deadline = wanted.renew_deadline;
  made.fsm.retry_period = wanted.retry_period;
  made.on_started_leading = [this] { led(); };
  made.on_lost = [this](runtime::lease_loss why) { lost(why); };
  made.on_new_holder = [this](const std::string& holder) { new_holder(holder); };
  made.on_problem = [this](const std::string& text) { note_problem(text); };
  return made;
}

void election::led() {
  // What is older another leader may have worked on.
  in_.leading_since = elector_.status().leading_since;
  in_.meters->set_leader(key_.name, true);
  in_.log->log(log_level::info, "leading", {{"lease", lease_}});
  told_.on_led();
}

void election::lost(runtime::lease_loss why) {
  in_.meters->set_leader(key_.name, false);
  const kube::election_status& now = elector_.status();
  std::string reason = "lease " + lease_ + " could not be renewed within " + format_duration(renew_deadline_);
  if (!now.problem.empty()) reason += " (" + now.problem + ")";
  if (why == runtime::lease_loss::taken)
    reason = "lease " + lease_ + " is held by " + (now.holder.empty() ? "nobody" : clean_message(now.holder));
  in_.log->log(log_level::error,
               "leadership lost: " + reason + "; ending with status 1, to be started again as a standby",
               {{"lease", lease_}});
  told_.on_lost();
}

void election::new_holder(const std::string& holder) {
  if (holder == in_.holder || in_.draining) return;
  if (holder.empty())
    in_.log->log(log_level::info, "lease " + lease_ + " is free", {});
  else
    in_.log->log(log_level::info, "standby: lease " + lease_ + " is held by " + clean_message(holder), {});
}

void election::note_problem(const std::string& text) {
  if (text.empty())
    in_.log->log(log_level::info, "the lease can be read and written again", {{"lease", lease_}});
  else
    in_.log->log(log_level::warning, text, {{"lease", lease_}});
}

check_result election::check() const {
  const kube::election_status& now = elector_.status();
  check_result made{.name = "leader election", .failure = now.problem};
  if (!standing_)
    made.note = "no candidate yet, the caches come first";
  else if (leads())
    made.note = "leader, holds lease " + lease_;
  else if (now.holder.empty())
    made.note = "standby, lease " + lease_ + " is free";
  else
    made.note = "standby, lease " + lease_ + " is held by " + now.holder;
  return made;
}

}  // namespace platformer::app
