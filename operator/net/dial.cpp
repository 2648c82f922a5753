#include "net/dial.hpp"

#include <algorithm>
#include <utility>

#include "net/proxy_tunnel.hpp"

namespace platformer::net {
namespace {

io_failure explain(const resolve_error& failed, const std::string& host) {
  const std::string detail = "DNS of " + host + ": " + failed.detail;
  switch (failed.reason) {
    case resolve_failure::not_found:
      return {io_errc::lost, detail};
    case resolve_failure::timed_out:
      return {io_errc::timed_out, detail};
    case resolve_failure::closed:
      break;
  }
  return {io_errc::aborted, "closed"};
}

// An address that drops packets must not use up the time of those after it.
steady_time share_of(steady_time deadline, std::size_t addresses_left) {
  const auto now = std::chrono::steady_clock::now();
  if (deadline <= now) return deadline;
  return now + (deadline - now) / static_cast<long>(addresses_left);
}

}  // namespace

dialer::dialer(boost::asio::any_io_executor executor, endpoint target, std::shared_ptr<tls_context> tls)
    : executor_(executor),
      target_(std::move(target)),
      tls_(std::move(tls)),
      resolver_(std::make_shared<name_resolver>(executor, target_.via ? target_.via->host : target_.host)) {}

std::shared_ptr<connection> dialer::make_connection() {
  auto made = std::make_shared<connection>(executor_);
  std::erase_if(live_, [](const std::weak_ptr<connection>& gone) { return gone.expired(); });
  live_.push_back(made);
  return made;
}

io_result<std::shared_ptr<connection>> dialer::connect_any(steady_time deadline) {
  const std::string host = target_.via ? target_.via->host : target_.host;
  const std::uint16_t port = target_.via ? target_.via->port : target_.port;
  const auto found = co_await resolver_->resolve(deadline);
  if (!found) co_return tl::unexpected(explain(found.error(), host));

  io_failure last;
  for (std::size_t i = 0; i < found->size(); ++i) {
    if (closed_) co_return tl::unexpected(io_failure{io_errc::aborted, "closed"});
    auto candidate = make_connection();
    candidate->arm(share_of(deadline, found->size() - i));
    const auto connected = co_await candidate->connect({(*found)[i], port});
    if (connected) co_return candidate;
    last = connected.error();
    last.detail = "connecting to " + (*found)[i].to_string() + ": " + last.detail;
    if (last.code == io_errc::aborted) break;
  }
  co_return tl::unexpected(std::move(last));
}

io_result<std::shared_ptr<connection>> dialer::dial(steady_time deadline) {
  const auto self = shared_from_this();  // the client may be gone before this ends
  auto made = co_await connect_any(deadline);
  if (!made) co_return made;
  const std::shared_ptr<connection> fresh = *made;
  fresh->arm(deadline);
  if (target_.tls && target_.via) {
    auto tunnel = co_await open_tunnel(fresh, target_);
    if (!tunnel) co_return tl::unexpected(tunnel.error());
  }
  if (target_.tls) {
    if (!tls_) co_return tl::unexpected(io_failure{io_errc::lost, "no TLS settings"});
    const std::string& name = target_.server_name.empty() ? target_.host : target_.server_name;
    auto shaken = co_await fresh->handshake(tls_, name);
    if (!shaken) {
      shaken.error().detail = "TLS: " + shaken.error().detail;
      co_return tl::unexpected(shaken.error());
    }
  }
  ++opened_;
  co_return fresh;
}

void dialer::close() {
  closed_ = true;
  resolver_->close();
  for (const auto& weak : live_) {
    if (const auto alive = weak.lock()) alive->abort();
  }
}

}  // namespace platformer::net
