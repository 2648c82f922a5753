#include <type_traits>

#include "controllers/service_account/absorb.hpp"
#include "controllers/service_account/plan.hpp"

namespace platformer::accounts {
namespace {

// A write that keeps finding another Secret than the one just read is fought by somebody: give the cache a
// moment.
constexpr unsigned rereads_limit = 3;

duration wait_of(const api_error& error) {
  return error.retry_after.value_or(duration{0});
}

void stale(state& now) {
  conclude(now, {.why = &reason::progressing, .next = read_again{}, .write_status = false});
}

// A call to the Console failed, whatever it was.
void console_failed(state& now, const api_error& error, const std::string& what) {
  const std::string message = what + ": " + describe(error);
  switch (error.code) {
    case api_errc::cancelled:
      // We are on our way out: that is nothing to tell about the object.
      return stale(now);
    case api_errc::unauthorized:
      retry(now, aspect::account, reason::credentials_rejected,
            message + ". Put a live token into the Secret that the connection's credentialsSecretRef names");
      return;
    case api_errc::rate_limited:
      retry(now, aspect::account, reason::console_rate_limited, message,
            back_off{.at_least = wait_of(error)});
      return;
    case api_errc::conflict:
    case api_errc::already_exists:
      stall(now, aspect::account, reason::account_conflict,
            message + ". Remove the other account, or recreate this object with another spec.accountName",
            back_off{});
      return;
    case api_errc::bad_request:
    case api_errc::forbidden:
    case api_errc::not_found:
    case api_errc::gone:
    case api_errc::too_large:
    case api_errc::invalid:
    case api_errc::redirected:
      stall(now, aspect::account, reason::console_rejected, message + ". Correct what the message names",
            back_off{});
      return;
    case api_errc::unreachable:
    case api_errc::server_error:
    case api_errc::connection_lost:
    case api_errc::timeout:
    case api_errc::malformed:
      retry(now, aspect::account, reason::console_unavailable, message, back_off{.at_least = wait_of(error)});
      return;
  }
}

// A create or renew failed. What may have been carried out is in doubt; what was refused for sure is not.
void call_failed(const snapshot& seen, state& now, const api_error& error, const std::string& what,
                 time_point at) {
  const operation& op = *now.known.intent;
  if (!may_be_committed(error.code)) {
    now.remembered.refused_id = op.id;
    console_failed(now, error, what);
    return;
  }
  now.remembered.refused_id.clear();
  now.remembered.doubt_id = op.id;
  now.remembered.doubt_since = at;
  ++now.remembered.failures;
  ++now.remembered.doubts;
  const time_point until = doubt_ends(seen, now.remembered, op);
  retry(now, aspect::token, reason::console_unavailable,
        what + ": " + describe(error) + ". Whether it was carried out is looked up at " +
            format_rfc3339(std::chrono::ceil<std::chrono::seconds>(until)),
        requeue_at{until});
}

// A write to the Secret, or its rehearsal, failed.
void secret_failed(state& now, const api_error& error, const std::string& what) {
  switch (error.code) {
    case api_errc::conflict:
    case api_errc::already_exists:
    case api_errc::not_found:
    case api_errc::gone:
      if (++now.known.rereads > rereads_limit) {
        retry(now, aspect::secret, reason::progressing, what + ": " + describe(error),
              back_off{.at_least = std::chrono::seconds(1), .at_most = unwatched_interval});
        return;
      }
      now.known.must_read_secret = true;
      now.known.secret.reset();
      now.known.preflight_passed = false;
      return;
    case api_errc::bad_request:
    case api_errc::forbidden:
    case api_errc::too_large:
    case api_errc::invalid:
    case api_errc::redirected:
      stall(now, aspect::secret, reason::secret_write_refused,
            what + ": " + describe(error) +
                (now.remembered.pending ? ". The token is kept in memory until the Secret can be written"
                                        : ". No token was minted") +
                "; remove what refuses it",
            back_off{.at_most = unwatched_interval});
      return;
    case api_errc::unauthorized:
    case api_errc::rate_limited:
    case api_errc::unreachable:
    case api_errc::cancelled:
    case api_errc::server_error:
    case api_errc::connection_lost:
    case api_errc::timeout:
    case api_errc::malformed:
      // Whether it was carried out shows when it is read again: a write is never repeated blindly.
      now.remembered.checked_secret_version.clear();
      retry(now, aspect::secret, reason::progressing, what + ": " + describe(error),
            back_off{.at_least = wait_of(error), .at_most = unwatched_interval});
      return;
  }
}

// Reading or patching through Kubernetes failed otherwise.
void kubernetes_failed(state& now, const api_error& error, const std::string& what) {
  if (retry_of(error.code) == retry_class::reread) return stale(now);
  retry(now, aspect::none, reason::progressing, what + ": " + describe(error),
        back_off{.at_least = wait_of(error), .at_most = unwatched_interval});
}

struct failure {
  const snapshot& seen;
  state& now;
  const api_error& error;
  time_point at;

