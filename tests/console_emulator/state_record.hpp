// One saved account or credential as JSON text, for state_store.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "tests/models/console_model.hpp"

namespace platformer::emulator {

std::string encode_record(const models::stored_account& stored);
std::string encode_record(const models::operator_credential& credential);
// Fails when the text is not what encode_record wrote.
result<models::stored_account> decode_account_record(std::string_view text);
result<models::operator_credential> decode_credential_record(std::string_view text);

}  // namespace platformer::emulator
