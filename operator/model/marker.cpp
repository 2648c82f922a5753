#include "model/marker.hpp"

#include <array>

#include "model/names.hpp"

namespace platformer {
namespace {

// The start of the last line; 0 when there is only one. Looks for line ends from the front, as memchr does so
// many bytes at a time.
std::size_t last_line(std::string_view text) {
  std::size_t start = 0;
  for (auto newline = text.find('\n'); newline != std::string_view::npos; newline = text.find('\n', start))
    start = newline + 1;
  return start;
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() &&
         (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' || text.back() == '\n'))
    text.remove_suffix(1);
  return text;
}

// What follows the prefix in the description's last line, or "". The Console, or a person in its form, may
// have added blanks at the end.
std::string_view marker_text(std::string_view description) {
  std::string_view line = trim_end(description);
  line = line.substr(last_line(line));
  if (!line.starts_with(names::marker_prefix)) return {};
  return line.substr(names::marker_prefix.size());
}

// Its parts between slashes; false when they are not as many, or one is empty or has blanks.
template <std::size_t Count>
bool split(std::string_view text, std::array<std::string_view, Count>& parts) {
  if (text.find(' ') != std::string_view::npos || text.find('\t') != std::string_view::npos) return false;
  for (std::size_t i = 0; i < Count; ++i) {
    const auto slash = text.find('/');
    const bool is_last = i + 1 == Count;
    if ((slash == std::string_view::npos) != is_last) return false;
    const std::string_view part = text.substr(0, slash);
    if (part.empty()) return false;
    parts[i] = part;
    if (!is_last) text.remove_prefix(slash + 1);
  }
  return true;
}

constexpr std::string_view connection_part = "connection";

}  // namespace

std::string marker::to_string() const {
  std::string text;
  text.reserve(names::marker_prefix.size() + cluster.size() + ns.size() + name.size() + uid.size() + 3);
  text.append(names::marker_prefix).append(cluster);
  for (const std::string* part : {&ns, &name, &uid})
    text.append("/").append(*part);
  return text;
}

bool marker::is_predecessor_of(const marker& current) const {
  return cluster == current.cluster && ns == current.ns && name == current.name && uid != current.uid;
}

std::optional<marker_view> view_marker(std::string_view description) {
  std::array<std::string_view, 4> parts;
  if (!split(marker_text(description), parts)) return std::nullopt;
  return marker_view{parts[0], parts[1], parts[2], parts[3]};
}

std::optional<marker> find_marker(std::string_view description) {
  const auto found = view_marker(description);
  if (!found) return std::nullopt;
  return marker{std::string(found->cluster), std::string(found->ns), std::string(found->name),
                std::string(found->uid)};
}

std::string credential_marker::to_string() const {
  std::string text(names::marker_prefix);
  return text.append(cluster).append("/").append(connection_part).append("/").append(uid);
}

std::optional<credential_marker> find_credential_marker(std::string_view description) {
  std::array<std::string_view, 3> parts;
  if (!split(marker_text(description), parts) || parts[1] != connection_part) return std::nullopt;
  return credential_marker{std::string(parts[0]), std::string(parts[2])};
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
