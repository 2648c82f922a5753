#include "controllers/service_account/status.hpp"

#include <algorithm>

#include "model/condition_list.hpp"
#include "model/names.hpp"

namespace platformer::accounts {
namespace {

std::string_view condition_of(aspect about) {
  switch (about) {
    case aspect::none:
      return "";
    case aspect::account:
      return "AccountSynced";
    case aspect::secret:
      return "SecretSynced";
    case aspect::token:
      return "TokenValid";
  }
  return "";
}

std::vector<condition> derive_conditions(const snapshot& seen, const conclusion& end,
                                         const secret_record& record, time_point at) {
  condition_list list(seen.object->status.conditions, seen.object->meta.generation, at);
  const bool ready = end.view == outlook::ready;
  if (end.keeps_ready)
    list.keep("Ready");
  else
    list.set("Ready", ready, *end.why, end.message);
  for (const std::string_view type : {"AccountSynced", "SecretSynced", "TokenValid"}) {
    if (ready) {
      list.set(type, true, record.revision <= 1 ? reason::issued : reason::renewed,
               type == "AccountSynced"  ? "account " + record.account_id + " is as the spec says"
               : type == "SecretSynced" ? "Secret " + seen.object->spec.secret.name + " holds revision " +
                                              std::to_string(record.revision)
                                        : "fingerprint " + record.fingerprint);
    } else if (type == condition_of(end.about)) {
      list.set(type, false, *end.why, end.message);
    } else {
      list.keep(type);
    }
  }
  if (end.view == outlook::reconciling) list.set("Reconciling", true, *end.why, end.message);
  if (end.view == outlook::stalled) list.set("Stalled", true, *end.why, end.message);
  return list.take();
}

// The account is in the organization that the connection leads to: found or called for there, or, where no
// other is recorded, made by an earlier run.
bool lives_here(const snapshot& seen, const state& now) {
  if (now.known.called || view_accounts(seen, now).ours != nullptr) return true;
  const service_account_status& status = seen.object->status;
  const bool may_exist = !status.account_id.empty() || status.token.revision != 0 ||
                         current_record(now).revision != 0 || current_operation(now) != nullptr;
  return status.organization_id.empty() && may_exist;
}

std::optional<time_point> renewal_of(const snapshot& seen, const secret_record& record) {
  const auto due = next_renewal(seen.object->spec.token, record, seen.object->meta.uid);
  return due ? std::optional(due->at) : std::nullopt;
}

token_status derive_token(const snapshot& seen, const state& now, const secret_record& record) {
  // Without a Secret the status stays the only witness of what was committed once.
  if (record.revision == 0 || is_outdated(seen, now, record)) return seen.object->status.token;
  return {.revision = record.revision,
          .operation_id = record.operation_id,
          .fingerprint = record.fingerprint,
          .issued_at = record.issued_at,
          .expires_at = record.expires_at,
          .renew_at = renewal_of(seen, record),
          .cause = record.cause,
          .secret_version = now.end->view == outlook::ready ? now.remembered.checked_secret_version
                                                            : seen.object->status.token.secret_version};
}

}  // namespace

service_account_status derive_status(const snapshot& seen, const state& now, time_point at) {
  const service_account& object = *seen.object;
  const conclusion& end = *now.end;
  const secret_view secret = view_secret(seen, now);
  secret_record record = current_record(now);
  // A predecessor's record becomes ours by being taken over, not by being seen.
  if (secret.owner == secret_owner::predecessor && !now.known.secret_repaired) record = {};
  service_account_status status = object.status;
  status.observed_generation = object.meta.generation;
  if (const std::string& here = seen.connection.organization_id; !here.empty() && lives_here(seen, now))
    status.organization_id = here;
  if (const std::string& project = project_id(seen, now); !project.empty()) status.project_id = project;
  // A cache, or somebody who put an old Secret back, may show what was true before.
  if (record.revision != 0 && !is_outdated(seen, now, record)) {
    status.account_id = record.account_id;
    status.secret_name = secret.meta != nullptr ? secret.meta->name : status.secret_name;
    if (!record.renew.empty()) status.last_handled_renew = record.renew;
  }
  status.token = derive_token(seen, now, record);
  // What nobody is to be restarted for is not made up for when targets are named later.
  if (object.spec.restart_targets.empty() || now.known.restarts_done || record.revision == 1)
    status.restarted_revision = record.revision;
  // RFC 3339 with whole seconds is what comes back from the apiserver: anything finer would look like a
  // change.
  for (auto* stamp : {&status.token.issued_at, &status.token.expires_at, &status.token.renew_at})
    if (*stamp) *stamp = std::chrono::floor<std::chrono::seconds>(**stamp);
  if (end.view == outlook::ready) {
    status.last_handled_reconcile = object.meta.annotation(names::reconcile_annotation);
    status.failures = 0;
  } else {
    status.failures = now.remembered.failures;
  }
  status.conditions = derive_conditions(seen, end, record, at);
  return status;
}

bool is_worth_writing(const service_account_status& from, const service_account_status& to) {
  if (to == from) return false;
  service_account_status same = to;
  if (to.failures != 0 && from.failures != 0) same.failures = from.failures;
  if (!from.token.secret_version.empty()) same.token.secret_version = from.token.secret_version;
  return same != from;
}

}  // namespace platformer::accounts
