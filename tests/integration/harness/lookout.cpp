#include "tests/integration/harness/lookout.hpp"

#include <exception>
#include <stop_token>

#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

problems look(gated_scenario& at, const operation& done, const subject& about) {
  try {
    return done.always(at, about);
  } catch (const std::exception& failed) {
    return {failed.what()};
  }
}

}  // namespace

lookout::lookout(gated_scenario& at, const operation& done, const subject& about) {
  if (!done.always) return;
  thread_ = std::jthread([this, &at, &done, &about](const std::stop_token& ended) {
    const auto is_over = [&] {
      seen_ = look(at, done, about);
      return !seen_.empty() || ended.stop_requested();
    };
    while (!eventually(std::chrono::hours(1), is_over)) {
    }
  });
}

problems lookout::seen() {
  if (!thread_.joinable()) return {};
  thread_.request_stop();
  thread_.join();
  for (auto& each : seen_)
    each += ", at one moment";
  return std::move(seen_);
}

}  // namespace platformer::test
