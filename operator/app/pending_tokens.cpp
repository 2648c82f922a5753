#include "app/pending_tokens.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/account_driver.hpp"

namespace platformer::app {
namespace {

constexpr duration retry_period = std::chrono::milliseconds(500);

std::vector<object_key> waiting_for_commit(const world& in) {
  std::vector<object_key> waiting;
  in.service_accounts.for_each_kept([&](const object_key& key, const auto& each) {
    const auto memory = in.memories.find(std::string(controllers::outline_of(each).uid));
    if (memory != in.memories.end() && memory->second.pending) waiting.push_back(key);
  });
  return waiting;
}

}  // namespace

boost::asio::awaitable<void> commit_pending(world& in, std::function<bool()> out_of_time) {
  for (;;) {
    const std::vector<object_key> waiting = waiting_for_commit(in);
    if (waiting.empty()) co_return;
    for (const object_key& key : waiting)
      co_await reconcile_account(in, key);
    if (out_of_time()) {
      in.log->log(
          log_level::error,
          "a token could not be written to its Secret before the end; the account's token is renewed after "
          "the next start",
          {{"objects", static_cast<std::int64_t>(waiting.size())}});
      co_return;
    }
    boost::asio::steady_timer timer(in.executor, retry_period);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
}

}  // namespace platformer::app
