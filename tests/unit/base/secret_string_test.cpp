#include "base/secret_string.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

namespace platformer::test {
namespace {

template <class T>
concept streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(secret_string, can_be_neither_copied_nor_streamed) {
  static_assert(!std::is_copy_constructible_v<secret_string>);
  static_assert(!std::is_copy_assignable_v<secret_string>);
  static_assert(!streamable<secret_string>);
  static_assert(!std::is_convertible_v<secret_string, std::string_view>);
}

TEST(secret_string, gives_its_bytes_only_by_name) {
  const secret_string secret(std::string_view("a\0b", 3));
  EXPECT_EQ(secret.reveal(), std::string_view("a\0b", 3));
  EXPECT_EQ(secret.size(), 3U);
  EXPECT_TRUE(secret_string().empty());
  EXPECT_EQ(secret_string().reveal(), "");
}

TEST(secret_string, wipes_what_it_was_taken_from) {
  std::string source = "a token that is long enough for the heap, surely";
  const char* bytes = source.data();
  const std::size_t size = source.size();
  const secret_string taken = secret_string::take(std::move(source));
  EXPECT_EQ(taken.size(), size);
  EXPECT_TRUE(source.empty());  // NOLINT: the emptied source is the point
  for (std::size_t i = 0; i < source.capacity() && i < size; ++i)
    EXPECT_EQ(bytes[i], '\0') << i;
}

TEST(secret_string, wiping_clears_the_whole_capacity) {
  std::string bytes = "a token that is long enough for the heap, surely";
  bytes.resize(5);
  const char* start = bytes.data();
  wipe(bytes);
  EXPECT_TRUE(bytes.empty());
  for (std::size_t i = 0; i < bytes.capacity(); ++i)
    EXPECT_EQ(start[i], '\0') << i;
}

TEST(secret_string, moves_leave_an_empty_source) {
  secret_string a("one");
  secret_string b(std::move(a));
  EXPECT_TRUE(a.empty());  // NOLINT
  secret_string c("two");
  c = std::move(b);
  EXPECT_EQ(c.reveal(), "one");
  auto& self = c;
  c = std::move(self);
  EXPECT_EQ(c.reveal(), "one");
}

TEST(secret_string, compares_by_content) {
  EXPECT_TRUE(secret_string("a").equals(secret_string("a")));
  EXPECT_FALSE(secret_string("a").equals(secret_string("b")));
  EXPECT_FALSE(secret_string("a").equals(secret_string("ab")));
  EXPECT_TRUE(secret_string().equals(secret_string("")));
}

}  // namespace
}  // namespace platformer::test