  void operator()(const patch_intent& asked) {
    // Perhaps it is on the object now; its call was not made.
    if (may_be_committed(error.code)) {
      now.remembered.touched = true;
      if (asked.op) now.remembered.refused_id = asked.op->id;
    }
    kubernetes_failed(now, error, "noting the operation on the object failed");
  }
  void operator()(const remove_finalizer&) { kubernetes_failed(now, error, "removing the finalizer failed"); }
  void operator()(const read_secret& asked) {
    kubernetes_failed(now, error, "reading Secret " + asked.key.name + " failed");
  }
  void operator()(const patch_status&) {
    // Status is derivable: lost for now, not worth more than another try.
    now.status_settled = true;
    if (retry_of(error.code) == retry_class::reread)
      now.end->next = read_again{};
    else
      now.end->next = back_off{.at_least = wait_of(error), .at_most = unwatched_interval};
  }
  void operator()(const dry_run_secret& asked) {
    secret_failed(now, error, "the dry run of Secret " + asked.write.key.name + " was refused");
  }
  void operator()(const write_secret& asked) {
    // A namespace that goes away takes no Secret any more: deletion does not wait for it.
    if (seen.object->meta.deleted && now.remembered.pending &&
        retry_of(error.code) == retry_class::after_change) {
      now.remembered.pending.reset();
      return;
    }
    secret_failed(now, error, "writing Secret " + asked.write.key.name + " failed");
  }
  void operator()(const remove_secret& asked) {
    if (retry_of(error.code) == retry_class::reread) return stale(now);
    secret_failed(now, error, "removing the old Secret " + asked.key.name + " failed");
  }
  void operator()(const resolve_names&) { console_failed(now, error, "looking up project and roles failed"); }
  void operator()(const read_account& asked) {
    console_failed(now, error, "reading account " + asked.id + " failed");
  }
  void operator()(const list_accounts&) { console_failed(now, error, "listing accounts failed"); }
  void operator()(const verify_token&) {
    if (view_secret(seen, now).owner != secret_owner::ours)
      return console_failed(now, error, "verifying the token failed");
    // Nothing is known, and nothing is urgent: its next turn will do.
    now.remembered.verified_at = at;
  }
  void operator()(const check_credential&) {
    console_failed(now, error,
                   "the stored token is rejected, and checking the connection's credential failed");
  }
  void operator()(const reserve_revocation&) { stale(now); }
  void operator()(const restart_workload& asked) {
    kubernetes_failed(now, error,
                      "restarting " + std::string(to_string(asked.kind)) + " " + asked.key.name + " failed");
  }
  void operator()(const create_account&) {
    const bool taken = error.code == api_errc::conflict || error.code == api_errc::already_exists;
    if (taken && !now.known.intent->replaces.empty() && !now.remembered.name_taken) {
      // Names are unique here: once more, under a name of its own.
      now.remembered.name_taken = true;
      now.known.called = false;
      return;
    }
    call_failed(seen, now, error, "creating the account failed", at);
  }
  void operator()(const renew_token& asked) {
    // What listed it is older than its end.
    if (error.code == api_errc::not_found) now.remembered.account_written_at = at;
    call_failed(seen, now, error, "renewing the token of account " + asked.id + " failed", at);
  }
  void operator()(const update_account& asked) {
    const bool definite = retry_of(error.code) == retry_class::after_change;
    if (definite && !seen.object->meta.deleted) {
      now.known.update_refused = error;
      return;
    }
    if (may_be_committed(error.code)) now.remembered.account_written_at = at;
    console_failed(now, error, "changing account " + asked.id + " failed");
  }
  void operator()(const delete_account& asked) {
    if (may_be_committed(error.code)) now.remembered.account_written_at = at;
    console_failed(now, error, "deleting account " + asked.id + " failed");
  }
};

}  // namespace

void absorb_error(const snapshot& seen, state& now, const request& asked, const api_error& error,
                  time_point at) {
  std::visit(failure{seen, now, error, at}, asked);
  if (!now.end || !seen.object->meta.deleted || !now.end->write_status ||
      std::holds_alternative<patch_status>(asked))
    return;
  // While an object is being deleted, whatever holds it up is one reason to the person who waits.
  now.end->why = &reason::deletion_blocked;
  now.end->view = outlook::reconciling;
}

}  // namespace platformer::accounts
