#include "console/console_client.hpp"

#include <array>
#include <chrono>
#include <exception>
#include <utility>

#include "console/errors.hpp"
#include "console/identifier.hpp"
#include "console/reply_body.hpp"
#include "console/trace.hpp"

namespace platformer::console {
namespace {

using unexpected = tl::unexpected<api_error>;

std::optional<net::http_method> method_of(std::string_view name) {
  using enum net::http_method;
  for (const auto method : {get, post, put, patch, del})
    if (net::to_string(method) == name) return method;
  return std::nullopt;
}

unexpected unsendable(call operation, const std::string& why) {
  return unexpected({api_errc::bad_request, 0, std::string(operation_id(operation)) + ": " + why, {}});
}

// Runs a decoder over a reply, so that its failure gets operation and status.
template <class Decode>
auto decode(call operation, const net::http_reply& reply, Decode decoder)
    -> result<typename decltype(decoder(std::string_view{}))::value_type, api_error> {
  auto decoded = decoder(reply.body.reveal());
  if (!decoded) return malformed_reply(operation, reply.status, decoded.error());
  return std::move(decoded).map_error([](error&&) { return api_error{}; });
}

// Gives the permit back, also when the call ends by an exception; not when the whole program ends and its
// coroutines are thrown away, whose limits may be gone by then.
struct admitted {
  call_admission& by;
  call_admission::permit permit;
  bool ended = false;

