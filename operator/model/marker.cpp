#include "model/marker.hpp"

#include <array>

#include "model/names.hpp"

namespace platformer {
namespace {

// The start of the last line; 0 when there is only one.
std::size_t last_line(std::string_view text) {
  const auto newline = text.rfind('\n');
  return newline == std::string_view::npos ? 0 : newline + 1;
}

std::string_view trim_end(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

}  // namespace

std::string marker::to_string() const {
  std::string text(names::marker_prefix);
  text += cluster;
  for (const std::string* part : {&ns, &name, &uid})
    text.append("/").append(*part);
  return text;
}

bool marker::is_predecessor_of(const marker& current) const {
  return cluster == current.cluster && ns == current.ns && name == current.name && uid != current.uid;
}

std::optional<marker> find_marker(std::string_view description) {
  // The Console, or a person in its form, may have added blanks at the end.
  std::string_view line = trim_end(description);
  line = line.substr(last_line(line));
  if (!line.starts_with(names::marker_prefix)) return std::nullopt;
  line.remove_prefix(names::marker_prefix.size());
  std::array<std::string, 4> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto slash = line.find('/');
    const bool is_last = i + 1 == parts.size();
    if ((slash == std::string_view::npos) != is_last) return std::nullopt;
    const std::string_view part = line.substr(0, slash);
    if (part.empty() || part.find_first_of(" \t") != std::string_view::npos) return std::nullopt;
    parts[i] = part;
    if (!is_last) line.remove_prefix(slash + 1);
  }
  return marker{parts[0], parts[1], parts[2], parts[3]};
}

std::string with_marker(std::string_view description, const marker& mark) {
  std::string text(without_marker(description));
  if (!text.empty()) text += '\n';
  return text + mark.to_string();
}

std::string without_marker(std::string_view description) {
  const std::string_view text = trim_end(description);
  if (!find_marker(text)) return std::string(text);
  return std::string(trim_end(text.substr(0, last_line(text))));
}

}  // namespace platformer
