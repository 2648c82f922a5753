// The stored state of console_model: copy on write, look-ups, and what its keeper may do.
#include <algorithm>

#include "tests/models/console_model.hpp"

namespace platformer::models {

console_model::state& console_model::own() {
  if (state_.use_count() > 1) state_ = std::make_shared<state>(*state_);
  return *state_;
}

void console_model::store(stored_account changed) {
  state& mine = own();
  auto& slot = mine.accounts[changed.serial];
  if (slot && slot->token) mine.by_token.erase(*slot->token);
  if (changed.token) mine.by_token[*changed.token] = changed.serial;
  mine.by_id[changed.data.id] = changed.serial;
  slot = std::make_shared<const stored_account>(std::move(changed));
}

void console_model::erase(const stored_account& gone) {
  state& mine = own();
  const std::uint64_t serial = gone.serial;
  if (gone.token) mine.by_token.erase(*gone.token);
  mine.by_id.erase(gone.data.id);
  mine.accounts.erase(serial);
}

void console_model::add_credential(operator_credential credential) {
  own().credentials.push_back(std::move(credential));
}

bool console_model::remove_credential(std::string_view name) {
  return std::erase_if(own().credentials, [&](const auto& each) { return each.name == name; }) > 0;
}

const operator_credential* console_model::find_credential(std::string_view token) const {
  const auto found =
      std::ranges::find(state_->credentials, functions_->digest(token), &operator_credential::digest);
  return found == state_->credentials.end() ? nullptr : &*found;
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
  if (const stored_account* old = find(saved.data.id)) erase(*old);
  restore_last_serial(saved.serial);
  store(std::move(saved));
}

void console_model::restore_last_serial(std::uint64_t serial) {
  state& mine = own();
  mine.last_serial = std::max(mine.last_serial, serial);
}

}  // namespace platformer::models
