// Starts that can't succeed yet: the process stays, says what it lacks, and goes on by itself once it has it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

bool warned_of(const std::string& log, const std::string& text) {
  static const std::regex warning("\\bwarn(ing)?\\b", std::regex::icase);
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);)
    if (std::regex_search(line, warning) && line.find(text) != std::string::npos) return true;
  return false;
}

// Waits until /readyz is a 503 that says that, and the log warned of it.
testing::AssertionResult says_what_it_lacks(operator_process& program, const std::string& text) {
  plain_reply last;
  if (!eventually(usual_wait, [&] {
        last = program.get("/readyz");
        return last.status == 503 && last.body.find(text) != std::string::npos;
      }))
    return testing::AssertionFailure() << last.status << ": " << last.body;
  if (!eventually(usual_wait, [&] { return warned_of(program.program().output(), text); }))
    return testing::AssertionFailure() << "no warning in the log:\n" << program.program().output();
  return testing::AssertionSuccess();
}

TEST(startup, missing_rights_are_named_and_used_as_soon_as_they_are_granted) {
  scenario it;
  it.connect();
  const auto binding = it.kube.object("rolebinding/operator");
  it.expect_refusals();
  it.kube.must({"delete", "rolebinding", "operator"});
  operator_process& program = it.start_operator();
  // Of all that it lacks, each kind is named as soon as its first list was refused.
  ASSERT_TRUE(says_what_it_lacks(program, "\"serviceaccounts\""));
  EXPECT_THAT(program.get("/readyz").body,
              AllOf(HasSubstr("not allowed to"), HasSubstr("RBAC must grant the operator the verb"),
                    HasSubstr("in API group \"console.platformer.com\"")));
  EXPECT_EQ(program.get("/livez").status, 200) << "a restart would not help";
  it.kube.apply(service_account_yaml("ci-bot"));
  it.kube.create(nlohmann::json{{"apiVersion", binding["apiVersion"]},
                                {"kind", binding["kind"]},
                                {"metadata", {{"name", "operator"}}},
                                {"roleRef", binding["roleRef"]},
                                {"subjects", binding["subjects"]}}
                     .dump());
  EXPECT_TRUE(program.ready(60s)) << program.get("/readyz").body;
  EXPECT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_TRUE(program.program().running());
}

TEST(startup, a_cluster_whose_id_is_not_readable_is_named) {
  const std::string user = unique_name("stranger");
  const auto folder = fresh_folder("startup." + user);
  std::ofstream(folder / "kubeconfig") << mint_kubeconfig(user, {});
  operator_process program(folder / "kubeconfig", "default", folder / "operator.log");
  ASSERT_TRUE(says_what_it_lacks(program, "grant get on namespace kube-system"));
  EXPECT_THAT(program.program().output(), HasSubstr("set --cluster-id"));
  EXPECT_EQ(program.stop(), 0);
}

TEST(startup, an_apiserver_that_does_not_answer_is_waited_for) {
  const auto folder = fresh_folder("startup." + unique_name("nobody"));
  std::ofstream(folder / "kubeconfig")
      << "apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts:\n- name: c\n"
         "  context: {cluster: c, user: c}\nclusters:\n- name: c\n"
         "  cluster: {server: \"https://127.0.0.1:1\"}\nusers:\n- name: c\n  user: {token: t}\n";
  operator_process program(folder / "kubeconfig", "default", folder / "operator.log");
  ASSERT_TRUE(says_what_it_lacks(program, "127.0.0.1:1"));
  EXPECT_EQ(program.get("/livez").status, 200);
  EXPECT_EQ(program.stop(), 0);
}

TEST(startup, a_refused_token_whose_file_can_not_be_read_again_is_a_failing_check_with_the_files_name) {
  const auto folder = fresh_folder("startup." + unique_name("tokenless"));
  const auto token = folder / "token";
  std::ofstream(token) << "not.a.token";
  std::string config = mint_kubeconfig(unique_name("tokenless"), {});
  config =
      std::regex_replace(config, std::regex("client-certificate-data: \\S+"), "tokenFile: " + token.string());
  config = std::regex_replace(config, std::regex("client-key-data: \\S+"), "");
  std::ofstream(folder / "kubeconfig") << config;
  operator_process program(folder / "kubeconfig", "default", folder / "operator.log");
  ASSERT_TRUE(says_what_it_lacks(program, "Unauthorized"));
  EXPECT_THAT(program.get("/readyz").body, HasSubstr("[+]credential ok"));
  std::filesystem::remove(token);
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return program.get("/readyz").body.find("[-]credential failed: ") != std::string::npos;
  }));
  EXPECT_THAT(program.get("/readyz").body, HasSubstr(token.string() + ": No such file or directory"));
  EXPECT_EQ(program.stop(), 0);
}

