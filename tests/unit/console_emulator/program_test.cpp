// The program as a child process: what it prints, how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/process.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto limit = 20s;

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

TEST(emulator_program, it_announces_itself_and_ends_cleanly_on_sigterm) {
  const scratch_folder folder;
  auto server = process::start({.program = EMULATOR_PROGRAM, .arguments = {"--admin", "127.0.0.1:0"}},
                               folder.path / "log");
  EXPECT_THAT(server.wait_for_line("gateway=", limit).value_or(""), StartsWith("gateway=http://127.0.0.1:"));
  EXPECT_THAT(server.wait_for_line("admin=", limit).value_or(""), StartsWith("admin=http://127.0.0.1:"));
  EXPECT_EQ(server.wait_for_line("organization=", limit), "organization=acme");
  EXPECT_EQ(server.wait_for_line("organization_id=", limit), "organization_id=org-acme");
  EXPECT_THAT(server.wait_for_line("credential=", limit).value_or(""), StartsWith("credential=pct_"));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait_exit(limit), 0);
}

TEST(emulator_program, a_credential_file_is_private_and_only_its_path_is_printed) {
  const scratch_folder folder;
  const auto file = folder.path / "credential";
  const command start{
      .program = EMULATOR_PROGRAM,
      .arguments = {"--state", (folder.path / "state.db").string(), "--credential-file", file.string()}};
  std::string first;
  for (int round = 0; round < 2; ++round) {
    auto server = process::start(start, folder.path / "log");
    EXPECT_EQ(server.wait_for_line("credential_file=", limit), "credential_file=" + file.string());
    struct stat info {};
    ASSERT_EQ(::stat(file.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    const auto token = read_file(file);
    EXPECT_THAT(token, StartsWith("pct_"));
    EXPECT_EQ(server.output().find("pct_"), std::string::npos);
    if (round == 0) first = token;
    EXPECT_EQ(token, first) << "a restart with the same state keeps the credential";
    server.signal(SIGINT);
    EXPECT_EQ(server.wait_exit(limit), 0);
  }
}

TEST(emulator_program, bad_options_exit_2_and_say_why) {
  const auto refused = [](std::vector<std::string> arguments) {
    return run({.program = EMULATOR_PROGRAM, .arguments = std::move(arguments)}, limit);
  };
  for (const auto& [arguments, says] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--bogus"}, "--bogus"},
           {{"--listen", "somewhere"}, "somewhere"},
           {{"--seed", "/nowhere.yaml"}, "/nowhere.yaml"},
           {{"--state", "/nowhere/state.db"}, "/nowhere/state.db"},
           {{"--tls-cert", "/nowhere.pem"}, "--tls-key"},
           {{"--tls-cert", "/nowhere.pem", "--tls-key", "/nowhere.pem"}, "/nowhere.pem"}}) {
    const auto done = refused(arguments);
    EXPECT_EQ(done.exit_code, 2) << says;
    EXPECT_THAT(done.err, HasSubstr(says));
  }
}

TEST(emulator_program, help_and_version_exit_0) {
  const auto help = run({.program = EMULATOR_PROGRAM, .arguments = {"--help"}}, limit);
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("--die-with-parent"));
  EXPECT_EQ(run({.program = EMULATOR_PROGRAM, .arguments = {"--version"}}, limit).exit_code, 0);
}

TEST(emulator_program, it_dies_with_its_parent_when_asked) {
  const scratch_folder folder;
  // Its pid before anything of its own: two writers of one log would have no order.
  const std::string script =
      "sh -c 'echo pid=$$; exec " + std::string(EMULATOR_PROGRAM) + " --die-with-parent' & wait";
  auto shell = process::start({.program = "/bin/sh", .arguments = {"-c", script}}, folder.path / "log");
  const auto line = shell.wait_for_line("pid=", limit);
  ASSERT_TRUE(line);
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, std::stoi(line->substr(4)), 0));
  ASSERT_GE(descriptor, 0);
  ASSERT_TRUE(shell.wait_for_line("credential=", limit));
  shell.kill();
  pollfd watched{.fd = descriptor, .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&watched, 1, 20'000), 1) << "the emulator outlived its parent";
  ::close(descriptor);
}

}  // namespace
}  // namespace platformer::test
