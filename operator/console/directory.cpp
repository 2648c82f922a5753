#include "console/directory.hpp"

#include <algorithm>

#include "model/api_error.hpp"

namespace platformer::console {
namespace {

constexpr std::size_t shown_entries = 5;

// `"a", "b", "c", "d", "e" and 7 more`
std::string enumerate(const std::vector<std::string_view>& entries) {
  std::string text;
  const std::size_t shown = std::min(entries.size(), shown_entries);
  for (std::size_t i = 0; i < shown; ++i)
    text += (i == 0 ? "" : ", ") + quote(entries[i]);
  if (entries.size() > shown) text += " and " + std::to_string(entries.size() - shown) + " more";
  return text;
}

template <class Entry>
result<std::string> find(std::string_view kind, const std::vector<Entry>& among, std::string_view wanted) {
  std::vector<std::string_view> ids;  // that bear the name; a listing may repeat an entry
  std::vector<std::string_view> names;
  for (const Entry& each : among) {
    if (each.id == wanted) return each.id;
    if (each.name == wanted && std::find(ids.begin(), ids.end(), each.id) == ids.end())
      ids.push_back(each.id);
    names.push_back(each.name.empty() ? each.id : each.name);
  }
  const std::string subject = std::string(kind) + " " + quote(wanted);
  if (ids.size() == 1) return std::string(ids.front());
  if (ids.size() > 1) return fail(subject + " is ambiguous; use one of the IDs " + enumerate(ids));
  if (names.empty()) return fail(subject + " does not exist or is not visible; there are none");
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return fail(subject + " does not exist or is not visible; there are " + enumerate(names));
}

}  // namespace

result<std::string> find_organization(const std::vector<organization>& among, std::string_view wanted) {
  return find("organization", among, wanted);
}

result<std::string> find_project(const std::vector<project>& among, std::string_view wanted) {
  return find("project", among, wanted);
}

result<std::string> find_role(const std::vector<role>& among, std::string_view wanted) {
  return find("custom role", among, wanted);
}

result<string_set> find_roles(const std::vector<role>& among, const string_set& wanted) {
  string_set ids;
  for (const std::string& each : wanted) {
    auto id = find_role(among, each);
    if (!id) return tl::unexpected(id.error());
    ids.insert(*std::move(id));
  }
  return ids;
}

}  // namespace platformer::console
