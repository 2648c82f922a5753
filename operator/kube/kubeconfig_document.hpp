// The content of one or several kubeconfig files, before anything is resolved (source:
// k8s.io/client-go/tools/ clientcmd/api/v1). Values are as they stand in the file; each entry remembers which
// file it came from.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/secret_string.hpp"

namespace platformer::kube {

// A file's path, or base64 in the kubeconfig itself (`…-data`), which wins.
struct pem_field {
  std::string file;
  std::shared_ptr<const secret_string> data;
};

struct cluster_entry {
  std::filesystem::path origin;
  std::string server;
  std::string tls_server_name;
  std::string proxy_url;
  bool insecure_skip_tls_verify = false;
  pem_field ca;
  nlohmann::json exec_config;  // extension client.authentication.k8s.io/exec; null: none
};

struct exec_entry {
  std::string api_version;
  std::string command;
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string install_hint;
  std::string interactive_mode;
  bool provide_cluster_info = false;
};

struct user_entry {
  std::filesystem::path origin;
  std::shared_ptr<const secret_string> token;
  std::string token_file;
  std::string username;
  std::shared_ptr<const secret_string> password;
  pem_field certificate;
  pem_field key;
  std::optional<exec_entry> exec;
  std::string unsupported;  // a field that changes who we are and that we don't do: "as", "auth-provider"
};

struct context_entry {
  std::filesystem::path origin;
  std::string cluster;
  std::string user;
  std::string ns;
};

struct kubeconfig_document {
  std::vector<std::filesystem::path> files;  // those that were read
  std::string current_context;
  std::map<std::string, cluster_entry, std::less<>> clusters;
  std::map<std::string, user_entry, std::less<>> users;
  std::map<std::string, context_entry, std::less<>> contexts;
};

// Adds what `text`, the content of `path`, defines and `document` does not. Fails with file, line or entry.
result<std::monostate> merge_kubeconfig(kubeconfig_document& document, const std::filesystem::path& path,
                                        std::string_view text);

}  // namespace platformer::kube
