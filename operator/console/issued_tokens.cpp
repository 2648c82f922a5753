#include "console/issued_tokens.hpp"

#include <functional>

namespace platformer::console {
namespace {

std::size_t hash_of(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

}  // namespace

bool issued_tokens::add_created(std::string_view fingerprint, std::string_view account_id) {
  const std::size_t token = hash_of(fingerprint);
  const std::size_t account = hash_of(account_id);
  if (account_of_.contains(token) || accounts_.contains(account)) return false;
  remember(token, account);
  return true;
}

bool issued_tokens::add_renewed(std::string_view fingerprint, std::string_view account_id) {
  const std::size_t token = hash_of(fingerprint);
  const std::size_t account = hash_of(account_id);
  const auto found = account_of_.find(token);
  if (found != account_of_.end()) return found->second == account;
  remember(token, account);
  return true;
}

void issued_tokens::remember(std::size_t token, std::size_t account) {
  account_of_[token] = account;
  accounts_.insert(account);
  if (ring_.size() < limit) {
    ring_.push_back(token);
    return;
  }
  const auto forgotten = account_of_.find(ring_[oldest_]);
  accounts_.erase(accounts_.find(forgotten->second));
  account_of_.erase(forgotten);
  ring_[oldest_] = token;
  oldest_ = (oldest_ + 1) % limit;
}

}  // namespace platformer::console
