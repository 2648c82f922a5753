// connections::request -> I/O -> connections::response. One instance a reconcile.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

#include "app/console_sharing.hpp"
#include "app/world.hpp"

namespace platformer::app {

class connection_effects {
 public:
  // `trace`: the ID of the reconcile, under which logs tell of it.
  connection_effects(world& in, object_key key, std::string trace)
      : in_(in), key_(std::move(key)), trace_(std::move(trace)) {}

  using answer = boost::asio::awaitable<connections::response>;

  // Errors of Console calls say in retry_after when the connection's limits let it call again.
  answer perform(connections::request wanted);

 private:
  answer perform(connections::read_secret asked);
  answer perform(connections::build_client asked);
  answer perform(connections::validate_credential asked);
  answer perform(connections::find_organization asked);
  answer perform(connections::install_client asked);
  answer perform(connections::begin_look asked);
  answer perform(connections::list_orphans asked);
  answer perform(connections::delete_orphan asked);
  answer perform(connections::forget_refusals asked);
  answer perform(connections::patch_finalizers asked);
  answer perform(connections::patch_status asked);
  answer perform(connections::drop_client asked);
  answer perform(connections::read_credential asked);
  answer perform(connections::patch_operation asked);
  answer perform(connections::dry_run_secret asked);
  answer perform(connections::write_secret asked);
  answer perform(connections::list_credentials asked);
  answer perform(connections::create_credential asked);
  answer perform(connections::try_credential asked);
  answer perform(connections::delete_credential asked);

  result<std::shared_ptr<console::console_client>> build(const connections::build_client& asked);
  std::function<void(console::call, int, const api_error*, std::chrono::duration<double>)> counting() const;
  api_error later(api_error error) const;
  live_connection& live() { return in_.registry.at(key_); }

  world& in_;
  object_key key_;
  std::string trace_;
  token_handle credential_;  // of the candidate
};

// The queue of that connection's calls, which all its clients share.
std::shared_ptr<connection_calls> calls_of(world& in, const object_key& key);

}  // namespace platformer::app
