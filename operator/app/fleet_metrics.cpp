#include "app/fleet_metrics.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "app/connection_calls.hpp"
#include "app/metrics_impl.hpp"
#include "controllers/reconcile/orphans.hpp"
#include "model/condition.hpp"
#include "model/names.hpp"

namespace platformer::app {
namespace {

using prometheus::MetricType;
using labels = std::vector<prometheus::ClientMetric::Label>;

double seconds_of(time_point at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

class family {
 public:
  family(const char* name, const char* help, MetricType type = MetricType::Gauge) {
    made_.name = name;
    made_.help = help;
    made_.type = type;
  }
  void add(labels with, double value) {
    auto& each = made_.metric.emplace_back();
    each.label = std::move(with);
    (made_.type == MetricType::Counter ? each.counter.value : each.gauge.value) = value;
  }
  prometheus::MetricFamily take() { return std::move(made_); }

 private:
  prometheus::MetricFamily made_;
};

void keep_earliest(std::optional<time_point>& earliest, const std::optional<time_point>& candidate) {
  if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
}

// A connection's key without strings of its own: there may be 100,000 accounts to sort. Refers to what the
// store keeps, which does not change meanwhile.
struct key_view {
  std::string_view ns;
  std::string_view name;
  bool operator==(const key_view&) const = default;
};

key_view connection_view_of(const account_outline& object) {
  const bool namespaced = object.connected_by == connection_kind::namespaced;
  return {namespaced ? object.ns : std::string_view(), object.connection};
}

struct key_hash {
  std::size_t operator()(const key_view& key) const {
    const std::hash<std::string_view> hash;
    return hash(key.ns) * 31 + hash(key.name);
  }
};

// The accounts of one connection.
struct users {
  std::size_t count = 0;
  std::size_t expired = 0;
  std::optional<time_point> expiry;   // the next token to end
  std::optional<time_point> renewal;  // the next, or most overdue, renewal
};

class survey {
 public:
  survey(const world& in, bool per_account) : in_(in), now_(in.clock()), per_account_(per_account) {
    in.service_accounts.for_each_kept(
        [&](const object_key& key, const auto& each) { add(key, controllers::outline_of(each)); });
    count_up();
    for (const auto* store : {&in.connections, &in.cluster_connections})
      store->for_each([&](const object_key& key, const console_connection& each) { add(key, each); });
    for (const auto& [connection, each] : users_)
      add({std::string(connection.ns), std::string(connection.name)}, each);
  }

  void take_into(std::vector<prometheus::MetricFamily>& all) {
    for (family* each :
         {&accounts_, &ready_, &breaker_, &throttled_, &waiting_, &orphans_, &rotation_, &credential_,
          &users_of_, &expired_, &expiry_, &renewal_, &each_expiry_, &each_renewal_})
      if (auto made = each->take(); !made.metric.empty()) all.push_back(std::move(made));
  }

 private:
  void add(const object_key& key, const account_outline& object) {
    if (!object.ready)
      ++readiness_[{false, reason::progressing.name}];
    else
      ++readiness_[{*object.ready, object.ready_reason}];
    if (object.deleted) return;
    users& of = users_[connection_view_of(object)];
    ++of.count;
    if (object.expires_at && *object.expires_at <= now_)
      ++of.expired;
    else
      keep_earliest(of.expiry, object.expires_at);
    if (!object.suspend) keep_earliest(of.renewal, object.renew_at);
    if (!per_account_) return;
    const std::string name = key.to_string();
    if (object.expires_at) each_expiry_.add({{"account", name}}, seconds_of(*object.expires_at));
    if (object.renew_at) each_renewal_.add({{"account", name}}, seconds_of(*object.renew_at));
  }

  // Conditions can be written by whoever may write status: reasons that are not ours are counted together.
  void count_up() {
    std::map<std::pair<bool, std::string_view>, std::size_t> known;
    for (const auto& [state, count] : readiness_)
      known[{state.first, known_reason(state.second)}] += count;
    for (const auto& [state, count] : known)
      accounts_.add({{"ready", state.first ? "true" : "false"}, {"reason", std::string(state.second)}},
                    static_cast<double>(count));
  }

  void add(const object_key& key, const console_connection& object) {
    const std::string name = key.to_string();
    const condition* ready = find_condition(object.status.conditions, "Ready");
    ready_.add(
        {{"connection", name},
         {"reason", std::string(ready == nullptr ? reason::progressing.name : known_reason(ready->reason))}},
        ready != nullptr && ready->status ? 1 : 0);
    const auto& until = object.status.throttled_until;
    throttled_.add({{"connection", name}}, until && *until > now_ ? seconds_of(*until) : 0);
    if (object.spec.rotate_credentials) {
      const condition* rotated = find_condition(object.status.conditions, "CredentialRotated");
      rotation_.add({{"connection", name}}, rotated != nullptr && !rotated->status ? 1 : 0);
    }
    if (object.status.credential && object.status.credential->expires_at)
      credential_.add({{"connection", name}}, seconds_of(*object.status.credential->expires_at));
    const live_connection* live = in_.registry.find(key);
    breaker_.add({{"connection", name}}, live != nullptr && live->calls->breaker_open() ? 1 : 0);
    orphans_.add({{"connection", name}},
                 live == nullptr ? 0 : static_cast<double>(controllers::orphans_of(*live).size()));
    const auto calls = in_.calls.find(key);
    waiting_.add({{"connection", name}},
                 calls == in_.calls.end() ? 0 : static_cast<double>(calls->second->waiting()));
  }

  // Of connections that exist; the others' accounts are counted by their reason.
  void add(const object_key& connection, const users& of) {
    if (!in_.connection(connection)) return;
    const std::string name = connection.to_string();
    users_of_.add({{"connection", name}}, static_cast<double>(of.count));
    expired_.add({{"connection", name}}, static_cast<double>(of.expired));
    if (of.expiry) expiry_.add({{"connection", name}}, seconds_of(*of.expiry));
    if (of.renewal) renewal_.add({{"connection", name}}, seconds_of(*of.renewal));
  }

  const world& in_;
  time_point now_;
  bool per_account_;
  std::map<std::pair<bool, std::string_view>, std::size_t> readiness_;  // by Ready condition
  std::unordered_map<key_view, users, key_hash> users_;                 // by connection

  family accounts_{"platformer_operator_service_accounts",
                   "ServiceAccount objects by their Ready condition."};
  family ready_{"platformer_operator_connection_ready",
                "1 when the connection's Ready condition is True, with its reason."};
  family breaker_{"platformer_operator_connection_breaker_open",
                  "1 while calls are stopped because the Console does not work."};
  family throttled_{"platformer_operator_connection_throttled_until_timestamp_seconds",
                    "Until when the Console asked for a pause; 0: it does not."};
  family waiting_{"platformer_operator_connection_waiting_calls", "Calls that wait for their turn."};
  family orphans_{
      "platformer_operator_orphaned_accounts",
      "Accounts at the Console whose ServiceAccount is gone, as the connection's last look found."};
  family rotation_{"platformer_operator_connection_rotation_failed",
                   "1 when the connection's own credential can't be replaced; only with rotateCredentials."};
  family credential_{"platformer_operator_connection_credential_expiry_timestamp_seconds",
                     "When the connection's own credential ends, where the operator made it and knows."};
  family users_of_{"platformer_operator_connection_service_accounts", "ServiceAccounts of the connection."};
  family expired_{"platformer_operator_tokens_expired", "Tokens whose end has passed."};
  family expiry_{"platformer_operator_token_earliest_expiry_timestamp_seconds",
                 "When the connection's next token ends; tokens that have ended don't count."};
  family renewal_{"platformer_operator_token_earliest_renewal_timestamp_seconds",
                  "When the connection's next token is to be renewed; in the past: it is overdue."};
  family each_expiry_{"platformer_operator_token_expiry_timestamp_seconds",
                      "When the account's token ends; only with --metrics-per-account."};
  family each_renewal_{"platformer_operator_token_renewal_timestamp_seconds",
                       "When the account's token is to be renewed; only with --metrics-per-account."};
};

void add_caches(const world& in, const std::vector<watch_numbers>& watches,
                std::vector<prometheus::MetricFamily>& all) {
  family cached("platformer_operator_cached_objects", "Objects in the caches that watches feed.");
  family up("platformer_operator_watch_up",
            "1 while the cache is complete and nothing is wrong with its watch.");
  family failures("platformer_operator_watch_failures_total", "Lists and watches that failed.",
                  MetricType::Counter);
  const std::map<std::string_view, std::size_t> sizes = {
      {names::service_account_plural, in.service_accounts.size()},
      {names::console_connection_plural, in.connections.size()},
      {names::cluster_console_connection_plural, in.cluster_connections.size()},
      {"secrets", in.secrets.size()},
      {"namespaces", in.namespaces.size()}};
  for (const auto& [resource, size] : sizes)
    cached.add({{"resource", std::string(resource)}}, static_cast<double>(size));
  for (const watch_numbers& each : watches) {
    up.add({{"resource", each.resource}}, each.up ? 1 : 0);
    failures.add({{"resource", each.resource}}, static_cast<double>(each.failures));
  }
  for (family* each : {&cached, &up, &failures})
    if (auto made = each->take(); !made.metric.empty()) all.push_back(std::move(made));
}

}  // namespace

std::vector<prometheus::MetricFamily> fleet_families(const world& in,
                                                     const std::vector<watch_numbers>& watches,
                                                     bool per_account) {
  std::vector<prometheus::MetricFamily> all;
  add_caches(in, watches, all);
  survey(in, per_account).take_into(all);
  return all;
}

}  // namespace platformer::app
