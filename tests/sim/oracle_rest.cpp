// The oracles that judge the world at rest.
#include <algorithm>

#include "model/marker.hpp"
#include "model/names.hpp"
#include "runtime/rolling_quota.hpp"
#include "tests/sim/oracle.hpp"
#include "tests/sim/oracle_views.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using models::kube_kind;

std::vector<const account*> accounts_of(const world& in, const std::string& uid) {
  std::vector<const account*> found;
  in.all.console.for_each_account([&](const models::stored_account& each) {
    const auto mark = find_marker(each.data.description);
    if (mark && mark->uid == uid) found.push_back(&each.data);
  });
  return found;
}

const secret_content* find_secret(const world& in, const object_key& key) {
  const auto found = in.all.kube.get(kube_kind::secret, key);
  return found ? std::get_if<secret_content>(&**found) : nullptr;
}

bool is_honoured(const object_meta& secret, const object_meta& object, std::string_view wanted) {
  return object.annotation(names::operation_annotation).find(renew_hash(wanted)) != std::string_view::npos ||
         secret.annotation(names::secret_renew) == wanted ||
         secret.annotation(names::secret_renew_history).find(renew_hash(wanted)) != std::string_view::npos;
}

}  // namespace

// A renewal whose process died and whose intent was wiped leaves no trace but a token that is dead.
bool oracle::only_verification_helps(const world& in) const {
  if (in.doubts() == 0 || in.crowd.done().traces_wiped == 0) return false;
  const auto object = in.all.kube.get(kube_kind::service_account, in.crowd.subject);
  if (!object || models::meta_of(**object).deleted) return false;
  const secret_spec& named = std::get<service_account>(**object).spec.secret;
  const secret_content* secret = find_secret(in, {in.crowd.subject.ns, named.name});
  if (secret == nullptr) return false;
  const auto entry = secret->data.find(named.key);
  return entry != secret->data.end() && entry->second.value &&
         in.all.console.find_by_token(entry->second.value->reveal(), in.now) == nullptr;
}

void oracle::check_secret(world& in, const service_account& object, const account& owner) const {
  const secret_content* secret = find_secret(in, {object.meta.ns, object.spec.secret.name});
  if (secret == nullptr) return in.fail("invariant 3: there is no Secret " + object.spec.secret.name);
  const owner_reference* controller = secret->meta.controller();
  if (controller == nullptr || controller->uid != object.meta.uid)
    return in.fail("invariant 3: Secret " + secret->meta.name + " is not controlled by its object");
  const auto entry = secret->data.find(object.spec.secret.key);
  if (entry == secret->data.end() || !entry->second.value)
    return in.fail("invariant 3: Secret " + secret->meta.name + " has no key " + object.spec.secret.key);
  const auto* live = in.all.console.find_by_token(entry->second.value->reveal(), in.now);
  if (live == nullptr) return in.fail("invariant 3: the token in Secret " + secret->meta.name + " is dead");
  if (live->data.id != owner.id || secret->meta.annotation(names::secret_account_id) != owner.id)
    in.fail("invariant 3: Secret " + secret->meta.name + " holds the token of another account");
  for (const auto& [key, value] : secret->data)
    if (key != object.spec.secret.key && value.value &&
        in.all.console.find_by_token(value.value->reveal(), in.now) != nullptr)
      in.fail("Secret " + secret->meta.name + " holds the token under key " + key + ", too");
  if (!secret->meta.labels.contains(names::managed_by_label))
    in.fail("Secret " + secret->meta.name + " lacks our label");
  const std::string_view wanted = object.meta.annotation(names::renew_annotation);
  if (!wanted.empty() && !is_honoured(secret->meta, object.meta, wanted) &&
      object.status.last_handled_renew != wanted &&
      !(in.crowd.done().traces_wiped > 0 && in.crowd.done().secrets_spoiled > 0))
    in.fail("the renew request " + std::string(wanted) + " was not honoured");
  if (std::to_string(object.status.token.revision) != secret->meta.annotation(names::secret_revision))
    in.fail("status and Secret differ in the revision");
}

