#include "model/account_outline.hpp"

#include "model/names.hpp"
#include "model/packing_bytes.hpp"
#include "model/packing_members.hpp"

namespace platformer {
namespace {

// Goes through the bytes along the members of an empty object: those that are asked for are known by their
// place in it.
class outliner {
 public:
  explicit outliner(std::string_view in) : in_(in) {}

  template <class... Members>
  void operator()(const Members&... members) {
    (take(members), ...);
  }

  static const service_account& shape() {
    static const service_account empty;
    return empty;
  }

  account_outline found;

 private:
  void take(const bool& member) {
    const bool value = in_.byte() != 0;
    if (&member == &shape().spec.suspend) found.suspend = value;
  }
  void take(const std::int64_t& member) {
    const std::int64_t value = in_.integer();
    if (&member == &shape().meta.generation) found.generation = value;
    if (&member == &shape().status.observed_generation) found.observed_generation = value;
  }
  void take(const duration&) { in_.integer(); }
  void take(const time_point&) { in_.integer(); }
  void take(const std::string& member) {
    const std::string_view value = in_.text();
    if (&member == &shape().meta.ns) found.ns = value;
    if (&member == &shape().meta.uid) found.uid = value;
    if (&member == &shape().spec.connection) found.connection = value;
    if (&member == &shape().status.last_handled_renew) found.last_handled_renew = value;
  }
  void take(const std::optional<time_point>& member) {
    if (in_.byte() == 0) return;
    const time_point value(duration(in_.integer()));
    if (&member == &shape().meta.deleted) found.deleted = true;
    if (&member == &shape().status.token.expires_at) found.expires_at = value;
    if (&member == &shape().status.token.renew_at) found.renew_at = value;
  }
  template <class Value>
  void take(const std::optional<Value>&) {
    if (in_.byte() != 0) skip<Value>();
  }
  void take(const std::vector<condition>&) {
    for (std::uint64_t left = in_.number(); left > 0; --left) {
      const std::string_view type = in_.text();
      const bool status = in_.byte() != 0;
      const std::string_view reason = in_.text();
      in_.text();     // message
      in_.integer();  // observed_generation
      in_.integer();  // last_transition
      if (type != "Ready" || found.ready) continue;
      found.ready = status;
      found.ready_reason = reason;
    }
  }
  template <class Value>
  void take(const std::vector<Value>&) {
    for (std::uint64_t left = in_.number(); left > 0; --left)
      skip<Value>();
  }
  void take(const string_set&) {
    for (std::uint64_t left = in_.number(); left > 0; --left)
      in_.text();
  }
  void take(const string_map& member) {
    for (std::uint64_t left = in_.number(); left > 0; --left) {
      const std::string_view key = in_.text();
      const std::string_view value = in_.text();
      if (&member == &shape().meta.annotations && key == names::renew_annotation) found.renew = value;
    }
  }
  template <class Value>
  void take(const std::map<std::string, Value, std::less<>>&) {
    for (std::uint64_t left = in_.number(); left > 0; --left) {
      in_.text();
      skip<Value>();
    }
  }
  template <class Other>
  void take(const Other& other) {
    if constexpr (std::is_enum_v<Other>) {
      const auto value = static_cast<Other>(in_.byte());
      if constexpr (std::is_same_v<Other, connection_kind>) found.connected_by = value;
    } else {
      packing::visit_members(other, *this);
    }
  }
  template <class Value>
  void skip() {
    static const Value empty{};
    take(empty);
  }

  packing::byte_reader in_;
};

}  // namespace

account_outline outline_of(const service_account& object) {
  account_outline found;
  found.ns = object.meta.ns;
  found.uid = object.meta.uid;
  found.deleted = object.meta.deleted.has_value();
  found.generation = object.meta.generation;
  found.renew = object.meta.annotation(names::renew_annotation);
  found.connected_by = object.spec.connected_by;
  found.connection = object.spec.connection;
  found.suspend = object.spec.suspend;
  found.expires_at = object.status.token.expires_at;
  found.renew_at = object.status.token.renew_at;
  found.last_handled_renew = object.status.last_handled_renew;
  found.observed_generation = object.status.observed_generation;
  if (const condition* ready = find_condition(object.status.conditions, "Ready")) {
    found.ready = ready->status;
    found.ready_reason = ready->reason;
  }
  return found;
}

account_outline outline_of_packed(std::string_view bytes) {
  outliner reader(bytes);
  packing::visit_members(outliner::shape(), reader);
  return reader.found;
}

}  // namespace platformer
