// Token bytes are in the Secret and nowhere else that anybody can look, not even when everything is logged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;

// Any 16 bytes of it in a row would be too much.
bool holds_part_of(const std::string& text, const std::string& secret) {
  constexpr std::size_t part = 16;
  for (std::size_t at = 0; at + part <= secret.size(); ++at)
    if (text.find(secret.substr(at, part)) != std::string::npos) return true;
  return false;
}

// All that can be read in the namespace without reading a Secret's data, as YAML and as people see it.
std::map<std::string, std::string> everything_visible(scenario& it) {
  return {{"the log", it.the_operator().program().output()},
          {"/metrics", it.the_operator().get("/metrics").body},
          {"/readyz", it.the_operator().get("/readyz?verbose").body},
          {"objects", it.kube.must({"get", "psa,pcc", "-o", "yaml", "--show-managed-fields"})},
          {"descriptions", it.kube.must({"describe", "psa,pcc"})},
          {"events", it.kube.must({"get", "events.events.k8s.io", "-o", "yaml"})},
          {"metadata of Secrets", it.kube.must({"get", "secrets", "-o", "jsonpath={.items[*].metadata}"})}};
}

TEST(secrecy, no_token_is_seen_outside_of_its_secret) {
  scenario it;
  it.connect();
  std::map<std::string, std::string> secrets{{"credential", token_of(it, "console-credentials")}};
  ASSERT_GT(secrets["credential"].size(), 16U);
  // A Console that repeats in an error what it was sent.
  it.console.add_fault({{"operation", "createServiceAccount"},
                        {"count", 1},
                        {"status", 400},
                        {"body", R"({"message":"bad token )" + secrets["credential"] + "\"}"}});
  it.start_operator({.arguments = {"--log-level", "trace"}});
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.calls("createServiceAccount") >= 1; }));
  it.kube.must({"annotate", "psa", "ci-bot", "note=go-on"});
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", 90s));
  secrets["first token"] = token_of(it, "ci-bot-token");
  it.kube.must({"annotate", "psa", "ci-bot", "console.platformer.com/renew=1"});
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  secrets["second token"] = token_of(it, "ci-bot-token");
  ASSERT_NE(secrets["first token"], secrets["second token"]);
  ASSERT_TRUE(eventually(usual_wait, [&] { return !it.kube.items({"events.events.k8s.io"}).empty(); }));
  for (const auto& [place, text] : everything_visible(it)) {
    EXPECT_FALSE(text.empty()) << place;
    for (const auto& [name, secret] : secrets)
      EXPECT_FALSE(holds_part_of(text, secret)) << place << " shows the " << name;
  }
  EXPECT_NE(it.the_operator().stop(), std::nullopt);
  for (const auto& [name, secret] : secrets)
    EXPECT_FALSE(holds_part_of(it.the_operator().program().output(), secret)) << "the log shows the " << name;
}

TEST(secrecy, the_search_would_find_a_token) {
  EXPECT_TRUE(holds_part_of("x 0123456789abcdef y", "__0123456789abcdef__"));
  EXPECT_FALSE(holds_part_of("x 0123456789abcde y", "__0123456789abcdef__"));
}

}  // namespace
}  // namespace platformer::test