  void end(const api_error* failure) {
    if (!std::exchange(ended, true)) by.leave(permit, failure);
  }
  ~admitted() {
    if (ended || std::uncaught_exceptions() == 0) return;
    const api_error unknown{.code = api_errc::cancelled};
    end(&unknown);
  }
  admitted(call_admission& admission, call_admission::permit given) : by(admission), permit(given) {}
  admitted(const admitted&) = delete;
  admitted& operator=(const admitted&) = delete;
};

bool is_gone(const api_error& error) {
  return error.code == api_errc::not_found;
}

}  // namespace

console_client::console_client(boost::asio::any_io_executor executor, console_settings settings,
                               std::shared_ptr<net::tls_context> tls, net::http_limits limits)
    : settings_(std::move(settings)),
      http_(std::move(executor), settings_.at.target, std::move(tls), limits) {}

result<net::http_request, api_error> console_client::build(call operation, parameters& with) const {
  const bool scoped = operation != call::validate_token && operation != call::list_organizations;
  if (scoped && !is_safe_id(organization_))
    return unsendable(operation, "the organization's ID is not known");
  if (!with.project.empty() && !is_safe_id(with.project))
    return unsendable(operation, "the project's ID is unsafe");
  if (!with.id.empty() && !is_safe_id(with.id)) return unsendable(operation, "the account's ID is unsafe");
  if (!with.token || !is_usable_token(with.token->reveal()))
    return unexpected({api_errc::unauthorized,
                       0,
                       std::string(operation_id(operation)) + ": there is no usable credential",
                       {}});

  const route& route = settings_.routes.at(operation);
  auto path = expand(route.path, {.organization = organization_, .project = with.project, .id = with.id});
  if (!path) return unsendable(operation, path.error().message);
  const auto method = method_of(route.method);
  if (!method) return unsendable(operation, "the route's method is unknown");

  net::http_request request;
  request.method = *method;
  request.target = settings_.at.prefix + *path + with.query;
  request.headers.push_back({"Accept", "application/json"});
  if (scoped) request.headers.push_back({"x-organization-id", organization_});
  if (!with.project.empty()) request.headers.push_back({"x-project-id", with.project});
  if (auto trace = traceparent(with.trace, operation); !trace.empty())
    request.headers.push_back({"traceparent", std::move(trace)});
  request.authorization = with.token;
  if (!with.body.empty()) {
    request.content_type = "application/json";
    request.body = secret_string::take(std::move(with.body));
  }
  request.deadline = settings_.timeout;
  request.max_reply_bytes = max_body_bytes;
  return request;
}

console_client::outcome<net::http_reply> console_client::exchange(call operation, parameters with) {
  if (!with.token) with.token = credential_;
  auto request = build(operation, with);
  if (!request) co_return unexpected(request.error());
  if (!settings_.admission)
    co_return co_await exchange_admitted(operation, *std::move(request), std::move(with.token));
  auto permit = co_await settings_.admission->enter(operation);
  if (!permit) co_return unexpected(std::move(permit.error()));
  admitted in_turn{*settings_.admission, *permit};
  auto reply = co_await exchange_admitted(operation, *std::move(request), std::move(with.token));
  in_turn.end(reply ? nullptr : &reply.error());
  co_return reply;
}

console_client::outcome<net::http_reply> console_client::exchange_admitted(call operation,
                                                                           net::http_request request,
                                                                           token_handle token) {
  const auto began = std::chrono::steady_clock::now();
  auto reply = co_await http_.send(std::move(request));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const auto tell = [&](int status, const api_error* failure) {
    if (settings_.on_call) settings_.on_call(operation, status, failure, took);
  };
  if (!reply) {
    api_error error = reply.error();
    error.message = std::string(operation_id(operation)) + ": " + error.message;
    tell(error.http_status, &error);
    co_return unexpected(std::move(error));
  }
  if (reply->status >= 200 && reply->status < 300) {
    tell(reply->status, nullptr);
    co_return *std::move(reply);
  }

  const std::array<std::string_view, 2> secrets = {token->reveal(),
                                                   credential_ ? credential_->reveal() : std::string_view()};
  const refusal refused{.status = reply->status,
                        .body = reply->body.reveal(),
                        .content_type = reply->find("Content-Type"),
                        .retry_after = reply->find("Retry-After"),
                        .date = reply->find("Date")};
  const auto now = std::chrono::floor<duration>(std::chrono::system_clock::now());
  api_error error = classify(operation, refused, secrets, now);
  tell(reply->status, &error);
  co_return unexpected(std::move(error));
}

console_client::outcome<bool> console_client::validate_token(token_handle token, std::string trace) {
  if (!token || !is_usable_token(token->reveal())) co_return false;
  parameters with;
  with.trace = std::move(trace);
  with.token = std::move(token);
  auto reply = co_await exchange(call::validate_token, std::move(with));
  if (reply) {
    auto done = decode_done(reply->body.reveal());
    if (!done) co_return malformed_reply(call::validate_token, reply->status, done.error());
    co_return true;
  }
  const api_error& error = reply.error();
  const bool refused = error.code == api_errc::unauthorized || error.code == api_errc::forbidden;
  if (refused) co_return false;
  co_return unexpected(error);
}

console_client::outcome<std::vector<organization>> console_client::list_organizations() {
  parameters with;
  auto reply = co_await exchange(call::list_organizations, std::move(with));
  if (!reply) co_return unexpected(reply.error());
  co_return decode(call::list_organizations, *reply, decode_organizations);
}

console_client::outcome<std::vector<project>> console_client::list_projects() {
  parameters with;
  auto reply = co_await exchange(call::list_projects, std::move(with));
  if (!reply) co_return unexpected(reply.error());
  co_return decode(call::list_projects, *reply, decode_projects);
}

console_client::outcome<std::vector<role>> console_client::list_roles(std::string project_id) {
  const call operation = project_id.empty() ? call::list_organization_roles : call::list_project_roles;
  parameters with;
  with.project = std::move(project_id);
  auto reply = co_await exchange(operation, std::move(with));
  if (!reply) co_return unexpected(reply.error());
  co_return decode(operation, *reply, decode_roles);
}

console_client::outcome<account_listing> console_client::list_accounts(std::string project_id) {
  listing_collector collector(accounts_per_page, max_account_pages);
  while (const auto page = collector.next_page()) {
    parameters with;
    with.project = project_id;
    with.query = "?page=" + std::to_string(*page) + "&limit=" + std::to_string(accounts_per_page);
    auto reply = co_await exchange(call::list_accounts, std::move(with));
    if (!reply) co_return unexpected(reply.error());
    auto decoded = decode(call::list_accounts, *reply, decode_account_page);
    if (!decoded) co_return unexpected(decoded.error());
    collector.add(*std::move(decoded));
  }
  co_return collector.finish();
}

console_client::outcome<std::optional<account>> console_client::get_account(std::string id,
                                                                            std::string project_id,
                                                                            std::string trace) {
  parameters with;
  with.trace = std::move(trace);
  with.id = id;
  with.project = std::move(project_id);
  auto reply = co_await exchange(call::get_account, std::move(with));
  if (!reply) {
    if (is_gone(reply.error())) co_return std::nullopt;
    co_return unexpected(reply.error());
  }
  auto found = decode(call::get_account, *reply, decode_account);
  if (!found) co_return unexpected(found.error());
  if (found->id != id)
    co_return malformed_reply(call::get_account, reply->status, {"it is about another account"});
  co_return *std::move(found);
}

console_client::outcome<void> console_client::update_account(std::string id, account_fields fields,
                                                             std::string project_id, std::string trace) {
  parameters with;
  with.trace = std::move(trace);
  with.id = std::move(id);
  with.project = std::move(project_id);
  with.body = encode_update(fields);
  auto reply = co_await exchange(call::update_account, std::move(with));
  if (!reply) co_return unexpected(reply.error());
  auto done = decode_done(reply->body.reveal());
  if (!done) co_return malformed_reply(call::update_account, reply->status, done.error());
  co_return result<void, api_error>();
}

console_client::outcome<bool> console_client::delete_account(std::string id, std::string project_id,
                                                             std::string trace) {
  parameters with;
  with.trace = std::move(trace);
  with.id = std::move(id);
  with.project = std::move(project_id);
  auto reply = co_await exchange(call::delete_account, std::move(with));
  if (!reply) {
    if (is_gone(reply.error())) co_return false;
    co_return unexpected(reply.error());
  }
  auto done = decode_done(reply->body.reveal());
  if (!done) co_return malformed_reply(call::delete_account, reply->status, done.error());
  co_return true;
}

}  // namespace platformer::console
