// The connection's limits on calls: operator/app/connection_calls, without its queue.
#include "tests/sim/replica.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using controllers::call_limits;
using controllers::call_purpose;

}  // namespace

api_error not_sent(const char* why) {
  api_error error;
  error.code = api_errc::cancelled;
  error.message = why;
  return error;
}

// The program's queue tells both decisions the same: the call was not made.
template <class Run>
bool replica::ask_limits(Run& run, const object_key& connection) {
  const auto may = known_.registry.at(connection)
                       .calls->ask(is_probe(*run.wanted) ? call_purpose::probe : call_purpose::work, clock());
  const bool granted = may.what == call_limits::verdict::granted;
  if (granted) run.permit = may.given;
  return world_.bugs->may_call_now(granted);
}

std::optional<accounts::response> replica::enter(account_run& run) {
  if (ask_limits(run, controllers::connection_of(*run.seen.object))) return std::nullopt;
  return not_sent("the connection makes no calls now");
}

std::optional<connections::response> replica::enter(connection_run& run) {
  if (ask_limits(run, run.key)) return std::nullopt;
  return not_sent("the connection makes no calls now");
}

template <class Run>
void replica::leave(Run& run, const object_key& connection, const api_error* failure) {
  if (!run.permit) return;
  const auto given = *std::exchange(run.permit, std::nullopt);
  if (known_.registry.end_call(connection, given, failure, clock()))
    enqueue({controllers::work_kind::console_connection, connection}, runtime::queue_priority::normal);
}

template void replica::leave(account_run& run, const object_key& connection, const api_error* failure);
template void replica::leave(connection_run& run, const object_key& connection, const api_error* failure);

}  // namespace platformer::sim
