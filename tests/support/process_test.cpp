// The ground of the tests that start programs: what a program says and how it ends is seen, in time and
// without fail.
#include "tests/support/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace platformer::test {
namespace {

using namespace std::chrono_literals;

command shell(std::string script) {
  return {.program = "sh", .arguments = {"-c", std::move(script)}, .environment = {}, .input = {}};
}

std::filesystem::path log_file() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto path = std::filesystem::path(testing::TempDir()) / (std::string("process_test.") + test->name());
  std::filesystem::remove(path);
  return path;
}

TEST(run, gives_output_errors_and_exit_code_apart) {
  const auto done = run(shell("echo out; echo err >&2; exit 7"), 10s);
  EXPECT_EQ(done.exit_code, 7);
  EXPECT_EQ(done.out, "out\n");
  EXPECT_EQ(done.err, "err\n");
}

TEST(run, passes_input_and_environment) {
  command what = shell("cat; echo $COLOUR");
  what.input = std::string(200'000, 'x') + "\n";
  what.environment = {{"COLOUR", "red"}};
  EXPECT_EQ(run(what, 10s).out, what.input + "red\n");
}

TEST(run, ends_what_is_too_slow) {
  EXPECT_EQ(run(shell("exec sleep 600"), 50ms).exit_code, -1);
}

TEST(run, tells_a_signal_from_an_exit) {
  EXPECT_EQ(run(shell("kill -TERM $$"), 10s).exit_code, 128 + SIGTERM);
}

TEST(run, says_when_there_is_no_such_program) {
  const auto done =
      run({.program = "/no/such/program", .arguments = {}, .environment = {}, .input = {}}, 10s);
  EXPECT_EQ(done.exit_code, 127);
  EXPECT_THAT(done.err, testing::HasSubstr("cannot execute"));
}

TEST(process, waits_for_the_line_and_goes_on_behind_it) {
  auto child = process::start(shell("echo port=1; echo port=2; read never"), log_file());
  EXPECT_EQ(child.wait_for_line("port=", 10s), "port=1");
  EXPECT_EQ(child.wait_for_line("port=", 10s), "port=2");
  EXPECT_EQ(child.wait_for_line("port=", 10s), std::nullopt) << "it has ended: its input is empty";
  EXPECT_EQ(child.wait_exit(10s), 1);
}

TEST(process, stops_waiting_at_the_deadline) {
  auto child = process::start(shell("exec sleep 600"), log_file());
  EXPECT_EQ(child.wait_for_line("never", 50ms), std::nullopt);
  EXPECT_EQ(child.wait_exit(0ms), std::nullopt);
  EXPECT_TRUE(child.running());
}

TEST(process, is_killed_when_it_goes_out_of_scope) {
  pid_t pid = 0;
  {
    const auto child = process::start(shell("exec sleep 600"), log_file());
    pid = child.pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(process, takes_a_signal_and_appends_to_the_log_when_started_again) {
  const auto log = log_file();
  auto child = process::start(shell("echo first; exec sleep 600"), log);
  ASSERT_TRUE(child.wait_for_line("first", 10s));
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait_exit(10s), 128 + SIGTERM);
  child = process::start(shell("echo second"), log);
  EXPECT_EQ(child.wait_for_line("", 10s), "second") << "what the first one wrote is behind us";
  EXPECT_EQ(child.wait_exit(10s), 0);
  EXPECT_EQ(child.output(), "first\nsecond\n");
}

}  // namespace
}  // namespace platformer::test
