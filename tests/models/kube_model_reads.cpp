// kube_model's reads: lists of any version, watches, and continue tokens.
#include <algorithm>
#include <charconv>

#include "tests/models/kube_model.hpp"
#include "tests/models/kube_model_checks.hpp"

namespace platformer::models {
namespace {

api_error read_error(api_errc code, int http_status, std::string message) {
  return {
      .code = code, .http_status = http_status, .message = std::move(message), .retry_after = std::nullopt};
}

api_error expired(std::string_view what) {
  return read_error(api_errc::gone, 410, std::string(what) + " is too old");
}

// "key=value" pairs with commas.
bool has_labels(const object_meta& meta, std::string_view selector) {
  while (!selector.empty()) {
    const auto comma = std::min(selector.find(','), selector.size());
    const auto pair = selector.substr(0, comma);
    const auto equals = std::min(pair.find('='), pair.size());
    const auto found = meta.labels.find(pair.substr(0, equals));
    if (found == meta.labels.end() || found->second != pair.substr(std::min(equals + 1, pair.size())))
      return false;
    selector.remove_prefix(std::min(comma + 1, selector.size()));
  }
  return true;
}

bool matches(const kube_pointer& object, const kube_list_options& wanted) {
  if (!object) return false;
  const object_meta& meta = meta_of(*object);
  return (wanted.ns.empty() || meta.ns == wanted.ns) && has_labels(meta, wanted.label_selector);
}

bool in_order(const kube_pointer& a, const kube_pointer& b) {
  const object_meta& x = meta_of(*a);
  const object_meta& y = meta_of(*b);
  return x.ns != y.ns ? x.ns < y.ns : x.name < y.name;
}

std::optional<kube_version> parse_version(std::string_view text) {
  kube_version version = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (failure != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return version;
}

// "<version>/<namespace>/<name>": where the next page begins behind.
struct continue_point {
  kube_version version = 0;
  object_key after;
};

std::optional<continue_point> parse_continue(std::string_view token) {
  const auto first = token.find('/');
  const auto second = token.find('/', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto version = parse_version(token.substr(0, first));
  if (!version || *version == 0) return std::nullopt;
  return continue_point{
      *version,
      {std::string(token.substr(first + 1, second - first - 1)), std::string(token.substr(second + 1))}};
}

// The event that a watch with this selector tells of a change, if any.
std::optional<kube_event> event_of(const kube_change& change, const kube_pointer& told,
                                   const kube_list_options& wanted) {
  const bool was = matches(change.before, wanted);
  const bool is = matches(change.after, wanted);
  if (!was && !is) return std::nullopt;
  if (is) return kube_event{was ? kube_event_type::modified : kube_event_type::added, change.version, told};
  if (!change.after) return kube_event{kube_event_type::deleted, change.version, told};
  // It matches no longer: what the watch shows is how it was, at the version of the change.
  auto last = std::make_shared<kube_object>(*change.before);
  meta_of(*last).resource_version = meta_of(*change.after).resource_version;
  return kube_event{kube_event_type::deleted, change.version, std::move(last)};
}

}  // namespace

const kube_pointer* kube_model::find(kube_kind kind, const object_key& key) const {
  const auto& objects = shelf_of(kind).objects;
  const auto found = objects.find(key);
  return found == objects.end() ? nullptr : &found->second;
}

kube_answer<kube_pointer> kube_model::get(kube_kind kind, const object_key& key) const {
  const kube_pointer* found = find(kind, key);
  if (found == nullptr) return tl::unexpected(not_found(kind, key));
  return *found;
}

std::vector<kube_pointer> kube_model::all(kube_kind kind) const {
  return snapshot(kind, kube_list_options(), version_);
}

std::vector<kube_pointer> kube_model::snapshot(kube_kind kind, const kube_list_options& options,
                                               kube_version at) const {
  const shelf& from = shelf_of(kind);
  std::vector<kube_pointer> items;
  const auto collect = [&](const auto& objects) {
    items.reserve(objects.size());
    for (const auto& [key, object] : objects)
      if (matches(object, options)) items.push_back(object);
  };
  if (from.history.empty() || from.history.back().version <= at) {
    collect(from.objects);
  } else {
    // Undoes what came later.
    auto objects = from.objects;
    for (auto change = from.history.rbegin(); change != from.history.rend() && change->version > at;
         ++change) {
      const object_key key = key_of(meta_of(change->before ? *change->before : *change->after));
      if (change->before)
        objects[key] = change->before;
      else
        objects.erase(key);
    }
    collect(objects);
  }
  std::sort(items.begin(), items.end(), in_order);
  return items;
}

kube_answer<kube_version> kube_model::version_to_list(const kube_list_options& options,
                                                      kube_version replica) const {
  if (options.resource_version.empty()) return version_;
  const kube_version here = replica == 0 ? version_ : replica;
  const auto wanted = parse_version(options.resource_version);
  if (!wanted)
    return tl::unexpected(read_error(api_errc::bad_request, 400, "resourceVersion is not a number"));
  if (*wanted > here)
    return tl::unexpected(read_error(api_errc::server_error, 504, "Too large resource version"));
  return here;
}

kube_answer<kube_page> kube_model::list(kube_kind kind, const kube_list_options& options,
                                        kube_version replica) const {
  std::optional<continue_point> point;
  kube_page page;
  if (!options.continue_token.empty()) {
    if (!options.resource_version.empty() && options.resource_version != "0")
      return tl::unexpected(read_error(api_errc::bad_request, 400, "a version and a continue token"));
    point = parse_continue(options.continue_token);
    if (!point) return tl::unexpected(read_error(api_errc::bad_request, 400, "continue key is not valid"));
    if (point->version < compacted_) return tl::unexpected(expired("the continue token"));
    page.version = point->version;
  } else {
    const auto version = version_to_list(options, replica);
    if (!version) return tl::unexpected(version.error());
    page.version = *version;
  }
  page.items = snapshot(kind, options, page.version);
  if (point) {
    const auto begin = std::find_if(page.items.begin(), page.items.end(), [&](const kube_pointer& each) {
      return key_of(meta_of(*each)) > point->after;
    });
    page.items.erase(page.items.begin(), begin);
  }
  // Any version is one that a cache has, and that gives it all at once.
  const bool limited = options.limit != 0 && options.resource_version != "0";
  if (limited && page.items.size() > options.limit) {
    page.items.resize(options.limit);
    const object_meta& last = meta_of(*page.items.back());
    page.continue_token = std::to_string(page.version) + "/" + last.ns + "/" + last.name;
  }
  return page;
}

kube_answer<std::vector<kube_event>> kube_model::events_after(kube_kind kind,
                                                              const kube_list_options& selector,
                                                              kube_version since, std::size_t limit,
                                                              kube_version replica) const {
  if (since < compacted_) return tl::unexpected(expired("the version"));
  std::vector<kube_event> events;
  const shelf& from = shelf_of(kind);
  if (from.history.empty() || from.history.back().version <= since) return events;
  const auto begin = std::upper_bound(from.history.begin(), from.history.end(), since,
                                      [](kube_version a, const kube_change& b) { return a < b.version; });
  for (auto change = begin; change != from.history.end() && events.size() < limit; ++change) {
    if (replica != 0 && change->version > replica) break;
    const auto& told = from.told[static_cast<std::size_t>(change - from.history.begin())];
    if (auto event = event_of(*change, told, selector)) events.push_back(std::move(*event));
  }
  return events;
}

kube_answer<std::vector<kube_event>> kube_model::initial_events(kube_kind kind,
                                                                const kube_list_options& options,
                                                                kube_version replica) const {
  const auto version = version_to_list(options, replica);
  if (!version) return tl::unexpected(version.error());
  std::vector<kube_event> events;
  for (kube_pointer& each : snapshot(kind, options, *version)) {
    const kube_version its = version_of(meta_of(*each));
    events.push_back({kube_event_type::added, its, std::move(each)});
  }
  events.push_back(bookmark(*version));
  return events;
}

}  // namespace platformer::models
