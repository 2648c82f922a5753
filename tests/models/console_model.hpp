// A pure model of the Platformer Console: accounts with one live one-time token each, expiry, scopes and
// rights. No I/O, no clock, no randomness: `now` and token_functions come from outside. The simulation calls
// it directly, tests/console_emulator serves it over HTTP.
//
//   console_model console(directory, functions);
//   console.add_credential(credential);
//   auto issued = console.create({.token = …, .organization_id = "org-1", .now = now}, {.name = "ci-bot"});
//
// A copy costs one reference count: the state is shared until one of the copies changes it.
#pragma once

#include <map>
#include <memory>

#include "tests/models/console_model_types.hpp"

namespace platformer::models {

enum class duplicate_names : std::uint8_t {
  allow,   // several accounts of one name at the same level
  refuse,  // 409
};

class console_model {
 public:
  console_model(console_directory directory, token_functions functions);

  // --- calls of the public API, in openapi.yaml's order ---
  // 401 unless the token is live.
  answer<void> validate_token(std::string_view token, time_point now) const;
  // The caller's own organization.
  answer<std::vector<organization>> list_organizations(const console_call& call) const;
  answer<std::vector<project>> list_projects(const console_call& call,
                                             std::string_view organization_id) const;
  answer<std::vector<custom_role>> list_organization_roles(const console_call& call,
                                                           std::string_view organization_id) const;
  answer<std::vector<custom_role>> list_project_roles(const console_call& call,
                                                      std::string_view organization_id,
                                                      std::string_view project_id) const;
  // Organization-level without x-project-id, else in that project.
  answer<issued_account> create(const console_call& call, const account_fields& fields);
  // In order of creation. `page` starts at 1; a page beyond the last one is empty.
  answer<account_page> list(const console_call& call, std::uint64_t page, std::uint64_t limit) const;
  answer<account_view> get(const console_call& call, std::string_view id) const;
  // Absent fields stay. A changed expiry applies to the living token; one that has expired stays dead.
  answer<account_view> update(const console_call& call, std::string_view id, const account_fields& fields);
  // The previous token is dead at once. `expires_at` absent: as it was.
  answer<issued_account> renew(const console_call& call, std::string_view id,
                               std::optional<std::optional<time_point>> expires_at);
  answer<void> remove(const console_call& call, std::string_view id);

  // --- what a person does at the Console by hand: no credential, no scope ---
  answer<void> remove_by_hand(std::string_view id);
  answer<issued_account> renew_by_hand(std::string_view id, time_point now);
  // name may be changed as well.
  answer<account_view> edit_by_hand(std::string_view id, const account_fields& fields, time_point now);

  // --- for whoever runs the model: tests, oracles, persistence ---
  void add_credential(operator_credential credential);
  // False when there is none of that name.
  bool remove_credential(std::string_view name);
  void set_duplicate_names(duplicate_names rule);
  duplicate_names duplicates() const { return state_->duplicates; }
  // The account whose live token this is.
  const stored_account* find_by_token(std::string_view token, time_point now) const;
  const stored_account* find(std::string_view id) const;
  // The credential that this token is, expired or not.
  const operator_credential* find_credential(std::string_view token) const;
  // In order of creation.
  std::vector<std::shared_ptr<const stored_account>> accounts() const;
  const std::vector<operator_credential>& credentials() const { return state_->credentials; }
  const console_directory& directory() const { return *directory_; }
  token_digest digest(std::string_view token) const { return functions_->digest(token); }
  // Puts an account back as find() gave it; replaces one of the same ID.
  void restore(stored_account saved);
  std::uint64_t last_serial() const { return state_->last_serial; }
  void restore_last_serial(std::uint64_t serial);

 private:
  enum class right : std::uint8_t { read, manage };
  struct principal {
    std::string organization_id;
    std::string project_id;  // not empty: a project-level account's token, which acts in that project only
    bool may_read = false;
    bool may_manage = false;
  };
  struct state {
    std::map<std::uint64_t, std::shared_ptr<const stored_account>> accounts;  // by serial
    std::map<std::string, std::uint64_t, std::less<>> by_id;
    std::map<token_digest, std::uint64_t> by_token;
    std::vector<operator_credential> credentials;
    std::uint64_t last_serial = 0;
    duplicate_names duplicates = duplicate_names::allow;
  };

  answer<principal> authenticate(std::string_view token, time_point now) const;
  // Credential, right and scope headers; the organization that the call is about.
  answer<const organization*> authorize(const console_call& call, right needed) const;
  answer<const organization*> authorize_path(const console_call& call,
                                             std::string_view organization_id) const;
  // authorize, and the account is one of the call's scope.
  answer<const stored_account*> reach(const console_call& call, right needed, std::string_view id) const;
  answer<void> check(const account_fields& fields, const organization& owner,
                     std::string_view project_id) const;
  answer<void> check_name(std::string_view name, std::string_view organization_id,
                          std::string_view project_id, std::string_view own_id) const;
  account_view apply(stored_account changed, const account_fields& fields, time_point now);
  issued_account issue(stored_account changed, time_point now);
  void store(stored_account changed);
  void erase(const stored_account& gone);
  state& own();

  std::shared_ptr<const console_directory> directory_;
  std::shared_ptr<const token_functions> functions_;
  std::shared_ptr<state> state_;
};

account_view view_of(const stored_account& stored, time_point now);

}  // namespace platformer::models
