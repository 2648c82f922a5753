#include "net/wait_list.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace platformer::net {

// Holds the waiter's place in the list for as long as its coroutine lives.
class wait_list::registration {
 public:
  registration(wait_list& list, waiter& who) : list_(list), who_(who) {
    who_.place = list_.waiting_.insert(list_.waiting_.end(), &who_);
  }
  registration(const registration&) = delete;
  registration& operator=(const registration&) = delete;
  ~registration() {
    if (!who_.granted) {
      list_.waiting_.erase(who_.place);
    } else if (!who_.taken) {
      list_.on_abandoned_();
    }
  }

 private:
  wait_list& list_;
  waiter& who_;
};

wait_list::wait_list(boost::asio::any_io_executor executor, std::function<void()> on_abandoned)
    : executor_(std::move(executor)), on_abandoned_(std::move(on_abandoned)) {}

boost::asio::awaitable<bool> wait_list::wait(steady_time deadline) {
  waiter self{.timer = boost::asio::steady_timer(executor_, deadline)};
  const registration place(*this, self);
  boost::system::error_code ended;
  co_await self.timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  self.taken = self.granted;
  co_return self.granted;
}

void wait_list::grant_first() {
  if (waiting_.empty()) return;
  waiter* first = waiting_.front();
  waiting_.pop_front();
  first->granted = true;
  first->timer.cancel();
}

void wait_list::grant_all() {
  while (!waiting_.empty())
    grant_first();
}

void wait_list::wake_all() {
  for (waiter* who : waiting_)
    who->timer.cancel();
}

}  // namespace platformer::net
