// Who may do what: credentials, rights and scopes of console_model.
#include <algorithm>

#include "tests/models/console_model.hpp"

namespace platformer::models {
namespace {

tl::unexpected<refusal> refuse(int status, std::string message) {
  return tl::unexpected(refusal{status, std::move(message)});
}

void collect(string_set& codes, const string_set& roles, const std::vector<custom_role>& custom) {
  for (const auto& role : roles) {
    const auto found = std::ranges::find(custom, role, &custom_role::id);
    if (found != custom.end())
      codes.insert(found->permissions.begin(), found->permissions.end());
    else
      codes.insert(role);
  }
}

// The codes that a set of codes and custom-role IDs amounts to.
string_set expand(const string_set& roles, const organization& owner, std::string_view project_id) {
  string_set codes;
  collect(codes, roles, owner.roles);
  if (const auto* in = owner.find_project(project_id)) {
    string_set inside;
    collect(inside, codes, in->roles);
    return inside;
  }
  return codes;
}

bool any_of(const string_set& codes, std::initializer_list<std::string_view> wanted) {
  return std::ranges::any_of(wanted, [&](std::string_view code) { return codes.contains(code); });
}

bool any_starts_with(const string_set& codes, std::string_view prefix) {
  const auto first = codes.lower_bound(prefix);
  return first != codes.end() && first->starts_with(prefix);
}

}  // namespace

answer<console_model::principal> console_model::authenticate(std::string_view token, time_point now) const {
  if (token.empty()) return refuse(401, "no token in the Authorization header");
  const token_digest wanted = functions_->digest(token);
  string_set roles;
  principal who;
  const auto credential = std::ranges::find(state_->credentials, wanted, &operator_credential::digest);
  if (credential != state_->credentials.end()) {
    if (credential->expires_at && now >= *credential->expires_at) return refuse(401, "the token has expired");
    who.organization_id = credential->organization_id;
    roles = credential->roles;
  } else {
    const auto found = state_->by_token.find(wanted);
    if (found == state_->by_token.end()) return refuse(401, "the token is not known");
    const stored_account& stored = *state_->accounts.at(found->second);
    if (!stored.is_live(now)) return refuse(401, "the token has expired");
    who.organization_id = stored.data.organization_id;
    who.project_id = stored.data.project_id;
    roles = stored.data.roles;
  }
  const organization* owner = directory_->find(who.organization_id);
  if (owner == nullptr) return refuse(401, "the token's organization is gone");
  const string_set codes = expand(roles, *owner, who.project_id);
  const bool in_project = !who.project_id.empty();
  who.may_manage = in_project ? any_of(codes, {"project.operator.admin", "project.operator.iam"})
                              : any_of(codes, {"organization.admin", "organization.iam"});
  who.may_read = who.may_manage || any_starts_with(codes, in_project ? "project." : "organization.");
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
