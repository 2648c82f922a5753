#include "kube/leader_elector.hpp"
#include "net/system_time.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <ctime>
#include <random>
#include <utility>

namespace platformer::kube {
namespace {

namespace asio = boost::asio;
using runtime::lease_input;
using runtime::lease_role;

// What to do about a refusal, in words; `verb` is the request's.
std::string advice(const api_error& error, std::string_view verb, const object_key& lease) {
  switch (error.code) {
    case api_errc::forbidden:
      return ": grant " + std::string(verb) + " on leases.coordination.k8s.io in namespace " + lease.ns;
    case api_errc::not_found:
      return ": is there a namespace " + lease.ns + "?";
    case api_errc::bad_request:
    case api_errc::unauthorized:
    case api_errc::already_exists:
    case api_errc::conflict:
    case api_errc::gone:
    case api_errc::too_large:
    case api_errc::invalid:
    case api_errc::rate_limited:
    case api_errc::unreachable:
    case api_errc::cancelled:
    case api_errc::redirected:
    case api_errc::server_error:
    case api_errc::connection_lost:
    case api_errc::timeout:
    case api_errc::malformed:
      return "";
  }
  return "";
}

std::string explain(const api_error& error, std::string_view verb, const object_key& lease) {
  return "leader election: can't " + std::string(verb) + " lease " + lease.to_string() +
         advice(error, verb, lease) + " (" + describe(error) + ")";
}

}  // namespace

time_point boot_time() {
  std::timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return time_point(std::chrono::duration_cast<duration>(std::chrono::seconds(now.tv_sec) +
                                                         std::chrono::nanoseconds(now.tv_nsec)));
}

struct leader_elector::impl {
  impl(asio::any_io_executor executor, std::shared_ptr<kube_client> with, leader_elector_options settings)
      : client(std::move(with)),
        options(std::move(settings)),
        fsm(options.fsm),
        timer(executor),
        ended(executor, asio::steady_timer::time_point::max()) {
    if (!options.clock) options.clock = boot_time;
    if (options.random) return;
    options.random = [engine = std::mt19937_64(std::random_device{}())]() mutable {
      return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
    };
  }

  asio::awaitable<lease_input> perform(runtime::lease_read_action action);
  asio::awaitable<lease_input> perform(runtime::lease_create_action action);
  asio::awaitable<lease_input> perform(runtime::lease_update_action action);
  asio::awaitable<lease_input> perform(runtime::lease_wait_action action);
  asio::awaitable<lease_input> perform(runtime::lease_end_action action);
  lease_input written(const result<nlohmann::json, api_error>& reply, std::string_view verb);
  lease_input failed(const api_error& error, std::string_view verb);
  void set_problem(std::string text);
  void note_server_time(const kube_client& used) {
    if (const auto date = used.server_time()) server_time = date;
  }
  void tell_changes();

  std::shared_ptr<kube_client> client;
  leader_elector_options options;
  runtime::lease_fsm fsm;
  asio::steady_timer timer;
  asio::steady_timer ended;  // cancelled when run() is over
  std::optional<time_point> server_time;
  election_status status;
  bool running = false;
  bool orphaned = false;  // the elector is gone: nobody is to be told anything
};

// ---- requests ----

asio::awaitable<lease_input> leader_elector::impl::perform(runtime::lease_read_action action) {
  const auto timed = client->with_timeout(action.timeout);
  resource leases = resources::leases();
  object_key key = options.lease;
  const result<nlohmann::json, api_error> reply = co_await timed->get(std::move(leases), std::move(key));
  note_server_time(*timed);
  if (!reply && reply.error().code == api_errc::not_found) {
    set_problem({});
    co_return runtime::lease_absent{};
  }
  if (!reply) co_return failed(reply.error(), "get");
  auto record = decode_lease(*reply);
  if (!record) co_return failed({api_errc::malformed, 0, record.error().message, std::nullopt}, "get");
  set_problem({});
  co_return runtime::lease_read{std::move(*record)};
}

asio::awaitable<lease_input> leader_elector::impl::perform(runtime::lease_create_action action) {
  const auto timed = client->with_timeout(action.timeout);
  lease record;
  record.meta.ns = options.lease.ns;
  record.meta.name = options.lease.name;
  record.spec = std::move(action.spec);
  resource leases = resources::leases();
  nlohmann::json body = encode_lease(record);
  std::string ns = options.lease.ns;
  const result<nlohmann::json, api_error> reply =
      co_await timed->create(std::move(leases), std::move(ns), std::move(body));
  note_server_time(*timed);
  co_return written(reply, "create");
}

asio::awaitable<lease_input> leader_elector::impl::perform(runtime::lease_update_action action) {
  const auto timed = client->with_timeout(action.timeout);
  resource leases = resources::leases();
  object_key key = options.lease;
  nlohmann::json body = encode_lease(action.record);
  const result<nlohmann::json, api_error> reply =
      co_await timed->update(std::move(leases), std::move(key), std::move(body));
  note_server_time(*timed);
  co_return written(reply, "update");
}

asio::awaitable<lease_input> leader_elector::impl::perform(runtime::lease_wait_action action) {
  timer.expires_after(std::max(action.until - options.clock(), duration{0}));
  boost::system::error_code cut_short;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cut_short));
  co_return runtime::lease_wait_over{};
}

