// A gate that coroutines of one thread wait at until somebody opens it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace platformer::app {

class gate {
 public:
  explicit gate(boost::asio::any_io_executor executor)
      : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

  // Lets everyone through who waits now; whoever comes later waits for the next opening.
  void open() { timer_.cancel(); }

  // Lets one through, if anyone waits.
  void open_for_one() { timer_.cancel_one(); }

  // Returns at the next opening. The gate must outlive the wait.
  boost::asio::awaitable<void> wait() {
    co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace platformer::app
