#include "controllers/service_account/validate.hpp"

#include <algorithm>

#include "model/names.hpp"
#include "model/spec_rules.hpp"

namespace platformer::accounts {
namespace {

constexpr std::size_t name_limit = 128;
constexpr std::size_t description_limit = 1024;
constexpr std::size_t list_limit = 256;
constexpr duration shortest_lifetime = std::chrono::minutes(10);

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// In characters, as the CRD counts them: UTF-8 continuation bytes are none.
bool is_longer(std::string_view text, std::size_t limit) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return text.size() > limit &&
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins)) > limit;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

std::optional<std::string> find_in_access(const access& wanted, const std::string& field) {
  if (wanted.permissions.size() > list_limit || wanted.custom_roles.size() > list_limit)
    return field + ": at most 256 permissions and 256 custom roles";
  for (const string_set* set : {&wanted.permissions, &wanted.custom_roles})
    for (const std::string& each : *set)
      if (each.empty() || is_longer(each, name_limit) || has_control(each))
        return field + ": an entry is empty, longer than 128 characters or has control characters";
  return std::nullopt;
}

std::optional<std::string> find_in_secret(const secret_spec& secret) {
  if (secret.name.empty() || secret.name.size() > 253)
    return "spec.secret.name must have 1 to 253 characters";
  if (secret.key.empty() || secret.key.size() > 253) return "spec.secret.key must have 1 to 253 characters";
  for (const string_map* map : {&secret.labels, &secret.annotations})
    for (const auto& [key, value] : *map)
      if (key.starts_with(names::reserved_prefix) || key == names::managed_by_label)
        return "spec.secret.labels and annotations may not set " + key + ": it is the operator's";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_problem(const service_account_spec& spec) {
  if (spec.account_name.empty() || is_longer(spec.account_name, name_limit) ||
      has_control(spec.account_name) || spec.account_name.front() == ' ' || spec.account_name.back() == ' ')
    return "spec.accountName must have 1 to 128 printable characters without outer blanks";
  if (spec.description.find(names::marker_prefix) != std::string::npos)
    return "spec.description may not contain \"platformer-operator:\": that line is the operator's";
  if (is_longer(spec.description, description_limit))
    return "spec.description is longer than 1024 characters";
  if (std::any_of(spec.description.begin(), spec.description.end(),
                  [](char c) { return is_control(c) && c != '\n'; }))
    return "spec.description has control characters";
  if (!spec.project.empty() && !spec.project_access.empty())
    return "spec.projectAccess is for organization-level accounts: remove it, or spec.project";
  if (spec.token.expires_at && spec.token.lifetime)
    return "spec.token.expiresAt and spec.token.lifetime exclude each other: remove one";
  if (spec.token.lifetime && *spec.token.lifetime < shortest_lifetime)
    return "spec.token.lifetime must be at least 10m";
  if (auto problem = find_token_problem(spec.token)) return problem;
  if (auto problem = find_secret_problem(spec.secret, spec.token)) return problem;
  if (auto problem = find_restart_problem(spec.restart_targets)) return problem;
  if (auto problem = find_in_access(spec.own, "spec")) return problem;
  for (const auto& [project, wanted] : spec.project_access) {
    if (project.empty() || has_control(project))
      return "spec.projectAccess: a project's name is empty or not printable";
    if (auto problem = find_in_access(wanted, "spec.projectAccess[" + project + "]")) return problem;
  }
  return find_in_secret(spec.secret);
}

}  // namespace platformer::accounts
