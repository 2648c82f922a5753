#include "tests/models/console_model.hpp"

namespace platformer::models {

account_view view_of(const stored_account& stored, time_point now) {
  return {stored.data, stored.token_created_at, stored.is_live(now)};
}

console_model::console_model(console_directory directory, token_functions functions)
    : console_model(std::make_shared<const console_directory>(std::move(directory)),
                    std::make_shared<const token_functions>(std::move(functions))) {}

console_model::console_model(std::shared_ptr<const console_directory> directory,
                             std::shared_ptr<const token_functions> functions)
    : directory_(std::move(directory)), functions_(std::move(functions)), state_(std::make_shared<state>()) {}

answer<void> console_model::validate_token(std::string_view token, time_point now) const {
  const auto who = authenticate(token, now);
  if (!who) return tl::unexpected(who.error());
  return {};
}

answer<std::vector<organization>> console_model::list_organizations(const console_call& call) const {
  const auto who = authenticate(call.token, call.now);
  if (!who) return tl::unexpected(who.error());
  return std::vector<organization>{*directory_->find(who->organization_id)};
}

answer<std::vector<project>> console_model::list_projects(const console_call& call,
                                                          std::string_view organization_id) const {
  const auto owner = authorize_path(call, organization_id);
  if (!owner) return tl::unexpected(owner.error());
  return (*owner)->projects;
}

answer<std::vector<custom_role>> console_model::list_organization_roles(
    const console_call& call, std::string_view organization_id) const {
  const auto owner = authorize_path(call, organization_id);
  if (!owner) return tl::unexpected(owner.error());
  return (*owner)->roles;
}

answer<std::vector<custom_role>> console_model::list_project_roles(const console_call& call,
                                                                   std::string_view organization_id,
                                                                   std::string_view project_id) const {
  const auto owner = authorize_path(call, organization_id);
  if (!owner) return tl::unexpected(owner.error());
  const project* in = (*owner)->find_project(project_id);
  if (in == nullptr) return refuse(404, "there is no such project");
  if (call.project_id != project_id) return refuse(400, "x-project-id must name the project in the path");
  return in->roles;
}

answer<issued_account> console_model::create(const console_call& call, const account_fields& fields) {
  const auto owner = authorize(call, right::manage);
  if (!owner) return tl::unexpected(owner.error());
  return make(**owner, call.project_id, fields, {.act = account_act::create, .at = call.now});
}

answer<account_view> console_model::get(const console_call& call, std::string_view id) const {
  const auto stored = reach(call, right::read, id);
  if (!stored) return tl::unexpected(stored.error());
  return view_of(**stored, call.now);
}

answer<account_view> console_model::update(const console_call& call, std::string_view id,
                                           const account_fields& fields) {
  const auto stored = reach(call, right::manage, id);
  if (!stored) return tl::unexpected(stored.error());
  if (fields == account_fields{}) return refuse(400, "the body must have at least one field");
  if (fields.name) return refuse(400, "unknown field: name");
  const auto& data = (*stored)->data;
  if (auto ok = check(fields, *directory_->find(data.organization_id), data.project_id); !ok)
    return tl::unexpected(ok.error());
  return apply(**stored, fields, {.act = account_act::update, .at = call.now});
}

answer<issued_account> console_model::renew(const console_call& call, std::string_view id,
                                            std::optional<std::optional<time_point>> expires_at) {
  const auto stored = reach(call, right::manage, id);
  if (!stored) return tl::unexpected(stored.error());
  stored_account changed = **stored;
  if (expires_at) changed.data.expires_at = *expires_at;
  return reissue(std::move(changed), {.act = account_act::renew, .at = call.now});
}

answer<void> console_model::remove(const console_call& call, std::string_view id) {
  const auto stored = reach(call, right::manage, id);
  if (!stored) return tl::unexpected(stored.error());
  erase(**stored, {.act = account_act::remove, .at = call.now});
  return {};
}

answer<issued_account> console_model::make(const organization& owner, std::string_view project_id,
                                           const account_fields& fields, const note& why) {
  if (!fields.name) return refuse(400, "name is required");
  if (auto ok = check_name(*fields.name, owner.id, project_id, ""); !ok) return tl::unexpected(ok.error());
  if (auto ok = check(fields, owner, project_id); !ok) return tl::unexpected(ok.error());
  const auto expires_at = fields.expires_at.value_or(std::nullopt);
  if (expires_at && *expires_at <= why.at) return refuse(400, "expired_in lies in the past");
  stored_account fresh;
  fresh.serial = ++own().last_serial;
  fresh.data = {.id = functions_->new_id(fresh.serial),
                .name = *fields.name,
                .description = fields.description.value_or(""),
                .organization_id = owner.id,
                .project_id = std::string(project_id),
                .roles = fields.roles.value_or(string_set{}),
                .projects = {},
                .expires_at = expires_at,
                .created_at = why.at};
  if (fields.projects) fresh.data.projects = *fields.projects;
  return issue(std::move(fresh), why);
}

account_view console_model::apply(stored_account changed, const account_fields& fields, const note& why) {
  // An expired token is dead for good: only a living one's end can be moved.
  if (!changed.is_live(why.at)) changed.token.reset();
  if (fields.name) changed.data.name = *fields.name;
  if (fields.description) changed.data.description = *fields.description;
  if (fields.roles) changed.data.roles = *fields.roles;
  if (fields.projects) changed.data.projects = *fields.projects;
  if (fields.expires_at) changed.data.expires_at = granted(*fields.expires_at, why.at);
  account_view view = view_of(changed, why.at);
  store(std::move(changed), why);
  return view;
}

answer<issued_account> console_model::reissue(stored_account changed, const note& why) {
  if (changed.data.expires_at && *changed.data.expires_at <= why.at)
    return refuse(400, "expired_in lies in the past");
  return issue(std::move(changed), why);
}

issued_account console_model::issue(stored_account changed, const note& why) {
  auto token = std::make_shared<secret_string>(functions_->new_token(++own().last_serial));
  changed.token = functions_->digest(token->reveal());
  changed.token_created_at = why.at;
  changed.data.expires_at = granted(changed.data.expires_at, why.at);
  ++changed.tokens_issued;
  issued_account issued{view_of(changed, why.at), std::move(token)};
  store(std::move(changed), why);
  return issued;
}

std::optional<time_point> console_model::granted(std::optional<time_point> asked, time_point now) const {
  if (!state_->longest_lifetime) return asked;
  const time_point most = now + *state_->longest_lifetime;
  return asked && *asked < most ? asked : most;
}

}  // namespace platformer::models
