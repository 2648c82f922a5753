// Token bytes are in the Secret and nowhere else that anybody can look, not even when everything is logged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/hostile.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;

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
  for (const auto& [place, text] : everything_visible(it, it.the_operator())) {
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
