// What console_model accepts in a request: names, roles, projects.
#include <algorithm>

#include "tests/models/console_model.hpp"

namespace platformer::models {
namespace {

bool is_word(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// "rudder.app.editor": words joined by at least one dot. Codes that we never heard of pass: the product
// grows.
bool looks_like_permission(std::string_view code) {
  std::size_t words = 0;
  while (true) {
    const auto dot = code.find('.');
    if (!is_word(code.substr(0, dot))) return false;
    ++words;
    if (dot == std::string_view::npos) return words > 1;
    code.remove_prefix(dot + 1);
  }
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// Code points of valid UTF-8, as JSON Schema's maxLength counts.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool has_role(const std::vector<custom_role>& roles, std::string_view id) {
  return std::ranges::find(roles, id, &custom_role::id) != roles.end();
}

// An organization's custom roles may be given in its projects, too: roles inherit downwards.
answer<void> check_roles(const string_set& roles, const organization& owner, const project* in) {
  for (const auto& role : roles)
    if (!looks_like_permission(role) && !has_role(owner.roles, role) &&
        (in == nullptr || !has_role(in->roles, role)))
      return refuse(400, "unknown role: " + role);
  return {};
}

}  // namespace

answer<void> console_model::check(const account_fields& fields, const organization& owner,
                                  std::string_view project_id) const {
  if (fields.description && characters(*fields.description) > description_max_characters)
    return refuse(400,
                  "description is longer than " + std::to_string(description_max_characters) + " characters");
  const project* home = owner.find_project(project_id);
  if (fields.roles)
    if (auto ok = check_roles(*fields.roles, owner, home); !ok) return ok;
  if (!fields.projects) return {};
  if (home != nullptr && !fields.projects->empty())
    return refuse(400, "a project-level account has no access to other projects");
  for (const auto& [id, roles] : *fields.projects) {
    const project* in = owner.find_project(id);
    if (in == nullptr) return refuse(400, "unknown project: " + id);
    if (auto ok = check_roles(roles, owner, in); !ok) return ok;
  }
  return {};
}

answer<void> console_model::check_name(std::string_view name, std::string_view organization_id,
                                       std::string_view project_id, std::string_view own_id) const {
  if (name.empty() || characters(name) > name_max_characters || has_control_character(name))
    return refuse(400, "name must be 1 to 128 characters, none of them control characters");
  if (state_->duplicates == duplicate_names::allow) return {};
  for (const auto& [serial, stored] : state_->accounts) {
    const account& other = stored->data;
    if (other.name == name && other.organization_id == organization_id && other.project_id == project_id &&
        other.id != own_id)
      return refuse(409, "a service account of this name exists");
  }
  return {};
}

}  // namespace platformer::models