void oracle::check_object(world& in, const service_account& object) const {
  if (!object.meta.has_finalizer(names::finalizer)) in.fail("the object is not held by our finalizer");
  const auto owned = accounts_of(in, object.meta.uid);
  if (owned.size() != 1)
    return in.fail("invariant 2: " + object.meta.name + " has " + std::to_string(owned.size()) + " accounts");
  const account& ours = *owned.front();
  const string_set& roles = object.spec.own.permissions;
  if (ours.roles != roles) in.fail("the account's access differs from the spec");
  if (without_marker(ours.description) != object.spec.description)
    in.fail("the account's description differs from the spec");
  if (object.status.account_id != ours.id) in.fail("the status names another account");
  const auto ends = ours.expires_at
                        ? std::optional(std::chrono::floor<std::chrono::seconds>(*ours.expires_at))
                        : std::nullopt;
  // A Secret from a backup tells of an earlier end, until the next look.
  if (object.status.token.expires_at != ends && in.crowd.done().secrets_spoiled == 0)
    in.fail("the status names another end of the token");
  check_restarts(in, object);
  const condition* ready = find_condition(object.status.conditions, "Ready");
  if (ready == nullptr || !ready->status)
    in.fail("not Ready: " + (ready == nullptr ? "no condition" : ready->reason + ": " + ready->message));
  check_secret(in, object, ours);
}

// The workloads know of the token, and were restarted for new tokens only.
void oracle::check_restarts(world& in, const service_account& object) const {
  if (object.spec.restart_targets.empty()) return;
  if (object.status.restarted_revision != object.status.token.revision)
    in.fail("the workloads were not restarted for the last token");
  for (const restart_target& each : object.spec.restart_targets) {
    const auto found = in.all.workloads.find(each.name);
    const std::uint64_t restarts = found == in.all.workloads.end() ? 0 : found->second.restarts;
    if (restarts == 0 && object.status.token.revision > 1) in.fail(each.name + " was never restarted");
    // A process that starts from a list that lags behind takes an earlier token of another object for its
    // last.
    const bool lagged = in.lists_lag_until() > time_point{};
    // What a server does when it was given up already nobody can take back.
    if (restarts > renewals_.size() + in.late_restarts() + (lagged ? in.starts() - 1 : 0))
      in.fail(each.name + " was restarted more often than its token was renewed");
  }
}

void oracle::nothing_superfluous(world& in) const {
  const auto objects = in.all.kube.all(kube_kind::service_account);
  const auto find_object = [&](const std::string& uid) -> const service_account* {
    for (const models::kube_pointer& each : objects)
      if (models::meta_of(*each).uid == uid) return &std::get<service_account>(*each);
    return nullptr;
  };
  in.all.console.for_each_account([&](const models::stored_account& each) {
    const auto mark = find_marker(each.data.description);
    if (!mark || mark->cluster != cluster_id || find_object(mark->uid) != nullptr ||
        in.crowd.abandoned(mark->uid))
      return;
    in.fail("invariant 2: account " + each.data.id + " has outlived its object");
  });
  for (const models::kube_pointer& each : in.all.kube.all(kube_kind::secret)) {
    const object_meta& meta = models::meta_of(*each);
    const owner_reference* controller = meta.controller();
    // What lost our label is invisible to us, and goes with its owner.
    if (controller == nullptr || controller->kind != names::service_account_kind ||
        !meta.labels.contains(names::managed_by_label))
      continue;
    const service_account* object = find_object(controller->uid);
    if (object == nullptr)
      in.fail("Secret " + meta.name + " has outlived its object");
    else if (!object->meta.deleted && object->spec.secret.name != meta.name && !waits_for_lost_token(*object))
      in.fail("Secret " + meta.name + " was left behind by a move");
  }
}

void oracle::at_rest(world& in) const {
  for (const models::kube_pointer& each : in.all.kube.all(kube_kind::service_account)) {
    const auto& object = std::get<service_account>(*each);
    if (object.meta.deleted)
      in.fail(object.meta.name + " is still being deleted");
    else
      check_object(in, object);
  }
  nothing_superfluous(in);
  check_mints(in);
}

// What a Console that rejects every token may cost: a tenth of the accounts an hour, for each process that
// has begun meanwhile.
std::uint64_t oracle::revoked_limit(const world& in) {
  const std::size_t fleet = in.all.kube.all(kube_kind::service_account).size();
  return 2 * runtime::rolling_quota::limit_of(fleet) * in.starts();
}

