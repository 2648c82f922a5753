#include "tests/bench/load/actions.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include "model/names.hpp"

namespace platformer::bench {
namespace {

using boost::asio::awaitable;
using nlohmann::json;
using client_ptr = std::shared_ptr<kube::kube_client>;

constexpr const char* touched_annotation = "benchmark.example/touched";
constexpr const char* now_text = "2026-01-01T00:00:00.000000Z";

object_key key_of(const action_options& options, std::size_t number) {
  return {options.ns, object_name(options.prefix, number)};
}

awaitable<json> create(client_ptr client, action_options options, std::size_t number) {
  json body = service_account(options, number);
  kube::resource res = kube::resources::service_accounts();
  auto made = co_await client->create(std::move(res), options.ns, std::move(body));
  co_return must(std::move(made), "create");
}

awaitable<void> annotate(client_ptr client, action_options options, std::size_t number,
                         std::string annotation) {
  json body{{"metadata", {{"annotations", {{annotation, options.stamp}}}}}};
  kube::resource res = kube::resources::service_accounts();
  object_key key = key_of(options, number);
  auto done =
      co_await client->patch(std::move(res), std::move(key), kube::patch_type::merge, std::move(body));
  must(std::move(done), "annotate");
}

awaitable<void> remove(client_ptr client, action_options options, std::size_t number) {
  kube::resource res = kube::resources::service_accounts();
  object_key key = key_of(options, number);
  kube::delete_options plain;
  auto done = co_await client->remove(std::move(res), std::move(key), std::move(plain));
  must(std::move(done), "delete");
}

// Of the size that ours are.
json intent_patch(const json& object) {
  return {
      {"metadata",
       {{"resourceVersion", object["metadata"]["resourceVersion"]},
        {"finalizers", {names::finalizer}},
        {"annotations",
         {{std::string(names::operation_annotation),
           R"({"callTimeoutMilliseconds":30000,"cause":"InitialIssue","holder":"benchmark_a5ba9942",)"
           R"("id":"37dd5a4b167ca6b6d058","kind":"create","revision":1,"startedAt":"2026-01-01T00:00:00Z"})"}}}}}};
}

secret_write secret_of(const object_key& account, const json& object) {
  secret_write write;
  write.key = {account.ns, account.name + "-token"};
  write.data["token"] = std::make_shared<const secret_string>(std::string(64, 'x'));
  write.labels[std::string(names::managed_by_label)] = std::string(names::managed_by_value);
  write.annotations[std::string(names::reserved_prefix) + "revision"] = "1";
  write.annotations[std::string(names::reserved_prefix) + "account-id"] = "pg35H6TqIMZ8xSJqiI7p";
  write.owners = {{owner_reference{.api_version = "console.platformer.com/v1alpha1",
                                   .kind = "ServiceAccount",
                                   .name = account.name,
                                   .uid = object["metadata"]["uid"],
                                   .controller = true}}};
  return write;
}

json status_patch(const json& object) {
  const auto condition = [](const char* type) {
    return json{{"type", type},
                {"status", "True"},
                {"reason", "Issued"},
                {"message", "the account exists and its token is in the Secret"},
                {"observedGeneration", 1},
                {"lastTransitionTime", "2026-01-01T00:00:00Z"}};
  };
  return {{"metadata", {{"resourceVersion", object["metadata"]["resourceVersion"]}}},
          {"status",
           {{"accountID", "pg35H6TqIMZ8xSJqiI7p"},
            {"observedGeneration", 1},
            {"token", {{"revision", 1}, {"issuedAt", "2026-01-01T00:00:00Z"}}},
            {"conditions", {condition("Ready"), condition("Synced")}}}}};
}

json event_of(const object_key& account, const json& object) {
  return {{"metadata", {{"name", account.name + ".1"}, {"namespace", account.ns}}},
          {"eventTime", now_text},
          {"reportingController", "platformer.com/operator"},
          {"reportingInstance", "benchmark"},
          {"action", "Issue"},
          {"reason", "Issued"},
          {"type", "Normal"},
          {"note", "the account was made, its token is in the Secret"},
          {"regarding",
           {{"apiVersion", "console.platformer.com/v1alpha1"},
            {"kind", "ServiceAccount"},
            {"namespace", account.ns},
            {"name", account.name},
            {"uid", object["metadata"]["uid"]}}}};
}

awaitable<void> write(client_ptr client, action_options options, std::size_t number, bool dry_run) {
  const object_key account = key_of(options, number);
  json object = co_await create(client, options, number);
  json intent = intent_patch(object);
  kube::resource accounts = kube::resources::service_accounts();
  auto begun = co_await client->patch(accounts, account, kube::patch_type::merge, std::move(intent));
  object = must(std::move(begun), "patch");
  if (dry_run) {
    secret_write trial = secret_of(account, object);
    kube::write_options dry;
    dry.dry_run = true;
    auto tried = co_await client->write_secret(std::move(trial), std::move(dry));
    must(std::move(tried), "dry run");
  }
  secret_write secret = secret_of(account, object);
  auto written = co_await client->write_secret(std::move(secret));
  must(std::move(written), "Secret");
  json status = status_patch(object);
  kube::write_options to_status;
  to_status.subresource = "status";
  auto told = co_await client->patch(accounts, account, kube::patch_type::merge, std::move(status),
                                     std::move(to_status));
  must(std::move(told), "status");
  json event = event_of(account, object);
  kube::resource events = kube::resources::events();
  auto said = co_await client->create(std::move(events), options.ns, std::move(event));
  must(std::move(said), "event");
}

}  // namespace

std::string object_name(const std::string& prefix, std::size_t number) {
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "-%06zu", number);
  return prefix + digits.data();
}

