#include "app/kube_effects.hpp"

#include "controllers/reconcile/triggers.hpp"
#include "model/codec.hpp"
#include "model/names.hpp"

namespace platformer::app {
namespace {

kube::resource resource_of(work_kind kind, const object_key& key) {
  if (kind == work_kind::service_account) return kube::resources::service_accounts();
  return key.ns.empty() ? kube::resources::cluster_console_connections()
                        : kube::resources::console_connections();
}

result<object_meta, api_error> note(world& in, work_kind kind, const nlohmann::json& object) {
  const auto unreadable = [](const error& why) {
    return tl::unexpected(
        api_error{.code = api_errc::malformed, .message = "the apiserver's answer: " + why.message});
  };
  if (kind == work_kind::service_account) {
    auto decoded = decode_cached_service_account(object);
    if (!decoded) return unreadable(decoded.error());
    object_meta meta = decoded->meta;
    in.service_accounts.note_write(std::move(*decoded));
    return meta;
  }
  auto decoded = decode_console_connection(object);
  if (!decoded) return unreadable(decoded.error());
  object_meta meta = decoded->meta;
  controllers::note_write(in, std::move(*decoded), in.enqueue);
  return meta;
}

attempt<object_meta> merge_patch(world& in, work_kind kind, object_key key, nlohmann::json body,
                                 kube::write_options options) {
  kube::resource res = resource_of(kind, key);
  auto patched = co_await in.kube->patch(std::move(res), std::move(key), kube::patch_type::merge,
                                         std::move(body), std::move(options));
  if (!patched) co_return tl::unexpected(patched.error());
  co_return note(in, kind, *patched);
}

}  // namespace

attempt<object_meta> patch_metadata(world& in, work_kind kind, object_key key, std::string resource_version,
                                    std::vector<std::string> finalizers, std::string operation_annotation) {
  nlohmann::json metadata{{"resourceVersion", std::move(resource_version)},
                          {"finalizers", std::move(finalizers)}};
  if (!operation_annotation.empty())
    metadata["annotations"] = {{std::string(names::operation_annotation), std::move(operation_annotation)}};
  nlohmann::json body{{"metadata", std::move(metadata)}};
  kube::write_options options;
  co_return co_await merge_patch(in, kind, std::move(key), std::move(body), std::move(options));
}

attempt<object_meta> patch_object_status(world& in, work_kind kind, object_key key,
                                         std::string resource_version, nlohmann::json change) {
  nlohmann::json body{{"metadata", {{"resourceVersion", std::move(resource_version)}}},
                      {"status", std::move(change)}};
  kube::write_options options;
  options.subresource = "status";
  co_return co_await merge_patch(in, kind, std::move(key), std::move(body), std::move(options));
}

attempt<object_meta> write_secret(world& in, secret_write write, bool dry_run) {
  kube::write_options options;
  options.dry_run = dry_run;
  auto written = co_await in.kube->write_secret(std::move(write), std::move(options));
  if (!written) co_return tl::unexpected(written.error());
  const auto label = written->labels.find(names::managed_by_label);
  if (!dry_run && label != written->labels.end() && label->second == names::managed_by_value)
    in.secrets.note_write(secret_meta{*written});
  co_return *written;
}

}  // namespace platformer::app
