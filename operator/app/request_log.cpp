#include "app/request_log.hpp"

namespace platformer::app {
namespace {

struct account_names {
  std::string_view operator()(const accounts::patch_intent&) const { return "patch_intent"; }
  std::string_view operator()(const accounts::read_secret&) const { return "read_secret"; }
  std::string_view operator()(const accounts::dry_run_secret&) const { return "dry_run_secret"; }
  std::string_view operator()(const accounts::write_secret&) const { return "write_secret"; }
  std::string_view operator()(const accounts::remove_secret&) const { return "remove_secret"; }
  std::string_view operator()(const accounts::patch_status&) const { return "patch_status"; }
  std::string_view operator()(const accounts::remove_finalizer&) const { return "remove_finalizer"; }
  std::string_view operator()(const accounts::resolve_names&) const { return "resolve_names"; }
  std::string_view operator()(const accounts::read_account&) const { return "read_account"; }
  std::string_view operator()(const accounts::list_accounts&) const { return "list_accounts"; }
  std::string_view operator()(const accounts::create_account&) const { return "create_account"; }
  std::string_view operator()(const accounts::renew_token&) const { return "renew_token"; }
  std::string_view operator()(const accounts::update_account&) const { return "update_account"; }
  std::string_view operator()(const accounts::delete_account&) const { return "delete_account"; }
  std::string_view operator()(const accounts::verify_token&) const { return "verify_token"; }
  std::string_view operator()(const accounts::check_credential&) const { return "check_credential"; }
  std::string_view operator()(const accounts::reserve_revocation&) const { return "reserve_revocation"; }
  std::string_view operator()(const accounts::restart_workload&) const { return "restart_workload"; }
};

struct connection_names {
  std::string_view operator()(const connections::read_secret&) const { return "read_secret"; }
  std::string_view operator()(const connections::build_client&) const { return "build_client"; }
  std::string_view operator()(const connections::validate_credential&) const { return "validate_credential"; }
  std::string_view operator()(const connections::find_organization&) const { return "find_organization"; }
  std::string_view operator()(const connections::install_client&) const { return "install_client"; }
  std::string_view operator()(const connections::begin_look&) const { return "begin_look"; }
  std::string_view operator()(const connections::list_orphans&) const { return "list_orphans"; }
  std::string_view operator()(const connections::delete_orphan&) const { return "delete_orphan"; }
  std::string_view operator()(const connections::forget_refusals&) const { return "forget_refusals"; }
  std::string_view operator()(const connections::patch_finalizers&) const { return "patch_finalizers"; }
  std::string_view operator()(const connections::patch_status&) const { return "patch_status"; }
  std::string_view operator()(const connections::drop_client&) const { return "drop_client"; }
  std::string_view operator()(const connections::read_credential&) const { return "read_credential"; }
  std::string_view operator()(const connections::patch_operation&) const { return "patch_operation"; }
  std::string_view operator()(const connections::dry_run_secret&) const { return "dry_run_secret"; }
  std::string_view operator()(const connections::write_secret&) const { return "write_secret"; }
  std::string_view operator()(const connections::list_credentials&) const { return "list_credentials"; }
  std::string_view operator()(const connections::create_credential&) const { return "create_credential"; }
  std::string_view operator()(const connections::try_credential&) const { return "try_credential"; }
  std::string_view operator()(const connections::delete_credential&) const { return "delete_credential"; }
};

template <class Request, class... Asked>
bool is_any_of(const Request& request) {
  return (std::holds_alternative<Asked>(request) || ...);
}

}  // namespace

reconcile_phase phase_of(const accounts::request& request) {
  const bool kubernetes =
      is_any_of<accounts::request, accounts::patch_intent, accounts::read_secret, accounts::dry_run_secret,
                accounts::write_secret, accounts::remove_secret, accounts::patch_status,
                accounts::remove_finalizer, accounts::restart_workload>(request);
  return kubernetes ? reconcile_phase::kubernetes : reconcile_phase::console;
}

reconcile_phase phase_of(const connections::request& request) {
  const bool kubernetes =
      is_any_of<connections::request, connections::read_secret, connections::patch_finalizers,
                connections::patch_status, connections::read_credential, connections::patch_operation,
                connections::dry_run_secret, connections::write_secret>(request);
  const bool console =
      is_any_of<connections::request, connections::validate_credential, connections::find_organization,
                connections::list_orphans, connections::delete_orphan, connections::list_credentials,
                connections::create_credential, connections::try_credential, connections::delete_credential>(
          request);
  // The rest is done within this process.
  return kubernetes ? reconcile_phase::kubernetes
         : console  ? reconcile_phase::console
                    : reconcile_phase::decide;
}

std::string_view name_of(const accounts::request& request) {
  return std::visit(account_names{}, request);
}

std::string_view name_of(const connections::request& request) {
  return std::visit(connection_names{}, request);
}

void log_request(logger& log, const object_key& object, std::string_view request, const api_error* failure) {
  if (!log.enabled(log_level::debug)) return;
  const std::string name = object.to_string();
  if (failure == nullptr)
    log.log(log_level::debug, "request", {{"object", name}, {"request", request}, {"outcome", "ok"}});
  else
    log.log(log_level::debug, "request",
            {{"object", name},
             {"request", request},
             {"outcome", to_string(failure->code)},
             {"status", failure->http_status}});
}

void log_end(logger& log, const object_key& object, std::string_view operation,
             const controllers::outcome& end, std::chrono::duration<double> took) {
  if (!log.enabled(log_level::debug)) return;
  struct words {
    std::string_view operator()(const controllers::done&) const { return "done"; }
    std::string_view operator()(const controllers::again_at&) const { return "again at a known time"; }
    std::string_view operator()(const controllers::again_now&) const { return "again now"; }
    std::string_view operator()(const controllers::again_after_failure&) const { return "failed"; }
  };
  log.log(log_level::debug, "reconciled",
          {{"object", object.to_string()},
           {"outcome", std::visit(words{}, end)},
           {"operation", operation},
           {"seconds", took.count()}});
}

}  // namespace platformer::app
