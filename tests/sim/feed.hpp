// One replica's list and watch of one kind: the real state machine over the model's lists and history, into
// the real store. As operator/kube/watch_source, without bytes.
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "controllers/reconcile/knowledge.hpp"
#include "controllers/reconcile/triggers.hpp"
#include "runtime/watch_fsm.hpp"
#include "tests/models/kube_model.hpp"

namespace platformer::sim {

// What a feed needs of the world.
class feed_host {
 public:
  virtual ~feed_host() = default;
  // Calls due() of the feed at that time, with this stream number.
  virtual void schedule_feed(std::size_t index, std::uint64_t stream, time_point at) = 0;
  virtual duration request_latency() = 0;  // one way
  virtual duration watch_latency() = 0;    // from the storage to us
  virtual double random_unit() = 0;
  // The version that lists with resourceVersion=0 are answered from; 0: the newest.
  virtual models::kube_version list_replica(models::kube_kind kind) = 0;
  virtual void on_synced(std::size_t index) = 0;
};

class feed {
 public:
  feed(models::kube_kind kind, std::size_t index, feed_host& host, const models::kube_model& kube,
       runtime::watch_fsm_options options)
      : kind_(kind), index_(index), host_(host), kube_(kube), fsm_(options) {
    if (kind == models::kube_kind::secret)
      selector_.label_selector = "app.kubernetes.io/managed-by=platformer-operator";
  }
  virtual ~feed() = default;

  void start(time_point now) { step(runtime::watch_started{}, now); }
  // A scheduled moment has come; those of earlier streams are ignored.
  void due(std::uint64_t stream, time_point now);
  // Something of this kind was stored: an idle stream will tell.
  void poke(time_point now);
  void break_stream(time_point now);
  bool synced() const { return fsm_.synced(); }
  bool idle() const { return waits_ == waiting::for_events; }

 protected:
  virtual void apply(const models::kube_event& event, bool live_added) = 0;
  virtual void erase(const models::kube_event& event) = 0;
  virtual void replace(std::vector<models::kube_pointer> items, const std::string& version) = 0;
  virtual void progress(const std::string& version) = 0;

 private:
  enum class waiting : std::uint8_t { for_list, for_opening, for_events, for_delivery, for_time };

  void step(const runtime::watch_input& input, time_point now, const models::kube_event* event = nullptr);
  void use(const runtime::watch_step& next, const models::kube_event* event);
  // True: the action is answered at once, by what is buffered.
  bool perform(const runtime::watch_action& action, time_point now);
  void schedule(waiting for_what, time_point at);
  void fetch();

  models::kube_kind kind_;
  std::size_t index_;
  feed_host& host_;
  const models::kube_model& kube_;
  runtime::watch_fsm fsm_;
  models::kube_list_options selector_;
  waiting waits_ = waiting::for_time;
  std::uint64_t stream_ = 0;
  runtime::watch_action asked_;
  models::kube_version told_ = 0;  // everything up to here has been buffered
  std::deque<models::kube_event> buffer_;
  std::vector<models::kube_pointer> staged_;
  std::vector<models::kube_pointer> page_;
  time_point closes_{};  // when the server ends the stream
};

template <class T>
class feed_of final : public feed {
 public:
  feed_of(models::kube_kind kind, std::size_t index, feed_host& host, const models::kube_model& kube,
          runtime::watch_fsm_options options, controllers::knowledge& known, runtime::store<T>& into,
          const controllers::enqueue_function& enqueue)
      : feed(kind, index, host, kube, options), known_(known), store_(into), enqueue_(enqueue) {}

 private:
  static T decode(const models::kube_object& object) {
    if constexpr (std::is_same_v<T, secret_meta>)
      return secret_meta{std::get<secret_content>(object).meta};
    else
      return std::get<T>(object);
  }
  // Without a copy where the model holds just what the store does.
  static std::shared_ptr<const T> share(const models::kube_pointer& object) {
    if constexpr (std::is_same_v<T, secret_meta>)
      return std::make_shared<const T>(decode(*object));
    else
      return {object, &std::get<T>(*object)};
  }
  // Both kinds of connections come with one watch here; each has its own store.
  runtime::store<T>& store_of(const object_meta& meta) {
    if constexpr (std::is_same_v<T, console_connection>)
      return known_.connections_like(key_of(meta));
    else
      return store_;
  }
  void apply(const models::kube_event& event, bool live_added) override {
    const auto how = live_added ? runtime::observed_by::live_added : runtime::observed_by::live_modified;
    if (const auto change = store_of(models::meta_of(*event.object)).upsert(share(event.object), how))
      controllers::on_change(known_, *change, runtime::change_source::live, enqueue_);
  }
  void erase(const models::kube_event& event) override {
    const object_meta& gone = models::meta_of(*event.object);
    if (const auto change = store_of(gone).erase(gone))
      controllers::on_change(known_, *change, runtime::change_source::live, enqueue_);
  }
  void replace(std::vector<models::kube_pointer> items, const std::string& version) override {
    std::vector<T> decoded;
    std::vector<T> of_cluster;
    decoded.reserve(items.size());
    for (const models::kube_pointer& each : items)
      (models::meta_of(*each).ns.empty() ? of_cluster : decoded).push_back(decode(*each));
    replace(store_, std::move(decoded), version);
    if constexpr (std::is_same_v<T, console_connection>)
      replace(known_.cluster_connections, std::move(of_cluster), version);
  }
  void replace(runtime::store<T>& into, std::vector<T> items, const std::string& version) {
    for (const auto& change : into.replace_all(std::move(items), version))
      controllers::on_change(known_, change, runtime::change_source::list, enqueue_);
  }
  void progress(const std::string& version) override {
    store_.progress(version);
    if constexpr (std::is_same_v<T, console_connection>) known_.cluster_connections.progress(version);
  }

  controllers::knowledge& known_;
  runtime::store<T>& store_;
  const controllers::enqueue_function& enqueue_;
};

}  // namespace platformer::sim
