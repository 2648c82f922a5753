// Reading a fault from the admin API's JSON.
#include <algorithm>

#include "console/routes.hpp"
#include "tests/console_emulator/admin.hpp"

namespace platformer::emulator {
namespace {

using models::answer;
using nlohmann::json;

constexpr std::uint64_t latency_max_ms = 600'000;

answer<std::uint64_t> number(const json& body, std::string_view name, std::uint64_t otherwise,
                             std::uint64_t most) {
  const auto found = body.find(name);
  if (found == body.end()) return otherwise;
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() > most)
    return bad_request(std::string(name) + " must be a whole number of at most " + std::to_string(most));
  return found->get<std::uint64_t>();
}

answer<fault_moment> moment(const json& body, std::string_view name, bool mid_reply_allowed) {
  const auto found = body.find(name);
  if (found == body.end()) return fault_moment::never;
  if (*found == "before") return fault_moment::before;
  if (*found == "after_commit") return fault_moment::after_commit;
  if (*found == "mid_reply" && mid_reply_allowed) return fault_moment::mid_reply;
  return bad_request(std::string(name) + (mid_reply_allowed ? " must be before, after_commit or mid_reply"
                                                            : " must be before or after_commit"));
}

bool is_operation(std::string_view name) {
  return name == "*" || name == "unknown" ||
         std::ranges::find(console::default_routes, name, &console::default_route::operation_id) !=
             console::default_routes.end();
}

// The texts of a fault: operation, retry_after and body.
answer<void> read_texts(const json& body, fault& into) {
  if (const auto found = body.find("operation"); found != body.end()) {
    if (!found->is_string() || !is_operation(found->get_ref<const std::string&>()))
      return bad_request("operation must be an operationId of openapi.yaml or *");
    into.operation = found->get<std::string>();
  }
  if (const auto found = body.find("retry_after"); found != body.end()) {
    if (!found->is_string() && !found->is_number_unsigned())
      return bad_request("retry_after must be seconds or a date");
    into.retry_after = found->is_string() ? found->get<std::string>() : found->dump();
    if (into.retry_after.find_first_of("\r\n") != std::string::npos)
      return bad_request("retry_after must be one line");
  }
  if (const auto found = body.find("body"); found != body.end()) {
    if (!found->is_string()) return bad_request("body must be a string: it is sent as it is");
    into.body = found->get<std::string>();
  }
  return {};
}

}  // namespace

answer<fault> fault_from_json(const json& body) {
  fault out;
  if (auto ok = read_texts(body, out); !ok) return tl::unexpected(ok.error());
  const auto count = number(body, "count", 1, 1'000'000'000);
  const auto skip = number(body, "skip", 0, 1'000'000'000);
  const auto latency = number(body, "latency_ms", 0, latency_max_ms);
  const auto status = number(body, "status", 0, 599);
  for (const auto* value : {&count, &skip, &latency, &status})
    if (!*value) return tl::unexpected(value->error());
  if (*count == 0) return bad_request("count must be at least 1");
  if (*status != 0 && *status < 200) return bad_request("status must be 200 to 599");
  out.count = *count;
  out.skip = *skip;
  out.latency = duration(static_cast<std::int64_t>(*latency));
  out.status = static_cast<int>(*status);
  if (const auto found = body.find("commit"); found != body.end()) {
    if (!found->is_boolean()) return bad_request("commit must be true or false");
    out.commit = found->get<bool>();
  }
  const auto cut = moment(body, "cut", true);
  const auto hang = moment(body, "hang", false);
  if (!cut) return tl::unexpected(cut.error());
  if (!hang) return tl::unexpected(hang.error());
  if (*cut != fault_moment::never && *hang != fault_moment::never)
    return bad_request("cut and hang exclude each other");
  out.cut = *cut;
  out.hang = *hang;
  return out;
}

}  // namespace platformer::emulator
