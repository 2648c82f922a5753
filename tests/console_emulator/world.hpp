// The model, its clock and, when asked for, its file: every change is durable before anybody hears of it.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "tests/console_emulator/seed.hpp"
#include "tests/console_emulator/state_store.hpp"
#include "tests/models/console_model.hpp"

namespace platformer::emulator {

class world {
 public:
  // Without a state file everything lives in memory. Fails when the file can't be used or holds accounts of
  // an organization that the seed doesn't have.
  static result<std::unique_ptr<world>> open(seed start, std::function<time_point()> clock,
                                             const std::filesystem::path& state_file);

  models::console_model& model() { return model_; }
  const models::console_model& model() const { return model_; }

  time_point now() const { return clock_() + offset_; }
  result<void> advance(duration span);
  result<void> set_duplicates(models::duplicate_names rule);

  // The account as it is now, to be handed to `commit` after a change.
  std::optional<models::stored_account> before(std::string_view id) const;
  // Makes the account's new state (or its absence) durable. When that fails, the model is put back to
  // `previous`, so that the file and the model never differ, and the caller is refused with 500.
  models::answer<void> commit(const std::string& id, const std::optional<models::stored_account>& previous);

  // A new operator credential; its token is in the answer only.
  result<token_handle> add_credential(std::string name, std::string organization_id, string_set roles,
                                      std::optional<time_point> expires_at = {});
  result<bool> remove_credential(std::string_view name);

 private:
  world(seed start, std::function<time_point()> clock);

  models::token_functions functions_;
  models::console_model model_;
  std::function<time_point()> clock_;
  duration offset_{};
  std::unique_ptr<state_store> store_;
};

}  // namespace platformer::emulator
