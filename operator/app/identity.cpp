#include "app/identity.hpp"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "model/json_read.hpp"
#include "net/digest.hpp"

namespace platformer::app {
namespace {

constexpr duration retry_period = std::chrono::seconds(2);
constexpr std::size_t host_max_bytes = 63;
constexpr std::size_t random_bytes = 4;

}  // namespace

std::string process_name() {
  char host[256] = "unknown";
  gethostname(host, sizeof(host) - 1);
  return std::string(host).substr(0, host_max_bytes) + "_" + net::random_hex(random_bytes);
}

boost::asio::awaitable<std::string> read_cluster_id(world& in,
                                                    std::function<void(const std::string&)> on_problem) {
  std::string id;
  while (id.empty() && !in.draining) {
    // Named, not temporary: GCC 12 destroys a braced temporary among a coroutine's arguments twice.
    kube::resource namespaces = kube::resources::namespaces();
    object_key key{"", "kube-system"};
    auto object = co_await in.kube->get(std::move(namespaces), std::move(key));
    if (object) {
      if (const auto* metadata = read_object(*object, "metadata")) id = read_string(*metadata, "uid");
      continue;
    }
    const std::string text =
        "the cluster's ID can't be read: grant get on namespace kube-system, or set --cluster-id: " +
        describe(object.error());
    in.log->log_limited(text, log_level::warning, text);
    on_problem(text);
    boost::asio::steady_timer timer(in.executor, retry_period);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  co_return id;
}

}  // namespace platformer::app
