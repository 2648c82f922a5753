#include "runtime/watch_event.hpp"

#include <algorithm>
#include <utility>

#include "model/json_read.hpp"
#include "runtime/bounded_json.hpp"

namespace platformer::runtime {
namespace {

watch_event_type type_of(std::string_view name) {
  if (name == "ADDED") return watch_event_type::added;
  if (name == "MODIFIED") return watch_event_type::modified;
  if (name == "DELETED") return watch_event_type::deleted;
  if (name == "BOOKMARK") return watch_event_type::bookmark;
  if (name == "ERROR") return watch_event_type::error;
  return watch_event_type::unknown;
}

api_errc code_of(std::int64_t http_status, std::string_view reason) {
  if (http_status == 410 || reason == "Expired" || reason == "Gone") return api_errc::gone;
  if (http_status == 401) return api_errc::unauthorized;
  if (http_status == 403) return api_errc::forbidden;
  if (http_status == 404) return api_errc::not_found;
  if (http_status == 409) return reason == "AlreadyExists" ? api_errc::already_exists : api_errc::conflict;
  if (http_status == 413) return api_errc::too_large;
  if (http_status == 422) return api_errc::invalid;
  if (http_status == 429) return api_errc::rate_limited;
  // No code at all: the server knows no better than we do.
  if (http_status >= 500 || http_status < 400) return api_errc::server_error;
  return api_errc::bad_request;
}

bool ends_initial_events(const nlohmann::json& metadata) {
  const auto* annotations = read_object(metadata, "annotations");
  return annotations != nullptr && read_string(*annotations, "k8s.io/initial-events-end") == "true";
}

}  // namespace

void line_splitter::push(std::string_view piece) {
  if (overflown_) return;
  buffer_.erase(0, start_);
  scanned_ -= start_;
  start_ = 0;
  buffer_ += piece;
}

std::optional<std::string_view> line_splitter::next() {
  while (!overflown_) {
    const std::size_t end = buffer_.find('\n', scanned_);
    const std::size_t length = (end == std::string::npos ? buffer_.size() : end) - start_;
    if (length > max_line_bytes_) {
      overflown_ = true;
      buffer_.clear();
      buffer_.shrink_to_fit();
      start_ = scanned_ = 0;
      break;
    }
    if (end == std::string::npos) {
      scanned_ = buffer_.size();
      break;
    }
    std::string_view line(buffer_.data() + start_, length);
    start_ = scanned_ = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) return line;
  }
  return std::nullopt;
}

api_error decode_status(const nlohmann::json& status) {
  api_error error;
  const std::int64_t code = read_integer(status, "code");
  error.http_status = code >= 100 && code <= 599 ? static_cast<int>(code) : 0;
  error.code = code_of(code, read_string(status, "reason"));
  error.message = clean_message(read_string(status, "message"));
  if (const auto* details = read_object(status, "details")) {
    const std::int64_t seconds = read_integer(*details, "retryAfterSeconds");
    if (seconds > 0) error.retry_after = std::chrono::seconds(std::min<std::int64_t>(seconds, 3600));
  }
  return error;
}

result<watch_event> decode_watch_event(std::string_view line) {
  auto tree = parse_bounded(line, managed_fields::skip);
  if (!tree) return tl::unexpected(std::move(tree.error()));
  if (!tree->is_object()) return fail("a watch event is not a JSON object");
  watch_event event;
  event.type = type_of(read_string(*tree, "type"));
  if (event.type == watch_event_type::unknown) return event;
  const auto object = tree->find("object");
  if (object == tree->end() || !object->is_object()) return fail("a watch event has no object");
  if (event.type == watch_event_type::error) {
    event.error = decode_status(*object);
    return event;
  }
  const auto* metadata = read_object(*object, "metadata");
  if (metadata != nullptr) event.version = read_string(*metadata, "resourceVersion");
  if (event.version.empty()) return fail("the object of a watch event has no resourceVersion");
  if (event.type == watch_event_type::bookmark)
    event.initial_events_end = ends_initial_events(*metadata);
  else
    event.object = std::move(*object);
  return event;
}

}  // namespace platformer::runtime
