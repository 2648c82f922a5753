// Reads one Console reply: the envelope, then typed members. The first thing that is wrong is kept and
// everything after it yields defaults, so that a decoder reads straight on and asks once at the end. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret_string.hpp"

namespace platformer::console {

// The body as JSON with every token blanked; fails on anything that is no JSON within the limits of
// reply_body.hpp.
result<nlohmann::json> parse_body(std::string_view body, token_handle* token = nullptr);

class reply_reader {
 public:
  enum class data_is : std::uint8_t {
    required,  // the envelope must have `data`
    optional,  // nobody reads it
  };
  explicit reply_reader(std::string_view body, data_is data = data_is::required);

  bool ok() const { return !failure_; }
  error failure() const { return failure_.value_or(error{}); }
  void refuse(std::string why);  // kept when it is the first

  const nlohmann::json& data() const { return member(root_, "data"); }
  const nlohmann::json& meta() const { return member(root_, "meta"); }  // null when absent
  token_handle token() const { return token_; }  // data.token, lifted out; null: none usable

  // Members of `object`, which is at `where` in the reply ("data[3]"). Absent and null are the empty value.
  std::string text(const nlohmann::json& object, std::string_view field, const std::string& where,
                   std::size_t limit);
  const nlohmann::json& array(const nlohmann::json& object, std::string_view field, const std::string& where);
  // RFC 3339, or {"_seconds": …, "_nanoseconds": …}.
  std::optional<time_point> date(const nlohmann::json& object, std::string_view field,
                                 const std::string& where);
  // Of meta: a number that is not negative.
  std::optional<std::int64_t> count(const nlohmann::json& object, std::string_view field);

 private:
  static const nlohmann::json& member(const nlohmann::json& object, std::string_view field);

  nlohmann::json root_;
  token_handle token_;
  std::optional<error> failure_;
};

}  // namespace platformer::console
