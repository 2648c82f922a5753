#include "console/errors.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "console/json_reply.hpp"
#include "console/reply_body.hpp"
#include "model/http_status.hpp"

namespace platformer::console {
namespace {

using json = nlohmann::json;

api_errc code_of(call operation, int status) {
  // The server gave up waiting for the request, or did not want it so early.
  if (status == 408 || status == 425) return api_errc::unreachable;
  if (status == 409 && operation == call::create_account) return api_errc::already_exists;
  if (status == 410) return api_errc::not_found;
  return code_of_http_status(status);
}

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_prefix) {
  return text.size() >= lower_prefix.size() &&
         std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(),
                    [](char wanted, char c) { return wanted == (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
}

bool is_web_page(const refusal& reply) {
  if (starts_with_ignoring_case(reply.content_type, "text/html")) return true;
  const auto first = reply.body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && reply.body[first] == '<';
}

// The string at `path`, or nullptr.
const std::string* text_at(const json& from, std::initializer_list<const char*> path) {
  const json* at = &from;
  for (const char* const name : path) {
    if (!at->is_object()) return nullptr;
    const auto found = at->find(name);
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at->get_ptr<const json::string_t*>();
}

std::string message_for(call operation, api_errc code, const refusal& reply,
                        std::span<const std::string_view> secrets) {
  const std::string subject(operation_id(operation));
  if (code == api_errc::redirected)
    return subject + ": the gateway redirects, which is never followed; check spec.gateway";
  if (code == api_errc::malformed) return subject + ": the reply's status is none that HTTP knows";
  const std::string text = error_text(reply.body, secrets);
  return subject + ": " + (text.empty() ? "the Console gave no reason" : text);
}

}  // namespace

tl::unexpected<api_error> malformed_reply(call operation, int status, const error& why) {
  return tl::unexpected(
      api_error{api_errc::malformed,
                status,
                std::string(operation_id(operation)) + ": the reply can't be understood: " + why.message,
                {}});
}

api_error classify(call operation, const refusal& reply, std::span<const std::string_view> secrets,
                   time_point now) {
  api_error error;
  error.code = code_of(operation, reply.status);
  const bool believed = error.code == api_errc::unauthorized || error.code == api_errc::forbidden ||
                        error.code == api_errc::not_found;
  const bool web_page = believed && is_web_page(reply);
  if (web_page) error.code = api_errc::bad_request;
  error.http_status = reply.status;
  error.message = web_page
                      ? std::string(operation_id(operation)) +
                            ": a web page answered instead of the Console; check spec.gateway and spec.routes"
                      : message_for(operation, error.code, reply, secrets);
  if (!reply.retry_after.empty())
    error.retry_after = parse_retry_after(reply.retry_after, parse_http_date(reply.date).value_or(now));
  return error;
}

std::string error_text(std::string_view body, std::span<const std::string_view> secrets) {
  if (body.empty() || body.size() > max_body_bytes) return {};
  // Twice: here so that no parser buffers a secret, below for those that were written with escapes.
  std::string masked(body);
  mask(masked, secrets);
  const auto root = parse_body(masked);
  wipe(masked);
  if (!root) return {};
  const std::string* text = text_at(*root, {"errors", "message", "error"});
  if (!text) text = text_at(*root, {"errors", "message"});
  if (!text) text = text_at(*root, {"message"});
  if (!text) text = text_at(*root, {"error"});
  if (!text) return {};
  std::string shown = *text;
  mask(shown, secrets);
  return clean_message(shown);
}

std::optional<duration> parse_retry_after(std::string_view value, time_point server_now) {
  duration wait{};
  if (const auto at = parse_http_date(value)) {
    wait = *at - server_now;
  } else {
    std::uint64_t seconds = 0;
    const auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (end != value.data() + value.size() || status == std::errc::invalid_argument) return std::nullopt;
    constexpr auto most = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(longest_retry_after).count());
    if (status == std::errc::result_out_of_range) seconds = most;
    wait = std::chrono::seconds(std::min(seconds, most));
  }
  return std::clamp(wait, duration::zero(), longest_retry_after);
}

}  // namespace platformer::console
