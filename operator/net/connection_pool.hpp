// Inside net only: how many connections may be in use, and the idle ones that are kept. It opens none itself.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "net/connection.hpp"
#include "net/wait_list.hpp"

namespace platformer::net {

class connection_pool : public std::enable_shared_from_this<connection_pool> {
 public:
  // The right to use one connection; given back when it goes out of scope.
  class lease {
   public:
    explicit lease(std::shared_ptr<connection_pool> pool) : pool_(std::move(pool)), era_(pool_->era_) {}
    lease(lease&& other) noexcept = default;
    lease& operator=(lease&&) = delete;
    ~lease() {
      if (pool_) pool_->give_back();
    }
    // The idle connection used last whose peer is still quiet; null when there is none.
    std::shared_ptr<connection> take_idle() { return pool_->take_idle(); }
    // The connection is fit for another request.
    void keep(std::shared_ptr<connection> usable) { pool_->keep(std::move(usable), era_); }

   private:
    std::shared_ptr<connection_pool> pool_;
    std::uint64_t era_;
  };

  connection_pool(boost::asio::any_io_executor executor, std::size_t limit, duration idle_timeout);

  // Waits for its turn; fails with timed_out or aborted.
  io_result<lease> acquire(steady_time deadline);
  // Closes the idle connections; those in use are not kept when they come back.
  void drop_idle();
  void close();

  std::size_t idle() const { return idle_.size(); }
  std::size_t in_use() const { return in_use_; }

 private:
  struct idle_connection {
    std::shared_ptr<connection> held;
    steady_time until;
  };

  void give_back();
  std::shared_ptr<connection> take_idle();
  void keep(std::shared_ptr<connection> usable, std::uint64_t era);
  // And those that have so much left.
  void drop_expired(duration early);
  void watch_oldest();

  std::size_t limit_;
  duration idle_timeout_;
  wait_list waiting_;
  boost::asio::steady_timer reaper_;
  std::vector<idle_connection> idle_;  // oldest first
  std::size_t in_use_ = 0;
  std::uint64_t era_ = 0;  // counts drop_idle()
  bool closed_ = false;
};

}  // namespace platformer::net
