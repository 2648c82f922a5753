// accounts::request -> I/O -> accounts::response. One instance a reconcile.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "app/console_sharing.hpp"
#include "app/world.hpp"
#include "controllers/service_account/state.hpp"

namespace platformer::app {

// The ID under which logs, here and at the Console, tell of what is being done: that of the minting under
// way, else of the reconcile.
std::string operation_of(const accounts::snapshot& seen, const accounts::state& now);

class account_effects {
 public:
  // `console` is null when the connection has no client; then no Console request is made.
  account_effects(world& in, const accounts::snapshot& seen, std::shared_ptr<console_sharing> console)
      : in_(in), seen_(seen), console_(std::move(console)) {}

  boost::asio::awaitable<accounts::response> perform(accounts::request wanted, const accounts::state& now);

 private:
  using answer = boost::asio::awaitable<accounts::response>;

  answer perform(accounts::patch_intent asked);
  answer perform(accounts::read_secret asked);
  answer perform(accounts::dry_run_secret asked);
  answer perform(accounts::write_secret asked);
  answer perform(accounts::remove_secret asked);
  answer perform(accounts::patch_status asked);
  answer perform(accounts::remove_finalizer asked);
  answer perform(accounts::resolve_names asked);
  answer perform(accounts::read_account asked);
  answer perform(accounts::list_accounts asked);
  answer perform(accounts::create_account asked);
  answer perform(accounts::renew_token asked);
  answer perform(accounts::update_account asked);
  answer perform(accounts::delete_account asked);
  answer perform(accounts::verify_token asked);
  answer perform(accounts::check_credential asked);
  answer perform(accounts::reserve_revocation asked);
  answer perform(accounts::restart_workload asked);

  // A failed call: a refused credential is proven again before anything else is called.
  accounts::response failed(const api_error& error);
  object_key key() const { return key_of(seen_.object->meta); }

  world& in_;
  const accounts::snapshot& seen_;
  std::shared_ptr<console_sharing> console_;
  std::string trace_;  // operation_of the request under way
};

}  // namespace platformer::app
