#include "tests/console_emulator/emulator.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "tests/console_emulator/admin.hpp"
#include "tests/console_emulator/exchange_log.hpp"
#include "tests/console_emulator/gateway.hpp"
#include "tests/console_emulator/http_server.hpp"

namespace platformer::emulator {

namespace asio = boost::asio;

time_point system_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

namespace {

std::string_view name_of(const models::answer<routed>& to) {
  return to ? console::default_routes[static_cast<std::size_t>(to->operation)].operation_id : "unknown";
}

reply_cut cut_of(const fault& hit) {
  if (hit.hang != fault_moment::never) return reply_cut::hang;
  switch (hit.cut) {
    case fault_moment::never:
      return reply_cut::none;
    case fault_moment::before:
    case fault_moment::after_commit:
      return reply_cut::before_head;
    case fault_moment::mid_reply:
      return reply_cut::mid_reply;
  }
  return reply_cut::none;
}

// The reply as the fault wants it seen.
void distort(outgoing& reply, const fault& hit) {
  if (hit.status != 0) reply = failure({hit.status, "ordered fault"});
  if (hit.body) {
    reply.body = secret_string(*hit.body);
    reply.content_type = "text/html";
  }
  if (!hit.retry_after.empty()) reply.headers.emplace_back("Retry-After", hit.retry_after);
}

}  // namespace

struct emulator::core {
  core(asio::any_io_executor on, std::unique_ptr<world> from, std::vector<gateway_route> routes,
       const std::filesystem::path& exchanges)
      : executor(std::move(on)),
        console(std::move(from)),
        api(*console, std::move(routes)),
        admin(*console, faults, calls),
        log(exchanges) {}

  // Ends early when the emulator stops.
  asio::awaitable<void> pause(duration span) {
    asio::steady_timer timer(executor, span);
    waits.insert(&timer);
    boost::system::error_code ec;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    waits.erase(&timer);
  }

  performed carry_out(const models::answer<routed>& to, const incoming& request) {
    if (to) return api.perform(*to, request);
    performed refused;
    refused.reply = failure(to.error());
    return refused;
  }

  // Requests outlive the emulator by at most their own answer; one that comes too late is dropped.
  static asio::awaitable<served> serve(std::weak_ptr<core> of, incoming request) {
    const auto self = of.lock();
    served answer;
    answer.cut = reply_cut::before_head;
    if (!self) co_return answer;
    answer.cut = reply_cut::none;
    const auto to = self->api.route(request);
    const std::string operation(name_of(to));
    const std::optional<fault> hit = self->faults.take(operation);
    if (hit && hit->latency > duration::zero()) co_await self->pause(hit->latency);
    performed done;
    if (!hit || hit->carries_out()) done = self->carry_out(to, request);
    if (to && done.account_id.empty())
      if (const auto id = to->variables.find("id"); id != to->variables.end()) done.account_id = id->second;
    answer.reply = std::move(done.reply);
    if (hit) {
      distort(answer.reply, *hit);
      answer.cut = cut_of(*hit);
    } else {
      self->log.add(operation, request, answer.reply);
    }
    const bool silent = answer.cut == reply_cut::before_head || answer.cut == reply_cut::hang;
    self->calls.add({.operation = operation,
                     .account_id = done.account_id,
                     .status = silent ? 0 : answer.reply.status,
                     .committed = done.committed,
                     .at = self->console->now(),
                     .traceparent = request.traceparent});
    co_return answer;
  }

  static asio::awaitable<served> serve_admin(std::weak_ptr<core> of, incoming request) {
    const auto self = of.lock();
    served answer;
    answer.cut = reply_cut::before_head;
    if (!self) co_return answer;
    answer.cut = reply_cut::none;
    answer.reply = self->admin.handle(request);
    co_return answer;
  }

  asio::any_io_executor executor;
  std::unique_ptr<world> console;
  fault_list faults;
  journal calls;
  gateway api;
  admin_api admin;
  exchange_log log;
  std::set<asio::steady_timer*> waits;
  std::unique_ptr<http_server> gateway_server;
  std::unique_ptr<http_server> admin_server;
};

result<std::unique_ptr<emulator>> emulator::start(asio::any_io_executor executor, emulator_options options) {
  std::shared_ptr<asio::ssl::context> tls;
  if (!options.tls_certificate_pem.empty()) {
    auto made = make_server_tls(options.tls_certificate_pem, options.tls_key_pem);
    if (!made) return tl::unexpected(made.error());
    tls = std::move(*made);
  }
  auto routes = std::move(options.start.routes);
  if (routes != default_gateway_routes())
    options.exchanges_file.clear();  // the contract knows the defaults only
  auto console = world::open(std::move(options.start), std::move(options.clock), options.state_file);
  if (!console) return tl::unexpected(console.error());
  auto state =
      std::make_shared<core>(executor, std::move(*console), std::move(routes), options.exchanges_file);
  // The servers belong to the core: a weak reference avoids the circle, each request holds a strong one.
  const std::weak_ptr<core> weak = state;
  auto server = http_server::listen(executor, options.listen, tls, [weak](incoming request) {
    return core::serve(weak, std::move(request));
  });
  if (!server) return tl::unexpected(server.error());
  state->gateway_server = std::move(*server);
  if (options.admin) {
    auto admin = http_server::listen(executor, *options.admin, nullptr, [weak](incoming request) {
      return core::serve_admin(weak, std::move(request));
    });
    if (!admin) return tl::unexpected(admin.error());
    state->admin_server = std::move(*admin);
  }
  return std::unique_ptr<emulator>(new emulator(std::move(state)));
}

emulator::~emulator() {
  stop();
}

std::string emulator::gateway_url() const {
  return core_->gateway_server->url();
}

std::string emulator::admin_url() const {
  return core_->admin_server ? core_->admin_server->url() : std::string();
}

world& emulator::console() {
  return *core_->console;
}

fault_list& emulator::faults() {
  return core_->faults;
}

journal& emulator::calls() {
  return core_->calls;
}

void emulator::stop() {
  core_->gateway_server->stop();
  if (core_->admin_server) core_->admin_server->stop();
  for (auto* timer : core_->waits)
    timer->cancel();
}

}  // namespace platformer::emulator
