#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/child_process.hpp"
#include "kube/exec_runner.hpp"
#include "tests/unit/kube/folder.hpp"
#include "tests/unit/kube/run.hpp"

namespace platformer::kube {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

exec_plugin plugin_of(const std::filesystem::path& command) {
  exec_plugin plugin;
  plugin.api_version = "client.authentication.k8s.io/v1";
  plugin.command = command.string();
  plugin.environment = {"PATH=/usr/bin:/bin"};
  return plugin;
}

std::string credential(const std::string& status) {
  return R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":)" + status +
         "}";
}

result<exec_credential> run_plugin(exec_plugin plugin) {
  boost::asio::io_context context;
  return testing::run(context, run_exec_plugin(context.get_executor(), std::move(plugin)));
}

result<secret_string> run_command(child_command command) {
  boost::asio::io_context context;
  return testing::run(context, run_child(context.get_executor(), std::move(command)));
}

TEST(exec_plugin, gives_a_token_with_its_expiry) {
  const testing::folder files;
  const auto script = files.script(
      "login", "printf '%s' '" +
                   credential(R"({"token":"t0k3n","expirationTimestamp":"2026-11-23T08:00:00Z"})") + "'");
  const auto given = run_plugin(plugin_of(script));
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(given->token->reveal(), "t0k3n");
  EXPECT_EQ(given->expires_at, parse_rfc3339("2026-11-23T08:00:00Z"));
  EXPECT_EQ(given->key_pem, nullptr);
}

TEST(exec_plugin, is_told_version_cluster_and_that_nobody_is_there) {
  const testing::folder files;
  const auto script =
      files.script("login", "printf '%s' \"$KUBERNETES_EXEC_INFO\" > " + files.path("info").string() +
                                "\nprintf '%s' \"$1 $2\" > " + files.path("args").string() +
                                "\nprintf '%s' '" + credential(R"({"token":"t"})") + "'");
  auto plugin = plugin_of(script);
  plugin.arguments = {"a b", "$HOME"};
  plugin.cluster = {{"server", "https://h"}};
  plugin.environment.emplace_back("KUBERNETES_EXEC_INFO=inherited");
  const auto given = run_plugin(plugin);
  ASSERT_TRUE(given) << given.error().message;
  std::string info;
  std::getline(std::ifstream(files.path("info")), info);
  EXPECT_EQ(nlohmann::json::parse(info),
            nlohmann::json::parse(R"({"apiVersion":"client.authentication.k8s.io/v1",
      "kind":"ExecCredential","spec":{"interactive":false,"cluster":{"server":"https://h"}}})"));
  std::string arguments;
  std::getline(std::ifstream(files.path("args")), arguments);
  EXPECT_EQ(arguments, "a b $HOME");  // no shell in between
}

TEST(exec_plugin, never_shows_its_output_in_errors) {
  struct bad {
    std::string output;
    std::string says;
  };
  const auto plugin = plugin_of("login");
  const std::vector<bad> table = {
      {"s3cr3t", "no JSON object"},
      {std::string(100'000, '[') + "s3cr3t", "no JSON object"},
      {R"({"kind":"s3cr3t"})", "no ExecCredential"},
      {R"({"kind":"ExecCredential","apiVersion":"s3cr3t"})", "another apiVersion than client.authentication"},
      {credential("null"), "has no status"},
      {credential("{}"), "neither a token nor"},
      {credential(R"({"clientKeyData":"s3cr3t"})"), "only one of"},
      {credential(R"({"token":"s3cr3t\n"})"), "blanks or control"},
      {credential(R"({"token":"s3cr3t","expirationTimestamp":"s3cr3t"})"), "no RFC 3339 time"},
  };
  for (const auto& each : table) {
    const auto given = parse_exec_credential(plugin, each.output);
    ASSERT_FALSE(given) << each.says;
    EXPECT_THAT(given.error().message, AllOf(HasSubstr(each.says), Not(HasSubstr("s3cr3t"))));
  }
}

TEST(exec_plugin, names_command_status_and_install_hint_when_it_fails) {
  const testing::folder files;
  auto plugin = plugin_of(files.script("login", "echo s3cr3t; echo s3cr3t >&2; exit 3"));
  plugin.install_hint = "apt install login";
  EXPECT_EQ(run_plugin(plugin).error().message, "the kubeconfig's exec plugin \"" + plugin.command +
                                                    "\": exited with status 3 (apt install login)");
  EXPECT_THAT(run_plugin(plugin_of("/not/there")).error().message,
              HasSubstr("can't be started: No such file"));
}

TEST(exec_plugin, is_killed_with_its_children_when_it_takes_too_long) {
  const testing::folder files;
  child_command command;
  command.program = files.script("slow", "sleep 1000 & sleep 1000").string();
  command.environment = {"PATH=/usr/bin:/bin"};
  command.time_limit = std::chrono::milliseconds(50);
  EXPECT_EQ(run_command(std::move(command)).error().message, "took longer than 50ms");
}

TEST(exec_plugin, is_killed_when_it_closes_its_output_and_stays) {
  const testing::folder files;
  child_command command;
  command.program = files.script("slow", "exec >&-; exec sleep 1000").string();
  command.environment = {"PATH=/usr/bin:/bin"};
  command.time_limit = std::chrono::milliseconds(50);
  EXPECT_EQ(run_command(std::move(command)).error().message, "took longer than 50ms");
}

TEST(exec_plugin, is_killed_when_it_prints_too_much) {
  const testing::folder files;
  child_command command;
  command.program = files.script("loud", "yes").string();
  command.environment = {"PATH=/usr/bin:/bin"};
  command.output_limit = 100'000;
  EXPECT_EQ(run_command(std::move(command)).error().message, "printed more than 100000 bytes");
}

TEST(exec_plugin, inherits_none_of_our_descriptors) {
  const testing::folder files;
  const int leak = ::dup(1);
  child_command command;
  command.program = files.script("list", "ls /proc/self/fd | tr '\\n' ' '").string();
  command.environment = {"PATH=/usr/bin:/bin"};
  const auto listed = run_command(std::move(command));
  ::close(leak);
  ASSERT_TRUE(listed) << listed.error().message;
  EXPECT_EQ(listed->reveal(), "0 1 2 3 ");  // 3 is ls reading the folder
}

TEST(exec_plugin, is_reported_when_a_signal_ends_it) {
  const testing::folder files;
  child_command command;
  command.program = files.script("die", "kill -9 $$").string();
  command.environment = {"PATH=/usr/bin:/bin"};
  EXPECT_EQ(run_command(std::move(command)).error().message, "was ended by signal 9");
}

}  // namespace
}  // namespace platformer::kube
