// What a connection allows its ServiceAccounts, held against each of them in every reconcile. A ceiling that
// is lowered later mints, changes and deletes nothing: the object says so, for a person to decide.
#include "controllers/service_account/plan.hpp"
#include "model/pattern.hpp"

namespace platformer::accounts {
namespace {

planned refuse(const snapshot& seen, state& now, const std::string& what, const std::string& field) {
  return stall(now, aspect::account, reason::not_permitted,
               connection_title(*seen.object) + " does not allow " + what +
                   ". Nothing was minted, changed or deleted. Take it out of the spec, or have the "
                   "connection's owner extend " +
                   field);
}

std::string quoted(std::string_view text) {
  return "\"" + clean_message(text, 128) + "\"";
}

// A permission is sent beside the custom roles, so that a role's ID would do as one.
bool is_code(std::string_view permission) {
  return permission.find('.') != std::string_view::npos;
}

planned refuse_permissions(const snapshot& seen, state& now, const access& wanted) {
  const access_ceiling& limit = seen.connection.allowed;
  for (const std::string& each : wanted.permissions) {
    if (!within(limit.permissions, each))
      return refuse(seen, now, "permission " + quoted(each), "spec.allowed.permissions");
    if (!limit.custom_roles.empty() && !is_code(each) && !within(limit.custom_roles, each))
      return refuse(seen, now, "permission " + quoted(each) + ", which may be a custom role's ID",
                    "spec.allowed.customRoles");
  }
  return std::nullopt;
}

// What an organization-level account may do at its own level, it may do in every project.
bool reaches_all_projects(const snapshot& seen) {
  const service_account_spec& spec = seen.object->spec;
  return spec.project.empty() && !spec.own.empty();
}

bool either_within(const pattern_set& limit, const known_as& wanted) {
  return within(limit, wanted.id) || within(limit, wanted.name);
}

planned refuse_names(const snapshot& seen, state& now, const names_resolved& names) {
  const access_ceiling& limit = seen.connection.allowed;
  for (const known_as& each : names.named_projects)
    if (!either_within(limit.projects, each))
      return refuse(seen, now, "project " + quoted(each.name) + " (" + clean_message(each.id, 64) + ")",
                    "spec.allowed.projects");
  for (const known_as& each : names.named_roles)
    if (!either_within(limit.custom_roles, each))
      return refuse(seen, now, "custom role " + quoted(each.name) + " (" + clean_message(each.id, 64) + ")",
                    "spec.allowed.customRoles");
  for (const std::string& each : names.role_permissions)
    if (!within(limit.permissions, each))
      return refuse(seen, now, "permission " + quoted(each) + ", which a custom role in the spec carries",
                    "spec.allowed.permissions");
  return std::nullopt;
}

// Names tell nothing before they are resolved: a ceiling may use IDs where the spec uses names.
bool depends_on_names(const snapshot& seen) {
  const service_account_spec& spec = seen.object->spec;
  const access_ceiling& limit = seen.connection.allowed;
  bool has_roles = !spec.own.custom_roles.empty();
  for (const auto& [project, there] : spec.project_access)
    has_roles = has_roles || !there.custom_roles.empty();
  const bool has_projects = !spec.project.empty() || !spec.project_access.empty();
  return (has_projects && !limit.projects.empty()) ||
         (has_roles && !(limit.custom_roles.empty() && limit.permissions.empty()));
}

}  // namespace

planned refuse_beyond_ceiling(const snapshot& seen, state& now) {
  const service_account_spec& spec = seen.object->spec;
  const connection_view& by = seen.connection;
  if (by.state == connection_view::standing::missing) return std::nullopt;
  if (!by.admits)
    return stall(now, aspect::account, reason::not_permitted,
                 connection_title(*seen.object) + " may not be used from namespace " + seen.object->meta.ns +
                     ". Have its owner add that to spec.allowedNamespaces: kubectl edit pccc " + by.name);
  const access_ceiling& limit = by.allowed;
  if (limit.empty()) return std::nullopt;
  if (auto next = refuse_permissions(seen, now, spec.own); next || now.end) return next;
  for (const auto& [project, there] : spec.project_access)
    if (auto next = refuse_permissions(seen, now, there); next || now.end) return next;
  if (!limit.projects.empty() && !matches(limit.projects, "") && reaches_all_projects(seen))
    return refuse(seen, now, "access at organization level, which reaches every project",
                  "spec.allowed.projects");
  if (!depends_on_names(seen) || now.known.unresolved) return std::nullopt;
  if (now.known.names) return refuse_names(seen, now, *now.known.names);
  // Without the Console nothing is done that they would forbid.
  if (by.state != connection_view::standing::ready) return std::nullopt;
  return learn_names(seen, now);
}

}  // namespace platformer::accounts
