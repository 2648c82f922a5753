// The oracles that judge each change as it happens.
#include "tests/sim/oracle.hpp"

#include <algorithm>
#include <charconv>

#include "model/marker.hpp"
#include "model/names.hpp"
#include "model/pattern.hpp"
#include "tests/sim/oracle_views.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using models::kube_kind;

// Of one object under a few faults; an object that waits for something looks again every minute.
constexpr std::uint64_t requests_limit = 600;
constexpr duration listing_age = std::chrono::seconds(5);
constexpr std::uint64_t automatic_limit = 12;  // mintings of an object in a day

bool has_token(std::string_view text) {
  return text.find(token_prefix) != std::string_view::npos;
}

std::int64_t revision_of(const object_meta& secret) {
  const std::string_view text = secret.annotation(names::secret_revision);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_living(const world& in, const std::string& uid) {
  for (const models::kube_pointer& each : in.all.kube.all(kube_kind::service_account))
    if (models::meta_of(*each).uid == uid) return true;
  return false;
}

// The Secret was this object's, its predecessor's or was handed over, before it was written.
bool may_write(const world& in, const actor& who, const object_meta& before) {
  if (before.annotation(names::take_over_annotation) == who.object.name) return true;
  const owner_reference* controller = before.controller();
  if (controller == nullptr)
    return before.labels.contains(names::managed_by_label) &&
           !before.annotation(names::secret_account_id).empty();
  if (controller->kind != names::service_account_kind || controller->name != who.object.name) return false;
  return controller->uid == who.uid ||
         (who.adoption != adoption_policy::never && !is_living(in, controller->uid));
}

// Policy Always takes a namesake that nobody's marker claims, where a connection lets it.
bool may_adopt(const world& in, const actor& who, const account& before) {
  if (who.adoption != adoption_policy::always || before.name != who.account_name) return false;
  for (const models::kube_pointer& each : in.all.kube.all(kube_kind::console_connection))
    if (matches(std::get<console_connection>(*each).spec.adoptable, before.name)) return true;
  return false;
}

bool may_change(const world& in, const actor& who, const account& before) {
  const auto mark = find_marker(before.description);
  const marker ours{std::string(cluster_id), who.object.ns, who.object.name, who.uid};
  if (mark == ours) return true;
  if (!mark || mark->cluster != cluster_id) return may_adopt(in, who, before);
  return mark && mark->is_predecessor_of(ours) && who.adoption != adoption_policy::never;
}

bool is_automatic(mint_cause cause) {
  return cause != mint_cause::initial_issue && cause != mint_cause::renew_request &&
         cause != mint_cause::scheduled_renewal;
}

bool is_noted_anywhere(const world& in, const service_account& object, const std::string& account_id) {
  const auto secrets = in.all.kube.all(kube_kind::secret);
  return object.status.account_id == account_id ||
         std::ranges::any_of(secrets, [&](const models::kube_pointer& each) {
           return models::meta_of(*each).annotation(names::secret_account_id) == account_id;
         });
}

}  // namespace

std::uint64_t oracle::minted() const {
  std::uint64_t all = 0;
  for (const std::uint64_t each : mints_)
    all += each;
  return all;
}

void oracle::on_request(world& in) {
  if (in.now >= hour_end_) {
    hour_end_ = in.now + std::chrono::hours(1);
    requests_ = 0;
  }
  // Two leaders fight over a status for as long as both believe in themselves.
  const std::uint64_t most = in.leases.touched() ? 4 * requests_limit : requests_limit;
  if (++requests_ == most && !fleet_) in.fail("invariant 8: too many requests in an hour");
}

// What a reconcile that began before asked for may still come.
void oracle::on_call(world& in, const object_key& key, time_point began_at) {
  ++calls_;
  constexpr duration until_known = std::chrono::minutes(2);
  const auto since = in.crowd.suspended_since();
  // A process that starts from a list that lags behind does not know either.
  if (since && began_at > std::max(*since, in.lists_lag_until()) + until_known)
    in.fail("the Console is called for " + key.to_string() + " although its connection is suspended");
}

