#include "kube/event_recorder.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace platformer::kube {

namespace asio = boost::asio;

struct event_recorder::state {
  state(asio::any_io_executor executor, std::shared_ptr<kube_client> with, event_journal of,
        std::function<time_point()> clock)
      : client(std::move(with)),
        journal(std::move(of)),
        now(std::move(clock)),
        wake(executor),
        ended(executor) {
    wake.expires_at(asio::steady_timer::time_point::max());
    ended.expires_at(asio::steady_timer::time_point::max());
  }

  std::shared_ptr<kube_client> client;
  event_journal journal;
  std::function<time_point()> now;
  asio::steady_timer wake;   // cancelled when there is something to do
  asio::steady_timer ended;  // cancelled when run() is over
  bool running = false;
  bool stopping = false;
  bool abandoned = false;  // the patience of stop() is over
};

namespace {

event_outcome outcome_of(const result<nlohmann::json, api_error>& reply, bool create) {
  if (reply) return event_outcome::stored;
  // The POST before, whose reply was lost, has made it.
  if (create && reply.error().code == api_errc::already_exists) return event_outcome::stored;
  if (!create && reply.error().code == api_errc::not_found) return event_outcome::gone;
  return event_outcome::failed;
}

asio::awaitable<event_outcome> perform(std::shared_ptr<kube_client> client, event_write write) {
  const bool create = write.create;
  resource events = resources::events();
  if (create) {
    const result<nlohmann::json, api_error> reply =
        co_await client->create(std::move(events), std::move(write.key.ns), std::move(write.body));
    co_return outcome_of(reply, create);
  }
  const result<nlohmann::json, api_error> reply = co_await client->patch(
      std::move(events), std::move(write.key), patch_type::merge, std::move(write.body));
  co_return outcome_of(reply, create);
}

}  // namespace

event_recorder::event_recorder(asio::any_io_executor executor, std::shared_ptr<kube_client> client,
                               event_journal journal, std::function<time_point()> now)
    : state_(std::make_shared<state>(std::move(executor), std::move(client), std::move(journal),
                                     std::move(now))) {}

void event_recorder::record(const event_record& event) {
  if (state_->journal.note(event, state_->now())) state_->wake.cancel();
}

asio::awaitable<void> event_recorder::run() {
  const auto self = state_;
  self->running = true;
  while (!self->abandoned) {
    std::optional<event_write> write = self->journal.next();
    if (!write) {
      if (self->stopping) break;
      boost::system::error_code ignored;
      co_await self->wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      continue;
    }
    const auto id = write->id;
    const event_outcome outcome = co_await perform(self->client, std::move(*write));
    self->journal.settle(id, outcome);
  }
  self->running = false;
  self->ended.cancel();
}

asio::awaitable<void> event_recorder::stop(duration patience) {
  const auto self = state_;
  self->stopping = true;
  self->wake.cancel();
  if (!self->running) co_return;
  self->ended.expires_after(patience);
  boost::system::error_code ended_early;
  co_await self->ended.async_wait(asio::redirect_error(asio::use_awaitable, ended_early));
  self->abandoned = true;
}

event_recorder::statistics event_recorder::stats() const {
  const auto& journal = state_->journal;
  return {journal.written(), journal.dropped(), journal.queued()};
}

}  // namespace platformer::kube
