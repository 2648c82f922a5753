#include "tests/console_emulator/json_codec.hpp"

#include <algorithm>

namespace platformer::emulator {
namespace {

using models::answer;
using models::refusal;
using nlohmann::json;

tl::unexpected<refusal> bad_request(std::string message) {
  return tl::unexpected(refusal{400, std::move(message)});
}

constexpr std::size_t list_max = 1000;
constexpr std::size_t role_max_bytes = 128;

answer<std::string> read_text(const json& value, std::string_view field) {
  if (!value.is_string()) return bad_request(std::string(field) + " must be a string");
  return value.get<std::string>();
}

answer<string_set> read_roles(const json& value) {
  if (!value.is_array() || value.size() > list_max)
    return bad_request("roles must be an array of at most 1000 strings");
  string_set roles;
  for (const auto& item : value) {
    if (!item.is_string()) return bad_request("roles must be an array of strings");
    const auto& role = item.get_ref<const std::string&>();
    if (role.empty() || role.size() > role_max_bytes) return bad_request("a role has 1 to 128 characters");
    if (!roles.insert(role).second) return bad_request("roles has an entry twice");
  }
  return roles;
}

answer<std::map<std::string, string_set, std::less<>>> read_projects(const json& value) {
  if (!value.is_array() || value.size() > list_max)
    return bad_request("projects must be an array of at most 1000 objects");
  std::map<std::string, string_set, std::less<>> projects;
  for (const auto& item : value) {
    if (!item.is_object() || item.size() != 2 || !item.contains("project_id") || !item.contains("roles"))
      return bad_request("an entry of projects has project_id and roles, nothing else");
    auto id = read_text(item.at("project_id"), "project_id");
    if (!id) return tl::unexpected(id.error());
    auto roles = read_roles(item.at("roles"));
    if (!roles) return tl::unexpected(roles.error());
    if (!projects.emplace(std::move(*id), std::move(*roles)).second)
      return bad_request("projects names a project twice");
  }
  return projects;
}

answer<std::optional<time_point>> read_expiry(const json& value) {
  if (value.is_null()) return std::optional<time_point>{};
  if (!value.is_string()) return bad_request("expired_in must be null or an RFC 3339 date");
  const auto at = parse_rfc3339(value.get_ref<const std::string&>());
  if (!at) return bad_request("expired_in must be null or an RFC 3339 date");
  return at;
}

// Stores what `read` makes of the field in `into`, when the body has it; false after a refusal.
template <class T, class Read>
bool take(const json& body, std::string_view field, std::optional<T>& into, std::optional<refusal>& why,
          Read read) {
  const auto found = body.find(field);
  if (why || found == body.end()) return !why;
  auto value = read(*found);
  if (value)
    into = std::move(*value);
  else
    why = value.error();
  return !why;
}

// The API has both forms of dates; a client must read both.
json timestamp_parts(time_point at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  return {{"_seconds", seconds.time_since_epoch().count()},
          {"_nanoseconds", std::chrono::nanoseconds(at - seconds).count()}};
}

outgoing from_text(int status, std::string&& text) {
  outgoing reply;
  reply.status = status;
  reply.body = secret_string::take(std::move(text));
  return reply;
}

}  // namespace

answer<json> read_object(std::string_view body, const body_rules& rules) {
  json parsed = json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded() || !parsed.is_object()) return bad_request("the body must be one JSON object");
  for (const auto& [field, value] : parsed.items())
    if (std::ranges::find(rules.allowed, std::string_view(field)) == rules.allowed.end())
      return bad_request("unknown field: " + field);
  for (const auto field : rules.required)
    if (!parsed.contains(field)) return bad_request(std::string(field) + " is required");
  return parsed;
}

answer<account_fields> read_account_fields(const json& body) {
  account_fields fields;
  std::optional<refusal> why;
  take(body, "name", fields.name, why, [](const json& v) { return read_text(v, "name"); });
  take(body, "description", fields.description, why,
       [](const json& v) { return read_text(v, "description"); });
  take(body, "roles", fields.roles, why, read_roles);
  take(body, "projects", fields.projects, why, read_projects);
  take(body, "expired_in", fields.expires_at, why, read_expiry);
  if (why) return tl::unexpected(*why);
  return fields;
}

json to_json(const models::organization& value) {
  return {{"organization_id", value.id}, {"name", value.name}};
}

json to_json(const models::project& value) {
  return {{"project_id", value.id}, {"name", value.name}, {"description", value.description}};
}

json to_json(const models::custom_role& value) {
  return {{"id", value.id}, {"name", value.name}, {"permissions", value.permissions}};
}

json to_json(const models::account_view& value) {
  const account& data = value.data;
  json projects = json::array();
  for (const auto& [id, roles] : data.projects)
    projects.push_back({{"project_id", id}, {"roles", roles}});
  return {{"id", data.id},
          {"name", data.name},
          {"description", data.description},
          {"organization_id", data.organization_id},
          {"project_id", data.project_id.empty() ? json(nullptr) : json(data.project_id)},
          {"roles", data.roles},
          {"projects", std::move(projects)},
          {"expired_in", data.expires_at ? json(format_rfc3339(*data.expires_at)) : json(nullptr)},
          {"created_date", timestamp_parts(data.created_at)},
          {"token_created_date", format_rfc3339(value.token_created_at)},
          {"status", value.active ? "active" : "expired"}};
}

outgoing json_reply(int status, const json& body) {
  return from_text(status, body.dump(-1, ' ', false, json::error_handler_t::replace));
}

outgoing success() {
  return json_reply(200, {{"success", true}});
}

outgoing success(const json& data) {
  return json_reply(200, {{"success", true}, {"data", data}});
}

outgoing success(const models::issued_account& issued) {
  json body = {{"success", true}, {"data", to_json(issued.view)}};
  // Copies of the token are wiped: this process may be inspected by the tests that look for tokens in memory
  // dumps.
  json& slot = body["data"]["token"];
  slot = std::string(issued.token->reveal());
  outgoing reply = json_reply(200, body);
  wipe(slot.get_ref<std::string&>());
  return reply;
}

outgoing success(const models::account_page& page) {
  json accounts = json::array();
  for (const auto& view : page.accounts)
    accounts.push_back(to_json(view));
  return json_reply(200, {{"success", true},
                          {"data", std::move(accounts)},
                          {"meta", {{"page", page.page}, {"pages", page.pages}, {"total", page.total}}}});
}

outgoing failure(const refusal& why) {
  return json_reply(why.status, {{"errors", {{"message", {{"error", why.message}}}}}});
}

}  // namespace platformer::emulator
