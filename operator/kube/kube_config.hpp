// How to reach the apiserver: in a pod the pod's service account, else a kubeconfig.
//
//   auto config = load_kube_config({.kubeconfig = options.kubeconfig, .context = options.context,
//                                   .env = environment_of(environ)});
//   if (!config) exit 2 with config.error().message
//
// Order: --kubeconfig; with --context the files of KUBECONFIG or ~/.kube/config; in a pod its service
// account; the same files. Of several files in KUBECONFIG the first one that defines a name (or the current
// context) wins; files that don't exist are passed over as long as one exists.
#pragma once

#include <filesystem>
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
#include "net/http_client.hpp"
#include "net/tls.hpp"

namespace platformer::kube {

struct environment {
  std::function<std::optional<std::string>(const std::string& name)> get;  // nullopt: not set
  std::vector<std::string> all;                                            // "NAME=value", for exec plugins
};

// `variables` ends with a null pointer, as environ does.
environment environment_of(const char* const* variables);

struct anonymous {};

// "Bearer <token>" or "Basic …", as it is sent.
struct fixed_authorization {
  std::shared_ptr<const secret_string> value;
};

struct token_file {
  std::filesystem::path path;
};

// A program that prints an ExecCredential (client.authentication.k8s.io/v1 and v1beta1).
struct exec_plugin {
  std::string api_version;
  std::string command;  // a path, or a name to look for in PATH
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // "NAME=value", ours and the entry's own
  std::string install_hint;
  nlohmann::json cluster;  // spec.cluster of KUBERNETES_EXEC_INFO; null: not asked for
};

using credential_source = std::variant<anonymous, fixed_authorization, token_file, exec_plugin>;

// What of the TLS settings came from files and is read again now and then; empty paths: inline or absent.
struct tls_files {
  std::filesystem::path ca;
  std::filesystem::path certificate;
  std::filesystem::path key;
};

struct kube_config {
  std::string source;  // for logs: "the pod's service account", "context \"dev\" of /root/.kube/config"
  net::endpoint server;
  std::string base_path;  // of the server's URL, without a slash at its end; usually ""
  std::string ns;         // the context's or the pod's namespace; empty when it names none
  net::tls_settings tls;
  tls_files files;
  credential_source credential;
};

struct config_request {
  std::string kubeconfig;  // --kubeconfig; may be empty
  std::string context;     // --context; may be empty
  std::filesystem::path service_account_dir = "/var/run/secrets/kubernetes.io/serviceaccount";
  environment env;
};

// Fails with the file, the context, cluster or user, and what to do about it.
result<kube_config> load_kube_config(const config_request& request);

}  // namespace platformer::kube
