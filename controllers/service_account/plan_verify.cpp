// Whether the Console still accepts the token in the Secret. One that it rejects is renewed only when nothing
// else can explain that: the connection's own credential is accepted at the same time, the account is there
// and ours, and no more than a tenth of the connection's accounts say so.
#include "controllers/service_account/plan.hpp"

namespace platformer::accounts {
namespace {

bool has_ended(const secret_record& record, time_point at) {
  return record.expires_at && at >= *record.expires_at;
}

}  // namespace

std::optional<time_point> next_look_at_token(const snapshot& seen, const state& now, time_point at) {
  const secret_record& record = current_record(now);
  if (!record.issued_at || seen.connection.state != connection_view::standing::ready) return std::nullopt;
  // One that is issued in the future was issued before the clock was set back.
  const time_point issued = *record.issued_at > at ? time_point{} : *record.issued_at;
  return next_verification(seen.object->spec.token, std::max(issued, now.remembered.verified_at),
                           seen.object->meta.uid);
}

bool is_rejected(const snapshot& seen, const state& now) {
  return now.known.token_live == false && !now.known.committed &&
         view_secret(seen, now).owner == secret_owner::ours;
}

planned verify_token_in_secret(const snapshot& seen, state& now, time_point at) {
  const auto due = next_look_at_token(seen, now, at);
  if (!due || at < *due || now.known.committed || now.known.token_live || has_ended(current_record(now), at))
    return std::nullopt;
  const secret_view secret = view_secret(seen, now);
  if (secret.owner != secret_owner::ours || !secret.token_intact) return std::nullopt;
  if (secret.content == nullptr) return read_secret{seen.secret_key()};
  return verify_token{intact_token(*secret.content, secret.record->fingerprint)->value};
}

planned learn_about_rejection(const snapshot& seen, state& now) {
  if (!is_rejected(seen, now) || view_accounts(seen, now).ours == nullptr) return std::nullopt;
  if (!now.known.credential_accepted) return check_credential{};
  // What was granted stays so until it is used: a refused write must not cost another hour. But it counts in
  // the hour in which it is used.
  if (!now.known.revocation) return reserve_revocation{now.remembered.may_renew_rejected};
  if (now.known.revocation->granted) return std::nullopt;
  const time_point later = std::chrono::ceil<std::chrono::seconds>(now.known.revocation->retry_at);
  return retry(now, aspect::token, reason::token_revoked,
               "the Console rejects the token in Secret " + seen.object->spec.secret.name +
                   ". It is not renewed now, since the Console rejects the tokens of many accounts of " +
                   connection_title(*seen.object) +
                   ", or this one's was renewed for it lately; the next look is at " + format_rfc3339(later),
               requeue_at{later});
}

}  // namespace platformer::accounts
