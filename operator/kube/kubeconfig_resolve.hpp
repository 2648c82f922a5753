// From a kubeconfig's context to the settings of a connection.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "kube/kube_config.hpp"
#include "kube/kubeconfig_document.hpp"

namespace platformer::kube {

// `context` empty: the current one. Reads the PEM and token files that the entries name.
result<kube_config> resolve_context(const kubeconfig_document& document, std::string_view context,
                                    const environment& env);

}  // namespace platformer::kube
