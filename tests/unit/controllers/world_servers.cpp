// The servers' side of the small world.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/codec.hpp"
#include "model/names.hpp"
#include "tests/unit/controllers/world.hpp"

namespace platformer::accounts::test {
namespace {

api_error refusal(api_errc code) {
  return {.code = code, .http_status = 0, .message = "refused by the world", .retry_after = std::nullopt};
}

template <class Map, class Wanted>
void apply(Map& map, const Wanted& wanted) {
  for (const auto& [key, value] : wanted) {
    if (value)
      map[key] = *value;
    else
      map.erase(key);
  }
}

struct performer {
  world& in;

  response patched(object_meta& meta) const {
    meta.resource_version = in.next_version();
    return object_patched{meta};
  }
  bool stale(const std::string& version) const { return version != in.object.meta.resource_version; }

  response operator()(const patch_intent& asked) const {
    if (stale(asked.resource_version)) return refusal(api_errc::conflict);
    in.object.meta.finalizers = asked.finalizers;
    if (asked.op)
      in.object.meta.annotations[std::string(names::operation_annotation)] = encode_operation(*asked.op);
    return patched(in.object.meta);
  }
  response operator()(const patch_status& asked) const {
    if (stale(asked.resource_version)) return refusal(api_errc::conflict);
    // Through the codec, as the apiserver would return it.
    const nlohmann::json stored{{"metadata", {{"name", "x"}, {"resourceVersion", "1"}}},
                                {"status", encode_status(asked.to)}};
    in.object.status = decode_service_account(stored)->status;
    return patched(in.object.meta);
  }
  response operator()(const remove_finalizer& asked) const {
    if (stale(asked.resource_version)) return refusal(api_errc::conflict);
    in.object.meta.finalizers = asked.finalizers;
    in.object_exists = !in.object.meta.deleted || !asked.finalizers.empty();
    return patched(in.object.meta);
  }
  response operator()(const read_secret& asked) const {
    const auto found = in.secrets.find(asked.key.name);
    return secret_read{found == in.secrets.end() ? std::nullopt : std::optional(found->second)};
  }
  std::optional<api_error> check(const secret_write& write) const {
    const auto found = in.secrets.find(write.key.name);
    if (write.creates())
      return found == in.secrets.end() ? std::nullopt : std::optional(refusal(api_errc::already_exists));
    if (found == in.secrets.end()) return refusal(api_errc::not_found);
    const object_meta& meta = found->second.meta;
    if (meta.resource_version != write.resource_version || meta.uid != write.uid)
      return refusal(api_errc::conflict);
    return std::nullopt;
  }
  response operator()(const dry_run_secret& asked) const {
    if (auto error = check(asked.write)) return *error;
    return dry_run_passed{};
  }
  response operator()(const write_secret& asked) const {
    const secret_write& write = asked.write;
    if (auto error = check(write)) return *error;
    secret_content& content = write.creates() ? in.put_secret(write.key.name) : in.secrets.at(write.key.name);
    for (const auto& [key, value] : write.data) {
      if (value)
        content.data[key] = {value, fingerprint_of(value->reveal())};
      else
        content.data.erase(key);
    }
    apply(content.meta.labels, write.labels);
    apply(content.meta.annotations, write.annotations);
    if (write.owners) content.meta.owners = *write.owners;
    in.touch(write.key.name);
    return secret_written{content.meta};
  }
  response operator()(const remove_secret& asked) const {
    const auto found = in.secrets.find(asked.key.name);
    if (found == in.secrets.end()) return secret_removed{};
    if (found->second.meta.resource_version != asked.resource_version || found->second.meta.uid != asked.uid)
      return refusal(api_errc::conflict);
    in.secrets.erase(found);
    return secret_removed{};
  }

  account* find(const std::string& id) const {
    const auto found =
        std::find_if(in.accounts.begin(), in.accounts.end(), [&](const auto& each) { return each.id == id; });
    return found == in.accounts.end() ? nullptr : &*found;
  }
  response operator()(const resolve_names&) const {
    if (in.unresolved) return *in.unresolved;
    return in.names;
  }
  response operator()(const read_account& asked) const {
    const account* found = find(asked.id);
    return account_read{found == nullptr ? std::nullopt : std::optional(*found)};
  }
  response operator()(const list_accounts& asked) const {
    accounts_listed reply;
    const object_meta& meta = in.object.meta;
    for (const account& each : in.accounts) {
      const auto mark = find_marker(each.description);
      const bool named =
          !asked.named.empty() && each.name == asked.named && each.project_id == asked.project_id;
      if (mark && mark->cluster == "c1" ? mark->ns == meta.ns && mark->name == meta.name : named)
        reply.found.push_back(each);
    }
    return reply;
  }
  void set(account& is, const account_fields& fields) const {
    if (fields.description) is.description = *fields.description;
    if (fields.roles) is.roles = *fields.roles;
    if (fields.projects) is.projects = *fields.projects;
    if (fields.expires_at) is.expires_at = *fields.expires_at;
  }
  response mint(account& on, std::optional<time_point> expires_at) const {
    if (in.granted_lifetime) expires_at = in.now + *in.granted_lifetime;
    on.expires_at = expires_at;
    const std::string token = "token-" + in.next_version();
    in.live_tokens[on.id] = token;
    return token_minted{.account_id = on.id,
                        .token = std::make_shared<const secret_string>(token),
                        .fingerprint = fingerprint_of(token),
                        .expires_at = expires_at};
  }
  response operator()(const create_account& asked) const {
    account& made = in.put_account("acc-" + in.next_version(), "");
    made.name = asked.fields.name.value_or("");
    made.project_id = asked.project_id;
    set(made, asked.fields);
    return mint(made, made.expires_at);
  }
  response operator()(const renew_token& asked) const {
    account* on = find(asked.id);
    if (on == nullptr) return refusal(api_errc::not_found);
    return mint(*on, asked.expires_at);
  }
  response operator()(const update_account& asked) const {
    account* on = find(asked.id);
    if (on == nullptr) return refusal(api_errc::not_found);
    set(*on, asked.fields);
    return account_updated{};
  }
  response operator()(const delete_account& asked) const {
    std::erase_if(in.accounts, [&](const account& each) { return each.id == asked.id; });
    in.live_tokens.erase(asked.id);
    return account_deleted{};
  }
  response operator()(const check_credential&) const {
    return in.credential_accepted ? response(credential_checked{}) : refusal(api_errc::unauthorized);
  }
  response operator()(const restart_workload& asked) const {
    const auto found = in.workloads.find(asked.key.name);
    if (found == in.workloads.end()) return workload_restarted{"it does not exist"};
    found->second = asked.revisions;
    return workload_restarted{};
  }
  response operator()(const reserve_revocation& asked) const {
    return asked.again ? revocation_reserved{.granted = true} : in.revocation;
  }
  response operator()(const verify_token& asked) const {
    return token_verified{std::any_of(in.live_tokens.begin(), in.live_tokens.end(), [&](const auto& each) {
      return each.second == asked.token->reveal();
    })};
  }
};

}  // namespace

response world::perform(const request& asked) {
  return std::visit(performer{*this}, asked);
}

}  // namespace platformer::accounts::test
