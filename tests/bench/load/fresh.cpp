#include "tests/bench/load/fresh.hpp"

#include <stdexcept>
#include <string>

#include "model/names.hpp"

namespace platformer::bench {
namespace {

using boost::asio::awaitable;
using clock = std::chrono::steady_clock;

constexpr std::chrono::minutes patience{10};

// Events of Secrets as they come, as text.
class secret_watch {
 public:
  explicit secret_watch(std::unique_ptr<net::http_stream> stream) : stream_(std::move(stream)) {}

  // Reads until an event names that Secret; forgets what it has read.
  awaitable<void> wait_for(std::string name) {
    const std::string quoted = "\"name\":\"" + name + "\"";
    while (text_.find(quoted) == std::string::npos) {
      // What was looked through can only end in a piece of the name.
      if (text_.size() > quoted.size()) text_.erase(0, text_.size() - quoted.size());
      auto piece = co_await stream_->read(patience);
      text_ += must(std::move(piece), "the watch of Secrets");
    }
    text_.clear();
  }

 private:
  std::unique_ptr<net::http_stream> stream_;
  std::string text_;
};

awaitable<secret_watch> open_watch(std::shared_ptr<kube::kube_client> client, std::string ns) {
  kube::resource secrets = kube::resources::secrets();
  kube::list_options none;
  none.label_selector = "of=nobody";  // for its version alone
  none.metadata_only = true;
  auto listed = co_await client->list(secrets, ns, std::move(none));
  kube::watch_options watching;
  watching.label_selector = std::string(names::managed_by_label) + "=" + std::string(names::managed_by_value);
  watching.resource_version = must(std::move(listed), "the list of Secrets").resource_version;
  watching.timeout = std::chrono::hours(1);
  watching.metadata_only = true;
  auto opened = co_await client->watch(std::move(secrets), std::move(ns), std::move(watching));
  co_return secret_watch(must(std::move(opened), "the watch of Secrets"));
}

}  // namespace

awaitable<std::vector<std::chrono::duration<double>>> create_one_by_one(
    std::shared_ptr<kube::kube_client> client, action_options options, std::size_t first, std::size_t count) {
  secret_watch secrets = co_await open_watch(client, options.ns);
  std::vector<std::chrono::duration<double>> took;
  for (std::size_t number = first; number < first + count; ++number) {
    const auto started = clock::now();
    nlohmann::json body = service_account(options, number);
    kube::resource accounts = kube::resources::service_accounts();
    auto made = co_await client->create(std::move(accounts), options.ns, std::move(body));
    must(std::move(made), "create");
    co_await secrets.wait_for(object_name(options.prefix, number) + "-token");
    took.emplace_back(clock::now() - started);
  }
  co_return took;
}

}  // namespace platformer::bench
