// What the decoders of the custom resources share. Nothing throws; what a person has to correct is noted in
// spec_error.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/condition.hpp"
#include "model/json_read.hpp"
#include "model/object_meta.hpp"

namespace platformer::codec_read {

// Notes the first field that can't be understood; later ones are noise until it is corrected.
void complain(std::string& spec_error, std::string text);

// The member if it is an object, else an empty object.
const nlohmann::json& member_or_empty(const nlohmann::json& object, const char* key);

string_set set_of_strings(const nlohmann::json& object, const char* key);

std::optional<time_point> time_at(const nlohmann::json& object, const char* key);

struct duration_limits {
  std::string_view field;  // its path, "spec.token.lifetime"
  duration least;
  duration most;
  std::string_view sentence;  // after "must be": "between 10m and 876000h (100 years)"
};

// nullopt when it is absent, or can't be used: then spec_error says so.
std::optional<duration> duration_at(const nlohmann::json& object, const char* key,
                                    const duration_limits& limits, std::string& spec_error);

template <class T>
struct choice {
  std::string_view text;
  T value;
};

// The value that the member's text stands for; `absent` when there is none. An unknown text is a spec_error,
// and reads as `unknown`.
template <class T, std::size_t Count>
T choice_at(const nlohmann::json& object, const char* key, std::string_view field,
            const choice<T> (&choices)[Count], T absent, T unknown, std::string& spec_error) {
  const std::string text = read_string(object, key);
  if (text.empty()) return absent;
  std::string offered;
  for (const choice<T>& each : choices) {
    if (each.text == text) return each.value;
    offered += (offered.empty() ? "" : ", ") + std::string(each.text);
  }
  complain(spec_error, std::string(field) + " is not supported: " + text + " (one of " + offered + ")");
  return unknown;
}

std::vector<condition> decode_conditions(const nlohmann::json& status);

}  // namespace platformer::codec_read
