#include "tests/console_emulator/world.hpp"

#include "tests/console_emulator/tokens.hpp"

namespace platformer::emulator {

world::world(seed start, std::function<time_point()> clock)
    : functions_(openssl_token_functions()),
      model_(std::move(start.directory), functions_),
      clock_(std::move(clock)) {
  model_.set_duplicate_names(start.duplicates);
}

result<std::unique_ptr<world>> world::open(seed start, std::function<time_point()> clock,
                                           const std::filesystem::path& state_file) {
  std::unique_ptr<world> fresh(new world(std::move(start), std::move(clock)));
  if (state_file.empty()) return fresh;
  auto store = state_store::open(state_file);
  if (!store) return tl::unexpected(store.error());
  auto saved = (*store)->load();
  if (!saved) return fail("state file " + state_file.string() + ": " + saved.error().message);
  const auto& directory = fresh->model_.directory();
  for (auto& stored : saved->accounts) {
    const auto* owner = directory.find(stored.data.organization_id);
    if (owner == nullptr ||
        (!stored.data.project_id.empty() && owner->find_project(stored.data.project_id) == nullptr))
      return fail("state file " + state_file.string() +
                  " is of another seed: an account's organization or project " +
                  "is not there; use that seed or another file");
    fresh->model_.restore(std::move(stored));
  }
  for (auto& credential : saved->credentials)
    fresh->model_.add_credential(std::move(credential));
  fresh->model_.restore_last_serial(saved->last_serial);
  if (saved->duplicates) fresh->model_.set_duplicate_names(*saved->duplicates);
  fresh->offset_ = saved->clock_offset;
  fresh->store_ = std::move(*store);
  return fresh;
}

result<void> world::advance(duration span) {
  if (store_)
    if (auto ok = store_->save_clock_offset(offset_ + span); !ok) return ok;
  offset_ += span;
  return {};
}

result<void> world::set_duplicates(models::duplicate_names rule) {
  if (store_)
    if (auto ok = store_->save_duplicates(rule); !ok) return ok;
  model_.set_duplicate_names(rule);
  return {};
}

std::optional<models::stored_account> world::before(std::string_view id) const {
  const auto* stored = model_.find(id);
  if (stored == nullptr) return std::nullopt;
  return *stored;
}

models::answer<void> world::commit(const std::string& id,
                                   const std::optional<models::stored_account>& previous) {
  if (!store_) return {};
  const auto* stored = model_.find(id);
  const auto saved = stored != nullptr ? store_->save(*stored, model_.last_serial()) : store_->erase(id);
  if (saved) return {};
  if (previous)
    model_.restore(*previous);
  else
    model_.forget(id);
  return tl::unexpected(models::refusal{500, "the state could not be saved"});
}

result<token_handle> world::add_credential(std::string name, std::string organization_id, string_set roles,
                                           std::optional<time_point> expires_at) {
  auto token = std::make_shared<const secret_string>(functions_.new_token(0));
  models::operator_credential credential{.name = std::move(name),
                                         .organization_id = std::move(organization_id),
                                         .roles = std::move(roles),
                                         .digest = model_.digest(token->reveal()),
                                         .expires_at = expires_at};
  if (store_)
    if (auto ok = store_->save(credential); !ok) return tl::unexpected(ok.error());
  (void)model_.remove_credential(credential.name);
  model_.add_credential(std::move(credential));
  return token;
}

result<bool> world::remove_credential(std::string_view name) {
  if (store_)
    if (auto ok = store_->erase_credential(name); !ok) return tl::unexpected(ok.error());
  return model_.remove_credential(name);
}

}  // namespace platformer::emulator
