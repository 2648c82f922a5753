// What the answers to the requests of plan_rotation mean, and their failures.
#include <algorithm>
#include <cassert>

#include "controllers/console_connection/plan.hpp"

namespace platformer::connections {
namespace {

constexpr unsigned stale_writes_at_most = 3;

struct answered {
  const snapshot& seen;
  state& now;
  time_point at;

  void operator()(const read_credential& asked, const secret_read& reply) {
    now.rotation.secret = reply.content.value_or(secret_content{});
    if (!reply.content) now.rotation.secret->meta.name = asked.key.name;
  }
  void operator()(const patch_operation& asked, const object_patched& reply) {
    now.patched = reply.meta;
    now.rotation.noted = asked.op;
  }
  void operator()(const dry_run_secret&, const dry_run_passed&) { now.rotation.rehearsed = true; }
  void operator()(const write_secret&, const secret_written& reply) {
    if (now.remembered.in_hand) return credential_switched(now, at);
    // The operation is given up: what it may have made can go.
    now.rotation.secret->meta = reply.meta;
    now.rotation.secret_written = true;
    now.rotation.listed.reset();
    now.remembered.doubted.clear();
    now.remembered.clean_up_at = at;
  }
  void operator()(const list_credentials& asked, const credentials_listed& reply) {
    now.rotation.listed = reply.found;
    now.rotation.listed_by_name = !asked.named.empty();
  }
  void operator()(const create_credential&, const credential_made& reply) {
    credential_in_hand made{.op = *now.rotation.noted,
                            .account_id = reply.account_id,
                            .token = reply.token,
                            .fingerprint = reply.fingerprint,
                            .expires_at = reply.expires_at,
                            .issued_at = at,
                            .replaces = {},
                            .left_account = now.rotation.left_account};
    const secret_content& secret = *now.rotation.secret;
    made.replaces = secret.data.at(seen.object.spec.credentials.key).fingerprint;
    now.remembered.in_hand = std::move(made);
  }
  void operator()(const try_credential&, const credential_checked& reply) {
    if (reply.live) {
      now.remembered.in_hand->proven = true;
      return;
    }
    now.remembered.doubted = now.remembered.in_hand->op.id;
    now.remembered.doubted_since = time_point{};
    now.remembered.in_hand.reset();
    end_rotation(now, at + rotation_retry,
                 "the Console does not accept the token of the account that it has just made");
  }
  void operator()(const delete_credential& asked, const credential_deleted&) {
    std::erase_if(*now.rotation.listed, [&](const account& each) { return each.id == asked.id; });
  }
  template <class Asked, class Reply>
  void operator()(const Asked&, const Reply&) {
    assert(false && "the reply does not answer the awaited request");
  }
};

struct failed {
  const snapshot& seen;
  state& now;
  const api_error& error;
  time_point at;

  time_point later() const {
    return at + std::max<duration>(rotation_retry, error.retry_after.value_or(duration{0}));
  }
  // Nothing was made, or what was made has to be found out.
  void give_up(const char* what) {
    now.remembered.doubted = now.rotation.noted->id;
    now.remembered.doubted_since = may_be_committed(error.code) ? at : time_point{};
    end_rotation(now, later(), std::string(what) + ": " + describe(error));
  }

  void operator()(const read_credential&) {
    end_rotation(now, later(), "reading the Secret failed: " + describe(error));
  }
  void operator()(const patch_operation&) {
    if (retry_of(error.code) == retry_class::reread || may_be_committed(error.code))
      now.end = conclusion{.next = read_again{}, .write_status = false};
    else
      end_rotation(now, later(), "noting the operation failed: " + describe(error));
  }
  void operator()(const dry_run_secret&) { give_up("Kubernetes refuses a trial of the write to the Secret"); }
  void operator()(const write_secret&) {
    // A stale view, or a write whose outcome is not known: the Secret itself says.
    if ((retry_of(error.code) == retry_class::reread || may_be_committed(error.code)) &&
        ++now.rotation.stale_writes < stale_writes_at_most) {
      now.rotation.secret.reset();
      now.rotation.secret_written = true;
      return;
    }
    end_rotation(now, later(), "writing the Secret failed: " + describe(error));
  }
  void operator()(const list_credentials&) {
    end_rotation(now, later(), "listing accounts failed: " + describe(error));
  }
  void operator()(const create_credential&) {
    const bool taken = error.code == api_errc::conflict || error.code == api_errc::already_exists;
    if (taken && !now.rotation.name_taken) {
      now.rotation.name_taken = true;
      return;
    }
    give_up("making the new account failed");
  }
  void operator()(const try_credential&) {
    end_rotation(now, later(), "trying the new token failed: " + describe(error));
  }
  void operator()(const delete_credential&) {
    end_rotation(now, later(), "deleting the account before failed: " + describe(error));
  }
  template <class Other>
  void operator()(const Other&) {
    assert(false && "another request than those of a rotation");
  }
};

}  // namespace

// The Secret has the new credential: a client is made from it at once.
void credential_switched(state& now, time_point at) {
  const credential_in_hand made = std::move(*now.remembered.in_hand);
  now.remembered.in_hand.reset();
  now.remembered.doubted.clear();
  now.remembered.clean_up_at = at + credential_overlap;
  now.rotation = rotation_state{};
  now.credentials.reset();
  now.client_built = now.installed = false;
  now.credential_live.reset();
  now.organization_id.clear();
  now.outdated = true;
  now.left_account = made.left_account;
  std::string text = "the credential was replaced by that of account " + clean_message(made.account_id, 128);
  if (!made.left_account.empty())
    text +=
        "; account " + made.left_account + ", made by hand, is not needed any more: delete it at the Console";
  now.events.push_back({&reason::credential_rotated, std::move(text)});
}

bool concerns_rotation(const request& asked) {
  return std::visit(
      []<class Request>(const Request&) {
        return std::is_same_v<Request, read_credential> || std::is_same_v<Request, patch_operation> ||
               std::is_same_v<Request, dry_run_secret> || std::is_same_v<Request, write_secret> ||
               std::is_same_v<Request, list_credentials> || std::is_same_v<Request, create_credential> ||
               std::is_same_v<Request, try_credential> || std::is_same_v<Request, delete_credential>;
      },
      asked);
}

void absorb_rotation(const snapshot& seen, state& now, const request& asked, const response& reply,
                     time_point at) {
  const auto* error = std::get_if<api_error>(&reply);
  if (error == nullptr) return std::visit(answered{seen, now, at}, asked, reply);
  if (error->code == api_errc::cancelled)
    now.end = conclusion{.next = read_again{}, .write_status = false};
  else
    std::visit(failed{seen, now, *error, at}, asked);
}

}  // namespace platformer::connections
