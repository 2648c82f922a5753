// What comes next, from all facts. Shared by the files that make up `step`; not for others.
#pragma once

#include <optional>

#include "controllers/service_account/findings.hpp"
#include "controllers/service_account/policies.hpp"

namespace platformer::accounts {

// Where healing comes from something we don't watch (a foreign Secret, a quota, a role), we look again so
// often.
inline constexpr duration unwatched_interval = std::chrono::seconds(60);
// A listing of accounts may be that old, where no doubt is to be settled.
inline constexpr duration listing_reuse = std::chrono::seconds(5);

// The next request, or nullopt after setting now.end.
using planned = std::optional<request>;

planned plan(const snapshot& seen, state& now, time_point at);
planned plan_deletion(const snapshot& seen, state& now, time_point at);
planned plan_mint(const snapshot& seen, state& now, time_point at, const decision& why);
planned plan_commit(const snapshot& seen, state& now);

// Whether the account has to be looked at, for a doubt, a change or a token.
bool needs_account(const snapshot& seen, const state& now, time_point at);
// The request for a fact that is missing; nullopt: it is known, or not needed.
planned learn_secret(const snapshot& seen, state& now);
planned learn_move_source(const snapshot& seen, state& now);
planned learn_names(const snapshot& seen, state& now);
planned learn_account(const snapshot& seen, state& now, time_point at);

// A listing may be older than what somebody did to an account since: one that was not read by its ID in this
// run is, before anything is done to it.
planned confirm_account(const snapshot& seen, const state& now, const account& found);
planned delete_confirmed(const snapshot& seen, const state& now, const account& found);
// Which one is too many, an outdated view of the object would tell wrongly.
planned delete_duplicate(const snapshot& seen, const state& now, const account& found);

// When the stored token's turn to be tried comes; nullopt: never, or not while the connection does not work.
std::optional<time_point> next_look_at_token(const snapshot& seen, const state& now, time_point at);
// Reads and tries the stored token when its turn has come.
planned verify_token_in_secret(const snapshot& seen, state& now, time_point at);
// The Console rejected the stored token in this run.
bool is_rejected(const snapshot& seen, const state& now);
// What has to be known before a rejected token is renewed; sets the end where that may not be done now.
planned learn_about_rejection(const snapshot& seen, state& now);

// When the account that was replaced is deleted; nullopt: there is none.
std::optional<time_point> overlap_end(const snapshot& seen, const state& now);
bool overlap_is_over(const snapshot& seen, const state& now, time_point at);
// Reads it, where no listing has shown it.
planned learn_replaced(const snapshot& seen, const state& now);
// Deletes it when it is time.
planned end_overlap(const snapshot& seen, state& now, time_point at);
// A call for another account than the one whose token is in use has left that token alone, whatever became of
// it: a replacement, or a renewal of what it had made. What it made has been cleared away, and it counts as
// not carried out.
void settle_for_another(const snapshot& seen, state& now);

// Changes of so long make one restart.
inline constexpr duration restart_gathering = std::chrono::seconds(10);
// When the workloads that use the token are restarted; nullopt: they need not be.
std::optional<time_point> restart_time(const snapshot& seen, const state& now);
planned restart_consumers(const snapshot& seen, state& now, time_point at);

// The account and the Secret were found or brought in line with this very spec.
bool is_in_sync(const snapshot& seen, const state& now);
// The account is to be compared with the Console again, as its connection does from time to time.
bool look_is_due(const snapshot& seen, const state& now);
// An object at rest stays Ready while something that was merely due does not succeed, until its renewal is
// overdue: adjusts the end.
void spare_ready(const snapshot& seen, state& now, time_point at);

// Sets the end where nothing may be done; always nullopt.
planned refuse_to_start(const snapshot& seen, state& now);
planned refuse_without_connection(const snapshot& seen, state& now);
// What the connection does not allow this object; asks for the names in the spec where those decide.
planned refuse_beyond_ceiling(const snapshot& seen, state& now);
planned refuse_secret(const snapshot& seen, state& now);
planned refuse_account(const snapshot& seen, state& now);

// Before anything of ours exists elsewhere: the object must not vanish without us.
planned restore_finalizer(const snapshot& seen, state& now);
// A list that lags behind may show an object that was replaced, or an earlier state of it. The patch changes
// nothing, and is refused where the object has another version; nullopt: this run has patched it.
planned confirm_object(const snapshot& seen, const state& now);
// The change that makes the account's access, description and fixed expiry what the spec says, once a run.
planned update_access(const snapshot& seen, state& now, const account* is);

// Sets the end and returns nullopt, to be returned by a plan.
planned conclude(state& now, conclusion end);
planned stall(state& now, aspect about, const reason_info& why, std::string message, stop next = finished{});
planned retry(state& now, aspect about, const reason_info& why, std::string message, stop next = back_off{});

// Waits until an operation in doubt can't be carried out any more; nullopt with now.end unset when it is
// time.
planned wait_out_doubt(const snapshot& seen, state& now, time_point at);

// When the call of an operation in doubt is looked up.
time_point doubt_ends(const snapshot& seen, const memory& remembered, const operation& op);

// The listing that settles what may exist: fresh enough for a doubt, where there is one.
list_accounts listing(const snapshot& seen, const state& now, time_point at);

// The object's version and finalizers after our own patches in this run.
const std::string& object_version(const snapshot& seen, const state& now);
const std::vector<std::string>& finalizers(const snapshot& seen, const state& now);

}  // namespace platformer::accounts
