#include "console/routes.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

#include "model/api_error.hpp"

namespace platformer::console {
namespace {

constexpr std::size_t max_template_bytes = 512;

constexpr bool in_order() {
  for (std::size_t i = 0; i < default_routes.size(); ++i)
    if (static_cast<std::size_t>(default_routes[i].operation) != i) return false;
  return true;
}
static_assert(in_order(), "default_routes is indexed by call");

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_template_character(char c) {
  return is_unreserved(c) || std::string_view("/:@!$&'()*+,;=").find(c) != std::string_view::npos;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view hex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', hex[byte >> 4], hex[byte & 15]};
  }
  return encoded;
}

// A template cut at its placeholders: literal text, then the name that follows it.
struct piece {
  std::string_view literal;
  std::optional<std::string_view> placeholder;
};

// Takes the next piece off `rest`; an unclosed brace is left as literal text for the validation to find.
piece next_piece(std::string_view& rest) {
  const auto open = rest.find('{');
  const auto close = open == std::string_view::npos ? open : rest.find('}', open);
  if (close == std::string_view::npos) return {std::exchange(rest, {}), std::nullopt};
  piece found{rest.substr(0, open), rest.substr(open + 1, close - open - 1)};
  rest.remove_prefix(close + 1);
  return found;
}

// Why a template can't be used; empty when it can.
std::string characters_error(std::string_view path) {
  if (path.empty() || path.front() != '/')
    return "must start with '/'; scheme and host belong into spec.gateway";
  if (path.size() > max_template_bytes)
    return "is longer than " + std::to_string(max_template_bytes) + " bytes";
  if (path.find('?') != std::string_view::npos) return "must not have a query";
  if (path.find('#') != std::string_view::npos) return "must not have a fragment";
  if (path.find('%') != std::string_view::npos) return "must not be percent-encoded";
  return {};
}

std::string segments_error(std::string_view path) {
  std::string_view rest = path.substr(1);
  while (true) {
    const auto slash = rest.find('/');
    const auto segment = rest.substr(0, slash);
    if (segment == "." || segment == "..") return "must not have the segment " + quote(segment);
    if (segment.empty()) return "must not have an empty segment";
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
}

std::string placeholders_error(const default_route& row, std::string_view path) {
  bool has_id = false;
  for (std::string_view rest = path; !rest.empty();) {
    const piece part = next_piece(rest);
    if (!std::all_of(part.literal.begin(), part.literal.end(), is_template_character))
      return "has a character that a path must not have, or an unpaired brace";
    if (!part.placeholder) break;
    const bool project_known = row.operation == call::list_project_roles;
    if (*part.placeholder == "id" && row.needs_id) {
      has_id = true;
    } else if (*part.placeholder != "organization" && !(*part.placeholder == "project" && project_known)) {
      return "has the placeholder " + quote(*part.placeholder) +
             ", which this operation does not know; it knows " + (row.needs_id ? "{id} and " : "") +
             (project_known ? "{project} and " : "") + "{organization}";
    }
  }
  if (row.needs_id && !has_id) return "needs the placeholder {id}";
  return {};
}

std::string path_error(const default_route& row, std::string_view path) {
  if (auto error = characters_error(path); !error.empty()) return error;
  if (auto error = segments_error(path); !error.empty()) return error;
  return placeholders_error(row, path);
}

bool is_allowed(std::string_view method, std::string_view allowed) {
  while (!allowed.empty()) {
    const auto blank = allowed.find(' ');
    if (allowed.substr(0, blank) == method) return true;
    if (blank == std::string_view::npos) break;
    allowed.remove_prefix(blank + 1);
  }
  return false;
}

}  // namespace

std::string_view operation_id(call operation) {
  return default_routes[static_cast<std::size_t>(operation)].operation_id;
}

route_table::route_table() {
  for (std::size_t i = 0; i < routes_.size(); ++i)
    routes_[i] = {std::string(default_routes[i].method), std::string(default_routes[i].path)};
}

result<route_table> route_table::make(const std::map<std::string, route_override, std::less<>>& overrides) {
  route_table table;
  for (const auto& [name, change] : overrides) {
    const auto row =
        std::find_if(default_routes.begin(), default_routes.end(),
                     [&wanted = name](const default_route& each) { return each.operation_id == wanted; });
    if (row == default_routes.end()) {
      std::string known;
      for (const auto& each : default_routes)
        known += (known.empty() ? "" : ", ") + std::string(each.operation_id);
      return fail("spec.routes: there is no operation " + quote(name) + "; there are " + known);
    }
    const std::string field = "spec.routes." + name;
    route& chosen = table.routes_[static_cast<std::size_t>(row->operation)];
    if (!change.method.empty()) {
      if (!is_allowed(change.method, row->allowed_methods))
        return fail(field + ".method can't be " + quote(change.method) +
                    "; allowed: " + std::string(row->allowed_methods));
      chosen.method = change.method;
    }
    if (!change.path.empty()) {
      if (auto error = path_error(*row, change.path); !error.empty()) return fail(field + ".path " + error);
      chosen.path = change.path;
    }
  }
  return table;
}

result<std::string> expand(std::string_view path_template, const route_values& values) {
  std::string path;
  while (!path_template.empty()) {
    const piece part = next_piece(path_template);
    path += part.literal;
    if (!part.placeholder) break;
    const std::string_view value = *part.placeholder == "id"        ? values.id
                                   : *part.placeholder == "project" ? values.project
                                                                    : values.organization;
    if (value.empty()) return fail("the path needs an ID for {" + std::string(*part.placeholder) + "}");
    path += percent_encode(value);
  }
  // Encoding can't make these harmless: "%2e%2e" means ".." to whoever normalizes the path.
  if (path.empty() || path.front() != '/' || !segments_error(path).empty())
    return fail("an ID of the form " + quote(values.id) + " can't be part of a path");
  return path;
}

}  // namespace platformer::console
