#include "tests/fuzz/step_secrets.hpp"

#include "model/names.hpp"
#include "tests/fuzz/step_world.hpp"

namespace platformer::fuzz {
namespace {

api_error refused(api_errc code) {
  api_error error;
  error.code = code;
  error.message = "the server's words";
  return error;
}

// A merge patch's part: what is named is set or removed.
template <class Map, class Changes>
void merge(Map& into, const Changes& changes) {
  for (const auto& [key, value] : changes) {
    if (value)
      into[key] = *value;
    else
      into.erase(key);
  }
}

}  // namespace

void secret_store::change(supply& in, const std::string& name) {
  const auto before = present_.find(name);
  const bool existed = before != present_.end();
  if (existed && in.rarely(3)) {
    present_.erase(before);
    return;
  }
  secret_content content = any_secret_content(in, name);
  content.meta.uid =
      existed && !in.rarely(4) ? before->second.meta.uid : "secret-" + std::to_string(++created_);
  content.meta.resource_version = next_version();
  present_.insert_or_assign(name, std::move(content));
}

const secret_content* secret_store::find(const std::string& name) const {
  const auto found = present_.find(name);
  return found == present_.end() ? nullptr : &found->second;
}

std::vector<secret_meta> secret_store::cached() const {
  std::vector<secret_meta> all;
  for (const auto& [name, content] : present_) {
    const auto label = content.meta.labels.find(names::managed_by_label);
    if (label != content.meta.labels.end() && label->second == names::managed_by_value)
      all.push_back(secret_meta{content.meta});
  }
  return all;
}

std::optional<api_error> secret_store::refusal(const secret_write& write) const {
  const secret_content* before = find(write.key.name);
  if (write.creates()) {
    if (before != nullptr) return refused(api_errc::already_exists);
    return std::nullopt;
  }
  if (before == nullptr) return refused(api_errc::not_found);
  if (before->meta.uid != write.uid || before->meta.resource_version != write.resource_version)
    return refused(api_errc::conflict);
  if (before->immutable && !write.data.empty()) return refused(api_errc::invalid);
  return std::nullopt;
}

const object_meta& secret_store::write(const secret_write& write) {
  secret_content& content = present_[write.key.name];
  object_meta& meta = content.meta;
  if (write.creates()) {
    meta.name = write.key.name;
    meta.ns = write.key.ns;
    meta.uid = "secret-" + std::to_string(++created_);
    content.type = write.type;
  }
  meta.resource_version = next_version();
  merge(meta.annotations, write.annotations);
  merge(meta.labels, write.labels);
  if (write.owners) meta.owners = *write.owners;
  for (const auto& [key, value] : write.data) {
    if (value)
      content.data[key] = {value, fingerprint_of(*value)};
    else
      content.data.erase(key);
  }
  return meta;
}

std::optional<api_error> secret_store::remove(const object_key& key, const std::string& uid,
                                              const std::string& version) {
  const auto found = present_.find(key.name);
  if (found == present_.end()) return std::nullopt;
  const object_meta& meta = found->second.meta;
  if (meta.uid != uid || meta.resource_version != version) return refused(api_errc::conflict);
  present_.erase(found);
  return std::nullopt;
}

}  // namespace platformer::fuzz
