#include "tests/console_emulator/state_record.hpp"

#include <nlohmann/json.hpp>

#include "tests/console_emulator/tokens.hpp"

namespace platformer::emulator {
namespace {

using nlohmann::json;

json milliseconds(std::optional<time_point> at) {
  return at ? json(at->time_since_epoch().count()) : json(nullptr);
}

std::optional<time_point> read_time(const json& value) {
  if (value.is_null()) return std::nullopt;
  return time_point(duration(value.get<std::int64_t>()));
}

std::optional<models::token_digest> read_digest(const json& value) {
  if (value.is_null()) return std::nullopt;
  return digest_from_hex(value.get_ref<const std::string&>());
}

}  // namespace

std::string encode_record(const models::stored_account& stored) {
  const account& data = stored.data;
  const json record = {{"serial", stored.serial},
                       {"id", data.id},
                       {"name", data.name},
                       {"description", data.description},
                       {"organization", data.organization_id},
                       {"project", data.project_id},
                       {"roles", data.roles},
                       {"projects", data.projects},
                       {"expires", milliseconds(data.expires_at)},
                       {"created", milliseconds(data.created_at)},
                       {"token", stored.token ? json(to_hex(*stored.token)) : json(nullptr)},
                       {"token_created", milliseconds(stored.token_created_at)},
                       {"tokens_issued", stored.tokens_issued}};
  return record.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string encode_record(const models::operator_credential& credential) {
  const json record = {{"name", credential.name},
                       {"organization", credential.organization_id},
                       {"roles", credential.roles},
                       {"digest", to_hex(credential.digest)},
                       {"expires", milliseconds(credential.expires_at)}};
  return record.dump(-1, ' ', false, json::error_handler_t::replace);
}

result<models::stored_account> decode_account_record(std::string_view text) {
  try {
    const json record = json::parse(text);
    models::stored_account stored;
    stored.serial = record.at("serial").get<std::uint64_t>();
    stored.data = {.id = record.at("id").get<std::string>(),
                   .name = record.at("name").get<std::string>(),
                   .description = record.at("description").get<std::string>(),
                   .organization_id = record.at("organization").get<std::string>(),
                   .project_id = record.at("project").get<std::string>(),
                   .roles = record.at("roles").get<string_set>(),
                   .projects = record.at("projects").get<std::map<std::string, string_set, std::less<>>>(),
                   .expires_at = read_time(record.at("expires")),
                   .created_at = read_time(record.at("created")).value_or(time_point{})};
    stored.token = read_digest(record.at("token"));
    stored.token_created_at = read_time(record.at("token_created")).value_or(time_point{});
    stored.tokens_issued = record.at("tokens_issued").get<std::uint64_t>();
    return stored;
  } catch (const json::exception&) {
    return fail("an account's record is damaged");
  }
}

result<models::operator_credential> decode_credential_record(std::string_view text) {
  try {
    const json record = json::parse(text);
    const auto digest = read_digest(record.at("digest"));
    if (!digest) return fail("a credential's record is damaged");
    return models::operator_credential{.name = record.at("name").get<std::string>(),
                                       .organization_id = record.at("organization").get<std::string>(),
                                       .roles = record.at("roles").get<string_set>(),
                                       .digest = *digest,
                                       .expires_at = read_time(record.at("expires"))};
  } catch (const json::exception&) {
    return fail("a credential's record is damaged");
  }
}

}  // namespace platformer::emulator
