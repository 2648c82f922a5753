// The stored state of console_model: copy on write, look-ups, and what its keeper may do.
#include <algorithm>
#include <utility>

#include "tests/models/console_model.hpp"

namespace platformer::models {

const std::shared_ptr<const std::vector<operator_credential>>& console_model::no_credentials() {
  static const auto none = std::make_shared<const std::vector<operator_credential>>();
  return none;
}

console_model::state& console_model::own() {
  if (state_.use_count() > 1) state_ = std::make_shared<state>(*state_);
  return *state_;
}

void console_model::store(stored_account changed, const note& why) {
  auto after = std::make_shared<const stored_account>(std::move(changed));
  auto before = put(after);
  tell(why, std::move(before), std::move(after));
}

void console_model::erase(const stored_account& gone, const note& why) {
  tell(why, take(gone), nullptr);
}

console_model::shared_account console_model::put(shared_account fresh) {
  state& mine = own();
  auto& slot = mine.accounts[fresh->serial];
  if (slot) {
    if (slot->token) mine.by_token.erase(*slot->token);
  } else {
    mine.by_id[fresh->data.id] = fresh->serial;
  }
  if (fresh->token) mine.by_token[*fresh->token] = fresh->serial;
  return std::exchange(slot, std::move(fresh));
}

console_model::shared_account console_model::take(const stored_account& gone) {
  state& mine = own();
  const auto found = mine.accounts.find(gone.serial);
  shared_account taken = std::move(found->second);  // `gone` may be what it points to
  if (taken->token) mine.by_token.erase(*taken->token);
  mine.by_id.erase(taken->data.id);
  mine.accounts.erase(found);
  return taken;
}

void console_model::tell(const note& why, shared_account before, shared_account after) {
  state& mine = own();
  if (mine.list_lag > duration::zero()) {
    std::erase_if(mine.recent, [&](const auto& change) { return change.at + mine.list_lag <= why.at; });
    mine.recent.push_back({why.at, (before ? before : after)->serial, before});
  }
  if (!listener_) return;
  (*listener_)({why.act, why.by_hand, why.at, std::move(before), std::move(after)});
}

void console_model::set_listener(change_listener listener) {
  listener_ = listener ? std::make_shared<const change_listener>(std::move(listener)) : nullptr;
}

void console_model::add_credential(operator_credential credential) {
  auto changed = *state_->credentials;
  changed.push_back(std::move(credential));
  own().credentials = std::make_shared<const std::vector<operator_credential>>(std::move(changed));
}

bool console_model::remove_credential(std::string_view name) {
  auto changed = *state_->credentials;
  if (std::erase_if(changed, [&](const auto& each) { return each.name == name; }) == 0) return false;
  own().credentials = std::make_shared<const std::vector<operator_credential>>(std::move(changed));
  return true;
}

const operator_credential* console_model::find_credential(std::string_view token) const {
  const auto& all = *state_->credentials;
  const auto found = std::ranges::find(all, functions_->digest(token), &operator_credential::digest);
  return found == all.end() ? nullptr : &*found;
}

void console_model::set_duplicate_names(duplicate_names rule) {
  own().duplicates = rule;
}

const stored_account* console_model::find(std::string_view id) const {
  const auto found = state_->by_id.find(id);
  return found == state_->by_id.end() ? nullptr : state_->accounts.at(found->second).get();
}

const stored_account* console_model::find_by_token(std::string_view token, time_point now) const {
  const auto found = state_->by_token.find(functions_->digest(token));
  if (found == state_->by_token.end()) return nullptr;
  const stored_account* stored = state_->accounts.at(found->second).get();
  return stored->is_live(now) ? stored : nullptr;
}

std::vector<std::shared_ptr<const stored_account>> console_model::accounts() const {
  std::vector<std::shared_ptr<const stored_account>> all;
  all.reserve(state_->accounts.size());
  for (const auto& [serial, stored] : state_->accounts)
    all.push_back(stored);
  return all;
}

void console_model::restore(stored_account saved) {
  forget(saved.data.id);
  restore_last_serial(saved.serial);
  (void)put(std::make_shared<const stored_account>(std::move(saved)));
}

void console_model::forget(std::string_view id) {
  const stored_account* old = find(id);
  if (old == nullptr) return;
  const std::uint64_t serial = old->serial;
  (void)take(*old);
  std::erase_if(own().recent, [&](const auto& change) { return change.serial == serial; });
}

void console_model::restore_last_serial(std::uint64_t serial) {
  state& mine = own();
  mine.last_serial = std::max(mine.last_serial, serial);
}

}  // namespace platformer::models
