#include "tests/conformance/kube/transcript.hpp"

#include <algorithm>

#include "base/clock.hpp"

namespace platformer::conformance {
namespace {

using models::meta_of;

// Text as it is; other bytes in hexadecimal, long values by their size.
std::string shown(std::string_view value) {
  if (value.size() > 80) return std::to_string(value.size()) + " bytes";
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char each : value) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte >= 0x20 && byte < 0x7f)
      text += each;
    else
      text.append("\\x").append(1, digits[byte >> 4U]).append(1, digits[byte & 0xfU]);
  }
  return text;
}

template <class Map>
std::string map_text(const char* name, const Map& map) {
  if (map.empty()) return {};
  std::string text;
  for (const auto& [key, value] : map)
    text += (text.empty() ? "" : ",") + shown(key) + "=" + shown(value);
  return std::string(" ") + name + "{" + text + "}";
}

std::string field(const char* name, const std::string& value) {
  return value.empty() ? std::string() : std::string(" ") + name + "=" + shown(value);
}

std::string finalizers_of(const object_meta& meta) {
  if (meta.finalizers.empty()) return {};
  std::string text;
  for (const std::string& each : meta.finalizers)
    text += (text.empty() ? "" : ",") + shown(each);
  return " finalizers[" + text + "]";
}

// "unset", or whether it has whole seconds.
std::string time_text(const char* name, std::optional<time_point> at) {
  if (!at || *at == time_point{}) return {};
  const bool whole = std::chrono::floor<std::chrono::seconds>(*at) == *at;
  return std::string(" ") + name + (whole ? "" : " with fractions");
}

std::string content_of(const service_account& account) {
  std::string text = field("description", account.spec.description) + field("project", account.spec.project);
  if (account.spec.connection != "default") text += field("connection", account.spec.connection);
  if (account.spec.suspend) text += " suspend";
  text += field("account", account.status.account_id) + field("secret", account.status.secret_name);
  if (account.status.failures != 0) text += " failures=" + std::to_string(account.status.failures);
  for (const condition& each : account.status.conditions)
    text += " " + each.type + "=" + (each.status ? "True" : "False");
  return text;
}

std::string content_of(const console_connection& connection) {
  return field("organization", connection.spec.organization) +
         field("organizationID", connection.status.organization_id);
}

std::string content_of(const secret_content& content) {
  std::map<std::string, std::string> data;
  for (const auto& [key, entry] : content.data)
    data[key] = entry.value ? std::string(entry.value->reveal()) : std::string();
  return field("type", content.type) + (content.immutable ? " immutable" : "") + map_text("data", data);
}

std::string content_of(const lease& record) {
  std::string text = field("holder", record.spec.holder);
  if (record.spec.lease_duration != duration{0})
    text += " for=" + format_duration(record.spec.lease_duration);
  if (record.spec.renewed_at) text += " renewed=" + format_rfc3339(*record.spec.renewed_at);
  if (record.spec.transitions != 0) text += " transitions=" + std::to_string(record.spec.transitions);
  return text;
}

std::string_view name_of(kube_event_type type) {
  switch (type) {
    case kube_event_type::added:
      return "ADDED";
    case kube_event_type::modified:
      return "MODIFIED";
    case kube_event_type::deleted:
      return "DELETED";
    case kube_event_type::bookmark:
      return "BOOKMARK";
  }
  return {};
}

}  // namespace

std::string transcript::version_name(const std::string& version) {
  if (version.empty()) return "no version";
  const auto [known, is_new] = versions_.try_emplace(version, "v" + std::to_string(versions_.size() + 1));
  if (is_new && !latest_.empty() && !is_newer(version, latest_)) known->second += "(not the latest)";
  if (latest_.empty() || is_newer(version, latest_)) latest_ = version;
  return known->second;
}

std::string transcript::uid_name(const std::string& uid) {
  if (uid.empty()) return "no uid";
  return uids_.try_emplace(uid, "u" + std::to_string(uids_.size() + 1)).first->second;
}

std::string transcript::list_version(const std::string& version) {
  const bool older = !latest_.empty() && is_newer(latest_, version);
  return older ? "older than what was seen" : "as new as what was seen";
}

std::string transcript::owners_of(const object_meta& meta) {
  std::string text;
  for (const owner_reference& each : meta.owners)
    text += (text.empty() ? "" : ",") + each.kind + "/" + each.name + " " + uid_name(each.uid) +
            (each.controller ? " controller" : "") + (each.block_owner_deletion ? " blocking" : "");
  return text.empty() ? text : " owners[" + text + "]";
}

std::string transcript::describe(const object_meta& meta) {
  std::string text = meta.name + " " + version_name(meta.resource_version);
  // A dry run's UID and the server's default for a generation say nothing.
  if (!meta.resource_version.empty()) text += " " + uid_name(meta.uid);
  if (meta.generation != 0) text += " generation=" + std::to_string(meta.generation);
  return text + time_text("created", meta.created) + time_text("deleted", meta.deleted) +
         finalizers_of(meta) + owners_of(meta) + map_text("labels", meta.labels) +
         map_text("annotations", meta.annotations);
}

std::string transcript::describe(const kube_object& object) {
  return describe(meta_of(object)) + std::visit([](const auto& each) { return content_of(each); }, object);
}

std::string transcript::describe(const page& listed, bool continues) {
  std::string text = std::to_string(listed.items.size()) + " items";
  for (const kube_object& each : listed.items)
    text += "\n    " + describe(each);
  text += "\n    " + list_version(listed.version);
  if (continues)
    text += listed.version == list_ ? ", the version of the page before" : ", of another version";
  list_ = listed.version;
  return text + (listed.continue_token.empty() ? ", the end" : ", more");
}

std::string transcript::describe(const event& told) {
  std::string text(name_of(told.type));
  if (!told.object) return text + " " + list_version(told.version);
  return text + " " + describe(*told.object);
}

std::string transcript::describe(const api_error& error) {
  return std::to_string(error.http_status) + " " + std::string(to_string(error.code));
}

std::string difference(const transcript& model, const transcript& server) {
  if (model.lines() == server.lines()) return {};
  std::string text;
  const std::size_t count = std::max(model.lines().size(), server.lines().size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::string mine = i < model.lines().size() ? model.lines()[i] : "(nothing)";
    const std::string its = i < server.lines().size() ? server.lines()[i] : "(nothing)";
    if (mine == its)
      text += "  both    " + mine + "\n";
    else
      text += "> model   " + mine + "\n> server  " + its + "\n";
  }
  return text;
}

}  // namespace platformer::conformance
