// The part of app/metrics.hpp that is about controllers and their work queues.
#include <tuple>

#include "app/metrics_impl.hpp"
#include "controllers/reconcile/work_key.hpp"

namespace platformer::app {
namespace {

constexpr std::array controller_names = {to_string(controllers::work_kind::service_account),
                                         to_string(controllers::work_kind::console_connection)};
constexpr std::array results = {reconcile_result::success, reconcile_result::requeue_after,
                                reconcile_result::requeue, reconcile_result::error};
constexpr std::array phase_list = {reconcile_phase::decide, reconcile_phase::kubernetes,
                                   reconcile_phase::console};

// From a look into the stores to a Console call at its deadline, in seconds.
const buckets reconcile_buckets = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                   0.5,   1,      2.5,   5,    10,    30,   60,  120};
// Coarser, as there is one for each phase.
const buckets phase_buckets = {0.0001, 0.001, 0.01, 0.1, 1, 10, 30, 120};
// client-go's, from 10 µs on: a queue of a fleet may take minutes.
const buckets queue_buckets = {0.00001, 0.0001, 0.001, 0.01, 0.1, 1, 10, 100, 1000};

prometheus::Labels of_controller(std::string_view name) {
  return {{"controller", one_of(controller_names, name)}};
}
prometheus::Labels of_queue(std::string_view name) {
  return {{"name", one_of(controller_names, name)}};
}

}  // namespace

std::string_view to_string(reconcile_result result) {
  switch (result) {
    case reconcile_result::success:
      return "success";
    case reconcile_result::requeue_after:
      return "requeue_after";
    case reconcile_result::requeue:
      return "requeue";
    case reconcile_result::error:
      return "error";
  }
  return "error";
}

std::string_view to_string(reconcile_phase phase) {
  switch (phase) {
    case reconcile_phase::decide:
      return "decide";
    case reconcile_phase::kubernetes:
      return "kubernetes";
    case reconcile_phase::console:
      return "console";
  }
  return "decide";
}

controller_families::controller_families(prometheus::Registry& registry)
    : reconciles(
          add_counter(registry, "controller_runtime_reconcile_total", "Reconciles by how they ended.")),
      errors(add_counter(registry, "controller_runtime_reconcile_errors_total", "Reconciles that failed.")),
      time(
          add_histogram(registry, "controller_runtime_reconcile_time_seconds", "How long a reconcile took.")),
      phases(add_histogram(registry, "platformer_operator_reconcile_phase_seconds",
                           "How long a reconcile spent deciding, with Kubernetes and with the Console.")),
      busy(add_gauge(registry, "controller_runtime_active_workers", "Workers that have an object.")),
      workers(add_gauge(registry, "controller_runtime_max_concurrent_reconciles", "Workers there are.")),
      depth(add_gauge(registry, "workqueue_depth", "Objects that are ready to be worked on.")),
      adds(add_counter(registry, "workqueue_adds_total", "Objects put into the work queue.")),
      retries(add_counter(registry, "workqueue_retries_total",
                          "Objects put back into the work queue after a failure.")),
      waits(add_histogram(registry, "workqueue_queue_duration_seconds",
                          "How long an object was ready before a worker took it.")),
      work(add_histogram(registry, "workqueue_work_duration_seconds", "How long a worker had an object.")),
      unfinished(add_gauge(registry, "workqueue_unfinished_work_seconds",
                           "Time spent on objects that workers have now, all told.")),
      longest(add_gauge(registry, "workqueue_longest_running_processor_seconds",
                        "Time spent on the object that a worker has had for longest.")) {
  // A series that appears only with its first event has no rate for that event.
  for (std::size_t i = 0; i < controller_names.size(); ++i)
    series_[i] = add(controller_names[i]);
}

controller_series controller_families::add(std::string_view controller) {
  const auto labels = of_controller(controller);
  const auto queue = of_queue(controller);
  controller_series made;
  for (const reconcile_result each : results) {
    auto with_result = labels;
    with_result.emplace("result", to_string(each));
    made.reconciles[static_cast<std::size_t>(each)] = &reconciles.Add(with_result);
  }
  for (const reconcile_phase each : phase_list) {
    auto with_phase = labels;
    with_phase.emplace("phase", to_string(each));
    made.phases[static_cast<std::size_t>(each)] = &phases.Add(with_phase, phase_buckets);
  }
  made.errors = &errors.Add(labels);
  made.time = &time.Add(labels, reconcile_buckets);
  made.busy = &busy.Add(labels);
  made.workers = &workers.Add(labels);
  made.depth = &depth.Add(queue);
  made.adds = &adds.Add(queue);
  made.retries = &retries.Add(queue);
  made.waits = &waits.Add(queue, queue_buckets);
  made.work = &work.Add(queue, queue_buckets);
  made.unfinished = &unfinished.Add(queue);
  made.longest = &longest.Add(queue);
  return made;
}

const controller_series& controller_families::of(std::string_view controller) {
  static_assert(std::tuple_size_v<decltype(series_)> == controller_names.size() + 1);
  const auto known = std::find(controller_names.begin(), controller_names.end(), controller);
  controller_series& found = series_[static_cast<std::size_t>(known - controller_names.begin())];
  if (found.errors == nullptr) found = add(other_value);
  return found;
}

void metrics::observe_reconcile(std::string_view controller, reconcile_result ended, double seconds) {
  const controller_series& to = impl_->controllers.of(controller);
  const double took = std::max(seconds, 0.0);
  to.reconciles[static_cast<std::size_t>(ended)]->Increment();
  if (ended == reconcile_result::error) to.errors->Increment();
  to.time->Observe(took);
  to.work->Observe(took);
}

void metrics::observe_phase(std::string_view controller, reconcile_phase phase, double seconds) {
  const controller_series& to = impl_->controllers.of(controller);
  to.phases[static_cast<std::size_t>(phase)]->Observe(std::max(seconds, 0.0));
}

void metrics::observe_wait(std::string_view controller, double seconds) {
  impl_->controllers.of(controller).waits->Observe(std::max(seconds, 0.0));
}

void metrics::set_queue(std::string_view controller, const queue_state& state) {
  const controller_series& to = impl_->controllers.of(controller);
  std::uint64_t adds = 0;
  for (const auto& level : state.queue.levels)
    adds += level.adds;
  to.depth->Set(static_cast<double>(state.queue.depth()));
  raise_to(*to.adds, static_cast<double>(adds));
  raise_to(*to.retries, static_cast<double>(state.queue.retries));
  to.unfinished->Set(state.unfinished);
  to.longest->Set(state.longest_running);
  to.busy->Set(static_cast<double>(state.busy));
  to.workers->Set(static_cast<double>(state.workers));
}

}  // namespace platformer::app
