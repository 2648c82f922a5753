#include "tests/console_emulator/http_types.hpp"

namespace platformer::emulator {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string_view cut_at(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto head = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return head;
}

}  // namespace

std::optional<parsed_target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  std::string_view query = target;
  std::string_view path = cut_at(query, '?');
  parsed_target out;
  path.remove_prefix(1);
  while (!path.empty()) {
    auto segment = percent_decode(cut_at(path, '/'));
    if (!segment || segment->empty()) return std::nullopt;
    out.segments.push_back(std::move(*segment));
  }
  while (!query.empty()) {
    std::string_view value = cut_at(query, '&');
    auto key = percent_decode(cut_at(value, '='));
    auto decoded = percent_decode(value);
    if (!key || !decoded || !out.query.emplace(std::move(*key), std::move(*decoded)).second)
      return std::nullopt;
  }
  return out;
}

std::optional<std::map<std::string, std::string, std::less<>>> match_path(
    std::string_view path_template, const std::vector<std::string>& segments) {
  std::map<std::string, std::string, std::less<>> variables;
  std::size_t used = 0;
  path_template.remove_prefix(1);
  while (!path_template.empty()) {
    const std::string_view part = cut_at(path_template, '/');
    if (used == segments.size()) return std::nullopt;
    const std::string& segment = segments[used++];
    if (part.starts_with('{'))
      variables.emplace(part.substr(1, part.size() - 2), segment);
    else if (part != segment)
      return std::nullopt;
  }
  if (used != segments.size()) return std::nullopt;
  return variables;
}

}  // namespace platformer::emulator
