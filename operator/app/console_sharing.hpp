// What the objects of one connection share, so that a cold start of 10,000 of them lists accounts, projects
// and roles once and not 10,000 times.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/gate.hpp"
#include "console/console_client.hpp"
#include "controllers/reconcile/connection_registry.hpp"
#include "controllers/service_account/effects.hpp"
#include "runtime/settable_clock.hpp"

namespace platformer::app {

// One value that is fetched by whoever needs it first; others who ask meanwhile wait for the same answer.
template <class T>
class shared_fetch {
 public:
  using answer = result<std::shared_ptr<const T>, api_error>;
  using fetch_function = std::function<boost::asio::awaitable<result<T, api_error>>()>;

  explicit shared_fetch(boost::asio::any_io_executor executor) : gate_(executor) {}

  // The value of a fetch that began at or after `not_before`. Errors are not kept: whoever waited for the
  // failed fetch gets its error, the next one tries anew.
  boost::asio::awaitable<answer> get(time_point not_before, std::function<time_point()> clock,
                                     fetch_function fetch) {
    for (;;) {
      if (value_ && began_ >= not_before) co_return value_;
      if (!fetching_) break;
      const bool fits = fetch_began_ >= not_before;
      const std::uint64_t round = round_;
      co_await gate_.wait();
      if (fits && round_ != round && last_error_) co_return tl::unexpected(*last_error_);
    }
    fetching_ = true;
    fetch_began_ = clock();
    last_error_.reset();
    answer fetched;
    try {
      auto got = co_await fetch();
      if (got)
        fetched = std::make_shared<const T>(std::move(*got));
      else
        fetched = tl::unexpected(std::move(got.error()));
    } catch (...) {
      end_round();  // otherwise everybody would wait for ever; they fetch for themselves
      throw;
    }
    if (fetched) {
      value_ = *fetched;
      began_ = fetch_began_;
    } else {
      last_error_ = fetched.error();
    }
    end_round();
    co_return fetched;
  }

  void forget() { value_.reset(); }
  void clock_was_set(duration by) {
    runtime::move_moment(began_, by);
    runtime::move_moment(fetch_began_, by);
  }

 private:
  void end_round() {
    fetching_ = false;
    ++round_;
    gate_.open();
  }

  gate gate_;
  bool fetching_ = false;
  time_point fetch_began_{};
  std::uint64_t round_ = 0;
  std::shared_ptr<const T> value_;
  time_point began_{};
  std::optional<api_error> last_error_;
};

// Accounts that bear a marker of this cluster, by "<namespace>/<name>"; those of connections' own credentials
// by the connection's UID, which has no slash.
using marked_accounts = std::unordered_map<std::string, std::vector<account>>;

// Everything a connection's client is used for that is worth sharing. Lives as long as the client it was made
// for.
class console_sharing final : public controllers::connection_client {
 public:
  console_sharing(boost::asio::any_io_executor executor, std::shared_ptr<console::console_client> client,
                  std::string cluster_id, std::function<time_point()> clock);

  console::console_client& client() { return *client_; }
  void clock_was_set(duration by) override;

  // Accounts whose marker names this object, from a listing that began at or after `not_before`. A listing
  // that may be partial is an error: an absence from it would prove nothing.
  boost::asio::awaitable<result<std::vector<account>, api_error>> marked(object_key key,
                                                                         time_point not_before);

  // Those of every object, from the same listing.
  boost::asio::awaitable<result<std::vector<account>, api_error>> all_marked(time_point not_before);

  // Accounts of that name and level that bear no marker of this cluster, from a listing as above. A listing
  // of its own, so that nobody keeps them in memory who adopts none.
  boost::asio::awaitable<result<std::vector<account>, api_error>> strangers(std::string name,
                                                                            std::string project_id,
                                                                            time_point not_before);

  // Accounts that were made for the own credential of the connection with that UID, from the listing that all
  // objects share.
  boost::asio::awaitable<result<std::vector<account>, api_error>> credentials(std::string connection_uid,
                                                                              time_point not_before);
  // Accounts of that name, of whatever level, that bear no marker at all.
  boost::asio::awaitable<result<std::vector<account>, api_error>> unmarked(std::string name,
                                                                           time_point not_before);

  // Names to IDs. Listings up to a minute old will do where everything is found in them.
  boost::asio::awaitable<accounts::response> resolve(accounts::resolve_names wanted);

 private:
  boost::asio::awaitable<shared_fetch<marked_accounts>::answer> fetch_accounts(time_point not_before);
  boost::asio::awaitable<shared_fetch<std::vector<account>>::answer> fetch_strangers(time_point not_before);

  using projects = std::vector<console::project>;
  using roles = std::vector<console::role>;

  boost::asio::awaitable<accounts::response> resolve_from(accounts::resolve_names wanted,
                                                          time_point not_before);
  boost::asio::awaitable<shared_fetch<projects>::answer> fetch_projects(time_point not_before);
  boost::asio::awaitable<shared_fetch<roles>::answer> fetch_roles(std::string project_id,
                                                                  time_point not_before);

  boost::asio::any_io_executor executor_;
  std::shared_ptr<console::console_client> client_;
  std::string cluster_id_;
  std::function<time_point()> clock_;
  shared_fetch<marked_accounts> accounts_;
  shared_fetch<std::vector<account>> strangers_;
  shared_fetch<projects> projects_;
  std::map<std::string, std::unique_ptr<shared_fetch<roles>>, std::less<>>
      roles_;  // by project ID; "": organization
};

// What the registry holds is always one of these.
inline std::shared_ptr<console_sharing> sharing_of(
    const std::shared_ptr<controllers::connection_client>& client) {
  return std::static_pointer_cast<console_sharing>(client);
}

}  // namespace platformer::app
