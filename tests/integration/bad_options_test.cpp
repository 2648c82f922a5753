// What can't work is refused at once: exit status 2 and a line that names what is wrong and where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "tests/integration/harness/environment.hpp"
#include "tests/support/process.hpp"

namespace platformer::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int bad_options = 2;

std::string program() {
  return (the_environment().programs / "platformer-operator").string();
}

finished run_operator(std::vector<std::string> arguments,
                      std::vector<std::pair<std::string, std::string>> environment = {},
                      const std::string& what = program()) {
  environment.insert(environment.end(), {{"HOME", "/nonexistent"}, {"KUBECONFIG", ""}});
  return run({.program = what,
              .arguments = std::move(arguments),
              .environment = std::move(environment),
              .input = {}},
             std::chrono::seconds(10));
}

// By somebody whom a file's permissions keep out; root they don't.
finished run_operator_unprivileged(std::vector<std::string> arguments) {
  if (::geteuid() != 0) return run_operator(std::move(arguments));
  const std::string without = "-dac_override,-dac_read_search";
  arguments.insert(arguments.begin(), {"--bounding-set=" + without, "--inh-caps=" + without, program()});
  return run_operator(std::move(arguments), {}, "setpriv");
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

// Refused with one line that holds all of that; a second may point to --help.
void expect_refusal(const finished& got, const std::vector<std::string>& named) {
  EXPECT_EQ(got.exit_code, bad_options) << got.err;
  EXPECT_EQ(got.out, "");
  const std::string line = first_line(got.err);
  EXPECT_THAT(line, StartsWith("platformer-operator: "));
  for (const std::string& each : named)
    EXPECT_THAT(line, HasSubstr(each));
  EXPECT_LE(std::count(got.err.begin(), got.err.end(), '\n'), 2) << got.err;
}

class bad_options_test : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
    return (folder / name).string();
  }
  // A kubeconfig whose cluster has these further lines.
  std::string kubeconfig(const std::string& cluster_lines, const std::string& user_lines = "token: t") const {
    return write("kubeconfig",
                 "apiVersion: v1\nkind: Config\ncurrent-context: here\ncontexts:\n- name: here\n"
                 "  context: {cluster: there, user: me}\nclusters:\n- name: there\n  cluster:\n"
                 "    server: https://127.0.0.1:1\n" +
                     cluster_lines + "users:\n- name: me\n  user:\n    " + user_lines + "\n");
  }

  std::filesystem::path folder = fresh_folder(std::string("bad_options.") +
                                              testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(bad_options_test, an_unknown_option_is_named) {
  expect_refusal(run_operator({"--colour", "red"}), {"unknown option", "--colour"});
  expect_refusal(run_operator({"now"}), {"unexpected argument", "now"});
  expect_refusal(run_operator({"--workers"}), {"--workers", "needs a value"});
}

TEST_F(bad_options_test, an_unreadable_value_is_named_with_its_option) {
  expect_refusal(run_operator({"--workers", "many"}), {"--workers", "\"many\"", "number from"});
  expect_refusal(run_operator({"--bind-address", "8080"}), {"--bind-address", "\"8080\"", "0.0.0.0:8080"});
  expect_refusal(run_operator({"--log-level", "loud"}), {"--log-level", "\"loud\"", "trace"});
  expect_refusal(run_operator({"--watch-namespace", "Team_A"}), {"--watch-namespace", "\"Team_A\""});
  expect_refusal(run_operator({"--selector", "a in ("}), {"--selector", "a in ("});
}

TEST_F(bad_options_test, a_bad_variable_of_the_environment_is_named) {
  expect_refusal(run_operator({}, {{"PLATFORMER_OPERATOR_WORKERS", "0"}}),
                 {"PLATFORMER_OPERATOR_WORKERS", "\"0\""});
}

TEST_F(bad_options_test, a_lease_without_a_namespace_is_named) {
  expect_refusal(run_operator({"--kubeconfig", kubeconfig(""), "--leader-elect"}),
                 {"--leader-elect", "kubeconfig", "--leader-election-namespace"});
  expect_refusal(
      run_operator({"--leader-election-renew-deadline", "20s"}),
      {"--leader-election-renew-deadline (20s)", "shorter", "--leader-election-lease-duration (15s)"});
}

TEST_F(bad_options_test, a_missing_kubeconfig_is_named) {
  expect_refusal(run_operator({"--kubeconfig", "/nonexistent/kubeconfig"}),
                 {"kubeconfig", "/nonexistent/kubeconfig"});
  expect_refusal(run_operator({}), {"--kubeconfig"});
}

TEST_F(bad_options_test, a_broken_kubeconfig_is_named_with_the_place_in_it) {
  const std::string broken = write("broken", "apiVersion: v1\nclusters: [\n");
  expect_refusal(run_operator({"--kubeconfig", broken}), {broken, "YAML"});
  const std::string list = write("list", "- 1\n");
  expect_refusal(run_operator({"--kubeconfig", list}), {list, "not a kubeconfig"});
  const std::string good = kubeconfig("");
  expect_refusal(run_operator({"--kubeconfig", good, "--context", "nowhere"}), {good, "\"nowhere\"", "here"});
}

TEST_F(bad_options_test, an_unreadable_authority_is_named_with_its_place) {
  expect_refusal(
      run_operator({"--kubeconfig", kubeconfig("    certificate-authority: /nonexistent/ca.crt\n")}),
      {"kubeconfig", "certificate-authority", "/nonexistent/ca.crt"});
  const std::string nonsense = write("ca.crt", "not PEM\n");
  const std::string around = kubeconfig("    certificate-authority: " + nonsense + "\n");
  expect_refusal(run_operator({"--kubeconfig", around}), {around, "CA bundle holds no certificate"});
  expect_refusal(run_operator({"--kubeconfig", kubeconfig("    certificate-authority-data: '%%%'\n")}),
                 {"kubeconfig", "\"there\"", "certificate-authority", "base64"});
}

TEST_F(bad_options_test, an_unreadable_credential_is_named_and_not_shown) {
  const finished got = run_operator({"--kubeconfig", kubeconfig("", "token: \"two words-canary\"")});
  expect_refusal(got, {"token"});
  EXPECT_THAT(got.err, testing::Not(HasSubstr("canary")));
  expect_refusal(run_operator({"--kubeconfig", kubeconfig("", "tokenFile: /nonexistent/token")}),
                 {"tokenFile", "/nonexistent/token"});
}

TEST_F(bad_options_test, a_file_that_may_not_be_read_is_named_with_its_place) {
  const std::string token = write("token", "t");
  const std::string around = kubeconfig("", "tokenFile: " + token);
  std::filesystem::permissions(token, std::filesystem::perms::none);
  expect_refusal(run_operator_unprivileged({"--kubeconfig", around}),
                 {"kubeconfig", "tokenFile", token, "Permission denied"});
  std::filesystem::permissions(around, std::filesystem::perms::none);
  expect_refusal(run_operator_unprivileged({"--kubeconfig", around}),
                 {"kubeconfig", around, "Permission denied"});
}

TEST_F(bad_options_test, a_token_file_without_one_token_is_named) {
  expect_refusal(run_operator({"--kubeconfig", kubeconfig("", "tokenFile: " + write("token", " \n"))}),
                 {"tokenFile", "token", "is empty"});
  const finished got =
      run_operator({"--kubeconfig", kubeconfig("", "tokenFile: " + write("token", "one\ncanary\n"))});
  expect_refusal(got, {"tokenFile", "does not hold one token"});
  EXPECT_THAT(got.err, testing::Not(HasSubstr("canary")));
  expect_refusal(run_operator({"--kubeconfig", kubeconfig("", "tokenFile: " + folder.string())}),
                 {"tokenFile", folder.string(), "is a directory"});
}

TEST_F(bad_options_test, an_address_that_can_not_be_had_is_named) {
  const finished got = run_operator({"--kubeconfig", kubeconfig(""), "--bind-address", "192.0.2.1:8080"});
  EXPECT_EQ(got.exit_code, bad_options);
  EXPECT_THAT(got.err, HasSubstr("platformer-operator: can't listen on 192.0.2.1:8080: "));
}

TEST_F(bad_options_test, help_and_version_go_to_standard_output) {
  const finished help = run_operator({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, AllOf(HasSubstr("--kubeconfig"), HasSubstr("PLATFORMER_OPERATOR_WATCH_NAMESPACE")));
  const finished version = run_operator({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, StartsWith("platformer-operator "));
}

}  // namespace
}  // namespace platformer::test
