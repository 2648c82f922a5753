// What the operator notes on objects, Secrets and accounts, as anybody may have forged it: the intent, the
// record of a Secret, markers. What is read is within bounds and survives being written.
#include <algorithm>

#include "controllers/service_account/secret_record.hpp"
#include "model/marker.hpp"
#include "model/names.hpp"
#include "model/operation.hpp"
#include "model/operation_text.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using namespace platformer;
using fuzz::check;

void check_operation(std::string_view text) {
  const auto op = decode_operation(text);
  if (const auto own = read_own_operation(text)) {
    check(op == own, "our own form is read first");
    // A blank in front makes it another form, which the reader of any JSON takes.
    if (text.size() < 4000)
      check(decode_operation(" " + std::string(text)) == own, "both readers of an intent say the same");
  }
  if (!op) return;
  check(!op->id.empty() && op->id.size() <= operation_id_limit, "an intent's ID has its bounds");
  check(op->revision >= 0 && op->revision <= count_limit, "a revision has its bounds");
  check(op->call_timeout.count() >= 0 && op->call_timeout <= call_timeout_limit, "a timeout has its bounds");
  check(op->renew_history.size() <= renew_history_limit, "a history has its bounds");
  // Fractions of seconds are not written, and no count without its time.
  const auto written = encode_operation(*op);
  if (written.size() > 4000) return;
  const auto again = decode_operation(written);
  check(again && encode_operation(*again) == written, "an intent survives being written");
}

void check_marker(std::string_view text) {
  const auto found = find_marker(text);
  const auto view = view_marker(text);
  check(found.has_value() == view.has_value(), "both finders of a marker agree");
  check(!found || !find_credential_marker(text), "no description has both kinds of markers");
  if (found) {
    check(view->uid == found->uid && view->name == found->name, "and find the same");
    check(find_marker(found->to_string()) == found, "a marker survives being written");
  }
  const marker ours{"cluster", "team-a", "api", "uid-1"};
  const std::string sent = with_marker(text, ours);
  check(find_marker(sent) == ours, "a description that is sent bears our marker");
  check(without_marker(sent) == without_marker(text), "and the user's text before it");
}

void check_record(fuzz::supply in) {
  static constexpr std::string_view keys[] = {names::secret_operation_id,  names::secret_revision,
                                              names::secret_account_id,    names::secret_renew,
                                              names::secret_renew_history, names::secret_issued_at,
                                              names::secret_expires_at,    names::secret_fingerprint,
                                              names::secret_cause,         names::secret_previous_account_id,
                                              names::secret_previous_until};
  object_meta secret;
  for (const std::string_view key : keys)
    secret.annotations[std::string(key)] = std::string(in.take(in.below(48)));
  const auto record = accounts::read_record(secret);
  check(record.revision >= 0 && record.renew_history.size() <= renew_history_limit,
        "a record has its bounds");
  const auto written = accounts::record_annotations(record);
  object_meta with_record;
  for (const auto& [key, value] : written)
    if (value) with_record.annotations[key] = *value;
  const auto again = accounts::record_annotations(accounts::read_record(with_record));
  check(again == written, "a record survives being written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_operation(text);
  check_marker(text);
  check_record({data, size});
  const auto history = remember_renew({"a", "b"}, renew_hash(text));
  check(history.back().size() == renew_hash_size, "a hash has its length");
  return 0;
}
