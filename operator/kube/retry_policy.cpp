#include "kube/retry_policy.hpp"

namespace platformer::kube {
namespace {

// 429 and 503 come before anything is carried out; a read may be repeated after any 5xx.
bool invites_retry(const api_error& failure, bool reads) {
  if (!failure.retry_after) return false;
  if (failure.code == api_errc::rate_limited) return true;
  return failure.code == api_errc::server_error && (reads || failure.http_status == 503);
}

}  // namespace

retry_decision decide_retry(retry_state& state, const api_error& failure, bool reads,
                            const retry_limits& limits) {
  if (failure.code == api_errc::unauthorized && failure.http_status == 401 && !state.reauthorized) {
    state.reauthorized = true;
    return {attempt_next::reauthorize, {}};
  }
  if (failure.code == api_errc::connection_lost && reads && !state.reconnected) {
    state.reconnected = true;
    return {attempt_next::again, {}};
  }
  if (invites_retry(failure, reads) && state.retries < limits.retries &&
      *failure.retry_after < limits.remaining) {
    ++state.retries;
    return {attempt_next::again, *failure.retry_after};
  }
  return {};
}

}  // namespace platformer::kube
