#include "app/connection_secrets.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "kube/watch_source.hpp"
#include "model/codec.hpp"

namespace platformer::app {
namespace {

// Of at most one object: its version, or "".
class version_sink final : public runtime::watch_sink {
 public:
  explicit version_sink(std::function<void(const std::string&)> tell) : tell_(std::move(tell)) {}

  void stage(const nlohmann::json& object) override { staged_ = version_of(object); }
  void unstage(const nlohmann::json&) override { staged_.clear(); }
  void discard() override { staged_.clear(); }
  void commit(const std::string&) override { tell_(std::exchange(staged_, {})); }
  void apply(runtime::watch_event_type, const nlohmann::json& object) override { tell_(version_of(object)); }
  void erase(const nlohmann::json&) override { tell_({}); }
  void progress(const std::string&) override {}

 private:
  static std::string version_of(const nlohmann::json& object) {
    const auto meta = decode_meta(object);
    return meta ? meta->resource_version : std::string();
  }

  std::function<void(const std::string&)> tell_;
  std::string staged_;
};

}  // namespace

struct connection_secrets::watch {
  std::unique_ptr<version_sink> sink;
  std::unique_ptr<kube::watch_source> source;
};

connection_secrets::connection_secrets(world& in, controllers::enqueue_function enqueue)
    : in_(in), enqueue_(std::move(enqueue)) {}

connection_secrets::~connection_secrets() = default;

void connection_secrets::refresh() {
  if (stopped_) return;
  const auto wanted = controllers::credential_secrets(in_);
  for (auto each = watches_.begin(); each != watches_.end();) {
    if (wanted.contains(each->first)) {
      ++each;
      continue;
    }
    each->second->source->stop();
    in_.credential_versions.erase(each->first);
    each = watches_.erase(each);
  }
  for (const object_key& each : wanted)
    if (!watches_.contains(each)) watches_.emplace(each, begin(each));
}

void connection_secrets::stop() {
  stopped_ = true;
  for (const auto& [secret, each] : watches_)
    each->source->stop();
}

std::shared_ptr<connection_secrets::watch> connection_secrets::begin(const object_key& secret) {
  auto made = std::make_shared<watch>();
  made->sink = std::make_unique<version_sink>([this, secret](const std::string& version) {
    controllers::on_credential(in_, secret, version, enqueue_);
  });
  kube::watch_source_options options;
  options.what = kube::resources::secrets();
  options.ns = secret.ns;
  options.field_selector = "metadata.name=" + secret.name;
  options.metadata_only = true;
  options.on_problem = [this, secret](const std::string& problem) {
    if (!problem.empty())
      in_.log->log_limited(secret.to_string() + "/watch", log_level::warning, problem,
                           {{"secret", secret.to_string()}});
  };
  made->source = std::make_unique<kube::watch_source>(
      in_.executor, kube::make_list_watch(*in_.kube, options.what, secret.ns), *made->sink, options);
  boost::asio::co_spawn(in_.executor, run(made), boost::asio::detached);
  return made;
}

// Keeps the sink until the watch has ended.
boost::asio::awaitable<void> connection_secrets::run(std::shared_ptr<watch> of) {
  co_await of->source->run();
}

}  // namespace platformer::app
