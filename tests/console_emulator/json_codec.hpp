// JSON of the Console API (operator/console/openapi.yaml): strict when reading requests, complete when
// writing replies.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/console_emulator/http_types.hpp"
#include "tests/models/console_model.hpp"

namespace platformer::emulator {

// The fields that an operation's body may and must have.
struct body_rules {
  std::vector<std::string_view> allowed;
  std::vector<std::string_view> required;
};

// The body as one JSON object with none but the allowed fields; otherwise 400 and which field is wrong.
models::answer<nlohmann::json> read_object(std::string_view body, const body_rules& rules);

// name, description, roles, projects, expired_in where present, each of the right type; otherwise 400.
models::answer<account_fields> read_account_fields(const nlohmann::json& body);

nlohmann::json to_json(const models::organization& value);
nlohmann::json to_json(const models::project& value);
nlohmann::json to_json(const models::custom_role& value);
nlohmann::json to_json(const models::account_view& value);

outgoing success();
outgoing success(const nlohmann::json& data);
// The one reply with a token in it.
outgoing success(const models::issued_account& issued);
outgoing success(const models::account_page& page);
outgoing failure(const models::refusal& why);
outgoing json_reply(int status, const nlohmann::json& body);

}  // namespace platformer::emulator
