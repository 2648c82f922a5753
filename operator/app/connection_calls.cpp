#include "app/connection_calls.hpp"

#include <algorithm>

namespace platformer::app {
namespace {

using controllers::call_limits;
using controllers::call_purpose;

// So often at least a waiting call looks whether the program is on its way out, or a clock was set.
constexpr duration longest_sleep = std::chrono::milliseconds(500);

unsigned rank_of(console::call operation) {
  switch (operation) {
    case console::call::delete_account:
    case console::call::renew_token:
      return 0;
    case console::call::get_account:
    case console::call::update_account:
    case console::call::create_account:
      return 1;
    case console::call::list_accounts:
    case console::call::list_organizations:
    case console::call::list_projects:
    case console::call::list_organization_roles:
    case console::call::list_project_roles:
      return 2;
    case console::call::validate_token:
      return 3;
  }
  return 3;
}

}  // namespace

connection_calls::connection_calls(boost::asio::any_io_executor executor, std::shared_ptr<call_limits> limits,
                                   hooks told)
    : executor_(executor), limits_(std::move(limits)), told_(std::move(told)), alarm_(executor) {}

boost::asio::awaitable<result<connection_calls::permit, api_error>> connection_calls::enter(
    console::call operation) {
  const auto self = shared_from_this();
  waiter mine{.rank = rank_of(operation),
              .why = operation == console::call::validate_token ? call_purpose::probe : call_purpose::work,
              .called = gate(executor_)};
  const auto after = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const waiter* each) { return each->rank > mine.rank; });
  waiting_.insert(after, &mine);
  const still_waiting until_the_end{waiting_, mine};
  pump();
  while (mine.what == fate::waits)
    co_await mine.called.wait();
  api_error refused{.code = api_errc::cancelled, .message = "the connection makes no calls now"};
  if (mine.what == fate::refused) co_return tl::unexpected(std::move(refused));
  const char* objection = told_.objection(operation);
  if (objection == nullptr) co_return mine.given;
  refused.message = objection;
  leave(mine.given, &refused);
  co_return tl::unexpected(std::move(refused));
}

void connection_calls::leave(permit given, const api_error* failure) {
  const auto found = under_way_.find(given);
  if (found == under_way_.end()) return;
  const call_limits::permit ended = found->second;
  under_way_.erase(found);
  told_.on_end(ended, failure);
  pump();
}

// In order, but who is refused does not hold up a probe behind it. On the way out nobody waits.
void connection_calls::pump() {
  for (auto next = waiting_.begin(); next != waiting_.end();) {
    waiter& first = **next++;
    const call_limits::answer may = limits_->ask(first.why, told_.clock());
    switch (may.what) {
      case call_limits::verdict::granted:
        first.given = note(may.given);
        settle(first, fate::granted);
        break;
      case call_limits::verdict::blocked:
        settle(first, fate::refused);
        break;
      case call_limits::verdict::later:
      case call_limits::verdict::busy:
        if (!told_.ending())
          return wake_in(may.what == call_limits::verdict::later ? may.at - told_.clock() : longest_sleep);
        settle(first, fate::refused);
        break;
    }
  }
}

connection_calls::permit connection_calls::note(const call_limits::permit& given) {
  under_way_.emplace(++last_, given);
  return last_;
}

void connection_calls::settle(waiter& of, fate what) {
  of.what = what;
  waiting_.remove(&of);
  of.called.open();
}

void connection_calls::wake_in(duration span) {
  alarm_.expires_after(std::clamp(span, duration(1), longest_sleep));
  alarm_.async_wait([self = weak_from_this()](boost::system::error_code status) {
    if (const auto alive = self.lock(); alive && !status) alive->pump();
  });
}

}  // namespace platformer::app
