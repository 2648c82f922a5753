#include "tests/models/console_model.hpp"

#include <algorithm>

namespace platformer::models {
namespace {

tl::unexpected<refusal> refuse(int status, std::string message) {
  return tl::unexpected(refusal{status, std::move(message)});
}

}  // namespace

account_view view_of(const stored_account& stored, time_point now) {
  return {stored.data, stored.token_created_at, stored.is_live(now)};
}

console_model::console_model(console_directory directory, token_functions functions)
    : directory_(std::make_shared<const console_directory>(std::move(directory))),
      functions_(std::make_shared<const token_functions>(std::move(functions))),
      state_(std::make_shared<state>()) {}

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
  if (!fields.name) return refuse(400, "name is required");
  if (auto ok = check_name(*fields.name, (*owner)->id, call.project_id, ""); !ok)
    return tl::unexpected(ok.error());
  if (auto ok = check(fields, **owner, call.project_id); !ok) return tl::unexpected(ok.error());
  const auto expires_at = fields.expires_at.value_or(std::nullopt);
  if (expires_at && *expires_at <= call.now) return refuse(400, "expired_in lies in the past");
  stored_account fresh;
  fresh.serial = ++own().last_serial;
  fresh.data = {.id = functions_->new_id(fresh.serial),
                .name = *fields.name,
                .description = fields.description.value_or(""),
                .organization_id = (*owner)->id,
                .project_id = std::string(call.project_id),
                .roles = fields.roles.value_or(string_set{}),
                .projects = {},
                .expires_at = expires_at,
                .created_at = call.now};
  if (fields.projects) fresh.data.projects = *fields.projects;
  return issue(std::move(fresh), call.now);
}

answer<account_page> console_model::list(const console_call& call, std::uint64_t page,
                                         std::uint64_t limit) const {
  const auto owner = authorize(call, right::read);
  if (!owner) return tl::unexpected(owner.error());
  if (page < 1) return refuse(400, "page starts at 1");
  if (limit < 1 || limit > page_limit_max)
    return refuse(400, "limit must be 1 to " + std::to_string(page_limit_max));
  account_page out;
  out.page = page;
  const std::uint64_t skip_pages = page - 1;
  for (const auto& [serial, stored] : state_->accounts) {
    if (stored->data.organization_id != (*owner)->id) continue;
    if (!call.project_id.empty() && stored->data.project_id != call.project_id) continue;
    if (out.total / limit == skip_pages) out.accounts.push_back(view_of(*stored, call.now));
    ++out.total;
  }
  out.pages = std::max<std::uint64_t>(1, (out.total + limit - 1) / limit);
  return out;
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
  if (fields.name) return refuse(400, "name can't be changed");
  const auto& data = (*stored)->data;
  if (auto ok = check(fields, *directory_->find(data.organization_id), data.project_id); !ok)
    return tl::unexpected(ok.error());
  return apply(**stored, fields, call.now);
}

answer<issued_account> console_model::renew(const console_call& call, std::string_view id,
                                            std::optional<std::optional<time_point>> expires_at) {
  const auto stored = reach(call, right::manage, id);
  if (!stored) return tl::unexpected(stored.error());
  stored_account changed = **stored;
  if (expires_at) changed.data.expires_at = *expires_at;
  if (changed.data.expires_at && *changed.data.expires_at <= call.now)
    return refuse(400, "expired_in lies in the past");
  return issue(std::move(changed), call.now);
}

answer<void> console_model::remove(const console_call& call, std::string_view id) {
  const auto stored = reach(call, right::manage, id);
  if (!stored) return tl::unexpected(stored.error());
  erase(**stored);
  return {};
}

answer<void> console_model::remove_by_hand(std::string_view id) {
  const stored_account* stored = find(id);
  if (stored == nullptr) return refuse(404, "there is no such service account");
  erase(*stored);
  return {};
}

answer<issued_account> console_model::renew_by_hand(std::string_view id, time_point now) {
  const stored_account* stored = find(id);
  if (stored == nullptr) return refuse(404, "there is no such service account");
  if (stored->data.expires_at && *stored->data.expires_at <= now)
    return refuse(400, "the account's expiry lies in the past");
  return issue(*stored, now);
}

answer<account_view> console_model::edit_by_hand(std::string_view id, const account_fields& fields,
                                                 time_point now) {
  const stored_account* stored = find(id);
  if (stored == nullptr) return refuse(404, "there is no such service account");
  const auto& data = stored->data;
  if (fields.name)
    if (auto ok = check_name(*fields.name, data.organization_id, data.project_id, id); !ok)
      return tl::unexpected(ok.error());
  if (auto ok = check(fields, *directory_->find(data.organization_id), data.project_id); !ok)
    return tl::unexpected(ok.error());
  return apply(*stored, fields, now);
}

account_view console_model::apply(stored_account changed, const account_fields& fields, time_point now) {
  // An expired token is dead for good: only a living one's end can be moved.
  if (!changed.is_live(now)) changed.token.reset();
  if (fields.name) changed.data.name = *fields.name;
  if (fields.description) changed.data.description = *fields.description;
  if (fields.roles) changed.data.roles = *fields.roles;
  if (fields.projects) changed.data.projects = *fields.projects;
  if (fields.expires_at) changed.data.expires_at = *fields.expires_at;
  account_view view = view_of(changed, now);
  store(std::move(changed));
  return view;
}

issued_account console_model::issue(stored_account changed, time_point now) {
  auto token = std::make_shared<secret_string>(functions_->new_token(++own().last_serial));
  changed.token = functions_->digest(token->reveal());
  changed.token_created_at = now;
  ++changed.tokens_issued;
  issued_account issued{view_of(changed, now), std::move(token)};
  store(std::move(changed));
  return issued;
}

}  // namespace platformer::models
