#include "kube/paths.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "model/names.hpp"

namespace platformer::kube {
namespace {

std::string encode(std::string_view text) {
  return boost::urls::encode(boost::urls::string_view(text.data(), text.size()),
                             boost::urls::unreserved_chars);
}

bool is_segment(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && text.size() <= 253 &&
         text.find_first_of("/%") == std::string_view::npos;
}

tl::unexpected<error> no_segment(std::string_view what, std::string_view text) {
  return fail("\"" + std::string(text.substr(0, 64)) + "\" can't be a " + std::string(what) +
              " of a Kubernetes object");
}

}  // namespace

query& query::add(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  text_ += text_.empty() ? '?' : '&';
  text_ += name;
  text_ += '=';
  text_ += encode(value);
  return *this;
}

query& query::add_flag(std::string_view name, bool set, std::string_view value) {
  return set ? add(name, value) : *this;
}

result<std::string> collection_path(const resource& res, std::string_view ns) {
  std::string path = res.group.empty() ? "/api/" : "/apis/" + encode(res.group) + "/";
  path += encode(res.version);
  if (res.namespaced && !ns.empty()) {
    if (!is_segment(ns)) return no_segment("namespace", ns);
    path += "/namespaces/" + encode(ns);
  }
  return path + "/" + encode(res.plural);
}

result<std::string> object_path(const resource& res, const object_key& key, std::string_view subresource) {
  if (res.namespaced && key.ns.empty()) return no_segment("namespace", key.ns);
  if (!is_segment(key.name)) return no_segment("name", key.name);
  auto path = collection_path(res, key.ns);
  if (!path) return path;
  *path += "/" + encode(key.name);
  if (!subresource.empty()) *path += "/" + encode(subresource);
  return path;
}

query list_query(const list_options& options) {
  query q;
  q.add("labelSelector", options.label_selector).add("fieldSelector", options.field_selector);
  if (options.limit != 0) q.add("limit", std::to_string(options.limit));
  q.add("continue", options.continue_token);
  // The apiserver refuses a version together with a continue token, which names its own.
  if (options.continue_token.empty())
    q.add("resourceVersion", options.resource_version)
        .add("resourceVersionMatch", options.resource_version_match);
  return q;
}

query watch_query(const watch_options& options) {
  query q;
  q.add("watch", "true").add("allowWatchBookmarks", "true");
  q.add("labelSelector", options.label_selector).add("fieldSelector", options.field_selector);
  q.add("resourceVersion", options.resource_version);
  q.add_flag("sendInitialEvents", options.send_initial_events);
  q.add_flag("resourceVersionMatch", options.send_initial_events, "NotOlderThan");
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(options.timeout).count();
  return q.add("timeoutSeconds", std::to_string(std::max<std::int64_t>(seconds, 1)));
}

query write_query(const write_options& options, std::string_view field_manager) {
  query q;
  q.add_flag("dryRun", options.dry_run, "All").add("fieldManager", field_manager);
  return q;
}

std::string_view content_type_of(patch_type type) {
  switch (type) {
    case patch_type::json:
      return "application/json-patch+json";
    case patch_type::merge:
      return "application/merge-patch+json";
    case patch_type::strategic:
      return "application/strategic-merge-patch+json";
  }
  return accept_json;
}

namespace resources {
namespace {
resource ours(std::string_view plural) {
  return {std::string(names::group), std::string(names::version), std::string(plural), true};
}
}  // namespace

resource service_accounts() {
  return ours(names::service_account_plural);
}
resource console_connections() {
  return ours(names::console_connection_plural);
}
resource cluster_console_connections() {
  resource made = ours(names::cluster_console_connection_plural);
  made.namespaced = false;
  return made;
}
resource secrets() {
  return {"", "v1", "secrets", true};
}
resource namespaces() {
  return {"", "v1", "namespaces", false};
}
resource events() {
  return {"events.k8s.io", "v1", "events", true};
}
resource leases() {
  return {"coordination.k8s.io", "v1", "leases", true};
}
resource token_reviews() {
  return {"authentication.k8s.io", "v1", "tokenreviews", false};
}
resource subject_access_reviews() {
  return {"authorization.k8s.io", "v1", "subjectaccessreviews", false};
}
resource workload(workload_kind kind) {
  switch (kind) {
    case workload_kind::deployment:
      return {"apps", "v1", "deployments", true};
    case workload_kind::stateful_set:
      return {"apps", "v1", "statefulsets", true};
    case workload_kind::daemon_set:
      return {"apps", "v1", "daemonsets", true};
    case workload_kind::rollout:
      return {"argoproj.io", "v1alpha1", "rollouts", true};
  }
  return {};
}
}  // namespace resources

}  // namespace platformer::kube
