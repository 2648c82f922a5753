#include "tests/console_emulator/admin.hpp"

#include "tests/console_emulator/json_codec.hpp"
#include "tests/console_emulator/tokens.hpp"

namespace platformer::emulator {
namespace {

using models::answer;
using models::refuse;
using nlohmann::json;

constexpr std::int64_t clock_advance_max_seconds = 100LL * 366 * 24 * 3600;

answer<outgoing> ok() {
  return json_reply(200, {{"ok", true}});
}

answer<std::string> text_field(const json& body, std::string_view name) {
  const auto found = body.find(name);
  if (found == body.end() || !found->is_string()) return refuse(400, std::string(name) + " must be a string");
  return found->get<std::string>();
}

}  // namespace

const std::vector<admin_api::row>& admin_api::table() {
  static const std::vector<row> rows = {
      {"GET", "/healthz", &admin_api::health},
      {"GET", "/accounts", &admin_api::list_accounts},
      {"POST", "/accounts/{id}/delete", &admin_api::delete_account},
      {"POST", "/accounts/{id}/renew", &admin_api::renew_account},
      {"POST", "/accounts/{id}/revoke", &admin_api::revoke_account},
      {"POST", "/accounts/{id}/edit", &admin_api::edit_account},
      {"GET", "/calls", &admin_api::list_calls},
      {"DELETE", "/calls", &admin_api::clear_calls},
      {"GET", "/faults", &admin_api::count_faults},
      {"POST", "/faults", &admin_api::add_fault},
      {"DELETE", "/faults", &admin_api::clear_faults},
      {"POST", "/settings", &admin_api::change_settings},
      {"POST", "/verify", &admin_api::verify},
      {"POST", "/credentials", &admin_api::add_credential},
      {"DELETE", "/credentials/{name}", &admin_api::remove_credential},
      {"POST", "/clock/advance", &admin_api::advance_clock},
  };
  return rows;
}

outgoing admin_api::handle(const incoming& request) {
  const auto target = parse_target(request.target);
  if (!target) return failure({400, "the request target can't be read"});
  bool path_known = false;
  for (const auto& each : table()) {
    const auto in = match_path(each.path, target->segments);
    if (!in) continue;
    path_known = true;
    if (each.method != request.method) continue;
    auto reply = (this->*each.handle)(request, *in);
    return reply ? std::move(*reply) : failure(reply.error());
  }
  return path_known ? failure({405, "this path does not take this method"})
                    : failure({404, "there is no such path"});
}

json admin_api::describe(const models::stored_account& stored) const {
  json out = to_json(models::view_of(stored, world_.now()));
  out["fingerprint"] = stored.token ? json(fingerprint(*stored.token)) : json(nullptr);
  out["tokens_issued"] = stored.tokens_issued;
  return out;
}

answer<outgoing> admin_api::health(const incoming&, const variables&) {
  return ok();
}

answer<outgoing> admin_api::list_accounts(const incoming&, const variables&) {
  json list = json::array();
  for (const auto& stored : world_.model().accounts())
    list.push_back(describe(*stored));
  return json_reply(200, {{"accounts", std::move(list)}});
}

answer<outgoing> admin_api::delete_account(const incoming&, const variables& in) {
  const std::string& id = in.at("id");
  const auto previous = world_.before(id);
  if (auto done = world_.model().remove_by_hand(id, world_.now()); !done) return tl::unexpected(done.error());
  if (auto kept = world_.commit(id, previous); !kept) return tl::unexpected(kept.error());
  return ok();
}

answer<outgoing> admin_api::renew_account(const incoming&, const variables& in) {
  const std::string& id = in.at("id");
  const auto previous = world_.before(id);
  if (auto done = world_.model().renew_by_hand(id, world_.now()); !done) return tl::unexpected(done.error());
  if (auto kept = world_.commit(id, previous); !kept) return tl::unexpected(kept.error());
  return json_reply(200, describe(*world_.model().find(id)));
}

answer<outgoing> admin_api::revoke_account(const incoming&, const variables& in) {
  const std::string& id = in.at("id");
  const auto previous = world_.before(id);
  if (auto done = world_.model().revoke_by_hand(id, world_.now()); !done) return tl::unexpected(done.error());
  if (auto kept = world_.commit(id, previous); !kept) return tl::unexpected(kept.error());
  return json_reply(200, describe(*world_.model().find(id)));
}

answer<outgoing> admin_api::edit_account(const incoming& request, const variables& in) {
  const std::string& id = in.at("id");
  const auto body =
      read_object(request.body.reveal(),
                  {.allowed = {"name", "description", "roles", "projects", "expired_in"}, .required = {}});
  if (!body) return tl::unexpected(body.error());
  const auto fields = read_account_fields(*body);
  if (!fields) return tl::unexpected(fields.error());
  const auto previous = world_.before(id);
  if (auto done = world_.model().edit_by_hand(id, *fields, world_.now()); !done)
    return tl::unexpected(done.error());
  if (auto kept = world_.commit(id, previous); !kept) return tl::unexpected(kept.error());
  return json_reply(200, describe(*world_.model().find(id)));
}

answer<outgoing> admin_api::list_calls(const incoming&, const variables&) {
  json calls = json::array();
  for (const auto& call : journal_.calls())
    calls.push_back({{"operation", call.operation},
                     {"account_id", call.account_id.empty() ? json(nullptr) : json(call.account_id)},
                     {"status", call.status},
                     {"committed", call.committed},
                     {"traceparent", call.traceparent},
                     {"time", format_rfc3339(call.at)},
                     {"time_ms", call.at.time_since_epoch().count()}});
  std::uint64_t total = 0;
  for (const auto& [operation, count] : journal_.counts())
    total += count;
  return json_reply(200, {{"total", total}, {"counts", journal_.counts()}, {"calls", std::move(calls)}});
}

answer<outgoing> admin_api::clear_calls(const incoming&, const variables&) {
  journal_.clear();
  return ok();
}

answer<outgoing> admin_api::add_fault(const incoming& request, const variables&) {
  const auto body =
      read_object(request.body.reveal(), {.allowed = {"operation", "count", "skip", "latency_ms", "status",
                                                      "retry_after", "body", "commit", "cut", "hang"},
                                          .required = {}});
  if (!body) return tl::unexpected(body.error());
  auto ordered = fault_from_json(*body);
  if (!ordered) return tl::unexpected(ordered.error());
  faults_.add(std::move(*ordered));
  return ok();
}

answer<outgoing> admin_api::count_faults(const incoming&, const variables&) {
  return json_reply(200, {{"pending", faults_.size()}});
}

answer<outgoing> admin_api::clear_faults(const incoming&, const variables&) {
  faults_.clear();
  return ok();
}

answer<outgoing> admin_api::verify(const incoming& request, const variables&) {
  const auto body = read_object(request.body.reveal(), {.allowed = {"token"}, .required = {"token"}});
  if (!body) return tl::unexpected(body.error());
  auto token = text_field(*body, "token");
  if (!token) return tl::unexpected(token.error());
  const secret_string held = secret_string::take(std::move(*token));
  const auto& model = world_.model();
  const auto* owner = model.find_by_token(held.reveal(), world_.now());
  const auto* credential = model.find_credential(held.reveal());
  return json_reply(200, {{"live", model.validate_token(held.reveal(), world_.now()).has_value()},
                          {"account_id", owner != nullptr ? json(owner->data.id) : json(nullptr)},
                          {"credential", credential != nullptr ? json(credential->name) : json(nullptr)}});
}

answer<outgoing> admin_api::add_credential(const incoming& request, const variables&) {
  const auto body =
      read_object(request.body.reveal(), {.allowed = {"name", "organization_id", "roles", "expired_in"},
                                          .required = {"name", "organization_id", "roles"}});
  if (!body) return tl::unexpected(body.error());
  const auto organization = text_field(*body, "organization_id");
  if (!organization) return tl::unexpected(organization.error());
  const auto fields = read_account_fields(*body);
  if (!fields) return tl::unexpected(fields.error());
  if (world_.model().directory().find(*organization) == nullptr)
    return refuse(400, "there is no such organization");
  const auto token = world_.add_credential(*fields->name, *organization, *fields->roles,
                                           fields->expires_at.value_or(std::nullopt));
  if (!token) return refuse(500, token.error().message);
  return json_reply(200, {{"token", std::string((*token)->reveal())}});
}

answer<outgoing> admin_api::remove_credential(const incoming&, const variables& in) {
  const auto removed = world_.remove_credential(in.at("name"));
  if (!removed) return refuse(500, removed.error().message);
  if (!*removed) return refuse(404, "there is no such credential");
  return ok();
}

answer<outgoing> admin_api::advance_clock(const incoming& request, const variables&) {
  const auto body = read_object(request.body.reveal(), {.allowed = {"seconds"}, .required = {"seconds"}});
  if (!body) return tl::unexpected(body.error());
  const json& seconds = body->at("seconds");
  if (!seconds.is_number_unsigned() || seconds.get<std::uint64_t>() > clock_advance_max_seconds)
    return refuse(400, "seconds must be a whole number, not negative, and at most 100 years");
  const auto moved = world_.advance(std::chrono::seconds(seconds.get<std::int64_t>()));
  if (!moved) return refuse(500, moved.error().message);
  return json_reply(200, {{"now", format_rfc3339(world_.now())}});
}

}  // namespace platformer::emulator
