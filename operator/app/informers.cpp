#include "app/informers.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <map>
#include <string_view>
#include <type_traits>
#include <utility>

#include "model/codec.hpp"
#include "model/json_read.hpp"
#include "model/names.hpp"

namespace platformer::app {
namespace {

using runtime::change_source;

// secret_meta and namespace_meta: only metadata is asked for.
template <class T>
result<T> decode_only_meta(const nlohmann::json& object) {
  auto meta = decode_meta(object);
  if (!meta) return tl::unexpected(meta.error());
  return T{std::move(*meta)};
}

// What was asked for: an apiserver that mixes up its answers must not lead us to other namespaces or kinds.
// Items of lists may leave out their kind.
result<void> check_asked_for(const nlohmann::json& object, std::string_view kind, const std::string& ns) {
  const std::string its_kind = read_string(object, "kind");
  if (!its_kind.empty() && its_kind != kind) return fail("it is of another kind");
  if (ns.empty()) return {};
  const auto* metadata = read_object(object, "metadata");
  if (metadata == nullptr || read_string(*metadata, "namespace") != ns)
    return fail("it is of another namespace");
  return {};
}

constexpr std::string_view only_metadata = "PartialObjectMetadata";

}  // namespace

informers::informers(world& in, settings wanted)
    : in_(in), settings_(std::move(wanted)), credentials_(in, settings_.enqueue) {
  if (!settings_.selector.empty()) in_.select_objects(settings_.selector);
  std::vector<std::string> scopes = settings_.namespaces;
  if (scopes.empty()) scopes.emplace_back();
  for (const std::string& ns : scopes) {
    kube::watch_source_options objects;
    objects.label_selector = settings_.selector;
    add(kube::resources::service_accounts(), names::service_account_kind, ns, in_.service_accounts, objects,
        decode_cached_service_account);
    add(kube::resources::console_connections(), names::console_connection_kind, ns, in_.connections, {},
        decode_console_connection);
    kube::watch_source_options secrets;
    secrets.label_selector =
        std::string(names::managed_by_label) + "=" + std::string(names::managed_by_value);
    secrets.metadata_only = true;
    add(kube::resources::secrets(), only_metadata, ns, in_.secrets, secrets, decode_only_meta<secret_meta>);
  }
  if (!in_.scope.cluster()) return;
  add(kube::resources::cluster_console_connections(), names::cluster_console_connection_kind, {},
      in_.cluster_connections, {}, decode_console_connection, true);
  kube::watch_source_options labels;
  labels.metadata_only = true;
  add(kube::resources::namespaces(), only_metadata, {}, in_.namespaces, labels,
      decode_only_meta<controllers::namespace_meta>);
}

template <class T>
void informers::add(kube::resource what, std::string_view kind, const std::string& ns,
                    runtime::store<T>& into, kube::watch_source_options options,
                    result<T> (*decode)(const nlohmann::json&), bool can_do_without) {
  typename runtime::store_sink<T>::hooks hooks;
  hooks.decode = [kind, ns, decode](const nlohmann::json& object) -> result<T> {
    if (auto fits = check_asked_for(object, kind, ns); !fits) return tl::unexpected(fits.error());
    return decode(object);
  };
  hooks.on_change = [this](const runtime::store_change<T>& change, change_source source) {
    controllers::on_change(in_, change, source, settings_.enqueue);
    if (std::is_same_v<T, console_connection> && source == change_source::live) credentials_.refresh();
  };
  hooks.on_undecodable = [this, plural = what.plural](const error& why) {
    in_.log->log_limited(plural + "/" + why.message, log_level::warning,
                         "the apiserver sent an object that is none",
                         {{"resource", plural}, {"error", why.message}});
  };
  const std::size_t index = feeds_.size();
  hooks.on_commit = [this, index, plural = what.plural] {
    if (plural == names::service_account_plural && !in_.watching_since)
      in_.watching_since = feeds_[index].source->status().server_time;
    // A complete list after the first: its watch could not be continued.
    if (std::exchange(feeds_[index].committed, true)) in_.meters->count_watch_restart(plural);
    credentials_.refresh();
    if (settings_.on_synced) settings_.on_synced();
  };
  options.what = what;
  options.ns = ns;
  options.on_problem = [this, index, plural = what.plural](const std::string& problem) {
    if (feeds_[index].can_do_without) {
      in_.cluster_connections_missing = feeds_[index].source->status().missing;
      if (settings_.on_synced) settings_.on_synced();
    }
    if (problem.empty())
      in_.log->log(log_level::info, "the watch works again", {{"resource", plural}});
    else
      in_.log->log(log_level::warning, problem, {{"resource", plural}});
  };
  feed made;
  made.resource = what.plural;
  made.can_do_without = can_do_without;
  made.sink = std::make_unique<runtime::store_sink<T>>(into, std::move(hooks), ns);
  made.source = std::make_unique<kube::watch_source>(in_.executor, kube::make_list_watch(*in_.kube, what, ns),
                                                     *made.sink, std::move(options));
  feeds_.push_back(std::move(made));
}

void informers::start() {
  for (feed& each : feeds_)
    boost::asio::co_spawn(in_.executor, each.source->run(), boost::asio::detached);
}

void informers::stop() {
  for (feed& each : feeds_)
    each.source->stop();
  credentials_.stop();
}

bool informers::synced() const {
  return std::all_of(feeds_.begin(), feeds_.end(),
                     [](const feed& each) { return each.source->status().synced || each.is_left_out(); });
}

std::vector<watch_numbers> informers::numbers() const {
  std::map<std::string, watch_numbers> by_resource;
  for (const feed& each : feeds_) {
    if (each.is_left_out()) continue;
    const kube::watch_status& status = each.source->status();
    auto& sum = by_resource.try_emplace(each.resource, watch_numbers{each.resource, true, 0}).first->second;
    sum.up = sum.up && status.synced && status.problem.empty();
    sum.failures += status.failures;
  }
  std::vector<watch_numbers> all;
  for (auto& [resource, sum] : by_resource)
    all.push_back(std::move(sum));
  return all;
}

std::string informers::problem() const {
  for (const feed& each : feeds_)
    if (const std::string& text = each.source->status().problem; !text.empty() && !each.is_left_out())
      return text;
  return {};
}

}  // namespace platformer::app
