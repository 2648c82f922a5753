#include "kube/status_reply.hpp"

#include <algorithm>
#include <charconv>

#include "model/http_status.hpp"
#include "model/json_read.hpp"
#include "runtime/bounded_json.hpp"

namespace platformer::kube {
namespace {

constexpr std::size_t message_bytes = 512;
constexpr std::size_t causes_shown = 3;
// A Status is small; anything bigger is not worth a parse.
constexpr std::size_t status_bytes = std::size_t{256} * 1024;

api_errc code_of_conflict(std::string_view reason) {
  return reason == "AlreadyExists" ? api_errc::already_exists : api_errc::conflict;
}

api_errc code_of(int http_status, std::string_view reason) {
  if (http_status == 409) return code_of_conflict(reason);
  // An expired continue token or version has come as 400 from some servers.
  const bool expired = reason == "Expired" || reason == "Gone";
  const api_errc code = code_of_http_status(http_status);
  return expired && code == api_errc::bad_request ? api_errc::gone : code;
}

// A reason is a word; anything else is not repeated.
std::string clean_reason(const nlohmann::json& status) {
  auto reason = read_string(status, "reason");
  const bool word = reason.size() <= 48 && std::all_of(reason.begin(), reason.end(), [](char each) {
                      return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
                    });
  return word ? reason : std::string();
}

const nlohmann::json* causes_of(const nlohmann::json& status) {
  const auto* details = read_object(status, "details");
  return details == nullptr ? nullptr : read_array(*details, "causes");
}

std::string full_message(const nlohmann::json& status, const std::string& reason) {
  auto message = read_string(status, "message");
  if (message.empty()) message = reason;
  const auto* causes = causes_of(status);
  std::size_t shown = 0;
  if (causes != nullptr) {
    for (const auto& cause : *causes) {
      const auto field = read_string(cause, "field");
      const auto text = read_string(cause, "message");
      // Validation repeats its causes in the message already.
      if (text.empty() || message.find(text) != std::string::npos) continue;
      if (++shown > causes_shown) break;
      message += "; " + (field.empty() ? text : field + ": " + text);
    }
  }
  return clean_message(message, message_bytes);
}

// Field paths name keys of `data` at most, never values; a path with anything but path characters is left
// out.
bool is_field_path(std::string_view field) {
  static constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.[]-_";
  return !field.empty() && field.size() <= 128 && field.find_first_not_of(allowed) == std::string_view::npos;
}

std::string reduced_message(const nlohmann::json& status, const std::string& reason,
                            const sent_values& sent) {
  std::string message = reason.empty() ? "the server gave no reason" : reason;
  const auto* causes = causes_of(status);
  std::size_t shown = 0;
  if (causes != nullptr) {
    for (const auto& cause : *causes) {
      const auto field = read_string(cause, "field");
      const auto type = clean_reason(cause);
      if (!is_field_path(field) || could_quote(field, sent)) continue;
      if (++shown > causes_shown) break;
      message += (shown == 1 ? " (" : ", ") + field + (type.empty() ? "" : ": " + type);
    }
  }
  if (shown > 0) message += ")";
  return clean_message(message, message_bytes);
}

std::string message_of(const nlohmann::json& status, message_policy policy, const sent_values& sent) {
  const auto reason = clean_reason(status);
  switch (policy) {
    case message_policy::full:
      return full_message(status, reason);
    case message_policy::guarded: {
      // Looked at before cleaning, which cuts, so that nothing hides behind the cut or a control character.
      const auto whole = read_string(status, "message");
      auto shown = full_message(status, reason);
      if (whole.size() <= std::size_t{16} * 1024 && !could_quote(whole, sent) && !could_quote(shown, sent))
        return shown;
      return reduced_message(status, reason, sent);
    }
    case message_policy::reduced:
      return reduced_message(status, reason, sent);
  }
  return {};
}

std::optional<nlohmann::json> parse_status(std::string_view body) {
  if (body.size() > status_bytes) return std::nullopt;
  auto status = runtime::parse_bounded(body);
  if (!status || read_string(*status, "kind") != "Status") return std::nullopt;
  return std::move(*status);
}

}  // namespace

std::optional<duration> parse_retry_after(std::string_view value, time_point now) {
  std::int64_t seconds = 0;
  const auto* const end = value.data() + value.size();
  const auto [stop, failure] = std::from_chars(value.data(), end, seconds);
  if (!value.empty() && stop == end && seconds >= 0 && failure == std::errc{})
    return seconds < 3600 ? std::min<duration>(std::chrono::seconds(seconds), longest_retry_after)
                          : longest_retry_after;
  if (const auto date = parse_http_date(value))
    return std::clamp<duration>(*date - now, duration{0}, longest_retry_after);
  return std::nullopt;
}

api_error decode_error(const reply_facts& reply, message_policy policy, const sent_values& sent) {
  const auto status = parse_status(reply.body);
  api_error failure;
  failure.http_status = reply.http_status;
  failure.code = code_of(reply.http_status, status ? read_string(*status, "reason") : std::string());
  failure.retry_after = parse_retry_after(reply.retry_after, reply.now);
  // A body of another kind (a proxy's HTML page) is not repeated.
  failure.message = status ? message_of(*status, policy, sent) : "the reply is no Kubernetes Status";
  if (status && !failure.retry_after) {
    const auto* details = read_object(*status, "details");
    const auto seconds = details == nullptr ? 0 : read_integer(*details, "retryAfterSeconds");
    if (seconds > 0) failure.retry_after = parse_retry_after(std::to_string(seconds), reply.now);
  }
  return failure;
}

}  // namespace platformer::kube
