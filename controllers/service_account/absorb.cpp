#include "controllers/service_account/absorb.hpp"

#include <cassert>

#include "controllers/service_account/desired.hpp"
#include "controllers/service_account/findings.hpp"
#include "model/names.hpp"

namespace platformer::accounts {
namespace {

// The Secret as our own write left it, so that the rest of the run sees what it would read.
secret_content after_write(const snapshot& seen, const state& now, const secret_write& write,
                           const object_meta& meta, const std::string& fingerprint) {
  secret_content content;
  if (const secret_content* before = view_secret(seen, now).content) content = *before;
  content.meta = meta;
  for (const auto& [key, value] : write.data) {
    if (value)
      content.data[key] = {value, key == seen.object->spec.secret.key ? fingerprint : std::string()};
    else
      content.data.erase(key);
  }
  return content;
}

std::string issue_note(const minted_token& minted, const std::optional<time_point>& next) {
  std::string note = minted.op.revision <= 1 ? "Token issued (" : "Token renewed (";
  note += to_string(minted.op.cause);
  if (minted.op.cause == mint_cause::renew_request) note += " " + clean_message(minted.renew, 64);
  note += "), revision " + std::to_string(minted.op.revision) + ", account " + minted.account_id;
  if (next) return note + ", next renewal " + format_rfc3339(*next);
  if (minted.expires_at) return note + ", ends " + format_rfc3339(*minted.expires_at);
  return note + ", never expires";
}

void apply(const account_fields& sent, account& is) {
  if (sent.description) is.description = *sent.description;
  if (sent.roles) is.roles = *sent.roles;
  if (sent.projects) is.projects = *sent.projects;
  if (sent.expires_at) is.expires_at = *sent.expires_at;
}

struct absorber {
  const snapshot& seen;
  state& now;
  time_point at;
  std::vector<event_note>& events;

  void patched(const object_meta& meta) {
    now.known.object_version = meta.resource_version;
    now.known.finalizers = meta.finalizers;
  }

