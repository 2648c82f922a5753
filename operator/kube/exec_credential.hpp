// The protocol of exec plugins: what they are told (KUBERNETES_EXEC_INFO) and what they print
// (ExecCredential). Source: k8s.io/client-go/pkg/apis/clientauthentication, v1 and v1beta1.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "kube/kube_config.hpp"
#include "kube/kubeconfig_document.hpp"

namespace platformer::kube {

// Checks the entry and resolves a relative command against the kubeconfig's folder. Fails for versions and
// modes that we don't do (interactiveMode: Always needs a terminal).
result<exec_plugin> prepare_exec_plugin(const exec_entry& entry, const std::filesystem::path& origin,
                                        const cluster_entry& cluster, const kube_config& config,
                                        const environment& env);

// Value of KUBERNETES_EXEC_INFO.
std::string exec_info(const exec_plugin& plugin);

struct exec_credential {
  std::shared_ptr<const secret_string> token;  // null: none
  std::string certificate_pem;                 // empty: none
  std::shared_ptr<const secret_string> key_pem;
  std::optional<time_point> expires_at;  // nullopt: valid until the server says no
};

// Never repeats any of the output in its error.
result<exec_credential> parse_exec_credential(const exec_plugin& plugin, std::string_view output);

}  // namespace platformer::kube
