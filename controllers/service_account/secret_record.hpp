// What the operator notes on a Secret beside the token. It is the record of the last committed operation:
// status is derived from it and may be rebuilt at any time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/object_meta.hpp"

namespace platformer::accounts {

// Revisions beyond it are believed of a Secret only: intent and status may be forged.
inline constexpr std::int64_t trusted_revision_limit = 1'000'000'000;

struct secret_record {
  std::string operation_id;
  std::int64_t revision = 0;  // 0: nothing was ever committed to this Secret
  std::string account_id;
  std::string renew;                       // the renew value that the last issuance honoured
  std::vector<std::string> renew_history;  // hashes of the last values honoured, oldest first
  std::optional<time_point> issued_at;
  std::optional<time_point> expires_at;
  std::string fingerprint;
  std::string cause;
  std::string previous_account_id;           // strategy Replace: the account before, which lives on …
  std::optional<time_point> previous_until;  // … until then
  bool operator==(const secret_record&) const = default;
};

secret_record read_record(const object_meta& secret);

// The annotations that hold `record`, absent fields as nullopt (to be removed).
std::map<std::string, std::optional<std::string>, std::less<>> record_annotations(
    const secret_record& record);

// Whether the renew annotation's value was honoured already, by this record or (where it knows of no value at
// all) by status.lastHandledRenew.
bool is_honoured(const secret_record& record, std::string_view renew, std::string_view last_handled);

}  // namespace platformer::accounts
