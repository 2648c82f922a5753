// People, GitOps tools and backups: what they do to objects, Secrets and accounts while the operator works.
// They act on one ServiceAccount, and put right later what nobody else can.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/service_account.hpp"
#include "tests/models/kube_model.hpp"
#include "tests/sim/fault.hpp"
#include "tests/sim/servers.hpp"

namespace platformer::sim {

class world;

// How often they gave the operator a reason to mint, or took a trace away from it.
struct deeds {
  std::uint64_t all = 0;
  std::uint64_t renewals_asked = 0;    // distinct values
  std::uint64_t secrets_spoiled = 0;   // deleted, emptied, overwritten, stripped, put back
  std::uint64_t secrets_put_back = 0;  // of these, those that got an older content of their own
  std::uint64_t accounts_removed = 0;
  std::uint64_t accounts_unmarked = 0;
  std::uint64_t objects_created = 0;
  std::uint64_t predecessors = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t traces_wiped = 0;  // finalizer, intent or status
  std::uint64_t tokens_revoked = 0;
  std::uint64_t strangers = 0;  // accounts that somebody made by hand
};

// A Secret's value with its fingerprint.
secret_entry secret_entry_of(std::string_view text);

class people {
 public:
  const object_key subject{"team-a", "ci-bot"};
  const deeds& done() const { return deeds_; }
  // Objects that people let vanish while nothing held them, and what people orphaned: their accounts may
  // stay.
  bool abandoned(const std::string& uid) const;
  void abandon(const std::string& uid) { abandoned_.push_back(uid); }
  void abandon_if_gone(const world& in, const std::string& uid);
  std::optional<time_point> last_unmarked() const { return last_unmarked_; }

  // The namespace's connection and credential, as an administrator has set them up long ago. `edit` may make
  // it another one, or a ClusterConsoleConnection.
  void arrange_connection(world& in, bool proven, const std::function<void(console_connection&)>& edit = {});
  void edit_connection(world& in, const std::function<void(console_connection&)>& edit);
  // Since when it has been suspended.
  std::optional<time_point> suspended_since() const { return suspended_since_; }
  void create_object(world& in, const std::function<void(service_account&)>& edit = {});
  void create_object(world& in, const object_key& key, const std::function<void(service_account&)>& edit);
  // kubectl apply: a change of spec or annotations; nothing when there is no such object.
  void edit_object(world& in, const std::function<void(service_account&)>& edit);
  void edit_secret(world& in, const std::function<void(secret_content&)>& edit);
  void act(world& in, fault what);
  // What happens at the Console is seen when the operator looks there next, for which somebody asks.
  void look_later(world& in);
  // A token was minted when nobody counted on it any more: there may be a second account, or the Secret's
  // token is dead. Somebody notices, and asks for a look and a new token; where the object is gone, whose
  // account may stand in its successor's way, he removes it.
  void on_overtaken_call(world& in, const object_key& key, const std::string& uid,
                         const std::string& account_id);
  // What is due: names that have become free are taken again, what was broken is mended.
  void follow_up(world& in);
  // What they still mean to do is done at once, as far as it can be.
  void finish(world& in);
  bool has_plans() const { return recreate_ || !mends_.empty(); }
  void on_gone(world& in, const service_account& object);
  void on_secret(world& in, const models::kube_change& change);
  // Another controller, which deletes the subject's Secret a second after it appears.
  void steal_secrets_until(time_point end) { steal_until_ = end; }
  // What an earlier object of the subject's name has left behind: an account with its marker, and a Secret
  // without an owner, with its token or (`live` false) one that is dead by now.
  void arrange_predecessor(world& in, bool live);
  // An account of the subject's name that bears no marker and can do more than the subject wants. Its ID.
  std::string arrange_stranger(world& in);
  void remove_account(world& in, const std::string& id);
  // An account with the marker of an object that does not exist any more.
  void arrange_orphan(world& in);
  // … and its end, by whoever owns it.
  void clear_predecessor(world& in);
  // A second account with the marker of the living subject, as a call that was carried out late leaves it.
  void arrange_duplicate(world& in);

 private:
  using mend = std::function<void(world&)>;
  void later(world& in, mend what);
  void edit_object(world& in, const object_key& key, const std::function<void(service_account&)>& edit);
  const account* find_account(const world& in) const;
  void ask_renewal(world& in, bool again);
  // And once more ten minutes later where somebody has put an earlier value back.
  void ask_renewal_for_good(world& in);
  void edit_spec(world& in, fault what);
  void spoil_secret(world& in, fault what);
  void restore_unowned_later(world& in);
  void replace_object(world& in);
  void wipe_status(world& in);
  void recreate_object(world& in);
  void delete_object(world& in);
  void delete_secret(world& in);
  void suspend(world& in);
  void put_back_secret(world& in);
  void create_foreign_secret(world& in);
  void delete_account(world& in);
  void edit_account(world& in);
  void unmark_account(world& in);
  void revoke_token(world& in);
  void edit_strategy(world& in);
  void suspend_connection(world& in);

  deeds deeds_;
  std::vector<std::string> renew_values_;
  std::vector<std::string> abandoned_;
  std::optional<time_point> last_unmarked_;
  std::optional<time_point> suspended_since_;
  object_key connection_{"team-a", "default"};
  bool connection_looks_ = false;
  time_point steal_until_{};
  std::optional<service_account> recreate_;  // as soon as the name is free
  std::deque<mend> mends_;
  int edits_ = 0;
};

}  // namespace platformer::sim
