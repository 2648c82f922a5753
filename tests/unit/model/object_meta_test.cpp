#include "model/object_meta.hpp"

#include <gtest/gtest.h>

namespace platformer::test {
namespace {

TEST(is_newer, compares_versions_as_numbers_of_any_length) {
  EXPECT_TRUE(is_newer("10", "9"));
  EXPECT_FALSE(is_newer("9", "10"));
  EXPECT_FALSE(is_newer("9", "9"));
  EXPECT_FALSE(is_newer("009", "9"));
  EXPECT_FALSE(is_newer("0", "00"));
  EXPECT_TRUE(is_newer("1", "0"));
  EXPECT_TRUE(is_newer("99999999999999999999999999", "99999999999999999999999998"));
}

TEST(is_newer, never_hides_a_change_of_an_unknown_format) {
  EXPECT_TRUE(is_newer("abc", "9"));
  EXPECT_TRUE(is_newer("9", "abc"));
  EXPECT_TRUE(is_newer("", "1"));
  EXPECT_TRUE(is_newer("-1", "1"));
  EXPECT_FALSE(is_newer("abc", "abc"));
}

TEST(object_meta, an_absent_annotation_reads_as_empty) {
  object_meta meta;
  EXPECT_EQ(meta.annotation("a"), "");
  meta.annotations["a"] = "b";
  EXPECT_EQ(meta.annotation("a"), "b");
}

TEST(object_meta, has_at_most_one_controller) {
  object_meta meta;
  EXPECT_EQ(meta.controller(), nullptr);
  meta.owners = {{.uid = "a"}, {.uid = "b", .controller = true}};
  EXPECT_EQ(meta.controller()->uid, "b");
  meta.finalizers = {"f"};
  EXPECT_TRUE(meta.has_finalizer("f"));
  EXPECT_FALSE(meta.has_finalizer("g"));
}

TEST(object_key, is_written_with_its_namespace) {
  EXPECT_EQ((object_key{"a", "b"}.to_string()), "a/b");
  EXPECT_EQ((object_key{"", "b"}.to_string()), "b");
  EXPECT_NE(std::hash<object_key>{}({"a", "b"}), std::hash<object_key>{}({"b", "a"}));
}

}  // namespace
}  // namespace platformer::test
