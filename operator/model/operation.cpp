#include "model/operation.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/hash.hpp"
#include "model/json_read.hpp"

namespace platformer {
namespace {

constexpr std::array<std::pair<mint_cause, std::string_view>, 8> cause_names = {{
    {mint_cause::initial_issue, "InitialIssue"},
    {mint_cause::renew_request, "RenewRequest"},
    {mint_cause::scheduled_renewal, "ScheduledRenewal"},
    {mint_cause::token_lost, "TokenLost"},
    {mint_cause::account_lost, "AccountLost"},
    {mint_cause::adoption, "Adoption"},
    {mint_cause::revoked_externally, "RevokedExternally"},
    {mint_cause::recovery, "Recovery"},
}};

constexpr std::size_t operation_limit_bytes = 4096;
constexpr std::size_t replaced_id_limit = 128;
constexpr std::int64_t count_limit = 1'000'000'000;

}  // namespace

std::string_view to_string(mint_cause cause) {
  for (const auto& [value, name] : cause_names)
    if (value == cause) return name;
  return "";
}

std::optional<mint_cause> parse_mint_cause(std::string_view text) {
  for (const auto& [value, name] : cause_names)
    if (name == text) return value;
  return std::nullopt;
}

std::string encode_operation(const operation& op) {
  nlohmann::json json{{"id", op.id},
                      {"kind", op.kind == operation_kind::create ? "create" : "renew"},
                      {"revision", op.revision},
                      {"cause", to_string(op.cause)},
                      {"holder", op.holder},
                      {"startedAt", format_rfc3339(op.started_at)},
                      {"callTimeoutMilliseconds", op.call_timeout.count()}};
  if (op.after_doubt) json["afterDoubt"] = true;
  if (!op.replaces.empty()) json["replaces"] = op.replaces;
  if (!op.renew_history.empty()) json["renewHistory"] = op.renew_history;
  if (op.budget.last_automatic)
    json["automatic"] = {{"count", op.budget.automatic}, {"last", format_rfc3339(*op.budget.last_automatic)}};
  if (op.budget.hour_start)
    json["requested"] = {{"count", op.budget.requested}, {"since", format_rfc3339(*op.budget.hour_start)}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<operation> decode_operation(std::string_view annotation) {
  if (annotation.empty() || annotation.size() > operation_limit_bytes) return std::nullopt;
  const auto json = nlohmann::json::parse(annotation, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  operation op;
  op.id = read_string(json, "id");
  const std::string kind = read_string(json, "kind");
  const auto cause = parse_mint_cause(read_string(json, "cause"));
  if (op.id.empty() || op.id.size() > 64 || (kind != "create" && kind != "renew") || !cause)
    return std::nullopt;
  op.kind = kind == "create" ? operation_kind::create : operation_kind::renew;
  op.cause = *cause;
  op.revision = std::clamp<std::int64_t>(read_integer(json, "revision"), 0, count_limit);
  op.holder = read_string(json, "holder");
  op.started_at = parse_rfc3339(read_string(json, "startedAt")).value_or(time_point{});
  // Bounded, so that a forged intent can't make an object wait for ever.
  op.call_timeout =
      std::clamp(duration(read_integer(json, "callTimeoutMilliseconds")), duration(0), duration(300'000));
  op.after_doubt = read_bool(json, "afterDoubt");
  op.replaces = read_string(json, "replaces");
  if (op.replaces.size() > replaced_id_limit) op.replaces.clear();
  op.renew_history = read_strings(json, "renewHistory", renew_history_limit);
  std::erase_if(op.renew_history, [](const std::string& each) { return each.size() > renew_hash_size; });
  if (const auto* automatic = read_object(json, "automatic")) {
    op.budget.automatic = std::clamp<std::int64_t>(read_integer(*automatic, "count"), 0, count_limit);
    op.budget.last_automatic = parse_rfc3339(read_string(*automatic, "last"));
  }
  if (const auto* requested = read_object(json, "requested")) {
    op.budget.requested = std::clamp<std::int64_t>(read_integer(*requested, "count"), 0, count_limit);
    op.budget.hour_start = parse_rfc3339(read_string(*requested, "since"));
  }
  return op;
}

std::string renew_hash(std::string_view value) {
  std::uint64_t hash = fnv1a(value);
  static constexpr char digits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; hash >>= 4U)
    text[i] = digits[hash & 0xFU];
  return text;
}

std::vector<std::string> remember_renew(std::vector<std::string> history, std::string hash) {
  std::erase(history, hash);
  history.push_back(std::move(hash));
  if (history.size() > renew_history_limit)
    history.erase(history.begin(), history.end() - static_cast<std::ptrdiff_t>(renew_history_limit));
  return history;
}

}  // namespace platformer