// Each cause against what can have given rise to it.
void oracle::check_mints(world& in) const {
  const deeds& done = in.crowd.done();
  const std::uint64_t doubts = in.doubts() + done.traces_wiped;
  // What listings hide for longer than a doubt is waited out, or an old Secret does not name, is made again.
  const std::uint64_t unseen = hides_creations(in) ? in.doubts() + done.secrets_spoiled : 0;
  const auto at_most = [&](mint_cause cause, std::uint64_t most) {
    const std::uint64_t repeated = repeated_unseen_[static_cast<std::size_t>(cause)];
    if (minted(cause) > most + in.overtaken_calls() + repeated)
      in.fail("invariant 4: " + std::to_string(minted(cause)) + " mintings for " +
              std::string(to_string(cause)) + ", there is reason for " + std::to_string(most));
  };
  at_most(mint_cause::initial_issue,
          done.objects_created + done.accounts_removed + done.accounts_unmarked + unseen);
  // A replacement in doubt counts as not carried out: what wanted it wants it again.
  const std::uint64_t replaced_again = std::min(in.doubts(), replacements_);
  const std::uint64_t successors = done.objects_created - std::min<std::uint64_t>(done.objects_created, 1);
  // A wiped intent and a crash together leave no trace of a call, nor wiped notes of what was honoured.
  at_most(mint_cause::renew_request, done.renewals_asked + successors +
                                         std::min(in.doubts() + done.secrets_spoiled, done.traces_wiped) +
                                         replaced_again);
  // Who takes over an old Secret that somebody put back finds that its token is due.
  at_most(mint_cause::scheduled_renewal, in.scheduled_renewals() + std::min(in.doubts(), done.traces_wiped) +
                                             replaced_again + std::min(done.secrets_put_back, successors));
  // Where the successor is lost, the account before has no token in the Secret; nor has one of two that bear
  // the object's marker, when the other is out of sight.
  at_most(mint_cause::token_lost,
          done.secrets_spoiled + done.duplicates + doubts +
              std::min(done.accounts_removed + done.accounts_unmarked, replacements_ + 2 * done.duplicates));
  at_most(mint_cause::account_lost, done.accounts_removed + done.accounts_unmarked + late_removals_ + unseen);
  at_most(mint_cause::adoption, done.objects_created + done.strangers + doubts);
  // What we renewed ourselves and lost, with an intent that somebody wiped, shows as a token that is dead.
  at_most(mint_cause::revoked_externally,
          done.tokens_revoked + std::min(in.doubts(), done.traces_wiped) +
              (in.all.tokens_rejected_until > time_point() ? revoked_limit(in) : 0));
  // An adopted account whose token is lost before it is ours looks like one whose creation was never
  // finished.
  std::uint64_t left = 0;  // of its Secrets, by people who named another one
  for (const models::kube_pointer& each : in.all.kube.all(kube_kind::secret)) {
    const object_meta& meta = models::meta_of(*each);
    if (meta.controller() == nullptr && !meta.annotation(names::secret_account_id).empty()) ++left;
  }
  at_most(mint_cause::recovery,
          doubts + std::min(done.predecessors, done.secrets_spoiled + done.tokens_revoked + left));
}

std::string oracle::end_state(const world& in) const {
  std::string text;
  for (const models::kube_pointer& each : in.all.kube.all(kube_kind::service_account)) {
    const auto& object = std::get<service_account>(*each);
    text += object.meta.name + (object.meta.deleted ? " leaving" : "");
    const condition* ready = find_condition(object.status.conditions, "Ready");
    text += ready == nullptr ? " new" : ready->status ? " ready" : " " + ready->reason;
    text += " finalizers=" + std::to_string(object.meta.finalizers.size());
    text += " renew=" + object.status.last_handled_renew + ";";
  }
  for (const models::kube_pointer& each : in.all.kube.all(kube_kind::secret)) {
    const auto& secret = std::get<secret_content>(*each);
    text += secret.meta.name + "{";
    for (const auto& [key, entry] : secret.data) {
      const bool live = entry.value && in.all.console.find_by_token(entry.value->reveal(), in.now) != nullptr;
      text += key + (live ? " live," : ",");
    }
    text += "};";
  }
  std::vector<std::string> accounts;
  in.all.console.for_each_account([&](const models::stored_account& each) {
    const auto mark = find_marker(each.data.description);
    // An account that takes another's place may need a name of its own, "…-r2".
    std::string line =
        each.data.name.substr(0, each.data.name.rfind("-r")) + (mark ? " marked" : " free") + " \"" +
        (find_credential_marker(each.data.description) ? "a credential"  // of whatever operation
                                                       : std::string(without_marker(each.data.description))) +
        "\"";
    for (const std::string& role : each.data.roles)
      line += " " + role;
    accounts.push_back(std::move(line));
  });
  std::sort(accounts.begin(), accounts.end());
  for (const std::string& each : accounts)
    text += each + ";";
  return text;
}

}  // namespace platformer::sim
