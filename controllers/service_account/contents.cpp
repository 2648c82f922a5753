#include "controllers/service_account/contents.hpp"

#include "model/names.hpp"

namespace platformer::accounts {
namespace {

constexpr std::string_view data_prefix = "data:";

void remove_noted_keys(secret_write& write, const secret_content& content, const secret_data& wanted) {
  for (std::string_view entry : applied_entries(content.meta)) {
    if (!entry.starts_with(data_prefix)) continue;
    entry.remove_prefix(data_prefix.size());
    if (!wanted.contains(entry) && content.data.contains(entry)) write.data[std::string(entry)] = nullptr;
  }
}

// The token of the account that is being replaced; null: there is none to be kept.
token_handle previous_token(const snapshot& seen, const secret_record& record, const secret_content* content,
                            const std::string& old_fingerprint) {
  const std::string& key = seen.object->spec.secret.previous_key;
  if (key.empty() || record.previous_account_id.empty() || content == nullptr) return nullptr;
  if (record.fingerprint != old_fingerprint) {
    const secret_entry* old = intact_token(*content, old_fingerprint);
    return old != nullptr ? old->value : nullptr;
  }
  const auto kept = content->data.find(key);
  return kept != content->data.end() ? kept->second.value : nullptr;
}

}  // namespace

std::vector<std::string_view> applied_entries(const object_meta& secret) {
  std::vector<std::string_view> entries;
  std::string_view left = secret.annotation(names::secret_applied);
  while (!left.empty()) {
    const auto comma = left.find(',');
    entries.push_back(left.substr(0, comma));
    left = comma == std::string_view::npos ? std::string_view{} : left.substr(comma + 1);
  }
  return entries;
}

std::string noted_keys(const secret_spec& spec) {
  std::string text;
  const auto add = [&](std::string_view key) {
    if (key != spec.key) text.append(text.empty() ? "" : ",").append(data_prefix).append(key);
  };
  for (const auto& [key, value] : spec.templates)
    add(key);
  if (!spec.previous_key.empty()) add(spec.previous_key);
  if (spec.type == secret_type::docker_config) add(docker_config_key);
  if (spec.type == secret_type::basic_auth) add(basic_auth_username_key);
  return text;
}

result<secret_data> desired_contents(const snapshot& seen, const state& now, const token_handle& token,
                                     const std::string& account_id,
                                     const std::optional<time_point>& expires_at) {
  const service_account_status& status = seen.object->status;
  template_values values;
  values.token = token;
  values.account_id = account_id;
  values.organization_id =
      seen.connection.organization_id.empty() ? status.organization_id : seen.connection.organization_id;
  values.project_id = project_id(seen, now);
  values.gateway = seen.connection.gateway;
  values.expires_at = expires_at;
  return secret_contents(seen.object->spec.secret, values);
}

void set_contents(secret_write& write, const snapshot& seen, const state& now, const token_handle& token,
                  const secret_record& record, const secret_content* content,
                  const std::string& old_fingerprint, const secret_content* moved) {
  const std::string& token_key = seen.object->spec.secret.key;
  auto wanted = desired_contents(seen, now, token, record.account_id, record.expires_at);
  if (!wanted) wanted = secret_data{{token_key, token}};
  if (const auto previous = previous_token(seen, record, moved != nullptr ? moved : content, old_fingerprint))
    (*wanted)[seen.object->spec.secret.previous_key] = previous;
  if (content != nullptr) {
    for (const auto& [key, entry] : content->data)
      if (!wanted->contains(key) && !old_fingerprint.empty() && entry.fingerprint == old_fingerprint)
        write.data[key] = nullptr;
    remove_noted_keys(write, *content, *wanted);
  }
  for (auto& [key, value] : *wanted) {
    const auto is = content != nullptr ? content->data.find(key) : decltype(content->data.find(key)){};
    const bool right = content != nullptr && is != content->data.end() && is->second.value &&
                       is->second.value->equals(*value);
    if (!right) write.data[key] = std::move(value);
  }
}

}  // namespace platformer::accounts
