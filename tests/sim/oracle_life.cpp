// The oracles that judge how tokens live and end: Replace, schedules, rejected tokens, adoption.
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

// The operation before the acting one was to make an account in place of another.
bool followed_a_replacement(const world& in, const actor& who) {
  const auto& history = in.all.kube.history(kube_kind::service_account);
  for (auto change = history.rbegin(); change != history.rend(); ++change) {
    if (!change->after || models::meta_of(*change->after).uid != who.uid) continue;
    const auto op = decode_operation(models::meta_of(*change->after).annotation(names::operation_annotation));
    if (op && op->id != who.intent_id) return op->kind == operation_kind::create && !op->replaces.empty();
  }
  return false;
}

// What somebody has written into the Secret a moment ago the watch may not have told yet.
bool has_seen_secret(const world& in, const actor& who, const service_account& object) {
  const auto found = in.all.kube.get(kube_kind::secret, {object.meta.ns, object.spec.secret.name});
  return found && models::meta_of(**found).resource_version == who.secret_version;
}

// The object's Secret says that the account lives on, and nothing else is wanted by now.
bool is_in_overlap(const world& in, const actor& who, const service_account& object,
                   const std::string& account_id) {
  const auto found = in.all.kube.get(kube_kind::secret, {object.meta.ns, object.spec.secret.name});
  if (!found) return false;
  const object_meta& secret = models::meta_of(**found);
  const auto until = parse_rfc3339(secret.annotation(names::secret_previous_until));
  const auto issued = parse_rfc3339(secret.annotation(names::secret_issued_at));
  const token_spec& spec = object.spec.token;
  const bool is_scheduled = spec.lifetime || spec.rotation_interval;
  return secret.annotation(names::secret_previous_account_id) == account_id && until && issued &&
         in.now < std::min(*until, *issued + spec.overlap) &&
         secret.annotation(names::secret_renew) == who.renew && !in.clocks_differ() && !is_scheduled;
}

}  // namespace

// A token that is in its Secret and works ends by its owner's wish only: in place, by a renewal that the spec
// wants in place, or one that nothing else could heal.
void oracle::on_end_of_token(world& in, const models::account_change& change) const {
  const auto found = in.all.kube.get(kube_kind::service_account, actor_->object);
  if (!found || !is_undisturbed(in)) return;
  const auto& object = std::get<service_account>(**found);
  if (object.meta.uid != actor_->uid || object.meta.deleted) return;
  if (!change.after && is_in_overlap(in, *actor_, object, change.before->data.id))
    in.fail("invariant 12: account " + change.before->data.id + " was deleted before its overlap ended");
  if (!is_in_use(in, object, *change.before) || !has_seen_secret(in, *actor_, object)) return;
  if (!change.after)
    return in.fail("invariant 12: account " + change.before->data.id +
                   " was deleted while its token was in use");
  // A recovery is carried through even where people have put the token back meanwhile, since that shows
  // nowhere.
  const bool could_wait = actor_->cause == mint_cause::renew_request ||
                          actor_->cause == mint_cause::scheduled_renewal ||
                          (actor_->cause == mint_cause::recovery && followed_a_replacement(in, *actor_) &&
                           in.crowd.done().secrets_spoiled == 0);
  if (object.spec.token.strategy == token_strategy::replace && could_wait)
    in.fail("invariant 12: a token in use was renewed in place although the strategy is Replace");
}

// The one that is replaced, and the one that takes its place.
void oracle::on_another_account(world& in) const {
  constexpr unsigned most = 2;
  const deeds& done = in.crowd.done();
  if (actor_->late || in.overtaken_calls() > 0 || done.duplicates + done.accounts_unmarked > 0 ||
      (hides_creations(in) && in.doubts() > 0))
    return;
  unsigned count = 0;
  in.all.console.for_each_account([&](const models::stored_account& each) {
    const auto mark = find_marker(each.data.description);
    if (mark && mark->uid == actor_->uid) ++count;
  });
  if (count > most) in.fail("invariant 12: an object has " + std::to_string(count) + " accounts");
}

// Whoever settles a doubt waits until its call can't be under way any more, counted from when he has seen the
// intent himself. Only where people have wiped it nobody can know.
void oracle::on_unnoticed_mint(world& in, const actor& who) const {
  if (in.now < who.due_at && in.crowd.done().traces_wiped == 0)
    in.fail("a doubt about " + who.object.to_string() + " was settled while its call could be under way");
}

void oracle::on_removal_by_connection(world& in, const account& gone) const {
  const auto mark = find_marker(gone.description);
  if (!mark || mark->cluster != cluster_id)
    return in.fail("invariant 1: account " + gone.id + " was deleted and bears no marker of this cluster");
  if (in.all.kube.get(kube_kind::service_account, {mark->ns, mark->name}))
    in.fail("invariant 1: account " + gone.id + " was deleted as an orphan, and its object exists");
}

// Not before its time, by the rules of docs/token-life.md; that it is not too late shows at rest.
void oracle::on_scheduled_mint(world& in, const service_account& object) const {
  const auto found = in.all.kube.get(kube_kind::secret, {object.meta.ns, object.spec.secret.name});
  if (!found) return;
  const object_meta& secret = models::meta_of(**found);
  const auto issued = parse_rfc3339(secret.annotation(names::secret_issued_at));
  if (!issued) return;
  const token_spec& spec = object.spec.token;
  const bool in_cycle = secret.annotation(names::secret_cause) == to_string(mint_cause::scheduled_renewal);
  std::optional<duration> earliest;
  if (const auto ends = parse_rfc3339(secret.annotation(names::secret_expires_at));
      ends && !spec.expires_at) {
    const duration granted = *ends - *issued;
    const bool chosen = spec.renew_before && *spec.renew_before < granted;
    const duration lead = chosen ? *spec.renew_before : granted / 3;
    earliest = chosen || in_cycle ? granted - lead - lead / 10 : (granted - lead) / 2;
  }
  if (spec.rotation_interval) {
    const duration interval = *spec.rotation_interval;
    const duration age = in_cycle ? interval - interval / 10 : interval / 2;
    earliest = earliest ? std::min(*earliest, age) : age;
  }
  if (!earliest) return in.fail("a token was renewed by schedule, and has none");
  if (in.now + std::chrono::seconds(1) < *issued + *earliest) in.fail("a token was renewed before its time");
}

// A tenth of the accounts in an hour, for each process that has begun meanwhile.
void oracle::on_revoked_mint(world& in) {
  // They are counted when leave is given; from then to the call is as long as its run takes.
  constexpr duration longest_run = std::chrono::minutes(3);
  while (!revoked_.empty() && in.now - revoked_.front() >= runtime::rolling_quota::window - longest_run)
    revoked_.pop_front();
  revoked_.push_back(in.now);
  // One that is deleted at this moment was counted when leave was given.
  const std::size_t fleet = std::max<std::size_t>(1, in.all.kube.all(kube_kind::service_account).size());
  if (revoked_.size() > runtime::rolling_quota::limit_of(fleet) * in.starts())
    in.fail("more than a tenth of the accounts was renewed in an hour since their tokens were rejected");
  if (in.now < in.all.credentials_rejected_until)
    in.fail("a token was renewed for being rejected while the Console rejects the connection's own as well");
}

// Nobody gets a token that can do more than the spec says.
void oracle::on_adoption_mint(world& in, const models::account_change& change) const {
  if (!change.before || !actor_->roles || !is_undisturbed(in)) return;
  if (change.before->data.roles != *actor_->roles)
    in.fail("an adopted account got a token before its access was cut to the spec's");
}

}  // namespace platformer::sim
