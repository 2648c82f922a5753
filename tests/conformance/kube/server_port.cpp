// server_port's writes.
#include "tests/conformance/kube/server_port.hpp"

#include "tests/conformance/kube/server_codec.hpp"
#include "tests/conformance/kube/server_wait.hpp"

namespace platformer::conformance {
namespace {

using models::kind_of;
using models::meta_of;

kube_answer<kube_object> decoded(kube_kind kind, const kube_answer<nlohmann::json>& answer) {
  if (!answer) return tl::unexpected(answer.error());
  // What a dry run creates has no version, which to a codec is a broken object.
  nlohmann::json object = *answer;
  const bool versioned = object["metadata"].contains("resourceVersion");
  if (!versioned) object["metadata"]["resourceVersion"] = "0";
  auto made = decode(kind, object);
  if (made && !versioned) meta_of(*made).resource_version.clear();
  return made;
}

}  // namespace

kube_answer<kube_object> server_port::create(kube_object object, bool dry_run) {
  meta_of(object).ns = name_space_;
  kube::write_options options;
  options.dry_run = dry_run;
  const kube_kind kind = kind_of(object);
  return decoded(kind,
                 wait(connection_.client->create(resource_of(kind), name_space_, encode(object), options)));
}

kube_answer<kube_object> server_port::update(kube_object object, bool dry_run) {
  meta_of(object).ns = name_space_;
  kube::write_options options;
  options.dry_run = dry_run;
  const kube_kind kind = kind_of(object);
  return decoded(kind, wait(connection_.client->update(resource_of(kind), key(meta_of(object).name),
                                                       encode(object), options)));
}

kube_answer<kube_object> server_port::write_status(const kube_object& from, kube_object to, status_write how,
                                                   bool dry_run) {
  meta_of(to).ns = name_space_;
  kube::write_options options;
  options.dry_run = dry_run;
  options.subresource = "status";
  const kube_kind kind = kind_of(to);
  const object_key whose = key(meta_of(to).name);
  if (how == status_write::put)
    return decoded(kind, wait(connection_.client->update(resource_of(kind), whose, encode(to), options)));
  return decoded(kind, wait(connection_.client->patch(resource_of(kind), whose, kube::patch_type::merge,
                                                      status_patch(from, to), options)));
}

kube_answer<kube_object> server_port::patch(kube_kind kind, const std::string& name,
                                            const metadata_patch& patch, bool dry_run) {
  kube::write_options options;
  options.dry_run = dry_run;
  return decoded(kind, wait(connection_.client->patch(resource_of(kind), key(name), type_of(patch.kind),
                                                      encode(patch), options)));
}

kube_answer<object_meta> server_port::write_secret(secret_write write, bool dry_run) {
  write.key.ns = name_space_;
  kube::write_options options;
  options.dry_run = dry_run;
  return wait(connection_.client->write_secret(std::move(write), options));
}

kube_answer<void> server_port::remove(kube_kind kind, const std::string& name, const preconditions& only_if,
                                      bool dry_run) {
  kube::delete_options options;
  options.uid = only_if.uid;
  options.resource_version = only_if.resource_version;
  options.dry_run = dry_run;
  const auto removed = kind == kube_kind::secret
                           ? wait(connection_.client->remove_secret(key(name), options))
                           : wait(connection_.client->remove(resource_of(kind), key(name), options));
  if (!removed) return tl::unexpected(removed.error());
  return {};
}

kube_answer<kube_object> server_port::get(kube_kind kind, const std::string& name) {
  if (kind != kube_kind::secret)
    return decoded(kind, wait(connection_.client->get(resource_of(kind), key(name))));
  auto read = wait(connection_.client->read_secret(key(name)));
  if (!read) return tl::unexpected(read.error());
  if (!*read) return tl::unexpected(api_error{.code = api_errc::not_found, .http_status = 404});
  return kube_object(std::move(**read));
}

}  // namespace platformer::conformance
