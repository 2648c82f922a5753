// ConsoleConnection and ClusterConsoleConnection from JSON.
#include <algorithm>

#include "model/codec.hpp"
#include "model/codec_read.hpp"
#include "model/spec_rules.hpp"

namespace platformer {
namespace {

using namespace codec_read;
using namespace std::chrono_literals;
using nlohmann::json;

constexpr duration_limits timeout_limits{"spec.timeout", 1s, 5min, "between 1s and 5m"};
constexpr duration_limits interval_limits{"spec.interval", 1s, 24h, "between 1s and 24h"};
constexpr duration_limits credential_rotation_limits{"spec.rotateCredentials.interval", 5min, 876000h,
                                                     "between 5m and 876000h (100 years)"};

constexpr choice<orphan_policy> orphan_policies[] = {{"Report", orphan_policy::report},
                                                     {"Delete", orphan_policy::remove}};
constexpr choice<selector_operator> selector_operators[] = {
    {"In", selector_operator::in},
    {"NotIn", selector_operator::not_in},
    {"Exists", selector_operator::exists},
    {"DoesNotExist", selector_operator::does_not_exist}};

secret_key_ref decode_key_ref(const json& ref, const char* default_key) {
  return {read_string(ref, "name"), read_string(ref, "key", default_key), read_string(ref, "namespace")};
}

rate_limit_spec decode_rate_limit(const json& limit) {
  rate_limit_spec decoded;
  const auto read = [&](const char* key, std::int64_t& value, std::int64_t most) {
    if (read_member(limit, key) != nullptr)
      value = std::clamp<std::int64_t>(read_integer(limit, key), 1, most);
  };
  read("requestsPerSecond", decoded.requests_per_second, 1000);
  read("burst", decoded.burst, 1000);
  read("concurrent", decoded.concurrent, 64);
  return decoded;
}

namespace_selection decode_selection(const json& allowed, std::string& spec_error) {
  namespace_selection decoded;
  decoded.names = set_of_strings(allowed, "names");
  const json& selector = member_or_empty(allowed, "selector");
  decoded.match_labels = read_string_map(selector, "matchLabels");
  std::string broken;
  if (const json* list = read_array(selector, "matchExpressions"))
    for (const json& each : *list)
      decoded.match_expressions.push_back(
          {read_string(each, "key"),
           choice_at(each, "operator", "spec.allowedNamespaces.selector.matchExpressions[].operator",
                     selector_operators, selector_operator::in, selector_operator::in, broken),
           set_of_strings(each, "values")});
  if (broken.empty()) return decoded;
  // A requirement that is not understood can't be left out: that would widen the selection.
  decoded.match_labels.clear();
  decoded.match_expressions.clear();
  complain(spec_error, std::move(broken));
  return decoded;
}

console_connection_spec decode_connection_spec(const json& spec, std::string& spec_error) {
  console_connection_spec decoded;
  decoded.gateway = read_string(spec, "gateway", decoded.gateway);
  decoded.allow_insecure_http = read_bool(spec, "allowInsecureHTTP");
  decoded.organization = read_string(spec, "organization");
  decoded.credentials = decode_key_ref(member_or_empty(spec, "credentialsSecretRef"), "token");
  if (const json* ca = read_object(spec, "caBundleSecretRef"))
    decoded.ca_bundle = decode_key_ref(*ca, "ca.crt");
  decoded.timeout = duration_at(spec, "timeout", timeout_limits, spec_error).value_or(decoded.timeout);
  if (const json* routes = read_object(spec, "routes"))
    for (const auto& [operation, route] : routes->items())
      decoded.routes[operation] = {read_string(route, "method"), read_string(route, "path")};
  if (const json* limit = read_object(spec, "rateLimit")) decoded.rate_limit = decode_rate_limit(*limit);
  const json& allowed = member_or_empty(spec, "allowed");
  decoded.allowed = {set_of_strings(allowed, "projects"), set_of_strings(allowed, "permissions"),
                     set_of_strings(allowed, "customRoles")};
  decoded.adoptable = set_of_strings(spec, "adoptable");
  decoded.used_from = decode_selection(member_or_empty(spec, "allowedNamespaces"), spec_error);
  decoded.interval = duration_at(spec, "interval", interval_limits, spec_error).value_or(decoded.interval);
  decoded.suspend = read_bool(spec, "suspend");
  // An unknown policy must not delete anything.
  decoded.orphans = choice_at(spec, "orphanPolicy", "spec.orphanPolicy", orphan_policies,
                              orphan_policy::report, orphan_policy::report, spec_error);
  if (const json* rotation = read_object(spec, "rotateCredentials")) {
    credential_rotation wanted{.account_name = read_string(*rotation, "accountName")};
    wanted.interval =
        duration_at(*rotation, "interval", credential_rotation_limits, spec_error).value_or(wanted.interval);
    decoded.rotate_credentials = std::move(wanted);
  }
  return decoded;
}

console_connection_status decode_connection_status(const json& status) {
  console_connection_status decoded;
  decoded.observed_generation = read_integer(status, "observedGeneration");
  decoded.organization_id = read_string(status, "organizationID");
  if (const json* valid = read_member(status, "tokenValid"); valid != nullptr && valid->is_boolean())
    decoded.token_valid = valid->get<bool>();
  decoded.conditions = decode_conditions(status);
  if (const json* made = read_object(status, "credential"))
    decoded.credential =
        credential_status{read_string(*made, "operationID"), read_string(*made, "accountID"),
                          time_at(*made, "issuedAt"),        time_at(*made, "expiresAt"),
                          time_at(*made, "replaceAt"),       read_string(*made, "leftAccount")};
  if (const json* count = read_member(status, "serviceAccounts");
      count != nullptr && count->is_number_integer())
    decoded.service_accounts = count->get<std::int64_t>();
  decoded.orphans = read_strings(status, "orphans", orphans_listed);
  decoded.throttled_until = time_at(status, "throttledUntil");
  return decoded;
}

}  // namespace

result<console_connection> decode_console_connection(const json& object) {
  auto meta = decode_meta(object);
  if (!meta) return tl::unexpected(meta.error());
  console_connection decoded;
  decoded.meta = std::move(*meta);
  decoded.spec = decode_connection_spec(member_or_empty(object, "spec"), decoded.spec_error);
  decoded.status = decode_connection_status(member_or_empty(object, "status"));
  if (auto problem = find_connection_problem(decoded)) complain(decoded.spec_error, std::move(*problem));
  return decoded;
}

}  // namespace platformer
