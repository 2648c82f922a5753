#include "app/account_effects.hpp"

#include <type_traits>

#include "app/kube_effects.hpp"
#include "controllers/reconcile/gather.hpp"
#include "model/codec.hpp"
#include "model/names.hpp"

namespace platformer::app {
namespace {

template <class Request>
constexpr bool is_kubernetes =
    std::is_same_v<Request, accounts::patch_intent> || std::is_same_v<Request, accounts::read_secret> ||
    std::is_same_v<Request, accounts::dry_run_secret> || std::is_same_v<Request, accounts::write_secret> ||
    std::is_same_v<Request, accounts::remove_secret> || std::is_same_v<Request, accounts::patch_status> ||
    std::is_same_v<Request, accounts::remove_finalizer> ||
    std::is_same_v<Request, accounts::restart_workload>;

template <class Request>
constexpr bool mints =
    std::is_same_v<Request, accounts::create_account> || std::is_same_v<Request, accounts::renew_token>;

template <class Request>
constexpr bool changes_accounts = mints<Request> || std::is_same_v<Request, accounts::update_account> ||
                                  std::is_same_v<Request, accounts::delete_account>;

accounts::response patched(const result<object_meta, api_error>& answer) {
  if (!answer) return answer.error();
  return accounts::object_patched{*answer};
}

api_error not_sent(std::string why) {
  return {.code = api_errc::cancelled, .message = std::move(why)};
}

}  // namespace

std::string operation_of(const accounts::snapshot& seen, const accounts::state& now) {
  return now.known.intent ? now.known.intent->id : seen.operation_id;
}

boost::asio::awaitable<accounts::response> account_effects::perform(accounts::request wanted,
                                                                    const accounts::state& now) {
  const auto dispatch = [&]<class Request>(Request& asked) -> answer { return perform(std::move(asked)); };
  const bool is_mint = std::visit([]<class Request>(const Request&) { return mints<Request>; }, wanted);
  const bool is_console =
      std::visit([]<class Request>(const Request&) { return !is_kubernetes<Request>; }, wanted);
  trace_ = operation_of(seen_, now);
  if (is_console && !console_) co_return not_sent("the connection has no client");
  // On the way out nothing is begun that could be cut off between call and commit.
  if (is_mint && in_.draining) co_return not_sent("the operator is shutting down");
  const bool is_change =
      std::visit([]<class Request>(const Request&) { return changes_accounts<Request>; }, wanted);
  if (is_change && in_.may_call && !in_.may_call()) co_return not_sent("this process does not lead any more");
  if (is_change && !controllers::still_allows(in_, seen_)) co_return not_sent("the connection has changed");
  answer running = std::visit(dispatch, wanted);
  accounts::response reply = co_await std::move(running);
  const auto* error = std::get_if<api_error>(&reply);
  if (is_mint && error == nullptr) in_.meters->count_mint(now.known.intent->cause);
  if (is_console && error != nullptr) co_return failed(*error);
  co_return reply;
}

accounts::response account_effects::failed(const api_error& error) {
  const object_key connection = connection_of(*seen_.object);
  if (in_.registry.doubt(connection, console_.get(), error.code))
    in_.enqueue({work_kind::console_connection, connection}, runtime::queue_priority::normal);
  return error;
}

account_effects::answer account_effects::perform(accounts::patch_intent asked) {
  const std::string annotation = asked.op ? encode_operation(*asked.op) : "";
  const auto noted = co_await patch_metadata(in_, work_kind::service_account, asked.key,
                                             asked.resource_version, asked.finalizers, annotation);
  co_return patched(noted);
}

account_effects::answer account_effects::perform(accounts::read_secret asked) {
  auto content = co_await in_.kube->read_secret(asked.key);
  if (!content) co_return content.error();
  co_return accounts::secret_read{std::move(*content)};
}

account_effects::answer account_effects::perform(accounts::dry_run_secret asked) {
  const auto rehearsed = co_await write_secret(in_, std::move(asked.write), true);
  if (!rehearsed) co_return rehearsed.error();
  co_return accounts::dry_run_passed{};
}

account_effects::answer account_effects::perform(accounts::write_secret asked) {
  const auto written = co_await write_secret(in_, std::move(asked.write), false);
  if (!written) co_return written.error();
  co_return accounts::secret_written{*written};
}

account_effects::answer account_effects::perform(accounts::remove_secret asked) {
  kube::delete_options options;
  options.uid = asked.uid;
  options.resource_version = asked.resource_version;
  const auto removed = co_await in_.kube->remove_secret(asked.key, options);
  if (!removed && removed.error().code != api_errc::not_found) co_return removed.error();
  co_return accounts::secret_removed{};
}

account_effects::answer account_effects::perform(accounts::patch_status asked) {
  nlohmann::json change = merge_difference(encode_status(asked.from), encode_status(asked.to));
  const auto noted = co_await patch_object_status(in_, work_kind::service_account, asked.key,
                                                  asked.resource_version, std::move(change));
  co_return patched(noted);
}

account_effects::answer account_effects::perform(accounts::remove_finalizer asked) {
  const object_key asked_key = asked.key;
  const std::string no_operation;
  const auto freed = co_await patch_metadata(in_, work_kind::service_account, asked.key,
                                             asked.resource_version, asked.finalizers, no_operation);
  // Its end may have been told already, by a watch that knew nothing of this.
  if (freed) in_.left_behind.erase(asked_key);
  // The last finalizer: the object is gone with the patch, or somebody was faster.
  if (!freed && freed.error().code == api_errc::not_found)
    co_return accounts::object_patched{seen_.object->meta};
  co_return patched(freed);
}

account_effects::answer account_effects::perform(accounts::resolve_names asked) {
  co_return co_await console_->resolve(std::move(asked));
}

account_effects::answer account_effects::perform(accounts::read_account asked) {
  auto found = co_await console_->client().get_account(asked.id, asked.project_id, trace_);
  if (!found) co_return found.error();
  co_return accounts::account_read{std::move(*found)};
}

account_effects::answer account_effects::perform(accounts::list_accounts asked) {
  object_key object = key();
  auto found = co_await console_->marked(std::move(object), asked.not_before);
  if (!found) co_return found.error();
  if (!asked.named.empty()) {
    auto strangers = co_await console_->strangers(asked.named, asked.project_id, asked.not_before);
    if (!strangers) co_return strangers.error();
    found->insert(found->end(), strangers->begin(), strangers->end());
  }
  co_return accounts::accounts_listed{std::move(*found)};
}

account_effects::answer account_effects::perform(accounts::create_account asked) {
  auto minted = co_await console_->client().create_account(asked.fields, asked.project_id, trace_);
  if (!minted) co_return minted.error();
  co_return accounts::token_minted{minted->account_id, minted->token, minted->fingerprint,
                                   minted->expires_at};
}

account_effects::answer account_effects::perform(accounts::renew_token asked) {
  auto minted = co_await console_->client().renew_token(asked.id, asked.expires_at, asked.project_id, trace_);
  if (!minted) co_return minted.error();
  co_return accounts::token_minted{minted->account_id, minted->token, minted->fingerprint,
                                   minted->expires_at};
}

account_effects::answer account_effects::perform(accounts::update_account asked) {
  const auto updated =
      co_await console_->client().update_account(asked.id, asked.fields, asked.project_id, trace_);
  if (!updated) co_return updated.error();
  co_return accounts::account_updated{};
}

account_effects::answer account_effects::perform(accounts::delete_account asked) {
  const auto deleted = co_await console_->client().delete_account(asked.id, asked.project_id, trace_);
  if (!deleted) co_return deleted.error();
  co_return accounts::account_deleted{};
}

account_effects::answer account_effects::perform(accounts::restart_workload asked) {
  const nlohmann::json change = {
      {"spec",
       {{"template", {{"metadata", {{"annotations", {{names::pod_secret_revision, asked.revisions}}}}}}}}}};
  const kube::write_options options;
  const auto patched = co_await in_.kube->patch(kube::resources::workload(asked.kind), asked.key,
                                                kube::patch_type::merge, change, options);
  if (patched) co_return accounts::workload_restarted{};
  const api_error& error = patched.error();
  if (error.code == api_errc::not_found) co_return accounts::workload_restarted{"it does not exist"};
  if (retry_of(error.code) != retry_class::after_change) co_return error;
  co_return accounts::workload_restarted{describe(error)};
}

account_effects::answer account_effects::perform(accounts::verify_token asked) {
  const auto live = co_await console_->client().validate_token(asked.token, trace_);
  if (!live) co_return live.error();
  co_return accounts::token_verified{*live};
}

account_effects::answer account_effects::perform(accounts::check_credential) {
  const auto live = co_await console_->client().validate_token(console_->client().credential());
  if (!live) co_return live.error();
  if (!*live)
    co_return api_error{.code = api_errc::unauthorized,
                        .message = "the Console does not accept the connection's credential"};
  co_return accounts::credential_checked{};
}

account_effects::answer account_effects::perform(accounts::reserve_revocation asked) {
  const object_key connection = controllers::connection_of(*seen_.object);
  const auto reserved = in_.registry.reserve_revocation(connection, seen_.object->meta.uid, in_.clock(),
                                                        in_.users_of(connection), asked.again);
  if (reserved.changed)
    in_.enqueue({controllers::work_kind::console_connection, connection}, runtime::queue_priority::normal);
  co_return accounts::revocation_reserved{reserved.granted, reserved.retry_at};
}

}  // namespace platformer::app
