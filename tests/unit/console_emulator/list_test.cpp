#include <gtest/gtest.h>

#include "tests/unit/console_emulator/bench.hpp"

namespace platformer::emulator {
namespace {

std::vector<std::string> names_of(const reply& page) {
  std::vector<std::string> names;
  for (const auto& account : page.body.at("data"))
    names.push_back(account.at("name").get<std::string>());
  return names;
}

using names = std::vector<std::string>;

TEST(emulator_list, the_default_page_has_20_accounts) {
  bench console;
  for (int i = 0; i < 21; ++i)
    console.create("a" + std::to_string(i));
  const auto first = console.get("/serviceaccount/list");
  EXPECT_EQ(first.body.at("data").size(), 20U);
  EXPECT_EQ(first.body.at("meta"), json::parse(R"({"page": 1, "pages": 2, "total": 21})"));
  EXPECT_EQ(names_of(console.get("/serviceaccount/list?page=2")), (names{"a20"}));
}

TEST(emulator_list, pages_have_the_size_that_is_asked_for) {
  bench console;
  for (const char* name : {"a", "b", "c"})
    console.create(name);
  EXPECT_EQ(names_of(console.get("/serviceaccount/list?page=1&limit=2")), (names{"a", "b"}));
  EXPECT_EQ(names_of(console.get("/serviceaccount/list?page=2&limit=2")), (names{"c"}));
  EXPECT_EQ(names_of(console.get("/serviceaccount/list?page=3&limit=2")), (names{}));
}

TEST(emulator_list, the_project_header_narrows_the_list) {
  bench console;
  console.create("top");
  console.create("shop", in_project("prj-storefront"));
  EXPECT_EQ(names_of(console.get("/serviceaccount/list")), (names{"top", "shop"}));
  EXPECT_EQ(names_of(console.get("/serviceaccount/list", in_project("prj-storefront"))), (names{"shop"}));
  EXPECT_EQ(names_of(console.get("/serviceaccount/list", in_project("prj-billing"))), (names{}));
}

}  // namespace
}  // namespace platformer::emulator
