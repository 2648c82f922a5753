#include "model/packing.hpp"

#include "model/packing_bytes.hpp"
#include "model/packing_members.hpp"

namespace platformer {
namespace {

class writer {
 public:
  template <class... Members>
  void operator()(const Members&... members) {
    (put(members), ...);
  }

  std::string take() && { return std::move(out_).take(); }

 private:
  void put(bool value) { out_.byte(value ? 1 : 0); }
  void put(std::int64_t value) { out_.integer(value); }
  void put(duration value) { out_.integer(value.count()); }
  void put(time_point value) { out_.integer(value.time_since_epoch().count()); }
  void put(const std::string& value) { out_.text(value); }
  template <class Value>
  void put(const std::optional<Value>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class Key, class Value>
  void put(const std::pair<Key, Value>& entry) {
    put(entry.first);
    put(entry.second);
  }
  template <class Range>
  void put_all(const Range& range) {
    out_.number(range.size());
    for (const auto& each : range)
      put(each);
  }
  template <class Value>
  void put(const std::vector<Value>& values) {
    put_all(values);
  }
  void put(const string_set& values) { put_all(values); }
  template <class Value>
  void put(const std::map<std::string, Value, std::less<>>& values) {
    put_all(values);
  }
  template <class Other>
  void put(const Other& other) {
    if constexpr (std::is_enum_v<Other>)
      out_.byte(static_cast<std::uint8_t>(other));
    else
      packing::visit_members(other, *this);
  }

  packing::byte_writer out_;
};

class reader {
 public:
  explicit reader(std::string_view in) : in_(in) {}

  template <class... Members>
  void operator()(Members&... members) {
    (get(members), ...);
  }

 private:
  void get(bool& value) { value = in_.byte() != 0; }
  void get(std::int64_t& value) { value = in_.integer(); }
  void get(duration& value) { value = duration(in_.integer()); }
  void get(time_point& value) { value = time_point(duration(in_.integer())); }
  void get(std::string& value) { value = in_.text(); }
  template <class Value>
  void get(std::optional<Value>& value) {
    if (in_.byte() != 0) get(value.emplace());
  }
  template <class Value>
  void get(std::vector<Value>& values) {
    values.resize(in_.number());
    for (Value& each : values)
      get(each);
  }
  void get(string_set& values) {
    for (std::uint64_t left = in_.number(); left > 0; --left)
      values.emplace_hint(values.end(), in_.text());
  }
  template <class Value>
  void get(std::map<std::string, Value, std::less<>>& values) {
    for (std::uint64_t left = in_.number(); left > 0; --left) {
      const std::string_view key = in_.text();
      get(values.emplace_hint(values.end(), key, Value())->second);
    }
  }
  template <class Other>
  void get(Other& other) {
    if constexpr (std::is_enum_v<Other>)
      other = static_cast<Other>(in_.byte());
    else
      packing::visit_members(other, *this);
  }

  packing::byte_reader in_;
};

template <class Object>
std::string packed(const Object& object) {
  writer out;
  packing::visit_members(object, out);
  return std::move(out).take();
}

template <class Object>
Object unpacked(std::string_view bytes) {
  Object object;
  packing::visit_members(object, reader(bytes));
  return object;
}

}  // namespace

std::string pack(const object_meta& meta) {
  return packed(meta);
}

std::string pack(const service_account& object) {
  return packed(object);
}

object_meta unpack_meta(std::string_view bytes) {
  return unpacked<object_meta>(bytes);
}

service_account unpack_service_account(std::string_view bytes) {
  return unpacked<service_account>(bytes);
}

}  // namespace platformer
