// The queue of calls that wait for their connection's limits (controllers/reconcile/call_limits). Calls that
// somebody waits for come first: deletions and renewals, then what else changes or reads an account, then
// listings, and at last the trying of tokens.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <map>
#include <memory>

#include "app/gate.hpp"
#include "console/console_client.hpp"
#include "controllers/reconcile/call_limits.hpp"

namespace platformer::app {

class connection_calls final : public console::call_admission,
                               public std::enable_shared_from_this<connection_calls> {
 public:
  struct hooks {
    std::function<time_point()> clock;
    std::function<bool()> ending;  // true: the program is on its way out, nothing waits any more
    // Asked when a call's turn has come, which may be long after it was decided on. Not null: why it is not
    // sent after all.
    std::function<const char*(console::call)> objection;
    // A call that was granted has ended; the connection's limits are to be told.
    std::function<void(const controllers::call_limits::permit&, const api_error*)> on_end;
  };

  connection_calls(boost::asio::any_io_executor executor, std::shared_ptr<controllers::call_limits> limits,
                   hooks told);

  boost::asio::awaitable<result<permit, api_error>> enter(console::call operation) override;
  void leave(permit given, const api_error* failure) override;

  std::size_t waiting() const { return waiting_.size(); }
  const std::shared_ptr<controllers::call_limits>& limits() const { return limits_; }
  // The limits have changed: whoever may go on now does.
  void pump();

 private:
  enum class fate : std::uint8_t { waits, granted, refused };
  struct waiter {
    unsigned rank;
    controllers::call_purpose why;
    gate called;
    fate what = fate::waits;
    permit given = 0;
  };
  // A coroutine that is thrown away waits for nothing any more.
  struct still_waiting {
    std::list<waiter*>& in;
    waiter& who;
    ~still_waiting() { in.remove(&who); }
  };
  permit note(const controllers::call_limits::permit& given);
  void settle(waiter& of, fate what);
  void wake_in(duration span);

  boost::asio::any_io_executor executor_;
  std::shared_ptr<controllers::call_limits> limits_;
  hooks told_;
  std::list<waiter*> waiting_;  // by rank, then first in, first out
  boost::asio::steady_timer alarm_;
  permit last_ = 0;
  std::map<permit, controllers::call_limits::permit> under_way_;
};

}  // namespace platformer::app
