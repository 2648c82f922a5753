#include "tests/sim/transcript.hpp"

#include <cstdio>

namespace platformer::sim {
namespace {

std::string keys_of(const secret_write& write) {
  std::string text = write.key.name + (write.creates() ? " (create)" : " (v" + write.resource_version + ")");
  for (const auto& [key, value] : write.data)
    text += (value ? " +" : " -") + key;
  return text;
}

std::string roles_of(const account_fields& fields) {
  std::string text;
  if (fields.roles)
    for (const std::string& each : *fields.roles)
      text += " " + each;
  if (fields.description) text += " \"" + clean_message(*fields.description, 120) + "\"";
  return text;
}

struct account_requests {
  std::string operator()(const accounts::patch_intent& asked) {
    if (!asked.op) return "patch finalizer (v" + asked.resource_version + ")";
    return "patch intent " + asked.op->id + " " + std::string(to_string(asked.op->cause)) + " revision " +
           std::to_string(asked.op->revision) + " (v" + asked.resource_version + ")";
  }
  std::string operator()(const accounts::read_secret& asked) { return "read Secret " + asked.key.name; }
  std::string operator()(const accounts::dry_run_secret& asked) {
    return "dry run Secret " + keys_of(asked.write);
  }
  std::string operator()(const accounts::write_secret& asked) {
    return "write Secret " + keys_of(asked.write);
  }
  std::string operator()(const accounts::remove_secret& asked) { return "remove Secret " + asked.key.name; }
  std::string operator()(const accounts::patch_status& asked) {
    const condition* ready = find_condition(asked.to.conditions, "Ready");
    return "patch status " + (ready == nullptr ? "" : ready->reason) +
           (asked.to.account_id.empty() ? "" : " " + asked.to.account_id) + " (v" + asked.resource_version +
           ")";
  }
  std::string operator()(const accounts::remove_finalizer& asked) {
    return "remove finalizer (v" + asked.resource_version + ")";
  }
  std::string operator()(const accounts::resolve_names&) { return "resolve names"; }
  std::string operator()(const accounts::read_account& asked) { return "read account " + asked.id; }
  std::string operator()(const accounts::list_accounts&) { return "list accounts"; }
  std::string operator()(const accounts::create_account& asked) {
    return "create account" + roles_of(asked.fields);
  }
  std::string operator()(const accounts::renew_token& asked) { return "renew token of " + asked.id; }
  std::string operator()(const accounts::update_account& asked) {
    return "update account " + asked.id + roles_of(asked.fields);
  }
  std::string operator()(const accounts::delete_account& asked) { return "delete account " + asked.id; }
  std::string operator()(const accounts::verify_token&) { return "verify token"; }
  std::string operator()(const accounts::check_credential&) { return "check the connection's credential"; }
  std::string operator()(const accounts::restart_workload& asked) { return "restart " + asked.key.name; }
  std::string operator()(const accounts::reserve_revocation&) {
    return "reserve a renewal of a rejected token";
  }
};

struct connection_requests {
  std::string operator()(const connections::read_secret& asked) { return "read Secret " + asked.key.name; }
  std::string operator()(const connections::build_client&) { return "build client"; }
  std::string operator()(const connections::validate_credential&) { return "validate credential"; }
  std::string operator()(const connections::find_organization& asked) {
    return "find organization " + asked.wanted;
  }
  std::string operator()(const connections::install_client&) { return "install client"; }
  std::string operator()(const connections::begin_look&) { return "begin a look at all accounts"; }
  std::string operator()(const connections::list_orphans&) { return "list orphans"; }
  std::string operator()(const connections::delete_orphan& asked) { return "delete orphan " + asked.id; }
  std::string operator()(const connections::forget_refusals&) { return "forget refusals"; }
  std::string operator()(const connections::patch_finalizers&) {
    return "patch finalizers of the connection";
  }
  std::string operator()(const connections::patch_status&) { return "patch status of the connection"; }
  std::string operator()(const connections::drop_client&) { return "drop client"; }
  std::string operator()(const connections::read_credential& asked) {
    return "read the credential in Secret " + asked.key.name;
  }
  std::string operator()(const connections::patch_operation& asked) {
    return "note " + asked.op.id + " on the connection";
  }
  std::string operator()(const connections::dry_run_secret&) { return "dry run of the credential's Secret"; }
  std::string operator()(const connections::write_secret& asked) {
    return asked.write.data.empty() ? "fence the credential's Secret" : "write the credential's Secret";
  }
  std::string operator()(const connections::list_credentials&) { return "list accounts of credentials"; }
  std::string operator()(const connections::create_credential& asked) {
    return "create account " + *asked.fields.name + " for a credential";
  }
  std::string operator()(const connections::try_credential&) { return "try the new credential"; }
  std::string operator()(const connections::delete_credential& asked) {
    return "delete account " + asked.id + " of a credential";
  }
};

struct account_replies {
  std::string operator()(const std::monostate&) { return "nothing"; }
  std::string operator()(const accounts::object_patched& reply) {
    return "patched, v" + reply.meta.resource_version;
  }
  std::string operator()(const accounts::secret_read& reply) {
    if (!reply.content) return "no such Secret";
    std::string text = "v" + reply.content->meta.resource_version + " keys";
    for (const auto& [key, entry] : reply.content->data)
      text += " " + key;
    return text;
  }
  std::string operator()(const accounts::dry_run_passed&) { return "passed"; }
  std::string operator()(const accounts::secret_written& reply) {
    return "written, v" + reply.meta.resource_version;
  }
  std::string operator()(const accounts::secret_removed&) { return "removed"; }
  std::string operator()(const accounts::names_resolved&) { return "resolved"; }
  std::string operator()(const accounts::names_unresolved& reply) { return "unresolved: " + reply.message; }
  std::string operator()(const accounts::account_read& reply) {
    return reply.found ? "\"" + clean_message(reply.found->description, 160) + "\"" : "404";
  }
  std::string operator()(const accounts::accounts_listed& reply) {
    std::string text = std::to_string(reply.found.size()) + " accounts";
    for (const account& each : reply.found)
      text += " " + each.id;
    return text;
  }
  std::string operator()(const accounts::token_minted& reply) { return "a token of " + reply.account_id; }
  std::string operator()(const accounts::account_updated&) { return "updated"; }
  std::string operator()(const accounts::account_deleted&) { return "deleted"; }
  std::string operator()(const accounts::token_verified& reply) { return reply.live ? "live" : "dead"; }
  std::string operator()(const accounts::credential_checked&) { return "accepted"; }
  std::string operator()(const accounts::revocation_reserved& reply) {
    return reply.granted ? "granted" : "not granted";
  }
  std::string operator()(const accounts::workload_restarted& reply) {
    return reply.problem.empty() ? "restarted" : reply.problem;
  }
  std::string operator()(const api_error& error) { return "error " + platformer::describe(error); }
};

struct connection_replies {
  template <class Reply>
  std::string operator()(const Reply&) {
    return "done";
  }
  std::string operator()(const connections::credential_checked& reply) {
    return reply.live ? "live" : "dead";
  }
  std::string operator()(const connections::organization_found& reply) { return reply.id; }
  std::string operator()(const api_error& error) { return "error " + platformer::describe(error); }
};

}  // namespace

std::string describe(const accounts::request& wanted) {
  return std::visit(account_requests(), wanted);
}
std::string describe(const connections::request& wanted) {
  return std::visit(connection_requests(), wanted);
}
std::string describe(const accounts::response& reply) {
  return std::visit(account_replies(), reply);
}
std::string describe(const connections::response& reply) {
  return std::visit(connection_replies(), reply);
}

std::string describe_end(const accounts::state& now) {
  if (!now.end) return "ended";
  std::string text = "ended: " + std::string(now.end->why->name) + " " + now.end->message;
  if (now.remembered.pending) text += " [a token in memory]";
  return text;
}

std::string stamp(duration since_start) {
  const auto all = since_start.count();
  char text[48];
  std::snprintf(text, sizeof text, "%3lldh%02lld:%02lld.%03lld", static_cast<long long>(all / 3'600'000),
                static_cast<long long>(all / 60'000 % 60), static_cast<long long>(all / 1000 % 60),
                static_cast<long long>(all % 1000));
  return text;
}

}  // namespace platformer::sim
