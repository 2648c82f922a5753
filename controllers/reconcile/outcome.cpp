#include "controllers/reconcile/outcome.hpp"

namespace platformer::controllers {

using runtime::queue_priority;

outcome outcome_of(const accounts::stop& end) {
  struct translate {
    outcome operator()(const accounts::finished&) { return done{}; }
    outcome operator()(const accounts::requeue_at& wanted) { return again_at{wanted.at}; }
    outcome operator()(const accounts::back_off& wanted) {
      return again_after_failure{wanted.at_least, wanted.at_most,
                                 wanted.holds_token ? queue_priority::normal : queue_priority::low};
    }
    outcome operator()(const accounts::read_again&) { return again_now{}; }
  };
  return std::visit(translate{}, end);
}

outcome outcome_of(const connections::stop& end) {
  struct translate {
    outcome operator()(const connections::finished&) { return done{}; }
    outcome operator()(const connections::requeue_at& wanted) { return again_at{wanted.at}; }
    // All objects of a connection wait for it.
    outcome operator()(const connections::back_off& wanted) {
      return again_after_failure{wanted.at_least, wanted.at_most, queue_priority::normal};
    }
    outcome operator()(const connections::read_again&) { return again_now{}; }
  };
  return std::visit(translate{}, end);
}

}  // namespace platformer::controllers
