#include "console/json_reply.hpp"

#include "console/reply_body.hpp"

namespace platformer::console {
namespace {

using json = nlohmann::json;

// The years 0001 to 9999: what RFC 3339 can say.
constexpr std::int64_t first_second = -62135596800;
constexpr std::int64_t last_second = 253402300799;

std::optional<time_point> read_parts(const json& parts) {
  const auto seconds = parts.find("_seconds");
  if (seconds == parts.end() || !seconds->is_number_integer()) return std::nullopt;
  if (seconds->is_number_unsigned() && seconds->get<std::uint64_t>() > std::uint64_t{last_second})
    return std::nullopt;
  const auto whole = seconds->get<std::int64_t>();
  if (whole < first_second || whole > last_second) return std::nullopt;
  std::int64_t nanos = 0;
  if (const auto fraction = parts.find("_nanoseconds"); fraction != parts.end()) {
    if (!fraction->is_number_unsigned() || fraction->get<std::uint64_t>() > 999'999'999) return std::nullopt;
    nanos = fraction->get<std::int64_t>();
  }
  return time_point(std::chrono::seconds(whole) + std::chrono::milliseconds(nanos / 1'000'000));
}

}  // namespace

result<json> parse_body(std::string_view body, token_handle* token) {
  auto lifted = lift_token(body);
  if (!lifted) return tl::unexpected(lifted.error());
  if (token) *token = lifted->token;
  json root = json::parse(lifted->json, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) return fail("the body is no JSON");
  return root;
}

reply_reader::reply_reader(std::string_view body, data_is data) {
  auto root = parse_body(body, &token_);
  if (!root) {
    refuse(std::move(root.error().message));
    return;
  }
  root_ = *std::move(root);
  if (!root_.is_object()) refuse("the body is no JSON object");
  if (const json& success = member(root_, "success"); !success.is_null() && success != json(true))
    refuse("success is not true in spite of the status");
  if (data == data_is::required && member(root_, "data").is_null()) refuse("data is missing");
}

void reply_reader::refuse(std::string why) {
  if (!failure_) failure_ = error{std::move(why)};
}

const json& reply_reader::member(const json& object, std::string_view field) {
  static const json absent;
  if (!object.is_object()) return absent;
  const auto found = object.find(field);
  return found == object.end() ? absent : *found;
}

std::string reply_reader::text(const json& object, std::string_view field, const std::string& where,
                               std::size_t limit) {
  if (!object.is_object()) {
    refuse(where + " is no object");
    return {};
  }
  const json& value = member(object, field);
  if (value.is_null()) return {};
  if (!value.is_string() || value.get_ref<const std::string&>().size() > limit) {
    refuse(where + "." + std::string(field) + " is no string of at most " + std::to_string(limit) + " bytes");
    return {};
  }
  return value.get<std::string>();
}

const json& reply_reader::array(const json& object, std::string_view field, const std::string& where) {
  static const json none = json::array();
  const json& value = member(object, field);
  if (value.is_array()) return value;
  if (!value.is_null()) refuse(where + "." + std::string(field) + " is no list");
  return none;
}

std::optional<time_point> reply_reader::date(const json& object, std::string_view field,
                                             const std::string& where) {
  const json& value = member(object, field);
  if (value.is_null()) return std::nullopt;
  std::optional<time_point> at;
  if (value.is_string()) at = parse_rfc3339(value.get_ref<const std::string&>());
  if (value.is_object()) at = read_parts(value);
  if (!at) refuse(where + "." + std::string(field) + " is no date");
  return at;
}

std::optional<std::int64_t> reply_reader::count(const json& object, std::string_view field) {
  const json& value = member(object, field);
  if (value.is_null()) return std::nullopt;
  constexpr std::uint64_t most = 1'000'000'000;
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) {
    refuse("meta." + std::string(field) + " is no count");
    return std::nullopt;
  }
  return value.get<std::int64_t>();
}

}  // namespace platformer::console