namespace {

// What the apiserver takes of labels and annotations: any number of labels, 256 KiB of annotations. Field
// management doubles the keys.
json padded(json metadata, std::size_t bytes) {
  constexpr std::size_t annotations_most = 200'000;
  constexpr std::size_t key_part = 240;  // of a prefix, which may have 253
  constexpr std::size_t label_bytes = 2 * (key_part + 20) + 63;
  const std::string prefix = std::string(60, 'p') + "." + std::string(60, 'p') + "." + std::string(60, 'p') +
                             "." + std::string(key_part - 183, 'p') + "/";
  const std::size_t annotation = std::min(bytes, annotations_most);
  if (annotation > 0) metadata["annotations"]["benchmark.example/padding"] = std::string(annotation, 'x');
  for (std::size_t n = 0; n < (bytes - annotation) / label_bytes; ++n)
    metadata["labels"][prefix + std::to_string(n)] = std::string(63, 'x');
  return metadata;
}

}  // namespace

json service_account(const action_options& options, std::size_t number) {
  // Tokens are not tried at their time of the day, of which a minute of rest would see some.
  json spec = options.spec.empty() ? json{{"project", "storefront"},
                                          {"permissions", {"rudder.app.editor"}},
                                          {"token", {{"verifyInterval", "0"}}}}
                                   : json::parse(options.spec);
  json metadata{{"name", object_name(options.prefix, number)}};
  if (options.shards > 0)
    metadata["labels"]["shard"] = std::string(1, static_cast<char>('a' + number % options.shards));
  return {{"apiVersion", "console.platformer.com/v1alpha1"},
          {"kind", "ServiceAccount"},
          {"metadata", padded(std::move(metadata), options.padding)},
          {"spec", std::move(spec)}};
}

std::optional<action> make_action(client_ptr client, action_options options) {
  if (options.name == "create")
    return [=](std::size_t number) -> awaitable<void> { (void)co_await create(client, options, number); };
  if (options.name == "renew" || options.name == "touch") {
    const std::string annotation(options.name == "renew" ? names::renew_annotation : touched_annotation);
    return [=](std::size_t number) { return annotate(client, options, number, annotation); };
  }
  if (options.name == "delete") return [=](std::size_t number) { return remove(client, options, number); };
  if (options.name == "write")
    return [=](std::size_t number) { return write(client, options, number, true); };
  if (options.name == "write-without-dry-run")
    return [=](std::size_t number) { return write(client, options, number, false); };
  return std::nullopt;
}

}  // namespace platformer::bench
