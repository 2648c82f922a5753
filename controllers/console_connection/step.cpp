#include "controllers/console_connection/step.hpp"

#include <algorithm>
#include <cassert>

#include "controllers/console_connection/plan.hpp"

namespace platformer::connections {
namespace {

struct absorber {
  const snapshot& seen;
  state& now;

  void operator()(const read_secret& asked, const secret_read& reply) {
    // An absent Secret is an empty one: the plan says what is missing.
    secret_content content = reply.content.value_or(secret_content{});
    if (!reply.content) content.meta.name = asked.key.name;
    const auto& spec = seen.object.spec;
    if (!now.credentials && asked.key == seen.object.secret_key(spec.credentials)) {
      now.credentials = content;
      now.note = read_note(content, spec.credentials.key);
    }
    if (spec.ca_bundle && asked.key == seen.object.secret_key(*spec.ca_bundle)) now.ca = std::move(content);
  }
  void operator()(const build_client&, const client_built&) {
    now.client_built = true;
    now.credentials->data.clear();
  }
  void operator()(const build_client&, const client_refused& reply) {
    fail(now, conclusion::outlook::stalled, reason::invalid_spec, reply.message);
  }
  void operator()(const validate_credential& asked, const credential_checked& reply) {
    if (asked.in_use) {
      now.in_use_live = reply.live;
      now.in_use_failed = !reply.live;
      return;
    }
    now.credential_live = reply.live;
    if (reply.live) return;
    const secret_key_ref& ref = seen.object.spec.credentials;
    const object_key key = seen.object.secret_key(ref);
    fail(now, conclusion::outlook::stalled, reason::credentials_rejected,
         "the Console does not accept the token in Secret " + key.to_string() +
             ". Put a live one there: kubectl create secret generic " + key.name + " -n " + key.ns +
             " --from-file=" + ref.key + "=FILE --dry-run=client -o yaml | kubectl apply -f -");
  }
  void operator()(const find_organization&, const organization_found& reply) {
    now.organization_id = reply.id;
  }
  void operator()(const find_organization&, const organization_missing& reply) {
    fail(now, conclusion::outlook::stalled, reason::organization_not_found,
         reply.message + ". Correct spec.organization, or use a credential of that organization");
  }
  void operator()(const install_client&, const client_installed&) { now.installed = true; }
  void operator()(const begin_look& asked, const look_begun&) { now.looked = asked.since; }
  void operator()(const list_orphans&, const orphans_listed& reply) { now.orphans = reply.found; }
  void operator()(const delete_orphan& asked, const orphan_deleted&) {
    std::erase_if(*now.orphans, [&](const orphaned_account& each) { return each.id == asked.id; });
    ++now.orphans_deleted;
  }
  void operator()(const forget_refusals&, const refusals_forgotten&) { now.refusals_forgotten = true; }
  void operator()(const drop_client&, const client_dropped&) { now.dropped = true; }
  void operator()(const patch_finalizers&, const object_patched& reply) { now.patched = reply.meta; }
  void operator()(const patch_status&, const object_patched& reply) {
    now.patched = reply.meta;
    now.status_settled = true;
  }
  template <class Asked, class Reply>
  void operator()(const Asked&, const Reply&) {
    assert(false && "the reply does not answer the awaited request");
  }
};

bool is_kubernetes(const request& asked) {
  return std::holds_alternative<read_secret>(asked) || std::holds_alternative<patch_finalizers>(asked) ||
         std::holds_alternative<patch_status>(asked);
}

// The inventory is not what a connection is for: what fails there is tried at the next look.
bool concerns_inventory(const request& asked) {
  return std::holds_alternative<list_orphans>(asked) || std::holds_alternative<delete_orphan>(asked);
}

void absorb_error(state& now, const request& asked, const api_error& error) {
  const back_off wait{.at_least = std::max(error.retry_after.value_or(duration{0}), back_off{}.at_least)};
  if (std::holds_alternative<patch_status>(asked)) {
    now.status_settled = true;
    if (retry_of(error.code) == retry_class::reread)
      now.end->next = read_again{};
    else
      now.end->next = wait;
    return;
  }
  if (is_kubernetes(asked)) {
    if (retry_of(error.code) == retry_class::reread)
      now.end = conclusion{.next = read_again{}, .write_status = false};
    else
      fail(now, conclusion::outlook::reconciling, reason::progressing,
           "a request to Kubernetes failed: " + describe(error), wait);
    return;
  }
  if (concerns_inventory(asked)) {
    now.inventory_ended = true;
    return;
  }
  if (error.code == api_errc::cancelled) {
    now.end = conclusion{.next = read_again{}, .write_status = false};
    return;
  }
  const std::string message = "the Console does not work for this connection: " + describe(error);
  if (error.code == api_errc::unauthorized)
    fail(now, conclusion::outlook::stalled, reason::credentials_rejected, message, wait);
  else if (error.code == api_errc::rate_limited)
    fail(now, conclusion::outlook::reconciling, reason::console_rate_limited, message, wait);
  else if (retry_of(error.code) == retry_class::after_change || error.code == api_errc::not_found)
    fail(now, conclusion::outlook::stalled, reason::console_rejected,
         message + ". Check spec.gateway and spec.routes", wait);
  else
    fail(now, conclusion::outlook::reconciling, reason::console_unavailable, message, wait);
}

// A mere change of the number of ServiceAccounts waits for the next look.
bool is_worth_writing(const snapshot& seen, const state& now, const console_connection_status& to) {
  const console_connection_status& from = seen.object.status;
  if (now.looked || !from.service_accounts || !to.service_accounts) return to != from;
  console_connection_status same_number = to;
  same_number.service_accounts = from.service_accounts;
  return same_number != from;
}

step_result finish(const snapshot& seen, state& now, time_point at) {
  if (!now.status_settled && now.end->write_status) {
    console_connection_status to = derive_status(seen, now, at);
    if (is_worth_writing(seen, now, to)) {
      const object_meta& meta = current_meta(seen, now);
      request wanted = patch_status{key_of(meta), meta.resource_version, seen.object.status, std::move(to)};
      now.awaiting = wanted;
      return wanted;
    }
  }
  return now.end->next;
}

}  // namespace

step_result step(const snapshot& seen, state& now, const response& reply, time_point at) {
  if (now.awaiting) {
    const request asked = std::move(*now.awaiting);
    now.awaiting.reset();
    if (concerns_rotation(asked))
      absorb_rotation(seen, now, asked, reply, at);
    else if (const auto* error = std::get_if<api_error>(&reply))
      absorb_error(now, asked, *error);
    else
      std::visit(absorber{seen, now}, asked, reply);
    // The finalizer of a deleted connection was the last thing: wipe the credential and end.
    if (std::holds_alternative<patch_finalizers>(asked) && !now.end && seen.object.meta.deleted) {
      request wanted = drop_client{};
      now.awaiting = wanted;
      return wanted;
    }
    if (std::holds_alternative<drop_client>(asked)) now.end = conclusion{.write_status = false};
  }
  if (!now.end)
    if (auto wanted = plan(seen, now, at)) {
      now.awaiting = *wanted;
      return std::move(*wanted);
    }
  return finish(seen, now, at);
}

}  // namespace platformer::connections