// In a control plane of its own, as the shared one has the CRDs.
class bare_cluster : public testing::Test {
 protected:
  void SetUp() override {
    const auto got = run({.program = script(),
                          .arguments = {"up", folder.string(), "--watch", std::to_string(getpid())},
                          .environment = {{"PLATFORMER_TESTBED_BIN", binaries()}},
                          .input = {}},
                         std::chrono::seconds(90));
    ASSERT_EQ(got.exit_code, 0) << got.err;
  }
  void TearDown() override {
    run({.program = script(), .arguments = {"down", folder.string()}, .environment = {}, .input = {}}, 20s);
  }
  static std::string script() {
    return (the_environment().repository / "tests/testbed/control-plane.sh").string();
  }
  // Those of the shared control plane, so that nothing is built.
  static std::string binaries() {
    return std::filesystem::canonical(the_environment().control_plane / "bin").string();
  }

  const std::filesystem::path folder = the_environment().control_plane / "tests" / "startup.bare_cluster";
};

TEST_F(bare_cluster, missing_crds_are_named_and_found_once_installed) {
  const auto kubeconfig = folder / "admin.kubeconfig";
  operator_process program(kubeconfig, "", folder / "operator.log", {.all_namespaces = true});
  ASSERT_TRUE(says_what_it_lacks(program, "CRDs not installed"));
  EXPECT_THAT(program.get("/readyz").body, HasSubstr("kubectl apply -f crds/"));
  EXPECT_EQ(program.get("/livez").status, 200);
  const kubectl admin(kubeconfig, "default");
  admin.must({"apply", "--server-side", "-f", (the_environment().repository / "crds").string()});
  EXPECT_TRUE(program.ready(60s)) << program.get("/readyz").body;
  EXPECT_EQ(program.stop(), 0);
}

TEST(startup, sigterm_ends_it_with_success_and_says_so) {
  scenario it;
  operator_process& program = it.start_operator();
  ASSERT_TRUE(program.ready());
  EXPECT_EQ(program.stop(), 0);
  EXPECT_THAT(program.program().output(), AllOf(HasSubstr("SIGTERM"), HasSubstr("ended")));
}

TEST(startup, plain_http_without_the_opt_in_is_refused_by_the_apiserver) {
  scenario it;
  const auto got = it.kube.run({"apply", "-f", "-"},
                               "apiVersion: console.platformer.com/v1alpha1\nkind: ConsoleConnection\n"
                               "metadata: {name: default}\nspec: {gateway: \"http://console.example.com\", "
                               "organization: acme, credentialsSecretRef: {name: c}}\n");
  EXPECT_NE(got.exit_code, 0);
  EXPECT_THAT(got.err, AllOf(HasSubstr("plain http"), HasSubstr("allowInsecureHTTP")));
}

// The text format: comments that describe a family before its samples, each sample a name, labels and a
// number.
TEST(startup, metrics_are_in_the_text_format) {
  scenario it;
  make_ready(it, "ci-bot");
  const plain_reply reply = it.the_operator().get("/metrics");
  ASSERT_EQ(reply.status, 200);
  const std::regex sample(R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_]+="([^"\\]|\\.)*",?)*\})? \S+)re");
  const std::regex comment(R"re(# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+))re");
  std::set<std::string> described, series;
  std::istringstream lines(reply.body);
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (line.starts_with("#")) {
      ASSERT_TRUE(std::regex_match(line, found, comment)) << line;
      described.insert(found[2]);
      continue;
    }
    ASSERT_TRUE(std::regex_match(line, found, sample)) << line;
    const std::string family = std::regex_replace(found[1].str(), std::regex("_(bucket|sum|count)$"), "");
    EXPECT_TRUE(described.contains(family) || described.contains(found[1])) << line;
    EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << "twice: " << line;
    EXPECT_NO_THROW(std::stod(line.substr(line.rfind(' ')))) << line;
  }
  EXPECT_THAT(reply.body, HasSubstr("platformer_operator_tokens_minted_total{cause=\"InitialIssue\"} 1"));
}

}  // namespace
}  // namespace platformer::test