  void operator()(const patch_intent& asked, const object_patched& reply) {
    patched(reply.meta);
    now.remembered.touched = true;
    if (!asked.op) return;
    now.known.intent = asked.op;
    now.remembered.last_intent = asked.op;
  }
  void operator()(const patch_status& asked, const object_patched& reply) {
    patched(reply.meta);
    auto& unreported = now.remembered.unreported;
    if (unreported && asked.to.token.operation_id == unreported->operation_id) unreported.reset();
    now.status_settled = true;
  }
  void operator()(const remove_finalizer&, const object_patched& reply) {
    patched(reply.meta);
    const bool kept =
        seen.object->spec.deletion == deletion_policy::orphan || now.known.deleted_accounts.empty();
    events.push_back({false, std::string(reason::deleted.name), "Delete",
                      kept ? "Let go; no account was deleted" : "Account deleted, its token is dead"});
  }
  // The Secret may name other accounts now than it did when this run saw it. What was read of those is kept
  // as what it is, a reading of theirs, and says nothing about the others.
  void reread_records() {
    const std::string recorded = recorded_account_id(seen, now);
    const std::string replaced = current_record(now).previous_account_id;
    read_records(seen, now);
    if (recorded_account_id(seen, now) != recorded) keep_reading(recorded, now.known.recorded);
    if (current_record(now).previous_account_id != replaced) keep_reading(replaced, now.known.replaced);
  }
  void keep_reading(const std::string& id, std::optional<std::optional<account>>& reading) {
    if (reading) confirm_listed(id, *reading);
    reading.reset();
  }
  void operator()(const read_secret& asked, const secret_read& reply) {
    if (asked.key != seen.secret_key()) {
      now.known.old_secret = reply.content;
      return reread_records();
    }
    now.known.secret = reply.content;
    now.known.must_read_secret = false;
    reread_records();
    const secret_view secret = view_secret(seen, now);
    // What is to be put right may have to wait for another run.
    const bool right = secret.token_intact && secret.owner == secret_owner::ours && !repair_write(seen, now);
    now.remembered.checked_secret_version = right ? secret.meta->resource_version : "";
    now.remembered.checked_generation = seen.object->meta.generation;
  }
  void operator()(const dry_run_secret&, const dry_run_passed&) { now.known.preflight_passed = true; }
  void operator()(const write_secret& asked, const secret_written& reply) {
    if (!asked.write.labels.contains(names::managed_by_label) ||
        !asked.write.labels.at(std::string(names::managed_by_label))) {
      now.known.secret_released = true;
      return;
    }
    const bool commits = now.remembered.pending.has_value();
    const std::string fingerprint =
        commits ? now.remembered.pending->fingerprint : current_record(now).fingerprint;
    now.known.secret = after_write(seen, now, asked.write, reply.meta, fingerprint);
    read_records(seen, now);
    now.remembered.checked_secret_version = reply.meta.resource_version;
    now.remembered.checked_generation = seen.object->meta.generation;
    if (!commits) {
      now.known.secret_repaired = true;
      events.push_back({false, std::string(reason::updated.name), "Update",
                        "Secret " + asked.write.key.name +
                            (asked.write.creates() ? " took over the token under its new name"
                                                   : " was put right; its token is unchanged")});
      return;
    }
    const minted_token minted = *now.remembered.pending;
    now.remembered.pending.reset();
    now.known.committed = true;
    now.remembered.committed_id = minted.op.id;
    now.remembered.committed_revision = minted.op.revision;
    now.remembered.unreported = current_record(now);
    const auto due = due_renewal(seen, now);
    const auto next = due ? std::optional(due->at) : std::nullopt;
    events.push_back({false, std::string((minted.op.revision <= 1 ? reason::issued : reason::renewed).name),
                      minted.op.kind == operation_kind::create ? "Issue" : "Renew",
                      issue_note(minted, next)});
  }
  void operator()(const remove_secret&, const secret_removed&) { now.known.old_secret_removed = true; }
  void operator()(const resolve_names&, const names_resolved& reply) { now.known.names = reply; }
  void operator()(const resolve_names&, const names_unresolved& reply) { now.known.unresolved = reply; }
  void operator()(const read_account& asked, const account_read& reply) {
    const bool is_replaced = asked.id == current_record(now).previous_account_id;
    const bool is_recorded = asked.id == recorded_account_id(seen, now);
    if (!is_replaced && !is_recorded) return confirm_listed(asked.id, reply.found);
    if (is_replaced) now.known.replaced = reply.found;
    if (is_recorded) now.known.recorded = reply.found;
    // What else a look's listing showed is as old as that one.
    if (is_recorded && !reply.found) now.known.listed.reset();
  }
  void operator()(const list_accounts&, const accounts_listed& reply) {
    now.known.listed = reply.found;
    now.known.confirmed.clear();
  }
  // The listing, with what has become of one of its accounts since.
  void confirm_listed(const std::string& id, const std::optional<account>& found) {
    now.known.confirmed.push_back(id);
    if (!now.known.listed) return;
    std::erase_if(*now.known.listed, [&](const account& each) { return each.id == id; });
    if (found) now.known.listed->push_back(*found);
  }
  void operator()(const create_account&, const token_minted& reply) {
    now.remembered.account_generation = seen.object->meta.generation;
    minted(reply);
  }
  void operator()(const renew_token&, const token_minted& reply) { minted(reply); }
  void minted(const token_minted& reply) {
    now.remembered.pending =
        minted_token{.op = *now.known.intent,
                     .account_id = reply.account_id,
                     .token = reply.token,
                     .fingerprint = reply.fingerprint,
                     .expires_at = reply.expires_at,
                     .issued_at = at,
                     .renew = std::string(seen.object->meta.annotation(names::renew_annotation)),
                     .previous_account_id = current_record(now).previous_account_id,
                     .previous_until = current_record(now).previous_until};
    now.remembered.account_written_at = at;
    now.remembered.minted_account_id = reply.account_id;
    now.remembered.refused_id.clear();
    now.remembered.doubt_id.clear();
    now.remembered.doubts = 0;
    now.remembered.may_renew_rejected = false;
  }
  void operator()(const update_account& asked, const account_updated&) {
    now.remembered.account_written_at = at;
    if (seen.object->meta.deleted) {
      now.known.marker_removed = true;
      return;
    }
    const account_view accounts = view_accounts(seen, now);
    const bool adopts = accounts.ours == nullptr;
    const account* before = adopts ? accounts.predecessor : accounts.ours;
    std::string names;
    if (before != nullptr)
      for (const std::string& each : compare_account(seen, now, *before).names)
        names.append(names.empty() ? "" : ", ").append(each);
    now.known.account_updated = true;
    for (account* each : accounts_of(asked.id))
      apply(asked.fields, *each);
    events.push_back(
        {false, std::string((adopts ? reason::adopted : reason::updated).name), "Update",
         (adopts ? "Account " + asked.id + " taken over: " : "Account " + asked.id + " brought in line: ") +
             names});
  }
  std::vector<account*> accounts_of(const std::string& id) {
    std::vector<account*> found;
    if (now.known.recorded && *now.known.recorded && (*now.known.recorded)->id == id)
      found.push_back(&**now.known.recorded);
    if (now.known.listed)
      for (account& each : *now.known.listed)
        if (each.id == id) found.push_back(&each);
    return found;
  }
  void operator()(const delete_account& asked, const account_deleted&) {
    now.known.deleted_accounts.push_back(asked.id);
    now.remembered.account_written_at = at;
  }
  void operator()(const verify_token&, const token_verified& reply) {
    now.known.token_live = reply.live;
    // One that is rejected stays due, until it is renewed or accepted.
    if (reply.live) now.remembered.verified_at = at;
  }
  void operator()(const check_credential&, const credential_checked&) {
    now.known.credential_accepted = true;
  }
  void operator()(const restart_workload& asked, const workload_restarted& reply) {
    ++now.known.restarted;
    const std::string what = std::string(to_string(asked.kind)) + " " + asked.key.name;
    if (reply.problem.empty()) {
      events.push_back(
          {false, std::string(reason::updated.name), "Restart", what + " restarts with the new token"});
      return;
    }
    events.push_back(
        {true, std::string(reason::updated.name), "Restart",
         what + " could not be restarted with the new token: " + clean_message(reply.problem, 512)});
  }
  void operator()(const reserve_revocation&, const revocation_reserved& reply) {
    now.known.revocation = reply;
    now.remembered.may_renew_rejected = reply.granted;
  }

  // A driver that answers with another kind has a bug that no run can go on from.
  template <class Asked, class Reply>
  void operator()(const Asked&, const Reply&) {
    assert(false && "the reply does not answer the awaited request");
  }
};

}  // namespace

void absorb(const snapshot& seen, state& now, const request& asked, const response& reply, time_point at,
            std::vector<event_note>& events) {
  std::visit(absorber{seen, now, at, events}, asked, reply);
}

}  // namespace platformer::accounts
