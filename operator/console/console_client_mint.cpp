// The two calls that mint a token, and what makes its reply one to believe.
#include <utility>

#include "console/console_client.hpp"
#include "console/errors.hpp"
#include "net/digest.hpp"

namespace platformer::console {
namespace {

using unexpected = tl::unexpected<api_error>;

result<minted, api_error> read_minted(call operation, const net::http_reply& reply,
                                      const std::string& expected_id,
                                      std::optional<time_point> asked_expiry) {
  auto decoded = decode_minted(reply.body.reveal());
  if (!decoded) return malformed_reply(operation, reply.status, decoded.error());
  if (decoded->account_id.empty()) decoded->account_id = expected_id;
  if (decoded->account_id.empty()) return malformed_reply(operation, reply.status, {"data.id is missing"});
  if (!expected_id.empty() && decoded->account_id != expected_id)
    return malformed_reply(operation, reply.status, {"it is about another account"});
  minted made;
  made.account_id = std::move(decoded->account_id);
  made.fingerprint = net::fingerprint(decoded->token->reveal());
  made.token = std::move(decoded->token);
  made.expires_at = decoded->expires_at.value_or(asked_expiry);
  return made;
}

}  // namespace

result<minted, api_error> console_client::checked(call operation, int status,
                                                  result<minted, api_error> made) {
  if (!made) return made;
  if (credential_ && made->token->equals(*credential_))
    return malformed_reply(operation, status, {"the token is the connection's own credential"});
  const bool is_new = operation == call::create_account
                          ? issued_.add_created(made->fingerprint, made->account_id)
                          : issued_.add_renewed(made->fingerprint, made->account_id);
  if (!is_new) return malformed_reply(operation, status, {"it was given out before, for another account"});
  return made;
}

console_client::outcome<minted> console_client::create_account(account_fields fields, std::string project_id,
                                                               std::string trace) {
  parameters with;
  with.trace = std::move(trace);
  with.project = std::move(project_id);
  with.body = encode_create(fields);
  const auto asked_expiry = fields.expires_at.value_or(std::nullopt);
  auto reply = co_await exchange(call::create_account, std::move(with));
  if (!reply) co_return unexpected(reply.error());
  auto made = read_minted(call::create_account, *reply, std::string(), asked_expiry);
  co_return checked(call::create_account, reply->status, std::move(made));
}

console_client::outcome<minted> console_client::renew_token(std::string id,
                                                            std::optional<time_point> expires_at,
                                                            std::string project_id, std::string trace) {
  parameters with;
  with.trace = std::move(trace);
  with.id = id;
  with.project = std::move(project_id);
  with.body = encode_renew(expires_at);
  auto reply = co_await exchange(call::renew_token, std::move(with));
  if (!reply) co_return unexpected(reply.error());
  auto made = read_minted(call::renew_token, *reply, id, expires_at);
  co_return checked(call::renew_token, reply->status, std::move(made));
}

}  // namespace platformer::console