asio::awaitable<lease_input> leader_elector::impl::perform(runtime::lease_end_action) {
  co_return runtime::lease_wait_over{};
}

lease_input leader_elector::impl::written(const result<nlohmann::json, api_error>& reply,
                                          std::string_view verb) {
  if (!reply) return failed(reply.error(), verb);
  auto record = decode_lease(*reply);
  if (!record) return failed({api_errc::malformed, 0, record.error().message, std::nullopt}, verb);
  set_problem({});
  return runtime::lease_written{std::move(*record)};
}

lease_input leader_elector::impl::failed(const api_error& error, std::string_view verb) {
  // Somebody was faster: that is what the election is for.
  const bool raced = error.code == api_errc::conflict || error.code == api_errc::already_exists ||
                     (error.code == api_errc::not_found && verb == "update");
  if (!raced) set_problem(explain(error, verb, options.lease));
  return runtime::lease_failed{error};
}

// ---- telling ----

void leader_elector::impl::set_problem(std::string text) {
  if (text == status.problem) return;
  status.problem = std::move(text);
  if (options.on_problem && !orphaned) options.on_problem(status.problem);
}

void leader_elector::impl::tell_changes() {
  const lease_role before = std::exchange(status.role, fsm.role());
  const bool new_holder = std::exchange(status.holder, fsm.holder()) != fsm.holder();
  if (orphaned) return;
  if (new_holder && options.on_new_holder) options.on_new_holder(status.holder);
  if (status.role == before) return;
  if (status.role == lease_role::leader && fsm.leading(options.clock())) {
    status.leading_since = server_time;
    if (options.on_started_leading) options.on_started_leading();
  }
  if (status.role == lease_role::lost && options.on_lost) options.on_lost(fsm.loss());
}

// ---- the elector ----

leader_elector::leader_elector(asio::any_io_executor executor, std::shared_ptr<kube_client> client,
                               leader_elector_options options)
    : impl_(std::make_shared<impl>(std::move(executor), std::move(client), std::move(options))) {}

leader_elector::~leader_elector() {
  impl_->orphaned = true;
  impl_->timer.cancel();
}

asio::awaitable<void> leader_elector::run() {
  const auto self = impl_;
  self->running = true;
  lease_input input = runtime::lease_started{};
  while (!self->orphaned) {
    runtime::lease_action action =
        self->fsm.step(input, self->options.clock(), net::system_time(), self->options.random());
    if (std::holds_alternative<runtime::lease_end_action>(action)) break;
    self->tell_changes();
    // The machine chose it, visit only names it.
    asio::awaitable<lease_input> performing =
        std::visit([&](auto& each) { return self->perform(std::move(each)); }, action);
    input = co_await std::move(performing);
  }
  self->running = false;
  self->ended.cancel();
  self->tell_changes();
}

asio::awaitable<void> leader_elector::release() {
  const auto self = impl_;
  self->fsm.release();
  self->timer.cancel();
  boost::system::error_code over;
  if (self->running) co_await self->ended.async_wait(asio::redirect_error(asio::use_awaitable, over));
}

bool leader_elector::valid_for(duration span) const {
  return impl_->fsm.valid_for(impl_->options.clock(), span);
}

const election_status& leader_elector::status() const {
  return impl_->status;
}

}  // namespace platformer::kube
