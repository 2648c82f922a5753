#include "net/connection_pool.hpp"

#include <algorithm>
#include <utility>

namespace platformer::net {

connection_pool::connection_pool(boost::asio::any_io_executor executor, std::size_t limit,
                                 duration idle_timeout)
    : limit_(std::max<std::size_t>(limit, 1)),
      idle_timeout_(idle_timeout),
      waiting_(executor, [this] { give_back(); }),
      reaper_(executor) {}

io_result<connection_pool::lease> connection_pool::acquire(steady_time deadline) {
  const auto self = shared_from_this();
  if (closed_) co_return tl::unexpected(io_failure{io_errc::aborted, "closed"});
  // Whoever comes later must not overtake those who wait.
  if (in_use_ < limit_ && waiting_.empty()) {
    ++in_use_;
    co_return lease(self);
  }
  const bool granted = co_await waiting_.wait(deadline);
  if (granted && !closed_) co_return lease(self);
  if (granted) give_back();
  if (closed_) co_return tl::unexpected(io_failure{io_errc::aborted, "closed"});
  co_return tl::unexpected(io_failure{io_errc::timed_out, "all connections are in use"});
}

void connection_pool::give_back() {
  // The next in line gets the turn itself, so the count stays.
  if (!closed_ && !waiting_.empty()) {
    waiting_.grant_first();
  } else {
    --in_use_;
  }
}

std::shared_ptr<connection> connection_pool::take_idle() {
  drop_expired(duration(0));
  while (!idle_.empty()) {
    std::shared_ptr<connection> candidate = std::move(idle_.back().held);
    idle_.pop_back();
    if (candidate->quiet()) return candidate;
  }
  return nullptr;
}

void connection_pool::keep(std::shared_ptr<connection> usable, std::uint64_t era) {
  if (closed_ || era != era_ || idle_timeout_.count() <= 0) return;
  usable->disarm();
  idle_.push_back({std::move(usable), std::chrono::steady_clock::now() + idle_timeout_});
  if (idle_.size() == 1) watch_oldest();
}

void connection_pool::drop_expired(duration early) {
  const auto by = std::chrono::steady_clock::now() + early;
  std::erase_if(idle_, [by](const idle_connection& item) { return item.until <= by; });
}

void connection_pool::watch_oldest() {
  if (idle_.empty()) return;
  reaper_.expires_at(idle_.front().until);
  reaper_.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self) return;
    // Those that follow soon go with it: the end of a busy time wakes the process once or twice.
    self->drop_expired(self->idle_timeout_ / 4);
    self->watch_oldest();
  });
}

void connection_pool::drop_idle() {
  ++era_;
  idle_.clear();
  reaper_.cancel();
}

void connection_pool::close() {
  closed_ = true;
  drop_idle();
  waiting_.wake_all();
}

}  // namespace platformer::net
