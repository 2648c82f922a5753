#include "model/packing.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "model/account_outline.hpp"
#include "model/names.hpp"
#include "model/packing_members.hpp"

namespace platformer {
namespace {

// Gives every member a value of its own that is not the default.
class filler {
 public:
  template <class... Members>
  void operator()(Members&... members) {
    (fill(members), ...);
  }

 private:
  void fill(bool& value) { value = true; }
  void fill(std::int64_t& value) {
    ++count_;
    value = (count_ % 2 == 0 ? 1 : -1) * (std::int64_t{1} << count_ % 63);
  }
  void fill(duration& value) { value = duration(++count_); }
  void fill(time_point& value) { value = time_point(duration(1'790'000'000'000 + ++count_)); }
  void fill(std::string& value) {
    ++count_;
    value = std::string(count_ * 7 % 300, 'x') + std::to_string(count_);
  }
  template <class Value>
  void fill(std::optional<Value>& value) {
    fill(value.emplace());
  }
  template <class Value>
  void fill(std::vector<Value>& values) {
    values.resize(2);
    for (Value& each : values)
      fill(each);
  }
  void fill(string_set& values) {
    for (int i = 0; i < 2; ++i) {
      std::string value;
      fill(value);
      values.insert(value);
    }
  }
  template <class Value>
  void fill(std::map<std::string, Value, std::less<>>& values) {
    for (int i = 0; i < 2; ++i) {
      std::string key;
      fill(key);
      fill(values[key]);
    }
  }
  template <class Other>
  void fill(Other& other) {
    if constexpr (std::is_enum_v<Other>)
      other = static_cast<Other>(1);
    else
      packing::visit_members(other, *this);
  }

  std::size_t count_ = 0;
};

void expect_same(const service_account& a, const service_account& b) {
  EXPECT_EQ(a.meta, b.meta);
  EXPECT_EQ(a.spec, b.spec);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.spec_error, b.spec_error);
}

TEST(Packing, GivesBackAnObjectWithEveryMemberSet) {
  service_account object;
  filler fill;
  packing::visit_members(object, fill);
  ASSERT_TRUE(object.spec.secret.registry && object.status.conditions.size() == 2);
  expect_same(unpack_service_account(pack(object)), object);
  EXPECT_EQ(unpack_meta(pack(object.meta)), object.meta);
}

TEST(Packing, GivesBackAnEmptyObjectFromFewBytes) {
  const std::string packed = pack(service_account{});
  expect_same(unpack_service_account(packed), {});
  EXPECT_LT(packed.size(), 100U);
}

TEST(Packing, KeepsTextsAsTheyAreWhateverTheyHold) {
  service_account object;
  object.meta.labels = {{"", ""}, {std::string("a\0b", 3), std::string(100'000, 'y')}, {"\xff", "ü"}};
  object.meta.annotations = {{std::string(names::renew_annotation), "1"}};
  expect_same(unpack_service_account(pack(object)), object);
}

TEST(Packing, AnOutlineIsReadFromTheBytesAsFromTheObject) {
  service_account object;
  filler fill;
  packing::visit_members(object, fill);
  const auto agree = [&] { return outline_of_packed(pack(object)) == outline_of(object); };
  EXPECT_TRUE(agree());
  EXPECT_TRUE(outline_of(object).suspend && outline_of(object).deleted && outline_of(object).renew_at);
  EXPECT_EQ(outline_of_packed(pack(object)).ready, std::nullopt);
  object.status.conditions.push_back({.type = "Ready", .status = false, .reason = "Issued", .message = "no"});
  object.status.conditions.push_back({.type = "Ready", .status = true, .reason = "later", .message = ""});
  EXPECT_TRUE(agree());
  const std::string bytes = pack(object);
  EXPECT_EQ(outline_of_packed(bytes).ready, false);
  EXPECT_EQ(outline_of_packed(bytes).ready_reason, "Issued");
  object.meta.annotations.emplace(names::renew_annotation, "now");
  EXPECT_TRUE(agree());
  EXPECT_EQ(outline_of(object).renew, "now");
  object = {};
  EXPECT_TRUE(agree());
}

TEST(Packing, NamesThatMostObjectsBearTakeOneByte) {
  object_meta with;
  with.finalizers = {std::string(names::finalizer)};
  EXPECT_EQ(pack(with).size(), pack(object_meta{}).size() + 1);
  EXPECT_EQ(unpack_meta(pack(with)), with);
}

TEST(Packing, KeepsTheExtremesOfNumbers) {
  for (const std::int64_t each :
       {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0}, std::int64_t{63},
        std::int64_t{64}, std::numeric_limits<std::int64_t>::max()}) {
    object_meta meta;
    meta.generation = each;
    EXPECT_EQ(unpack_meta(pack(meta)).generation, each);
  }
}

}  // namespace
}  // namespace platformer
