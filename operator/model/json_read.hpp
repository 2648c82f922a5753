// Reading JSON that may be anything: a wrong type reads as empty, nothing throws.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace platformer {

inline const nlohmann::json* read_member(const nlohmann::json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

inline const nlohmann::json* read_object(const nlohmann::json& object, const char* key) {
  const auto* member = read_member(object, key);
  return member != nullptr && member->is_object() ? member : nullptr;
}

inline const nlohmann::json* read_array(const nlohmann::json& object, const char* key) {
  const auto* member = read_member(object, key);
  return member != nullptr && member->is_array() ? member : nullptr;
}

inline std::string read_string(const nlohmann::json& object, const char* key, std::string fallback = {}) {
  const auto* member = read_member(object, key);
  return member != nullptr && member->is_string() ? member->get<std::string>() : fallback;
}

inline std::int64_t read_integer(const nlohmann::json& object, const char* key) {
  const auto* member = read_member(object, key);
  return member != nullptr && member->is_number_integer() ? member->get<std::int64_t>() : 0;
}

inline bool read_bool(const nlohmann::json& object, const char* key, bool fallback = false) {
  const auto* member = read_member(object, key);
  return member != nullptr && member->is_boolean() ? member->get<bool>() : fallback;
}

inline std::vector<std::string> read_strings(const nlohmann::json& object, const char* key,
                                             std::size_t limit = 10'000) {
  std::vector<std::string> values;
  if (const auto* array = read_array(object, key))
    for (const auto& each : *array)
      if (each.is_string() && values.size() < limit) values.push_back(each.get<std::string>());
  return values;
}

inline std::map<std::string, std::string, std::less<>> read_string_map(const nlohmann::json& object,
                                                                       const char* key) {
  std::map<std::string, std::string, std::less<>> values;
  if (const auto* map = read_object(object, key))
    for (const auto& [name, value] : map->items())
      if (value.is_string()) values.emplace(name, value.get<std::string>());
  return values;
}

}  // namespace platformer
