// Who may do what: credentials, rights and scopes of console_model.
#include <algorithm>

#include "tests/models/console_model.hpp"

namespace platformer::models {
namespace {

// The codes that a code or a custom role's ID amounts to.
template <class Visit>
void each_code(const std::string& role, const std::vector<custom_role>& custom, Visit visit) {
  const auto found = std::ranges::find(custom, role, &custom_role::id);
  if (found == custom.end()) return visit(role);
  for (const auto& code : found->permissions)
    visit(code);
}

struct rights {
  bool manage = false;
  bool read = false;
};

// What a set of codes and custom-role IDs allows to do with accounts at a level.
rights rights_of(const string_set& roles, const organization& owner, std::string_view project_id) {
  const bool in_project = !project_id.empty();
  const std::string_view admin = in_project ? "project.operator.admin" : "organization.admin";
  const std::string_view manager = in_project ? "project.operator.iam" : "organization.iam";
  const std::string_view prefix = in_project ? "project." : "organization.";
  rights may;
  const auto add = [&](const std::string& code) {
    may.manage = may.manage || code == admin || code == manager;
    may.read = may.read || code.starts_with(prefix);
  };
  const project* in = owner.find_project(project_id);
  for (const auto& role : roles)
    each_code(role, owner.roles, [&](const std::string& code) {
      if (in == nullptr) return add(code);
      each_code(code, in->roles, add);
    });
  return may;
}

}  // namespace

answer<console_model::principal> console_model::authenticate(std::string_view token, time_point now) const {
  if (token.empty()) return refuse(401, "no token in the Authorization header");
  const token_digest wanted = functions_->digest(token);
  const string_set* roles = nullptr;
  principal who;
  const auto& credentials = *state_->credentials;
  const auto credential = std::ranges::find(credentials, wanted, &operator_credential::digest);
  if (credential != credentials.end()) {
    if (credential->expires_at && now >= *credential->expires_at) return refuse(401, "the token has expired");
    who.organization_id = credential->organization_id;
    roles = &credential->roles;
  } else {
    const auto found = state_->by_token.find(wanted);
    if (found == state_->by_token.end()) return refuse(401, "the token is not known");
    const stored_account& stored = *state_->accounts.at(found->second);
    if (!stored.is_live(now)) return refuse(401, "the token has expired");
    who.organization_id = stored.data.organization_id;
    who.project_id = stored.data.project_id;
    roles = &stored.data.roles;
  }
  const organization* owner = directory_->find(who.organization_id);
  if (owner == nullptr) return refuse(401, "the token's organization is gone");
  const rights may = rights_of(*roles, *owner, who.project_id);
  who.may_manage = may.manage;
  who.may_read = may.manage || may.read;
  return who;
}

answer<const organization*> console_model::authorize(const console_call& call, right needed) const {
  const auto who = authenticate(call.token, call.now);
  if (!who) return tl::unexpected(who.error());
  if (call.organization_id.empty()) return refuse(400, "the header x-organization-id is required");
  if (call.organization_id != who->organization_id)
    return refuse(403, "the token does not belong to this organization");
  if (needed == right::manage ? !who->may_manage : !who->may_read)
    return refuse(403, "the token lacks the permission to do this");
  if (!who->project_id.empty() && call.project_id != who->project_id)
    return refuse(403, "the token acts in its own project only: send its x-project-id");
  const organization* owner = directory_->find(who->organization_id);
  if (!call.project_id.empty() && owner->find_project(call.project_id) == nullptr)
    return refuse(400, "x-project-id names no project of this organization");
  return owner;
}

answer<const organization*> console_model::authorize_path(const console_call& call,
                                                          std::string_view organization_id) const {
  const auto owner = authorize(call, right::read);
  if (owner && organization_id != (*owner)->id)
    return refuse(403, "the organization in the path is not the one in x-organization-id");
  return owner;
}

answer<const stored_account*> console_model::reach(const console_call& call, right needed,
                                                   std::string_view id) const {
  const auto owner = authorize(call, needed);
  if (!owner) return tl::unexpected(owner.error());
  const stored_account* found = find(id);
  if (found == nullptr || found->data.organization_id != (*owner)->id)
    return refuse(404, "there is no such service account");
  if (found->data.project_id == call.project_id) return found;
  if (call.project_id.empty())
    return refuse(400, "the header x-project-id is required for a project-level account");
  return refuse(404, "there is no such service account in this project");
}

}  // namespace platformer::models
