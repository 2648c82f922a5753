// A watch's body in pieces of any size: lines are what a plain search finds, whatever the pieces; events are
// whole or an error that quotes nothing.
#include <vector>

#include "runtime/watch_event.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using namespace platformer;
using fuzz::check;

constexpr std::size_t bounds[] = {64, 16, 1, 4096, runtime::max_watch_line_bytes};

// Whole lines up to the first one beyond the bound.
std::vector<std::string> lines_of(std::string_view text, std::size_t bound, bool& overflown) {
  std::vector<std::string> lines;
  while (true) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    if (line.size() > bound) overflown = true;
    if (overflown || end == std::string_view::npos) return lines;
    if (!line.empty() && line != "\r") lines.emplace_back(line);
    text.remove_prefix(end + 1);
  }
}

void decode(std::string_view line) {
  const auto event = runtime::decode_watch_event(line);
  if (!event) return fuzz::check_message(event.error().message);
  const bool has_object = event->type == runtime::watch_event_type::added ||
                          event->type == runtime::watch_event_type::modified ||
                          event->type == runtime::watch_event_type::deleted;
  check(event->object.is_object() == has_object, "changes have an object, nothing else has");
  if (has_object || event->type == runtime::watch_event_type::bookmark)
    check(!event->version.empty(), "a change and a bookmark have a version");
  if (!has_object) return;
  // The same object in an event that we write decodes to the same.
  const char* const type = event->type == runtime::watch_event_type::added      ? "ADDED"
                           : event->type == runtime::watch_event_type::modified ? "MODIFIED"
                                                                                : "DELETED";
  const nlohmann::json again = {{"type", type}, {"object", event->object}};
  const auto decoded = runtime::decode_watch_event(again.dump());
  check(decoded.has_value(), "an event that was decoded is one when it is written again");
  check(decoded->version == event->version && decoded->object == event->object, "and says the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::supply in(data, size);
  const std::size_t bound = in.pick(bounds);
  const std::size_t piece = 1 + in.byte();
  std::string_view text = in.rest();
  bool overflown = false;
  const auto expected = lines_of(text, bound, overflown);

  runtime::line_splitter lines(bound);
  std::vector<std::string> found;
  while (!text.empty()) {
    const std::string_view next = text.substr(0, piece);
    text.remove_prefix(next.size());
    lines.push(next);
    while (const auto line = lines.next()) {
      check(line->size() <= bound, "no line is longer than the bound");
      found.emplace_back(*line);
      decode(*line);
    }
    check(lines.pending() <= bound + piece, "no more is held than a line and a piece");
  }
  check(found.size() <= expected.size(), "no line is invented");
  for (std::size_t i = 0; i < found.size(); ++i)
    if (found[i] != expected[i] && found[i] + "\r" != expected[i])
      check(false, "lines come as they were sent");
  check(lines.overflown() || found.size() == expected.size(), "no line is lost");
  check(!overflown || lines.overflown(), "a line beyond the bound is noticed");
  return 0;
}
