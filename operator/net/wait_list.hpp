// Inside net only: coroutines that wait for a turn, in their order, each until a deadline of its own.
// Granting is handing over: a granted waiter has the turn even when its deadline passes before it runs again.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>

namespace platformer::net {

using steady_time = std::chrono::steady_clock::time_point;

class wait_list {
 public:
  // on_abandoned is called for a turn whose coroutine was destroyed or cancelled before it could take it.
  wait_list(boost::asio::any_io_executor executor, std::function<void()> on_abandoned);

  // True when granted, false when the deadline or wake_all() came first. The list must outlive the wait.
  boost::asio::awaitable<bool> wait(steady_time deadline);

  bool empty() const { return waiting_.empty(); }
  void grant_first();
  void grant_all();
  // Ends all waits without granting.
  void wake_all();

 private:
  struct waiter {
    boost::asio::steady_timer timer;
    bool granted = false;
    bool taken = false;
    std::list<waiter*>::iterator place{};
  };
  class registration;

  boost::asio::any_io_executor executor_;
  std::function<void()> on_abandoned_;
  std::list<waiter*> waiting_;
};

}  // namespace platformer::net
