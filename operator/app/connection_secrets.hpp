// Watches the Secrets that connections name for their credentials and CAs, each by its name and for its
// version only, so that a change takes effect at once. They are people's and bear no label of ours; contents
// are read when a connection needs them.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "app/world.hpp"
#include "controllers/reconcile/triggers.hpp"

namespace platformer::app {

class connection_secrets {
 public:
  connection_secrets(world& in, controllers::enqueue_function enqueue);
  ~connection_secrets();
  connection_secrets(const connection_secrets&) = delete;
  connection_secrets& operator=(const connection_secrets&) = delete;

  // Connections have changed: begins and ends watches.
  void refresh();
  void stop();
  std::size_t size() const { return watches_.size(); }

 private:
  struct watch;
  static boost::asio::awaitable<void> run(std::shared_ptr<watch> of);
  std::shared_ptr<watch> begin(const object_key& secret);

  world& in_;
  controllers::enqueue_function enqueue_;
  std::map<object_key, std::shared_ptr<watch>> watches_;
  bool stopped_ = false;
};

}  // namespace platformer::app
