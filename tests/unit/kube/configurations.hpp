// Environments and kubeconfigs for tests.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "kube/kube_config.hpp"

namespace platformer::kube::testing {

inline environment variables(std::map<std::string, std::string> values) {
  environment env;
  for (const auto& [name, value] : values)
    env.all.push_back(name + "=" + value);
  env.get = [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
  return env;
}

inline std::string authorization(const kube_config& config) {
  const auto* fixed = std::get_if<fixed_authorization>(&config.credential);
  return fixed == nullptr ? std::string("none") : std::string(fixed->value->reveal());
}

// A kubeconfig with one context "dev" of cluster "c" and user "u".
inline std::string kubeconfig(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: dev\n"
         "clusters: [{name: c, cluster: {" +
         cluster +
         "}}]\n"
         "users: [{name: u, user: {" +
         user +
         "}}]\n"
         "contexts: [{name: dev, context: {cluster: c, user: u, namespace: apps}}]\n";
}

}  // namespace platformer::kube::testing
