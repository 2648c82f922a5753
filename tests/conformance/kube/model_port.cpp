#include "tests/conformance/kube/model_port.hpp"

namespace platformer::conformance {
namespace {

using models::meta_of;

constexpr const char* name_space = "team";

object_key key(const std::string& name) {
  return {name_space, name};
}

kube_object placed(kube_object object) {
  meta_of(object).ns = name_space;
  return object;
}

kube_answer<kube_object> copied(const kube_answer<models::kube_pointer>& answer) {
  if (!answer) return tl::unexpected(answer.error());
  return **answer;
}

// What a PartialObjectMetadata has.
void strip(kube_object& object) {
  std::visit(
      []<class T>(T& each) {
        T bare;
        bare.meta = std::move(each.meta);
        each = std::move(bare);
      },
      object);
}

models::kube_list_options options_of(const selection& which) {
  models::kube_list_options options;
  options.label_selector = which.label_selector;
  options.ns = name_space;
  options.resource_version = which.resource_version;
  options.continue_token = which.continue_token;
  options.limit = which.limit;
  return options;
}

event converted(const kube_event& from, const selection& which) {
  event made;
  made.type = from.type;
  made.version = std::to_string(from.version);
  if (!from.object) return made;
  made.object = *from.object;
  if (which.metadata_only) strip(*made.object);
  return made;
}

kube_answer<std::vector<event>> converted(const kube_answer<std::vector<kube_event>>& from,
                                          const selection& which) {
  if (!from) return tl::unexpected(from.error());
  std::vector<event> all;
  for (const kube_event& each : *from)
    all.push_back(converted(each, which));
  return all;
}

}  // namespace

kube_answer<kube_object> model_port::create(kube_object object, bool dry_run) {
  return copied(cluster_.create(placed(std::move(object)), tick(), dry_run));
}

kube_answer<kube_object> model_port::update(kube_object object, bool dry_run) {
  return copied(cluster_.update(placed(std::move(object)), tick(), dry_run));
}

kube_answer<kube_object> model_port::write_status(const kube_object&, kube_object to, status_write how,
                                                  bool dry_run) {
  return copied(cluster_.update_status(placed(std::move(to)), tick(), how, dry_run));
}

kube_answer<kube_object> model_port::patch(kube_kind kind, const std::string& name,
                                           const metadata_patch& patch, bool dry_run) {
  return copied(cluster_.patch_metadata(kind, key(name), patch, tick(), dry_run));
}

kube_answer<object_meta> model_port::write_secret(secret_write write, bool dry_run) {
  write.key.ns = name_space;
  const auto written = cluster_.write_secret(write, tick(), dry_run);
  if (!written) return tl::unexpected(written.error());
  if (!dry_run) return meta_of(**written);
  object_meta dry;
  dry.name = write.key.name;
  return dry;
}

kube_answer<void> model_port::remove(kube_kind kind, const std::string& name, const preconditions& only_if,
                                     bool dry_run) {
  return cluster_.remove(kind, key(name), only_if, tick(), dry_run);
}

kube_answer<kube_object> model_port::get(kube_kind kind, const std::string& name) {
  return copied(cluster_.get(kind, key(name)));
}

kube_answer<page> model_port::list(kube_kind kind, const selection& which) {
  const auto listed = cluster_.list(kind, options_of(which));
  if (!listed) return tl::unexpected(listed.error());
  page made{std::to_string(listed->version), listed->continue_token, {}};
  for (const auto& each : listed->items) {
    made.items.push_back(*each);
    if (which.metadata_only) strip(made.items.back());
  }
  return made;
}

kube_answer<std::vector<event>> model_port::events(kube_kind kind, const selection& which,
                                                   const std::string& last) {
  auto all =
      converted(cluster_.events_after(kind, options_of(which), std::stoull(which.resource_version)), which);
  if (all && !all->empty() && all->back().object && meta_of(*all->back().object).name == last)
    all->pop_back();
  return all;
}

kube_answer<std::vector<event>> model_port::initial_events(kube_kind kind, const selection& which) {
  return converted(cluster_.initial_events(kind, options_of(which)), which);
}

kube_answer<event> model_port::bookmark(kube_kind, const selection& which) {
  return converted(cluster_.bookmark(), which);
}

std::string model_port::damage(const std::string& continue_token, token_damage how) {
  if (how == token_damage::garbled) return "*" + continue_token.substr(1);
  // Any change makes the token's version one that can be compacted away.
  (void)cluster_.create(
      placed(lease{.meta = {.name = "tick"}, .spec = {.lease_duration = std::chrono::seconds(1)}}), tick());
  cluster_.compact(cluster_.version());
  return continue_token;
}

std::string model_port::ancient_version(kube_kind) {
  cluster_.compact(cluster_.version());
  return "1";
}

void model_port::exhaust_secret_quota() {
  cluster_.set_admission("quota", kube_kind::secret, [](const kube_object* before, const kube_object*) {
    if (before != nullptr) return std::optional<api_error>();
    return std::optional(
        api_error{.code = api_errc::forbidden, .http_status = 403, .message = "exceeded quota"});
  });
}

void model_port::refuse_labelled_secrets(refusal_kind how) {
  api_error refused{.code = api_errc::forbidden, .http_status = 403, .message = "refused by policy"};
  if (how == refusal_kind::invalid)
    refused = {.code = api_errc::invalid, .http_status = 422, .message = "by policy"};
  cluster_.set_admission("policy", kube_kind::secret,
                         [refused](const kube_object* before, const kube_object* after) {
                           const auto& labels = meta_of(after == nullptr ? *before : *after).labels;
                           return labels.count("refused") == 0 ? std::nullopt : std::optional(refused);
                         });
}

bool model_port::await_collection(kube_kind kind, const std::string& name,
                                  const std::function<bool(const kube_object*)>& done) {
  while (cluster_.collect_garbage(tick())) {
  }
  const auto found = cluster_.get(kind, key(name));
  return done(found ? found->get() : nullptr);
}

}  // namespace platformer::conformance
