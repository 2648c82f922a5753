// What the target of `step` is made of: worlds from an input's bytes, answers to its requests, and the judge.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/service_account/step.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/step_secrets.hpp"

namespace platformer::fuzz {

inline constexpr time_point world_begin{std::chrono::seconds{1'790'000'000}};

// Every token begins so. No other text of a world can, as none has a tilde.
inline constexpr std::string_view token_prefix = "tok~en-";
inline constexpr std::string_view cluster_id = "cluster-1";

// One of those.
template <class T>
T any_of(supply& in, std::initializer_list<T> among) {
  return *(among.begin() + in.below(among.size()));
}

// Values are few, so that they often agree with each other: names, IDs, versions, times near world_begin.
std::string any_account_id(supply& in);
std::string any_uid(supply& in);
std::string any_operation_id(supply& in);
std::optional<time_point> any_time(supply& in);
token_handle any_token(supply& in);
// "sha256:" and 12 digits that stand for the digest of that text.
std::string fingerprint_of(const secret_string& token);

operation any_operation(supply& in);
accounts::secret_record any_record(supply& in);
account any_account(supply& in);
// Of that name; perhaps ours, perhaps with a record. UID and version are the store's.
secret_content any_secret_content(supply& in, const std::string& name);
api_error any_error(supply& in);

// Others may have done something to the Secrets before.
accounts::snapshot any_snapshot(supply& in, secret_store& secrets);
accounts::memory any_memory(supply& in, const accounts::snapshot& seen);

// An answer that such a request may have: success with any content, or an error. What concerns Secrets is
// carried out, sometimes without our learning of it.
accounts::response any_reply(supply& in, const accounts::snapshot& seen, secret_store& secrets,
                             const accounts::request& asked);

// Watches one run of `step`: what it asks for, what it was told, how it ends.
class judge {
 public:
  explicit judge(const accounts::snapshot& seen);

  void on_request(const accounts::request& wanted, const accounts::state& now);
  void on_reply(const accounts::request& asked, const accounts::response& reply);
  static void on_event(const accounts::event_note& event);
  static void on_end(const accounts::stop& end, const accounts::state& now, time_point begun);

 private:
  // As it was last read; a listing, which may be older than a reading before it, counts where there is none.
  const account* shown_account(const std::string& id) const;
  // Shown to the run, in the snapshot or by an answer.
  const object_meta* shown_secret(const std::string& uid, const std::string& version) const;
  // The latest of that name; nullptr: none was shown, or that there is none.
  const object_meta* latest_secret(const std::string& name) const;
  bool may_write(const object_meta& secret) const;
  bool may_change(const account& its) const;
  void check_console_call() const;
  void check_minting(const accounts::state& now) const;
  bool is_refusal_of_name(const accounts::request& asked, const accounts::response& reply) const;

  const accounts::snapshot& seen_;
  std::vector<std::pair<std::string, std::optional<account>>> read_;  // by ID; nullopt: it was not there
  std::vector<account> listed_;
  std::vector<object_meta> secrets_;       // without UID: there was none of that name
  std::optional<operation> intent_;        // written by this run
  std::optional<secret_write> rehearsed_;  // the dry run that passed last
  bool called_ = false;                    // this run asked for a token
  bool name_refused_ = false;              // … for an account of a name that is taken
};

}  // namespace platformer::fuzz
