// A kube-apiserver of the test's own on the control plane's etcd: it may be stopped, killed and started again
// while everybody else goes on with the first.
//
//   apiserver_replica replica(folder);
//   gated_scenario at("", replica.port());   // the operator talks to it through the gate
//   replica.kill();  …  replica.start();      // at the same port
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace platformer::test {

class apiserver_replica {
 public:
  // Started and ready. Its log and audit log go to `folder`. `arguments` come last, so that they win.
  explicit apiserver_replica(std::filesystem::path folder, std::vector<std::string> arguments = {});

  ~apiserver_replica();
  apiserver_replica(const apiserver_replica&) = delete;
  apiserver_replica& operator=(const apiserver_replica&) = delete;

  std::uint16_t port() const { return port_; }
  void start();  // waits until it is ready
  void kill();
  // Frozen when it returns: connections stay, nothing answers.
  void freeze();
  void thaw();
  pid_t pid() const { return process_->pid(); }

  // Removes all history from the etcd that the control plane shares: what watches from before now is told so
  // (410), unless an apiserver still has it in memory.
  void compact_etcd() const;

 private:
  std::filesystem::path folder_;
  std::vector<std::string> arguments_;
  std::uint16_t port_ = 0;
  int reserved_;      // the descriptor that keeps the port while the server is down
  std::string etcd_;  // "127.0.0.1:2379"
  std::optional<process> process_;
};

}  // namespace platformer::test
