#include "controllers/console_connection/plan.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace platformer::connections {
namespace {

using planned = std::optional<request>;

constexpr auto reconciling = conclusion::outlook::reconciling;
constexpr auto stalled = conclusion::outlook::stalled;

planned patch(const snapshot& seen, const state& now, bool hold) {
  const object_meta& meta = current_meta(seen, now);
  std::vector<std::string> all = meta.finalizers;
  std::erase(all, seen.finalizer);
  if (hold) all.push_back(seen.finalizer);
  return patch_finalizers{key_of(meta), meta.resource_version, std::move(all)};
}

// The value under the reference, or nullopt with now.end set.
const secret_entry* find_value(state& now, const std::optional<secret_content>& content,
                               const secret_key_ref& ref, const console_connection& object,
                               const std::string& what) {
  if (content) {
    const auto found = content->data.find(ref.key);
    if (found != content->data.end() && found->second.value && !found->second.value->empty())
      return &found->second;
  }
  const std::string problem = content ? "has no value under key " + ref.key : "does not exist";
  fail(now, stalled, reason::credentials_not_found,
       what + " Secret " + object.secret_key(ref).to_string() + " " + problem +
           ". Create it: kubectl create secret generic " + ref.name + " -n " + object.secret_key(ref).ns +
           " --from-file=" + ref.key + "=FILE");
  return nullptr;
}

// For commands in messages: "pcc NAME -n NAMESPACE" or "pccc NAME".
std::string command_target(const console_connection& object) {
  return object.cluster_scoped() ? "pccc " + object.meta.name
                                 : "pcc " + object.meta.name + " -n " + object.meta.ns;
}

// Accounts don't move: where the new client leads they would all look lost, and be made anew. True: now.end
// is set.
bool refuse_organization(const snapshot& seen, state& now) {
  const std::string& home = home_organization(seen);
  if (seen.users == 0 || home.empty() || home == now.organization_id) return false;
  fail(
      now, stalled, reason::organization_changed,
      "spec.gateway and spec.organization lead to organization " + clean_message(now.organization_id) +
          " now, but the accounts of " + std::to_string(seen.users) +
          " ServiceAccounts are in organization " + clean_message(home) +
          ". Put it back (and spec.gateway, if that was changed): kubectl patch " +
          command_target(seen.object) + R"( --type=merge -p '{"spec":{"organization":")" +
          clean_message(home) +
          R"("}}'. For the other organization make another ConsoleConnection; this one can move there once the )"
          "ServiceAccounts that use it are deleted");
  return true;
}

// Spread over half an interval, so that connections that were made together don't look together.
duration first_part(duration interval, const std::string& uid) {
  const auto half = std::max<duration::rep>(interval.count() / 2, 1);
  return duration(half + static_cast<duration::rep>(fnv1a(uid) % static_cast<std::uint64_t>(half)));
}

std::vector<secret_version> made_from(const state& now, const console_connection& object) {
  std::vector<secret_version> all = {
      {object.secret_key(object.spec.credentials), now.credentials->meta.resource_version}};
  if (object.spec.ca_bundle && now.ca)
    all.push_back({object.secret_key(*object.spec.ca_bundle), now.ca->meta.resource_version});
  return all;
}

planned connect(const snapshot& seen, state& now, time_point at) {
  const console_connection& object = seen.object;
  const console_connection_spec& spec = object.spec;
  if (!now.client_built) {
    if (!now.credentials) return read_secret{object.secret_key(spec.credentials)};
    const secret_entry* credential =
        find_value(now, now.credentials, spec.credentials, object, "credentials");
    if (credential == nullptr) return std::nullopt;
    token_handle ca_pem;
    if (spec.ca_bundle) {
      if (!now.ca) return read_secret{object.secret_key(*spec.ca_bundle)};
      const secret_entry* ca = find_value(now, now.ca, *spec.ca_bundle, object, "CA");
      if (ca == nullptr) return std::nullopt;
      ca_pem = ca->value;
    }
    return build_client{spec, credential->value, ca_pem};
  }
  if (!now.credential_live) return validate_credential{};
  if (now.organization_id.empty()) return find_organization{spec.organization};
  if (now.installed || refuse_organization(seen, now)) return std::nullopt;
  const time_point next = seen.check_due.value_or(at + first_part(spec.interval, object.meta.uid));
  return install_client{object.meta.generation, now.organization_id, made_from(now, object), next,
                        now.note.value_or(credential_note{})};
}

