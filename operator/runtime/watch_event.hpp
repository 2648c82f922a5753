// A watch's body: JSON events, one a line (source: metav1.WatchEvent). Splitting and decoding, both bounded.
//
//   lines.push(piece);
//   while (auto line = lines.next()) auto event = decode_watch_event(*line);
//   if (lines.overflown()) …                        // a line beyond the bound: the stream is useless
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/api_error.hpp"

namespace platformer::runtime {

inline constexpr std::size_t max_watch_line_bytes = 4U * 1024 * 1024;

class line_splitter {
 public:
  explicit line_splitter(std::size_t max_line_bytes = max_watch_line_bytes)
      : max_line_bytes_(max_line_bytes) {}

  // Holds at most one bounded line beyond what push() was given. Ignored once overflown.
  void push(std::string_view piece);

  // The next whole line without its end; empty lines are skipped. Valid until the next push().
  std::optional<std::string_view> next();

  // A line is longer than the bound. Whole lines before it have been handed out.
  bool overflown() const { return overflown_; }

  // Bytes of a line whose end has not come.
  std::size_t pending() const { return buffer_.size() - start_; }

 private:
  std::size_t max_line_bytes_;
  std::string buffer_;
  std::size_t start_ = 0;    // of the first line not handed out
  std::size_t scanned_ = 0;  // no line end between start_ and here
  bool overflown_ = false;
};

enum class watch_event_type : std::uint8_t {
  added,     // also: begins to match the selector
  modified,  //
  deleted,   // also: matches the selector no longer
  bookmark,  // nothing happened up to its version
  error,     // the watch has ended; object is a metav1.Status
  unknown,   // from a future server; to be ignored
};

struct watch_event {
  watch_event_type type = watch_event_type::unknown;
  std::string version;              // metadata.resourceVersion; empty for errors and unknown types
  bool initial_events_end = false;  // a bookmark with the annotation k8s.io/initial-events-end: "true"
  api_error error;                  // of an error event
  nlohmann::json object;            // of added, modified and deleted; else null
};

// Fails when the line is no event, or an object lacks its version: what follows can't be trusted then.
result<watch_event> decode_watch_event(std::string_view line);

// A metav1.Status as an error (also the body of a reply that is not 2xx).
api_error decode_status(const nlohmann::json& status);

}  // namespace platformer::runtime
