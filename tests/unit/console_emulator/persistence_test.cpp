// What survives a restart: everything that was answered, and no token.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/console_emulator/credential_file.hpp"
#include "tests/unit/console_emulator/bench.hpp"

namespace platformer::emulator {
namespace {

using net::http_method;

struct scratch_folder {
  scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "emulator-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path = name;
  }
  ~scratch_folder() { std::filesystem::remove_all(path); }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  std::filesystem::path path;
};

emulator_options kept_in(const scratch_folder& folder) {
  emulator_options options;
  options.state_file = folder.path / "state.db";
  return options;
}

TEST(emulator_persistence, accounts_tokens_and_credentials_survive_a_restart) {
  const scratch_folder folder;
  json made;
  json seen;
  std::string credential;
  {
    bench console(kept_in(folder));
    made = console.create("ci", in_project("prj-storefront"));
    console.create("second");
    const auto gone = console.create("gone");
    console.remove("/serviceaccount/" + gone.at("id").get<std::string>());
    console.put(
        "/serviceaccount/" + made.at("id").get<std::string>(),
        {{"description", "kept"}, {"expired_in", "2126-01-01T00:00:00Z"}, {"roles", {"role-releasers"}}},
        in_project("prj-storefront"));
    console.admin(http_method::post, "/settings", {{"duplicate_names", "refuse"}});
    const auto other = console.server().console().add_credential("other", "org-acme", {"organization.admin"});
    credential = std::string((*other)->reveal());
    seen = console.accounts();
  }
  bench console(kept_in(folder));
  EXPECT_EQ(console.accounts(), seen);
  EXPECT_TRUE(console.is_live(made.at("token").get<std::string>()));
  EXPECT_TRUE(console.is_live(credential));
  const json again = {{"name", "second"}, {"expired_in", nullptr}};
  EXPECT_EQ(console.post("/serviceaccount/token/create", again).status, 409) << "the setting is kept";
}

TEST(emulator_persistence, an_advanced_clock_stays_advanced) {
  const scratch_folder folder;
  const auto at_start = [&] {
    auto options = kept_in(folder);
    options.clock = [] { return *parse_rfc3339("2030-01-01T00:00:00Z"); };
    return options;
  };
  std::string token;
  {
    bench console(at_start());
    const auto made = console.post("/serviceaccount/token/create",
                                   {{"name", "ci"}, {"expired_in", "2030-01-01T01:00:00Z"}});
    token = made.body.at("data").at("token").get<std::string>();
    console.admin(http_method::post, "/clock/advance", {{"seconds", 7200}});
  }
  bench console(at_start());
  EXPECT_FALSE(console.is_live(token));
}

TEST(emulator_persistence, the_file_is_private_and_holds_no_token) {
  const scratch_folder folder;
  {
    bench console(kept_in(folder));
    console.create("ci");
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
    struct stat info {};
    ASSERT_EQ(::stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << entry.path();
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    EXPECT_EQ(bytes.find("pct_"), std::string::npos) << entry.path();
  }
}

TEST(emulator_persistence, what_can_not_be_saved_is_refused_and_did_not_happen) {
  const scratch_folder folder;
  bench console(kept_in(folder));
  const auto made = console.create("ci");
  const auto before = console.accounts();
  sqlite3* vandal = nullptr;
  ASSERT_EQ(sqlite3_open((folder.path / "state.db").c_str(), &vandal), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(vandal, "DROP TABLE accounts", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(vandal);
  const std::string path = "/serviceaccount/" + made.at("id").get<std::string>();
  EXPECT_EQ(console.post("/serviceaccount/token/create", {{"name", "x"}, {"expired_in", nullptr}}).status,
            500);
  EXPECT_EQ(console.put(path, {{"description", "x"}}).status, 500);
  EXPECT_EQ(console.put(path + "/token/renew", {{"expired_in", nullptr}}).status, 500);
  EXPECT_EQ(console.remove(path).status, 500);
  EXPECT_EQ(
      console.admin(http_method::post, "/accounts/" + made.at("id").get<std::string>() + "/delete").status,
      500);
  EXPECT_EQ(console.accounts(), before);
  EXPECT_TRUE(console.is_live(made.at("token").get<std::string>()));
}

TEST(emulator_persistence, a_state_file_of_another_seed_is_refused_with_what_to_do) {
  const scratch_folder folder;
  {
    bench console(kept_in(folder));
    console.create("ci");
  }
  auto other = parse_seed("organizations: [{id: org-other, name: other}]");
  ASSERT_TRUE(other);
  const auto opened = world::open(std::move(*other), system_now, folder.path / "state.db");
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("another seed"), std::string::npos);
}

TEST(emulator_persistence, a_file_that_is_no_database_is_refused) {
  const scratch_folder folder;
  std::ofstream(folder.path / "state.db") << std::string(4096, 'x');
  const auto opened = world::open(default_seed(), system_now, folder.path / "state.db");
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("state.db"), std::string::npos);
}

TEST(emulator_persistence, a_live_credential_file_is_kept_and_a_dead_one_replaced) {
  const scratch_folder folder;
  const auto file = folder.path / "credential";
  bench console;
  auto& world = console.server().console();
  ASSERT_TRUE(keep_credential_file(world, "org-acme", file));
  const auto first = *read_whole_file(file);
  EXPECT_TRUE(console.is_live(first));
  ASSERT_TRUE(keep_credential_file(world, "org-acme", file));
  EXPECT_EQ(*read_whole_file(file), first);
  ASSERT_TRUE(world.remove_credential("operator-1"));
  ASSERT_TRUE(keep_credential_file(world, "org-acme", file));
  EXPECT_NE(*read_whole_file(file), first);
  EXPECT_TRUE(console.is_live(*read_whole_file(file)));
  EXPECT_FALSE(keep_credential_file(world, "org-acme", folder.path / "no" / "where"));
}

}  // namespace
}  // namespace platformer::emulator
