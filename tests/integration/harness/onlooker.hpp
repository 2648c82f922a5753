// Lets a scenario's operator see the whole cluster, as the sample's ClusterRoleBinding does. Whatever reads a
// Secret or writes is left to RoleBindings, except for the cluster's own connections: other tests' operators
// are at work in other namespaces.
#pragma once

#include "tests/integration/harness/scenario.hpp"

namespace platformer::test {

class onlooker {
 public:
  explicit onlooker(const scenario& it);
  ~onlooker();
  onlooker(const onlooker&) = delete;
  onlooker& operator=(const onlooker&) = delete;

 private:
  std::string user_;
};

}  // namespace platformer::test
