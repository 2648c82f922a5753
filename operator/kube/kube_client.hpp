// Typed verbs of the Kubernetes API over one http_client. Values only: nothing throws, every request has a
// deadline. Reads are retried after a broken connection (once) and any verb after 429/503 with Retry-After
// (at most max_retries, within the deadline); writes are never repeated after a broken connection. The token
// file or exec plugin is asked again after a 401, once.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "kube/access_review.hpp"
#include "model/api_error.hpp"
#include "model/object_meta.hpp"
#include "model/secret.hpp"
#include "model/service_account.hpp"
#include "net/http_client.hpp"

namespace platformer::kube {

template <class T>
using task = boost::asio::awaitable<result<T, api_error>>;

// What a path is built from: "/api/v1" for the core group (empty), else "/apis/<group>/<version>".
struct resource {
  std::string group;
  std::string version;
  std::string plural;
  bool namespaced = true;
};

namespace resources {
resource service_accounts();
resource console_connections();
resource cluster_console_connections();
resource secrets();
resource namespaces();
resource events();
resource leases();
resource token_reviews();
resource subject_access_reviews();
// Deployments and the like; Argo's Rollouts too.
resource workload(workload_kind kind);
}  // namespace resources

enum class patch_type : std::uint8_t { json, merge, strategic };

struct list_options {
  std::string label_selector;
  std::string field_selector;
  std::string resource_version;        // "" = quorum read, "0" = any cached state
  std::string resource_version_match;  // "", "NotOlderThan", "Exact"
  std::string continue_token;
  unsigned limit = 500;
  bool metadata_only = false;  // PartialObjectMetadataList
};

struct list_page {
  std::string resource_version;
  std::string continue_token;  // empty: the last page
  std::vector<nlohmann::json> items;
  std::optional<time_point> server_time;  // the reply's Date
};

struct watch_options {
  std::string label_selector;
  std::string field_selector;
  std::string resource_version;
  duration timeout = std::chrono::minutes(5);  // timeoutSeconds
  bool send_initial_events = false;            // streaming list
  bool metadata_only = false;
};

struct write_options {
  bool dry_run = false;
  std::string subresource;  // "status" or ""
};

struct delete_options {
  std::string uid;               // precondition; empty: none
  std::string resource_version;  // precondition; empty: none
  bool dry_run = false;
};

struct kube_client_options {
  duration request_timeout = std::chrono::seconds(15);
  unsigned max_retries = 10;
  std::size_t max_object_bytes = 4U * 1024 * 1024;  // one object
  std::size_t max_page_bytes = 64U * 1024 * 1024;   // one page of a list
  std::string field_manager = "platformer-operator";
  std::string user_agent;
  std::string base_path;  // before every target (kube_config::base_path)
  // Called after every exchange, repeated ones too; status 0: there was no reply. For metrics; may be empty.
  std::function<void(net::http_method method, int status, std::chrono::duration<double> took)> on_request{};
};

class credentials;  // kube/credentials.hpp: Authorization value, refreshed when needed

class kube_client {
 public:
  kube_client(std::shared_ptr<net::http_client> http, std::shared_ptr<credentials> auth,
              kube_client_options options);

  task<nlohmann::json> get(resource res, object_key key);
  task<list_page> list(resource res, std::string ns, list_options options);
  // The body is a stream of JSON events, one a line (kube/watch_source reads it). A status other than 200 is
  // an error.
  task<std::unique_ptr<net::http_stream>> watch(resource res, std::string ns, watch_options options);
  task<nlohmann::json> create(resource res, std::string ns, nlohmann::json body, write_options options);
  task<nlohmann::json> update(resource res, object_key key, nlohmann::json body, write_options options);
  task<nlohmann::json> patch(resource res, object_key key, patch_type type, nlohmann::json body,
                             write_options options);
  task<std::monostate> remove(resource res, object_key key, delete_options options);

  // Secrets never pass through a JSON tree that outlives the call, and their error replies are reduced to
  // code and reason, since an apiserver may quote the object in its message.
  task<std::optional<secret_content>> read_secret(object_key key);  // nullopt: not found
  task<object_meta> write_secret(secret_write write, write_options options);
  task<std::monostate> remove_secret(object_key key, delete_options options);

  // Whose token it is; a user without a name: nobody's. `token` must satisfy is_bearer_token.
  task<reviewed_user> review_token(token_handle token);
  // Whether that user may do that ("get") with a path that is no resource ("/metrics").
  task<bool> review_path(reviewed_user user, std::string path, std::string verb);

  // GET of a non-resource path ("/version", "/readyz") or discovery document.
  task<nlohmann::json> get_path(std::string path);

  // A client over the same connections and credential whose requests may take so long.
  std::shared_ptr<kube_client> with_timeout(duration request_timeout) const;
  // The Date of the last reply to this client that bore one; the apiserver's clock, in whole seconds.
  std::optional<time_point> server_time() const;

  // Without options. Overloads, since GCC 12 frees a defaulted `= {}` argument twice when the call is
  // awaited.
  task<nlohmann::json> create(resource res, std::string ns, nlohmann::json body) {
    return create(std::move(res), std::move(ns), std::move(body), write_options());
  }
  task<nlohmann::json> update(resource res, object_key key, nlohmann::json body) {
    return update(std::move(res), std::move(key), std::move(body), write_options());
  }
  task<nlohmann::json> patch(resource res, object_key key, patch_type type, nlohmann::json body) {
    return patch(std::move(res), std::move(key), type, std::move(body), write_options());
  }
  task<object_meta> write_secret(secret_write write) {
    return write_secret(std::move(write), write_options());
  }

 private:
  struct impl;
  explicit kube_client(std::shared_ptr<impl> made) : impl_(std::move(made)) {}
  std::shared_ptr<impl> impl_;
};

}  // namespace platformer::kube
