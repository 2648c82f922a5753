// server_port's lists and watches, and what makes continue tokens and versions too old.
#include <fstream>

#include "kube/json_text.hpp"
#include "net/digest.hpp"
#include "runtime/watch_event.hpp"
#include "tests/conformance/kube/server_codec.hpp"
#include "tests/conformance/kube/server_port.hpp"
#include "tests/conformance/kube/server_wait.hpp"
#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/plain_http.hpp"

namespace platformer::conformance {
namespace {

using namespace std::chrono_literals;

constexpr duration quiet_limit = 20s;

kube_event_type converted(runtime::watch_event_type type) {
  switch (type) {
    case runtime::watch_event_type::added:
      return kube_event_type::added;
    case runtime::watch_event_type::modified:
      return kube_event_type::modified;
    case runtime::watch_event_type::deleted:
      return kube_event_type::deleted;
    case runtime::watch_event_type::bookmark:
    case runtime::watch_event_type::error:
    case runtime::watch_event_type::unknown:
      break;
  }
  return kube_event_type::bookmark;
}

kube_answer<event> decode_line(kube_kind kind, std::string_view line) {
  auto told = runtime::decode_watch_event(line);
  if (!told) return tl::unexpected(api_error{.code = api_errc::malformed, .message = told.error().message});
  if (told->type == runtime::watch_event_type::error) return tl::unexpected(told->error);
  event made{converted(told->type), told->version, std::nullopt};
  if (made.type == kube_event_type::bookmark) return made;
  auto object = decode(kind, told->object);
  if (!object) return tl::unexpected(object.error());
  made.object = std::move(*object);
  return made;
}

kube::watch_options watch_options_of(const selection& which) {
  kube::watch_options options;
  options.label_selector = which.label_selector;
  options.resource_version = which.resource_version;
  options.metadata_only = which.metadata_only;
  options.timeout = quiet_limit;
  return options;
}

// Base64 in URL form without padding, as the server writes its tokens.
nlohmann::json open_token(std::string token) {
  std::replace(token.begin(), token.end(), '-', '+');
  std::replace(token.begin(), token.end(), '_', '/');
  token.append((4 - token.size() % 4) % 4, '=');
  bool ok = false;
  const secret_string text = net::base64_decode(token, ok);
  return nlohmann::json::parse(text.reveal());
}

std::string seal_token(const nlohmann::json& content) {
  std::string token;
  net::base64_append(token, kube::dump_json(content));
  std::replace(token.begin(), token.end(), '+', '-');
  std::replace(token.begin(), token.end(), '/', '_');
  token.erase(token.find_last_not_of('=') + 1);
  return token;
}

// Of the storage's first moments, which nobody else wants to read any more.
void compact_the_beginning() {
  std::string url;
  std::getline(std::ifstream(test::the_environment().control_plane / "etcd.url"), url);
  constexpr std::string_view scheme = "http://";
  // Refused when somebody has done it before.
  test::plain_http(url.substr(scheme.size()), "POST", "/v3/kv/compaction", R"({"revision":"2"})");
}

}  // namespace

kube_answer<page> server_port::list(kube_kind kind, const selection& which) {
  kube::list_options options;
  options.label_selector = which.label_selector;
  options.resource_version = which.resource_version;
  if (!which.resource_version.empty()) options.resource_version_match = "NotOlderThan";
  options.continue_token = which.continue_token;
  options.limit = which.limit;
  options.metadata_only = which.metadata_only;
  auto listed = wait(connection_.client->list(resource_of(kind), name_space_, options));
  if (!listed) return tl::unexpected(listed.error());
  page made{listed->resource_version, listed->continue_token, {}};
  for (const nlohmann::json& each : listed->items) {
    auto object = decode(kind, each);
    if (!object) return tl::unexpected(object.error());
    made.items.push_back(std::move(*object));
  }
  return made;
}

kube_answer<std::vector<event>> server_port::read_watch(kube_kind kind, kube::watch_options options,
                                                        const std::function<bool(const event&)>& is_last) {
  auto stream = wait(connection_.client->watch(resource_of(kind), name_space_, std::move(options)));
  if (!stream) return tl::unexpected(stream.error());
  std::vector<event> all;
  runtime::line_splitter lines;
  while (true) {
    const auto piece = wait((*stream)->read(quiet_limit));
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty())
      return tl::unexpected(api_error{.code = api_errc::timeout, .message = "the watch ended"});
    lines.push(*piece);
    while (const auto line = lines.next()) {
      auto told = decode_line(kind, *line);
      if (!told) return tl::unexpected(told.error());
      all.push_back(std::move(*told));
      if (is_last(all.back())) return all;
    }
  }
}

kube_answer<std::vector<event>> server_port::events(kube_kind kind, const selection& which,
                                                    const std::string& last) {
  auto all = read_watch(kind, watch_options_of(which), [&](const event& each) {
    return each.object && models::meta_of(*each.object).name == last;
  });
  if (all) all->pop_back();
  return all;
}

kube_answer<std::vector<event>> server_port::initial_events(kube_kind kind, const selection& which) {
  kube::watch_options options = watch_options_of(which);
  options.send_initial_events = true;
  return read_watch(kind, std::move(options),
                    [](const event& each) { return each.type == kube_event_type::bookmark; });
}

kube_answer<event> server_port::bookmark(kube_kind kind, const selection& which) {
  kube::watch_options options = watch_options_of(which);
  // The last bookmark comes two seconds before the end.
  options.timeout = 3s;
  auto all = read_watch(kind, std::move(options), [](const event&) { return true; });
  if (!all) return tl::unexpected(all.error());
  return std::move(all->front());
}

std::string server_port::damage(const std::string& continue_token, token_damage how) {
  if (how == token_damage::garbled) return "*" + continue_token.substr(1);
  nlohmann::json content = open_token(continue_token);
  content["rv"] = 1;
  compact_the_beginning();
  return seal_token(content);
}

// From before the CRDs, so that no watch of theirs knows it.
std::string server_port::ancient_version(kube_kind) {
  return "1";
}

}  // namespace platformer::conformance