// Calls are frozen, or the Console is not to be called now. True: now.end is set.
bool wait_for_calls(const snapshot& seen, state& now, time_point at) {
  if (seen.object.spec.suspend) {
    fail(now, stalled, reason::suspended,
         "spec.suspend is true: no call is made. To go on: kubectl patch " + command_target(seen.object) +
             R"( --type=merge -p '{"spec":{"suspend":false}}')",
         finished{});
    return true;
  }
  if (seen.paused_until) {
    fail(now, reconciling, reason::console_rate_limited, "the Console asked for a pause",
         requeue_at{*seen.paused_until});
    return true;
  }
  if (seen.breaker_open && at < seen.next_call) {
    fail(now, reconciling, reason::console_unavailable,
         "the Console does not answer; it is tried at least every 30 s, and accounts go on when it does",
         requeue_at{seen.next_call});
    return true;
  }
  return false;
}

bool has_working_client(const snapshot& seen, const state& now) {
  return now.installed || (seen.client_is_current && !now.in_use_failed && !now.outdated);
}

// A client that works, newly made or tried again where that is due.
planned secure_client(const snapshot& seen, state& now, time_point at) {
  const bool check = seen.breaker_open || (seen.check_due && at >= *seen.check_due);
  if (has_working_client(seen, now)) {
    if (check && !now.installed && !now.in_use_live) return validate_credential{.in_use = true};
    return std::nullopt;
  }
  return connect(seen, now, at);
}

planned plan_deletion(const snapshot& seen, state& now, time_point at) {
  const object_meta& meta = current_meta(seen, now);
  if (!meta.has_finalizer(seen.finalizer) || seen.users == 0) {
    if (meta.has_finalizer(seen.finalizer)) return patch(seen, now, false);
    if (!now.dropped) return drop_client{};
    now.end = conclusion{.write_status = false};
    return std::nullopt;
  }
  if (wait_for_calls(seen, now, at)) return std::nullopt;
  // The credential may be needed still to delete accounts; after a restart it has to be read again.
  if (auto next = secure_client(seen, now, at)) return next;
  // A namespace that goes takes its Secrets first: what is in memory serves for what is left to do.
  const bool in_memory = seen.has_client && now.end && now.end->why == &reason::credentials_not_found;
  if (now.end && !in_memory) return std::nullopt;
  const std::string where = seen.object.cluster_scoped() ? "-A" : "-n " + meta.ns;
  fail(now, reconciling, reason::progressing,
       "waits for " + std::to_string(seen.users) +
           " ServiceAccounts that use it; list them: kubectl get psa " + where +
           " --field-selector spec.connectionRef.name=" + meta.name,
       finished{});
  return std::nullopt;
}

}  // namespace

const std::string& home_organization(const snapshot& seen) {
  return seen.organization_id.empty() ? seen.object.status.organization_id : seen.organization_id;
}

const object_meta& current_meta(const snapshot& seen, const state& now) {
  return now.patched ? *now.patched : seen.object.meta;
}

void fail(state& now, conclusion::outlook view, const reason_info& why, std::string message, stop next) {
  now.end = conclusion{view, &why, std::move(message), next, true};
}

std::optional<time_point> next_check(const snapshot& seen, const state& now, time_point at) {
  const console_connection& object = seen.object;
  std::optional<time_point> next;
  if (object.spec.interval > duration{0}) {
    next = seen.check_due.value_or(at + first_part(object.spec.interval, object.meta.uid));
    if (now.looked) next = *now.looked + object.spec.interval;
  }
  if (const auto rotation = next_rotation(seen, now, at)) next = next ? std::min(*next, *rotation) : rotation;
  if (!seen.tokens_refused_until || now.refusals_forgotten) return next;
  const time_point forgotten = *seen.tokens_refused_until + refusal_grace;
  return next ? std::min(*next, forgotten) : forgotten;
}

std::optional<request> plan(const snapshot& seen, state& now, time_point at) {
  const object_meta& meta = current_meta(seen, now);
  if (meta.deleted) return plan_deletion(seen, now, at);
  if (!seen.object.spec_error.empty()) {
    fail(now, stalled, reason::invalid_spec, seen.object.spec_error, finished{});
    return std::nullopt;
  }
  // Held before an account can be made with it.
  if (seen.users > 0 && !meta.has_finalizer(seen.finalizer)) return patch(seen, now, true);
  if (seen.users == 0 && meta.has_finalizer(seen.finalizer)) return patch(seen, now, false);
  if (wait_for_calls(seen, now, at)) return std::nullopt;
  if (auto next = secure_client(seen, now, at); next || now.end) return next;
  if (auto next = plan_look(seen, now, at); next || now.end) return next;
  if (auto next = plan_rotation(seen, now, at); next || now.end) return next;
  const std::string& id = now.installed ? now.organization_id : seen.organization_id;
  now.end = conclusion{.message = "organization " + id + " at " + clean_message(seen.object.spec.gateway)};
  if (const auto next = next_check(seen, now, at)) now.end->next = requeue_at{*next};
  return std::nullopt;
}

}  // namespace platformer::connections
