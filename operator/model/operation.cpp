#include "model/operation.hpp"

#include <algorithm>
#include <array>

#include "base/hash.hpp"

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
