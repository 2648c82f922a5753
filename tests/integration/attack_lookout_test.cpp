// A canary's way: a token is issued, and looked for where none may be. What people see of objects, events,
// logs and metrics is secrecy_test's; here it is the process itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/hostile.hpp"
#include "tests/integration/harness/process_memory.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

std::string in_base64(scenario& it, const std::string& secret) {
  return it.kube.object("secret/" + secret)["data"]["token"];
}

// Pieces of the token as it is and as Secrets have it: a part that stays behind is one too many. The first
// bytes are those of all tokens.
std::vector<std::string> pieces_of(scenario& it, const std::string& secret) {
  const std::string plain = token_of(it, secret);
  const std::string encoded = in_base64(it, secret);
  return {plain.substr(8, 16), plain.substr(24, 16), encoded.substr(12, 20), encoded.substr(36, 20)};
}

std::string place(scenario& it, const std::string& file) {
  return read_file("/proc/" + std::to_string(it.the_operator().program().pid()) + "/" + file);
}

TEST(attack_lookout, a_token_is_neither_in_the_command_line_nor_in_the_environment) {
  scenario it;
  make_ready(it, "ci-bot");
  for (const std::string secret : {"ci-bot-token", "console-credentials"})
    for (const std::string file : {"cmdline", "environ"}) {
      ASSERT_FALSE(place(it, "cmdline").empty());
      EXPECT_FALSE(holds_part_of(place(it, file), token_of(it, secret))) << file;
    }
}

TEST(attack_lookout, a_token_is_seen_nowhere_when_everything_is_logged) {
  scenario it;
  it.connect();
  it.start_operator({.arguments = {"--log-level", "trace"}});
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  ask_to_renew(it, "ci-bot", "1");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  ASSERT_TRUE(comes_to_event(it, "ci-bot", "Normal", "enewed"));
  for (const auto& [where, text] : everything_visible(it, it.the_operator()))
    for (const std::string secret : {"ci-bot-token", "console-credentials"}) {
      EXPECT_FALSE(holds_part_of(text, token_of(it, secret))) << where;
      EXPECT_FALSE(holds_part_of(text, in_base64(it, secret))) << where;
    }
}

// The memory is read as a debugger or the writer of a core dump would.
TEST(attack_lookout, a_token_leaves_the_memory_and_only_the_credential_stays) {
  scenario it;
  make_ready(it, "ci-bot");
  const pid_t pid = it.the_operator().program().pid();
  const std::string credential = token_of(it, "console-credentials").substr(8, 16);
  const auto counted = count_in_memory(pid, {credential});
  if (!counted) GTEST_SKIP() << "only who may trace any process can look: the operator lets nobody else";
  EXPECT_GE(counted->front(), 1U) << "what is in use is found, so the search works";
  auto pieces = pieces_of(it, "ci-bot-token");
  ask_to_renew(it, "ci-bot", "1");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  for (const std::string& each : pieces_of(it, "ci-bot-token"))
    pieces.push_back(each);
  std::vector<std::size_t> found;
  EXPECT_TRUE(eventually(10s,
                         [&] {
                           found = count_in_memory(pid, pieces).value();
                           return found == std::vector<std::size_t>(pieces.size());
                         }))
      << json(found).dump()
      << ": how often each piece of the two tokens, as they are and in base64, is still there";
}

TEST(attack_lookout, the_process_leaves_no_core) {
  scenario it;
  make_ready(it, "ci-bot");
  EXPECT_THAT(place(it, "limits"), testing::ContainsRegex("Max core file size +0 +0 "));
  it.the_operator().program().signal(SIGABRT);
  EXPECT_TRUE(it.the_operator().program().wait_exit(10s));
  EXPECT_FALSE(std::filesystem::exists("core"));
  it.the_operator().restart();
  it.kube.apply(service_account_yaml("second"));
  EXPECT_TRUE(it.kube.wait("psa/second", "condition=Ready", usual_wait));
}

}  // namespace
}  // namespace platformer::test