bool oracle::is_undisturbed(const world& in) const {
  return in.crowd.done().all == actor_->deeds_before && !actor_->late && in.overtaken_calls() == 0;
}

void oracle::on_note(world& in, const std::string& text) {
  if (has_token(text)) in.fail("invariant 7: a token in an event");
}

void oracle::on_change(world& in, const models::kube_change& change) {
  const models::kube_pointer& any = change.after ? change.after : change.before;
  if (models::kind_of(*any) == kube_kind::secret) on_secret(in, change);
  if (credential_of_) check_credential(in);
  if (models::kind_of(*any) == kube_kind::service_account) on_object(in, change);
}

void oracle::on_secret(world& in, const models::kube_change& change) {
  if (actor_ == nullptr) return;
  if (change.before && !may_write(in, *actor_, models::meta_of(*change.before)))
    in.fail("invariant 1: Secret " + models::meta_of(*change.before).name + " is not ours to write");
  if (!change.after) return;
  const object_meta& after = models::meta_of(*change.after);
  if (change.before && revision_of(after) < revision_of(models::meta_of(*change.before)))
    in.fail("invariant 5: the revision of Secret " + after.name + " decreased");
  for (const auto& [key, value] : after.annotations)
    if (has_token(value)) in.fail("invariant 7: a token in annotation " + key);
  if (const std::string id(after.annotation(names::secret_operation_id));
      revision_of(after) > 1 && std::find(renewals_.begin(), renewals_.end(), id) == renewals_.end())
    renewals_.push_back(id);
  const auto object = in.all.kube.get(kube_kind::service_account, actor_->object);
  if (change.before && object && is_undisturbed(in) &&
      holds_wanted_token(in, std::get<secret_content>(*change.before), std::get<service_account>(**object)) &&
      !holds_live_token(in, std::get<secret_content>(*change.after)) &&
      !names_revoked_account(in, std::get<secret_content>(*change.after)))
    in.fail("invariant 12: a live token was taken out of Secret " + after.name);
}

void oracle::on_object(world& in, const models::kube_change& change) const {
  const service_account* before = change.before ? &std::get<service_account>(*change.before) : nullptr;
  const service_account* after = change.after ? &std::get<service_account>(*change.after) : nullptr;
  if (actor_ == nullptr) return;
  if (after != nullptr) {
    for (const auto& [key, value] : after->meta.annotations)
      if (has_token(value)) in.fail("invariant 7: a token in annotation " + key);
    for (const condition& each : after->status.conditions)
      if (has_token(each.message)) in.fail("invariant 7: a token in condition " + each.type);
  }
  const bool freed = before != nullptr && before->meta.has_finalizer(names::finalizer) &&
                     (after == nullptr || !after->meta.has_finalizer(names::finalizer));
  if (!freed || before->spec.deletion == deletion_policy::orphan || in.crowd.abandoned(before->meta.uid) ||
      !before->meta.annotation(names::orphan_annotation).empty())
    return;
  // No status, no Secret, and a listing that lacks it: nobody can know of such an account.
  if (hides_creations(in) && in.crowd.done().traces_wiped > 0) return in.crowd.abandon(before->meta.uid);
  bool hidden = false;
  in.all.console.for_each_account([&](const models::stored_account& each) {
    const auto mark = find_marker(each.data.description);
    if (!mark || mark->uid != before->meta.uid) return;
    // Too new for a listing, and nothing else names it: its creation was never answered, or people have
    // changed the notes.
    const bool untold = in.crowd.done().secrets_spoiled > 0 ||
                        (in.doubts() > 0 && !is_noted_anywhere(in, *before, each.data.id));
    if (each.data.created_at + in.all.console.list_lag() > in.now && untold)
      hidden = true;
    else
      in.fail("invariant 6: the finalizer went while account " + each.data.id + " exists");
  });
  if (hidden) in.crowd.abandon(before->meta.uid);
}

// The call that lets an account go was given up and is made once more; the first is carried out after the
// account was read for the second.
bool oracle::repeats_letting_go(const models::account_change& change) {
  if (!change.before || !change.after || find_marker(change.after->data.description)) return false;
  if (actor_->late && find_marker(change.before->data.description))
    let_go_late_[change.after->data.id] = change.at;
  const auto found = let_go_late_.find(change.after->data.id);
  return found != let_go_late_.end() && found->second >= actor_->began_at;
}

