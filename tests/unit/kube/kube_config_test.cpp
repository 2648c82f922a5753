// Which configuration is taken: a given file, several files, the home folder, or the pod's service account.
#include "kube/kube_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/kube/configurations.hpp"
#include "tests/unit/kube/folder.hpp"

namespace platformer::kube {
namespace {

using ::testing::AllOf;
using testing::authorization;
using ::testing::HasSubstr;
using testing::kubeconfig;
using testing::variables;

TEST(several_kubeconfigs, let_the_first_value_of_each_entry_and_the_first_current_context_win) {
  const testing::folder files;
  const auto first = files.write("a",
                                 "contexts: [{name: dev, context: {cluster: c, user: u}}]\n"
                                 "users: [{name: u, user: {token: first}}]\n");
  const auto second = files.write("b/config",
                                  "current-context: dev\nusers: [{name: u, user: {token: second}}]\n"
                                  "clusters: [{name: c, cluster: {server: \"https://h\", "
                                  "certificate-authority: ca.crt}}]\n");
  files.write("b/ca.crt", "CA");
  config_request request;
  request.env = variables({{"KUBECONFIG", ":" + first.string() + ":/not/there:" + second.string()}});
  const auto config = load_kube_config(request);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(authorization(*config), "Bearer first");
  EXPECT_EQ(config->tls.ca_pem, "CA");  // beside the file that names it
}

TEST(finding_a_kubeconfig, falls_back_to_the_home_folder) {
  const testing::folder files;
  files.write(".kube/config", kubeconfig("server: \"https://h\"", "token: home"));
  config_request request;
  request.env = variables({{"HOME", files.path().string()}});
  request.service_account_dir = files.path("none");
  EXPECT_EQ(authorization(*load_kube_config(request)), "Bearer home");
}

TEST(finding_a_kubeconfig, says_where_it_looked_when_there_is_none) {
  config_request request;
  request.service_account_dir = "/nowhere";
  request.env = variables({{"KUBECONFIG", "/not/a:/not/b"}});
  EXPECT_THAT(load_kube_config(request).error().message,
              AllOf(HasSubstr("/not/a, /not/b"), HasSubstr("--kubeconfig")));
  request.env = variables({});
  EXPECT_THAT(load_kube_config(request).error().message, HasSubstr("neither KUBECONFIG nor HOME"));
  request.kubeconfig = "/not/c";
  EXPECT_THAT(load_kube_config(request).error().message, HasSubstr("kubeconfig /not/c: No such file"));
}

struct pod {
  testing::folder files;
  config_request request;
  pod() {
    files.write("sa/token", "pod-token\n");
    files.write("sa/ca.crt", "CA");
    files.write("sa/namespace", "operators");
    request.service_account_dir = files.path("sa");
    request.env = variables({{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}});
  }
};

TEST(in_a_pod, the_service_account_is_used) {
  const pod here;
  const auto config = load_kube_config(here.request);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server.host, "10.0.0.1");
  EXPECT_EQ(config->server.port, 443);
  EXPECT_EQ(config->ns, "operators");
  EXPECT_EQ(config->tls.ca_pem, "CA");
  EXPECT_EQ(std::get<token_file>(config->credential).path, here.files.path("sa/token"));
  EXPECT_EQ(config->files.ca, here.files.path("sa/ca.crt"));
}

TEST(in_a_pod, ipv6_hosts_go_with_and_without_brackets) {
  pod here;
  for (const char* host : {"fd00::1", "[fd00::1]"}) {
    here.request.env = variables({{"KUBERNETES_SERVICE_HOST", host}, {"KUBERNETES_SERVICE_PORT", "6443"}});
    EXPECT_EQ(load_kube_config(here.request)->server.host, "fd00::1");
  }
}

TEST(in_a_pod, a_given_context_or_file_goes_first) {
  pod here;
  here.request.kubeconfig =
      here.files.write("config", kubeconfig("server: \"https://h\"", "token: abc")).string();
  EXPECT_EQ(authorization(*load_kube_config(here.request)), "Bearer abc");
  here.request.kubeconfig.clear();
  here.request.context = "dev";
  here.request.env = variables({{"KUBERNETES_SERVICE_HOST", "10.0.0.1"},
                                {"KUBERNETES_SERVICE_PORT", "443"},
                                {"KUBECONFIG", here.files.path("config").string()}});
  EXPECT_EQ(authorization(*load_kube_config(here.request)), "Bearer abc");
}

TEST(in_a_pod, a_missing_ca_or_port_is_named) {
  pod here;
  here.request.env = variables({{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "x"}});
  EXPECT_THAT(load_kube_config(here.request).error().message, HasSubstr("KUBERNETES_SERVICE_PORT"));
  const pod other;
  std::filesystem::remove(other.files.path("sa/ca.crt"));
  EXPECT_THAT(load_kube_config(other.request).error().message, HasSubstr("ca.crt: No such file"));
}

TEST(environment_of, finds_whole_names_only) {
  const char* const list[] = {"AB=1", "A=2", "EMPTY=", nullptr};
  const auto env = environment_of(list);
  EXPECT_EQ(env.get("A"), "2");
  EXPECT_EQ(env.get("AB"), "1");
  EXPECT_EQ(env.get("EMPTY"), "");
  EXPECT_EQ(env.get("B"), std::nullopt);
  EXPECT_EQ(env.all.size(), 3U);
}

}  // namespace
}  // namespace platformer::kube
