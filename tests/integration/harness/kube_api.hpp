// The apiserver's REST API as administrator, in one namespace: for tests that ask so often that a kubectl
// process for each question would be most of their time.
//
//   kube_api api("it-1");
//   api.create("serviceaccounts", service_account_yaml("ci-bot"));
//   api.find("serviceaccounts", "ci-bot")->at("status");
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace platformer::test {

class kube_api {
 public:
  explicit kube_api(std::string name_space) : namespace_(std::move(name_space)) {}

  // `resource` is a plural: "serviceaccounts" and "consoleconnections" are ours, all others the core group's.
  // All throw std::runtime_error with the server's message when it does not do what was asked.
  nlohmann::json create(const std::string& resource, const std::string& yaml) const;
  nlohmann::json merge_patch(const std::string& resource, const std::string& name,
                             const nlohmann::json& change) const;
  void remove(const std::string& resource, const std::string& name) const;  // also when there is none
  // Nothing when it isn't there.
  std::optional<nlohmann::json> find(const std::string& resource, const std::string& name) const;
  // One value of a Secret, decoded; "" when it isn't there. Never print it.
  std::string secret_value(const std::string& name, const std::string& key) const;

 private:
  std::string namespace_;
};

}  // namespace platformer::test
