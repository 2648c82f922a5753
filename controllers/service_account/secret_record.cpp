#include "controllers/service_account/secret_record.hpp"

#include <algorithm>
#include <charconv>

#include "model/names.hpp"
#include "model/operation.hpp"

namespace platformer::accounts {
namespace {

std::int64_t parse_revision(std::string_view text) {
  std::int64_t revision = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), revision);
  // Far above the trusted limit, so that counting on from a forged revision stays readable.
  static constexpr std::int64_t limit = 1000 * trusted_revision_limit;
  return status == std::errc{} && end == text.data() + text.size() && revision > 0 && revision < limit
             ? revision
             : 0;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty() && parts.size() < renew_history_limit) {
    const auto comma = text.find(',');
    // Longer ones are not ours, and would make the intent too long to be read again.
    if (const auto part = text.substr(0, comma); !part.empty() && part.size() <= renew_hash_size)
      parts.emplace_back(part);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return parts;
}

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts)
    text.append(text.empty() ? "" : ",").append(part);
  return text;
}

}  // namespace

// One walk over the annotations that are ours; their names differ in length, mostly.
secret_record read_record(const object_meta& secret) {
  secret_record record;
  const auto& all = secret.annotations;
  for (auto each = all.lower_bound(names::reserved_prefix);
       each != all.end() && each->first.starts_with(names::reserved_prefix); ++each) {
    const auto& [key, value] = *each;
    if (key == names::secret_operation_id) record.operation_id = value;
    if (key == names::secret_revision) record.revision = parse_revision(value);
    if (key == names::secret_account_id) record.account_id = value;
    if (key == names::secret_renew) record.renew = value;
    if (key == names::secret_renew_history) record.renew_history = split(value);
    if (key == names::secret_issued_at) record.issued_at = parse_rfc3339(value);
    if (key == names::secret_expires_at) record.expires_at = parse_rfc3339(value);
    if (key == names::secret_fingerprint) record.fingerprint = value;
    if (key == names::secret_cause) record.cause = value;
    if (key == names::secret_previous_account_id) record.previous_account_id = value;
    if (key == names::secret_previous_until) record.previous_until = parse_rfc3339(value);
  }
  return record;
}

std::map<std::string, std::optional<std::string>, std::less<>> record_annotations(
    const secret_record& record) {
  std::map<std::string, std::optional<std::string>, std::less<>> annotations;
  const auto set = [&](std::string_view key, std::string value) {
    auto& slot = annotations[std::string(key)];
    if (!value.empty()) slot = std::move(value);
  };
  set(names::secret_operation_id, record.operation_id);
  set(names::secret_revision, record.revision > 0 ? std::to_string(record.revision) : "");
  set(names::secret_account_id, record.account_id);
  set(names::secret_renew, record.renew);
  set(names::secret_renew_history, join(record.renew_history));
  set(names::secret_issued_at, record.issued_at ? format_rfc3339(*record.issued_at) : "");
  set(names::secret_expires_at, record.expires_at ? format_rfc3339(*record.expires_at) : "");
  set(names::secret_fingerprint, record.fingerprint);
  set(names::secret_cause, record.cause);
  set(names::secret_previous_account_id, record.previous_account_id);
  set(names::secret_previous_until, record.previous_until ? format_rfc3339(*record.previous_until) : "");
  return annotations;
}

bool is_honoured(const secret_record& record, std::string_view renew, std::string_view last_handled) {
  if (record.renew.empty() && record.renew_history.empty()) return renew == last_handled;
  const auto& history = record.renew_history;
  return renew == record.renew ||
         std::find(history.begin(), history.end(), renew_hash(renew)) != history.end();
}

}  // namespace platformer::accounts
