// Custom resources: whatever an apiserver may have stored reads as an object, perhaps with a spec_error; a
// status that was read and is written again says the same; merge_difference leads from one to the other.
#include <algorithm>

#include "model/account_outline.hpp"
#include "model/codec.hpp"
#include "model/packing.hpp"
#include "model/spec_rules.hpp"
#include "runtime/bounded_json.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using namespace platformer;
using fuzz::check;
using nlohmann::json;

void check_problem(const std::optional<std::string>& problem) {
  check(!problem || !problem->empty(), "a problem has a sentence");
}

// Reads the object with the status that we would write, and compares.
template <class Object>
void check_status(const json& stored, const Object& read, result<Object> (*decode)(const json&)) {
  json again = stored;
  again["status"] = encode_status(read.status);
  const auto second = decode(again);
  check(second.has_value(), "an object with our status is one");
  check(encode_status(second->status) == again["status"], "a status survives being written");
  const json from =
      stored.contains("status") && stored["status"].is_object() ? stored["status"] : json::object();
  json patched = from;
  patched.merge_patch(merge_difference(from, again["status"]));
  check(patched == again["status"], "the difference leads to the new status");
  check(merge_difference(from, from).empty(), "equal ones have no difference");
}

void check_account(const json& stored) {
  const auto read = decode_service_account(stored);
  if (!read) return fuzz::check_message(read.error().message);
  check(!read->spec.secret.name.empty() && !read->spec.account_name.empty(), "names have their defaults");
  check_problem(find_token_problem(read->spec.token));
  check_problem(find_secret_problem(read->spec.secret, read->spec.token));
  check_problem(find_restart_problem(read->spec.restart_targets));
  check(!connection_title(*read).empty(), "the connection has a title");
  const std::string bytes = pack(*read);
  check(outline_of_packed(bytes) == outline_of(*read),
        "an outline is read from the bytes as from the object");
  const service_account kept = unpack_service_account(bytes);
  check(kept.meta == read->meta && kept.spec == read->spec && kept.status == read->status &&
            kept.spec_error == read->spec_error,
        "a cache gives back what it was given");
  check_status<service_account>(stored, *read, decode_service_account);
}

void check_connection(const json& stored) {
  const auto read = decode_console_connection(stored);
  if (!read) return fuzz::check_message(read.error().message);
  check(read->spec.timeout.count() >= 0 && read->spec.interval.count() > 0, "spans are usable");
  check_problem(find_connection_problem(*read));
  (void)admits_namespace(*read, "team-a", {{"tier", "prod"}});
  check_status<console_connection>(stored, *read, decode_console_connection);
}

std::size_t depth_of(const json& value) {
  std::size_t deepest = 0;
  if (!value.is_structured()) return deepest;
  for (const json& each : value)
    deepest = std::max(deepest, depth_of(each));
  return deepest + 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto stored = runtime::parse_bounded(text);
  if (!stored) {
    fuzz::check_message(stored.error().message);
    return 0;
  }
  check(depth_of(*stored) <= runtime::max_json_depth, "what was read is not too deep");
  check_account(*stored);
  check_connection(*stored);
  return 0;
}
