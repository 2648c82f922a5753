// The Console, typed: one method an operation of openapi.yaml. Nothing is retried and no redirect is
// followed; every call ends within the connection's timeout. Failures are api_error values whose messages
// start with the operation's name and hold neither credential nor token.
//
//   console_client console(executor, {gateway, routes, spec.timeout}, tls);
//   console.use_credential(token);
//   console.use_organization(id);        // from list_organizations and find_organization
//   auto minted = co_await console.create_account(fields, project_id);
//
// Errors beyond HTTP's: `bad_request` with status 0 when an argument can't be sent at all (an unsafe ID, no
// organization), `unauthorized` with status 0 when there is no credential, `malformed` when a success can't
// be understood (of create, renew, change and delete that means: in doubt). The client must outlive its
// calls.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "console/codec.hpp"
#include "console/gateway.hpp"
#include "console/issued_tokens.hpp"
#include "console/listing.hpp"
#include "console/routes.hpp"
#include "model/account.hpp"
#include "model/api_error.hpp"
#include "net/http_client.hpp"

namespace platformer::console {

inline constexpr int accounts_per_page = 100;
inline constexpr int max_account_pages = 500;

// Who decides when a call may be sent, as a rate limit does.
class call_admission {
 public:
  using permit = std::uint64_t;

  virtual ~call_admission() = default;
  // Returns when the call may be sent. An error (`cancelled`): it may not, and is not.
  virtual boost::asio::awaitable<result<permit, api_error>> enter(call operation) = 0;
  // The exchange has ended, as on_call is told; once for each permit. Must not throw.
  virtual void leave(permit given, const api_error* failure) = 0;
};

struct console_settings {
  gateway at;
  route_table routes;
  duration timeout = std::chrono::seconds(30);  // of one call, everything included
  // Called after every exchange (each page of a listing is one); status 0: there was no reply. `failure` is
  // null after a 2xx, whether or not the reply can be understood. `took`: the exchange, without the wait for
  // its turn. For metrics; may be empty.
  std::function<void(call operation, int status, const api_error* failure,
                     std::chrono::duration<double> took)>
      on_call{};
  std::shared_ptr<call_admission> admission{};  // null: every call is sent at once
};

// A token that now exists, and exists nowhere else.
struct minted {
  std::string account_id;
  token_handle token;
  std::string fingerprint;               // net::fingerprint of the token
  std::optional<time_point> expires_at;  // as granted; nullopt: never
};

class console_client {
 public:
  template <class T>
  using outcome = boost::asio::awaitable<result<T, api_error>>;

  // tls may be null for a plain http gateway.
  console_client(boost::asio::any_io_executor executor, console_settings settings,
                 std::shared_ptr<net::tls_context> tls, net::http_limits limits = {});

  // For calls from now on. The credential is the bare token.
  void use_credential(token_handle credential) { credential_ = std::move(credential); }
  const token_handle& credential() const { return credential_; }
  void use_organization(std::string id) { organization_ = std::move(id); }
  // For new connections (a changed CA bundle).
  void replace_tls(std::shared_ptr<net::tls_context> tls) { http_.replace_tls(std::move(tls)); }
  // Calls under way end with `cancelled`.
  void close() { http_.close(); }

  // `trace`, in the calls that have it: the ID of the operation that the call is part of, for
  // console/trace.hpp.

  // Whether the token is live: true on success, false on 401 and 403, and without a call when it is null,
  // empty or could not stand in a header. Uses the given token, not the credential.
  outcome<bool> validate_token(token_handle token, std::string trace = std::string());

  outcome<std::vector<organization>> list_organizations();
  outcome<std::vector<project>> list_projects();
  // Custom roles of the project, or with an empty ID those at organization level.
  outcome<std::vector<role>> list_roles(std::string project_id);

  // `project_id` in the calls below: empty for an organization-level account, else the account's project.

  // In both that mint, a reply with the credential or with another account's token is `malformed`.
  outcome<minted> create_account(account_fields fields, std::string project_id,
                                 std::string trace = std::string());
  // All accounts of the organization, or of the project. Follows at most max_account_pages pages.
  outcome<account_listing> list_accounts(std::string project_id);
  // nullopt: the Console says that there is no such account.
  outcome<std::optional<account>> get_account(std::string id, std::string project_id,
                                              std::string trace = std::string());
  outcome<void> update_account(std::string id, account_fields fields, std::string project_id,
                               std::string trace = std::string());
  // Kills the account's present token. A reply about another account is `malformed`.
  outcome<minted> renew_token(std::string id, std::optional<time_point> expires_at, std::string project_id,
                              std::string trace = std::string());
  // False: it was already gone.
  outcome<bool> delete_account(std::string id, std::string project_id, std::string trace = std::string());

 private:
  // What one exchange needs beyond its operation.
  struct parameters {
    std::string id;
    std::string project;
    std::string query;  // with its '?'
    std::string body;
    token_handle token;  // instead of the credential
    std::string trace;
  };
  result<net::http_request, api_error> build(call operation, parameters& with) const;
  // A 2xx reply, or why there is none.
  outcome<net::http_reply> exchange(call operation, parameters with);
  outcome<net::http_reply> exchange_admitted(call operation, net::http_request request, token_handle token);
  // `made`, unless it is not to be handed on: the credential, or what was given out before.
  result<minted, api_error> checked(call operation, int status, result<minted, api_error> made);

  console_settings settings_;
  net::http_client http_;
  token_handle credential_;
  std::string organization_;
  issued_tokens issued_;
};

}  // namespace platformer::console