void oracle::on_change(world& in, const models::account_change& change) {
  if (change.by_hand) return;
  if (actor_ != nullptr && actor_->late && !change.after) ++late_removals_;
  if (fleet_) fleet_(change);
  if (actor_ == nullptr && credential_of_) on_credential(in, change);
  if (actor_ == nullptr) {
    if (!change.after && !(credential_of_ && find_credential_marker(change.before->data.description)))
      on_removal_by_connection(in, change.before->data);
    return;
  }
  // What was read may be as old as the listing that objects share.
  const bool unmarked_meanwhile =
      in.crowd.last_unmarked() && *in.crowd.last_unmarked() + listing_age >= actor_->began_at;
  // What is carried out late may meet what was let go since.
  const bool overtaken = actor_->late && change.act != models::account_act::create;
  const bool repeated = repeats_letting_go(change);
  if (change.before && !unmarked_meanwhile && !overtaken && !repeated &&
      !may_change(in, *actor_, change.before->data))
    in.fail("invariant 1: account " + change.before->data.id + " is not attributed to " +
            actor_->object.to_string());
  if (!change.before) {
    const auto mark = find_marker(change.after->data.description);
    if (!mark || mark->uid != actor_->uid) in.fail("a new account does not bear its object's marker");
    on_another_account(in);
  }
  const bool mints = change.act == models::account_act::create || change.act == models::account_act::renew;
  if (change.before && (mints || !change.after)) on_end_of_token(in, change);
  if (!change.before) note_creation(in);
  if (mints) on_mint(in, !change.before);
  if (mints && actor_->cause == mint_cause::adoption) on_adoption_mint(in, change);
}

// Of one that was carried out after it had been given up, listings may not tell yet when it is looked for.
void oracle::note_creation(const world& in) {
  if (actor_->late) {
    late_creations_.emplace_back(actor_->uid, in.now);
    return;
  }
  for (const auto& [uid, at] : late_creations_)
    if (uid == actor_->uid && at + in.all.console.list_lag() >= actor_->began_at)
      ++repeated_unseen_[static_cast<std::size_t>(actor_->cause)];
}

void oracle::on_mint(world& in, bool creates) {
  if (creates &&
      (actor_->cause == mint_cause::renew_request || actor_->cause == mint_cause::scheduled_renewal))
    ++replacements_;
  ++mints_[static_cast<std::size_t>(actor_->cause)];
  if (!actor_->preflight) in.fail("a token was minted without a dry run of its Secret");
  if (refused_from_ <= actor_->began_at && in.now < refused_to_)
    in.fail("a token was minted although its Secret can't be written");
  const auto object = in.all.kube.get(kube_kind::service_account, actor_->object);
  if (in.crowd.done().all == actor_->deeds_before && !actor_->late) {
    const bool noted =
        object && models::meta_of(**object).annotation(names::operation_annotation).find(actor_->intent_id) !=
                      std::string_view::npos;
    if (!noted) in.fail("a token was minted without its intent on the object");
  }
  if (actor_->cause == mint_cause::revoked_externally) on_revoked_mint(in);
  if (object && is_undisturbed(in)) {
    const auto& its = std::get<service_account>(**object);
    if (actor_->cause == mint_cause::scheduled_renewal) on_scheduled_mint(in, its);
    if (actor_->cause == mint_cause::token_lost && its.spec.secret.on_loss == loss_policy::manual)
      in.fail("a lost token was replaced although spec.secret.onLoss is Manual");
  }
  if (!is_automatic(actor_->cause)) return;
  automatic_.emplace_back(actor_->uid, in.now);
  std::uint64_t today = 0;
  for (const auto& [uid, at] : automatic_)
    if (uid == actor_->uid && in.now - at < std::chrono::hours(24)) ++today;
  // The budget is lost with the intent that bears it and the process that remembers it.
  if (today > automatic_limit * (1 + in.crowd.done().traces_wiped))
    in.fail("invariant 10: more than twelve automatic mintings in a day");
}

}  // namespace platformer::sim
