// Answers to the requests of `step`: each kind has its own, or an error.
#include "model/names.hpp"
#include "tests/fuzz/step_world.hpp"

namespace platformer::fuzz {
namespace {

constexpr api_errc codes[] = {api_errc::conflict,        api_errc::not_found,     api_errc::bad_request,
                              api_errc::unauthorized,    api_errc::forbidden,     api_errc::gone,
                              api_errc::too_large,       api_errc::invalid,       api_errc::rate_limited,
                              api_errc::unreachable,     api_errc::cancelled,     api_errc::redirected,
                              api_errc::server_error,    api_errc::timeout,       api_errc::malformed,
                              api_errc::connection_lost, api_errc::already_exists};

std::string later(supply& in, const std::string& version) {
  return std::to_string(std::atoi(version.c_str()) + 1 + static_cast<int>(in.below(3)));
}

struct answerer {
  supply& in;
  const accounts::snapshot& seen;
  secret_store& secrets;
  using response = accounts::response;

  void perhaps_change(const object_key& key) {
    if (in.rarely(4)) secrets.change(in, key.name);
  }
  response patched(const std::string& version, const std::vector<std::string>* finalizers) {
    accounts::object_patched reply{seen.object->meta};
    reply.meta.resource_version = later(in, version);
    if (finalizers != nullptr) reply.meta.finalizers = *finalizers;
    return reply;
  }
  response operator()(const accounts::patch_intent& asked) {
    return patched(asked.resource_version, &asked.finalizers);
  }
  response operator()(const accounts::patch_status& asked) {
    return patched(asked.resource_version, nullptr);
  }
  response operator()(const accounts::remove_finalizer& asked) {
    return patched(asked.resource_version, &asked.finalizers);
  }
  response operator()(const accounts::read_secret& asked) {
    perhaps_change(asked.key);
    const secret_content* found = secrets.find(asked.key.name);
    if (found == nullptr) return accounts::secret_read{};
    return accounts::secret_read{*found};
  }
  response operator()(const accounts::dry_run_secret& asked) {
    perhaps_change(asked.write.key);
    if (const auto refusal = secrets.refusal(asked.write)) return *refusal;
    return accounts::dry_run_passed{};
  }
  response operator()(const accounts::write_secret& asked) {
    perhaps_change(asked.write.key);
    if (const auto refusal = secrets.refusal(asked.write)) return *refusal;
    return accounts::secret_written{secrets.write(asked.write)};
  }
  response operator()(const accounts::remove_secret& asked) {
    perhaps_change(asked.key);
    if (const auto refusal = secrets.remove(asked.key, asked.uid, asked.resource_version)) return *refusal;
    return accounts::secret_removed{};
  }
  response operator()(const accounts::resolve_names&) {
    if (in.rarely(8))
      return accounts::names_unresolved{
          in.flag() ? accounts::names_unresolved::kind::role : accounts::names_unresolved::kind::project,
          "there is none"};
    accounts::names_resolved reply;
    if (in.flag()) reply.project_id = "prj-1";
    if (in.flag()) reply.roles = {"read"};
    if (in.rarely(4)) reply.projects = {{"prj-1", {"read"}}};
    if (in.rarely(4)) reply.named_projects = {{"prj-1", "shop"}};
    if (in.rarely(4)) reply.role_permissions = {"admin"};
    return reply;
  }
  response operator()(const accounts::read_account& asked) {
    if (in.rarely(3)) return accounts::account_read{};
    account found = any_account(in);
    found.id = asked.id;
    return accounts::account_read{found};
  }
  response operator()(const accounts::list_accounts&) {
    accounts::accounts_listed reply;
    for (std::size_t count = in.below(4); count > 0; --count) {
      account found = any_account(in);
      found.id = "acc-" + std::to_string(count);
      reply.found.push_back(std::move(found));
    }
    return reply;
  }
  response minted(const std::string& id) {
    accounts::token_minted reply;
    reply.account_id = id;
    reply.token = any_token(in);
    reply.fingerprint = fingerprint_of(*reply.token);
    reply.expires_at = any_time(in);
    return reply;
  }
  response operator()(const accounts::create_account&) { return minted(in.rarely(4) ? "acc-1" : "acc-new"); }
  response operator()(const accounts::renew_token& asked) { return minted(asked.id); }
  response operator()(const accounts::update_account&) { return accounts::account_updated{}; }
  response operator()(const accounts::delete_account&) { return accounts::account_deleted{}; }
  response operator()(const accounts::verify_token&) { return accounts::token_verified{in.flag()}; }
  response operator()(const accounts::check_credential&) { return accounts::credential_checked{}; }
  response operator()(const accounts::restart_workload&) {
    return accounts::workload_restarted{in.flag() ? "" : "it does not exist"};
  }
  response operator()(const accounts::reserve_revocation&) {
    return accounts::revocation_reserved{in.flag(), any_time(in).value_or(world_begin)};
  }
};

}  // namespace

api_error any_error(supply& in) {
  api_error error;
  error.code = in.pick(codes);
  error.http_status = in.flag() ? 500 : 0;
  error.message = in.flag() ? "the server's words" : "";
  if (in.rarely(3)) error.retry_after = std::chrono::seconds(in.byte());
  return error;
}

accounts::response any_reply(supply& in, const accounts::snapshot& seen, secret_store& secrets,
                             const accounts::request& asked) {
  answerer answer{in, seen, secrets};
  // Answered without I/O, so that it can't fail.
  if (in.rarely(5) && !std::holds_alternative<accounts::reserve_revocation>(asked)) {
    // A server may have done what was asked and not have got to say so.
    if (in.flag()) std::visit(answer, asked);
    return any_error(in);
  }
  return std::visit(answer, asked);
}

}  // namespace platformer::fuzz
