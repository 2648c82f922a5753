// A pure model of the Platformer Console: accounts with one live one-time token each, expiry, scopes and
// rights. No I/O, no clock, no randomness: `now` and token_functions come from outside. The simulation calls
// it directly, tests/console_emulator serves it over HTTP.
//
//   console_model console(directory, functions);
//   console.add_credential(credential);
//   auto issued = console.create({.token = …, .organization_id = "org-1", .now = now}, {.name = "ci-bot"});
//
// A call is committed when it returns; a caller that drops the answer has simulated a reply that was lost.
// A copy costs three reference counts: the state is shared until one of the copies changes it. It tells the
// same listener.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/models/console_model_types.hpp"

namespace platformer::models {

enum class duplicate_names : std::uint8_t {
  allow,   // several accounts of one name at the same level
  refuse,  // 409
};

class console_model {
 public:
  console_model(console_directory directory, token_functions functions);
  // For many models of one directory: neither is copied. Null is not allowed.
  console_model(std::shared_ptr<const console_directory> directory,
                std::shared_ptr<const token_functions> functions);

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
  // Absent fields stay, but not all may be absent. A changed expiry applies to the living token; one that has
  // expired stays dead.
  answer<account_view> update(const console_call& call, std::string_view id, const account_fields& fields);
  // The previous token is dead at once. `expires_at` absent: as it was.
  answer<issued_account> renew(const console_call& call, std::string_view id,
                               std::optional<std::optional<time_point>> expires_at);
  answer<void> remove(const console_call& call, std::string_view id);

  // --- what a person does at the Console by hand: no credential, no scope; 404 without such an account ---
  // As create; 400 for an organization or project that the directory does not have.
  answer<issued_account> create_by_hand(std::string_view organization_id, std::string_view project_id,
                                        const account_fields& fields, time_point now);
  answer<void> remove_by_hand(std::string_view id, time_point now);
  answer<issued_account> renew_by_hand(std::string_view id, time_point now);
  // The token dies for good and there is no new one until somebody renews. Twice is no error.
  answer<account_view> revoke_by_hand(std::string_view id, time_point now);
  // name may be changed as well.
  answer<account_view> edit_by_hand(std::string_view id, const account_fields& fields, time_point now);

  // --- how this Console is: all off by default ---
  void set_duplicate_names(duplicate_names rule);
  duplicate_names duplicates() const { return state_->duplicates; }
  // Listings show what was there that long ago: an account that was created, changed or removed since is
  // missing, as it was, or still there. Counts from now on: earlier changes stay visible. Everything but
  // `list` is exact at all times. Zero: listings are exact, too.
  void set_list_lag(duration lag);
  duration list_lag() const { return state_->list_lag; }
  void set_listing_gap(listing_gap gap) { own().gap = gap; }
  // Whoever asks for an expiry that is further ahead, or for none, is granted this much from the time of the
  // call. An expiry that a call does not set stays, except that a renewal grants anew. Above zero; nullopt:
  // as asked.
  void set_longest_lifetime(std::optional<duration> most) { own().longest_lifetime = most; }

  // --- for whoever runs the model: tests, oracles, persistence ---
  void add_credential(operator_credential credential);
  // False when there is none of that name.
  bool remove_credential(std::string_view name);
  // Called after each committed change, on behalf of the call that made it; may read the model, must not
  // change it. Empty: nobody listens.
  void set_listener(change_listener listener);
  // The account whose live token this is.
  const stored_account* find_by_token(std::string_view token, time_point now) const;
  const stored_account* find(std::string_view id) const;
  // The credential that this token is, expired or not.
  const operator_credential* find_credential(std::string_view token) const;
  // In order of creation.
  std::vector<std::shared_ptr<const stored_account>> accounts() const;
  // visit(const stored_account&) in order of creation, without copying. `visit` must not change the model.
  template <class Visit>
  void for_each_account(Visit&& visit) const {
    for (const auto& [serial, stored] : state_->accounts)
      visit(*stored);
  }
  std::size_t account_count() const { return state_->accounts.size(); }
  const std::vector<operator_credential>& credentials() const { return *state_->credentials; }
  const console_directory& directory() const { return *directory_; }
  token_digest digest(std::string_view token) const { return functions_->digest(token); }
  // Puts an account back as find() gave it, and takes one out as if it had never been. No changes of the
  // Console's own: the listener does not hear of them and listings show them at once.
  void restore(stored_account saved);
  void forget(std::string_view id);
  std::uint64_t last_serial() const { return state_->last_serial; }
  void restore_last_serial(std::uint64_t serial);

 private:
  enum class right : std::uint8_t { read, manage };
  using shared_account = std::shared_ptr<const stored_account>;
  // Views into the credential or account that the token belongs to.
  struct principal {
    std::string_view organization_id;
    std::string_view project_id;  // not empty: a project-level account's token, which acts there only
    bool may_read = false;
    bool may_manage = false;
  };
  // What a change will be told and remembered as.
  struct note {
    account_act act = account_act::create;
    bool by_hand = false;
    time_point at{};
  };
  static const std::shared_ptr<const std::vector<operator_credential>>& no_credentials();
  // A change that listings may not show yet.
  struct recent_change {
    time_point at{};
    std::uint64_t serial = 0;
    shared_account before;  // null: it did not exist
  };
  struct state {
    std::map<std::uint64_t, shared_account> accounts;  // by serial
    std::map<std::string, std::uint64_t, std::less<>> by_id;
    std::map<token_digest, std::uint64_t> by_token;
    std::shared_ptr<const std::vector<operator_credential>> credentials = no_credentials();
    std::uint64_t last_serial = 0;
    duplicate_names duplicates = duplicate_names::allow;
    listing_gap gap = listing_gap::none;
    duration list_lag{};
    std::vector<recent_change> recent;  // in order of commit; empty without a lag
    std::optional<duration> longest_lifetime;
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
  // What a creation by API and one by hand have in common.
  answer<issued_account> make(const organization& owner, std::string_view project_id,
                              const account_fields& fields, const note& why);
  account_view apply(stored_account changed, const account_fields& fields, const note& why);
  // issue with the expiry that the account has, unless it has passed.
  answer<issued_account> reissue(stored_account changed, const note& why);
  issued_account issue(stored_account changed, const note& why);
  std::optional<time_point> granted(std::optional<time_point> asked, time_point now) const;
  // Calls visit for each account as a listing at `now` sees it, in order of creation.
  template <class Visit>
  void for_each_listed(time_point now, Visit visit) const;

  void store(stored_account changed, const note& why);
  void erase(const stored_account& gone, const note& why);
  // Puts it where look-ups find it; what was there under its serial.
  shared_account put(shared_account fresh);
  // Takes it out of all look-ups.
  shared_account take(const stored_account& gone);
  // Keeps the change for listings that lag, and tells the listener.
  void tell(const note& why, shared_account before, shared_account after);
  state& own();

  std::shared_ptr<const console_directory> directory_;
  std::shared_ptr<const token_functions> functions_;
  std::shared_ptr<state> state_;
  std::shared_ptr<const change_listener> listener_;  // null: nobody listens
};

account_view view_of(const stored_account& stored, time_point now);

}  // namespace platformer::models
