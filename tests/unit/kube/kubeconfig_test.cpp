// What a kubeconfig means, and what is said about a bad one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/kube_config.hpp"
#include "tests/unit/kube/configurations.hpp"
#include "tests/unit/kube/folder.hpp"

namespace platformer::kube {
namespace {

using ::testing::AnyOf;
using testing::authorization;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kubeconfig;
using ::testing::Not;
using testing::variables;

result<kube_config> load(const testing::folder& files, const std::string& text,
                         const std::string& context = {}) {
  config_request request;
  request.kubeconfig = files.write("config", text).string();
  request.context = context;
  request.env = variables({});
  return load_kube_config(request);
}

std::string failure(const testing::folder& files, const std::string& text, const std::string& context = {}) {
  const auto config = load(files, text, context);
  return config ? std::string("loaded") : config.error().message;
}

TEST(kubeconfig, gives_server_token_and_namespace_of_the_current_context) {
  const testing::folder files;
  const auto config = load(files, kubeconfig("server: \"https://api.example.com:6443\"", "token: abc"));
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_TRUE(config->server.tls);
  EXPECT_EQ(config->server.host, "api.example.com");
  EXPECT_EQ(config->server.port, 6443);
  EXPECT_EQ(config->ns, "apps");
  EXPECT_EQ(config->base_path, "");
  EXPECT_EQ(authorization(*config), "Bearer abc");
  EXPECT_EQ(config->source, "context \"dev\" of " + files.path("config").string());
}

TEST(kubeconfig, takes_ipv6_servers_paths_server_names_and_proxies) {
  const testing::folder files;
  const auto config = load(
      files, kubeconfig("server: \"https://[fd00::1]:8443/k8s/clusters/c-1/\", tls-server-name: kube.local, "
                        "proxy-url: \"http://me:p%40ss@proxy:3128\", insecure-skip-tls-verify: true",
                        "username: admin, password: pw"));
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server.host, "fd00::1");
  EXPECT_EQ(config->server.port, 8443);
  EXPECT_EQ(config->base_path, "/k8s/clusters/c-1");
  EXPECT_EQ(config->server.server_name, "kube.local");
  ASSERT_TRUE(config->server.via);
  EXPECT_EQ(config->server.via->host, "proxy");
  EXPECT_EQ(config->server.via->port, 3128);
  EXPECT_EQ(config->server.via->authorization, "Basic bWU6cEBzcw==");
  EXPECT_TRUE(config->tls.insecure_skip_verify);
  EXPECT_EQ(authorization(*config), "Basic YWRtaW46cHc=");
}

TEST(kubeconfig, uses_the_schemes_own_port_when_the_url_names_none) {
  const testing::folder files;
  EXPECT_EQ(load(files, kubeconfig("server: \"https://h\"", ""))->server.port, 443);
  const auto plain = load(files, kubeconfig("server: \"http://127.0.0.1\"", ""));
  EXPECT_EQ(plain->server.port, 80);
  EXPECT_FALSE(plain->server.tls);
  EXPECT_TRUE(std::holds_alternative<anonymous>(plain->credential));
}

TEST(kubeconfig, refuses_a_port_with_something_behind_it) {
  const testing::folder files;
  for (const char* cluster : {R"(server: "https://h:644;/base")", R"(server: "https://h:x")",
                              R"(server: "https://h", proxy-url: "http://proxy:31;28")"}) {
    const auto config = load(files, kubeconfig(cluster, ""));
    ASSERT_FALSE(config) << cluster;
    EXPECT_THAT(config.error().message, HasSubstr("the port is not a number")) << cluster;
  }
}

TEST(kubeconfig, reads_pem_files_beside_itself_and_inline_data_first) {
  const testing::folder files;
  files.write("pki/ca.crt", "CA");
  files.write("pki/me.crt", "CERT");
  files.write("pki/me.key", "KEY");
  const auto config = load(files, kubeconfig("server: \"https://h\", certificate-authority: pki/ca.crt",
                                             "client-certificate: pki/me.crt, client-key: pki/me.key"));
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->tls.ca_pem, "CA");
  EXPECT_EQ(config->tls.certificate_pem, "CERT");
  EXPECT_EQ(config->tls.key_pem->reveal(), "KEY");
  EXPECT_EQ(config->files.ca, files.path("pki/ca.crt"));
  EXPECT_EQ(config->files.key, files.path("pki/me.key"));

  const auto inline_ca = load(files, kubeconfig("server: \"https://h\", certificate-authority: pki/ca.crt, "
                                                "certificate-authority-data: SU5MSU5F",
                                                ""));
  ASSERT_TRUE(inline_ca) << inline_ca.error().message;
  EXPECT_EQ(inline_ca->tls.ca_pem, "INLINE");
  EXPECT_THAT(inline_ca->files.ca.string(), IsEmpty());
}

TEST(kubeconfig, prefers_the_token_file_to_the_token_and_the_token_to_a_plugin) {
  const testing::folder files;
  files.write("token", "from-file\n");
  const auto both = load(files, kubeconfig("server: \"https://h\"", "token: abc, tokenFile: token"));
  ASSERT_TRUE(both) << both.error().message;
  EXPECT_EQ(std::get<token_file>(both->credential).path, files.path("token"));
  const auto plugin =
      load(files, kubeconfig("server: \"https://h\"",
                             "token: abc, exec: {apiVersion: client.authentication.k8s.io/v1, "
                             "command: x}"));
  ASSERT_TRUE(plugin) << plugin.error().message;
  EXPECT_EQ(authorization(*plugin), "Bearer abc");
}

TEST(kubeconfig, gives_plugins_their_command_environment_and_cluster) {
  const testing::folder files;
  config_request request;
  request.kubeconfig = files
                           .write("config", R"(
current-context: dev
contexts: [{name: dev, context: {cluster: c, user: u}}]
clusters:
- name: c
  cluster:
    server: https://h:6443
    certificate-authority-data: Q0E=
    extensions:
    - {name: other, extension: {x: 1}}
    - {name: client.authentication.k8s.io/exec, extension: {audience: "06", level: 3, on: true}}
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: bin/login
      args: [get, "--for", 7]
      env: [{name: HOME, value: /elsewhere}]
      interactiveMode: IfAvailable
      provideClusterInfo: true
      installHint: install it
)")
                           .string();
  request.env = variables({{"HOME", "/root"}, {"PATH", "/bin"}});
  const auto config = load_kube_config(request);
  ASSERT_TRUE(config) << config.error().message;
  const auto& plugin = std::get<exec_plugin>(config->credential);
  EXPECT_EQ(plugin.command, files.path("bin/login").string());
  EXPECT_THAT(plugin.arguments, ::testing::ElementsAre("get", "--for", "7"));
  EXPECT_THAT(plugin.environment, ::testing::UnorderedElementsAre("HOME=/elsewhere", "PATH=/bin"));
  EXPECT_EQ(plugin.cluster,
            nlohmann::json::parse(R"({"server":"https://h:6443","certificate-authority-data":"Q0E=",
      "config":{"audience":"06","level":3,"on":true}})"));
  EXPECT_EQ(config->ns, "");
}

TEST(kubeconfig, names_file_entry_and_remedy_when_it_cannot_be_used) {
  const testing::folder files;
  const auto file = files.path("config").string();
  struct bad {
    std::string text;
    std::string context;
    std::vector<std::string> says;
  };
  const std::string server = "server: \"https://h\"";
  const std::vector<bad> table = {
      {"a: [", "", {file + ":", "is not valid YAML"}},
      {"just text", "", {file, "is not a kubeconfig"}},
      {"kind: Pod", "", {"not a kubeconfig but a Pod"}},
      {"clusters: 3", "", {"clusters must be a list"}},
      {"clusters: [{name: c, cluster: {server: [1]}}]", "", {"cluster \"c\": server must be a string"}},
      {"clusters: [{cluster: {}}]", "", {"name is missing"}},
      {"{}", "", {file, "sets no current-context", "--context", "there are: none"}},
      {kubeconfig(server, ""), "prod", {"has no context \"prod\"", "there are: dev"}},
      {"current-context: x\ncontexts: [{name: x, context: {cluster: nix}}]",
       "",
       {"context \"x\" names cluster \"nix\", which is not defined"}},
      {"current-context: x\ncontexts: [{name: x, context: {cluster: c, user: nobody}}]\n"
       "clusters: [{name: c, cluster: {server: \"https://h\"}}]",
       "",
       {"names user \"nobody\", which is not defined"}},
      {kubeconfig("", ""), "", {"cluster \"c\": server: is missing"}},
      {kubeconfig("server: \"ftp://h\"", ""), "", {"server:", "must begin with https://"}},
      {kubeconfig("server: \"https://u:hidden@h\"", ""), "", {"must have no user"}},
      {kubeconfig("server: \"https://h:70000\"", ""), "", {"server:", "port"}},
      {kubeconfig(server + ", proxy-url: \"socks5://p:1\"", ""),
       "",
       {"proxy-url:", "socks5", "only http://"}},
      {kubeconfig(server + ", certificate-authority: ca.crt", ""),
       "",
       {"certificate-authority: " + files.path("ca.crt").string() + ": No such file"}},
      {kubeconfig(server + ", certificate-authority-data: \"%%\"", ""), "", {"is not base64"}},
      {kubeconfig(server + ", certificate-authority-data: Q0E=, insecure-skip-tls-verify: true", ""),
       "",
       {"insecure-skip-tls-verify", "remove one"}},
      {kubeconfig(server + ", insecure-skip-tls-verify: maybe", ""), "", {"must be true or false"}},
      {kubeconfig(server, "tokenFile: none"), "", {"user \"u\": tokenFile: ", "No such file"}},
      {kubeconfig(server, "token: \"two words\""), "", {"token: holds blanks"}},
      {kubeconfig(server, "client-certificate-data: Q0E="), "", {"client-key: is missing"}},
      {kubeconfig(server, "as: root"), "", {"user \"u\": as: is not supported"}},
      {kubeconfig(server, "auth-provider: {name: gcp}"), "", {"auth-provider: is not supported"}},
      {kubeconfig(server, "exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}"),
       "",
       {"v1alpha1\" is not supported"}},
      {kubeconfig(server, "exec: {apiVersion: client.authentication.k8s.io/v1}"), "", {"command is missing"}},
      {kubeconfig(server,
                  "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}"),
       "",
       {"needs a terminal"}},
      {kubeconfig(server, "exec: {command: x, args: [{}]}"), "", {"exec.args must be strings"}},
  };
  for (const auto& each : table) {
    const auto message = failure(files, each.text, each.context);
    for (const auto& words : each.says)
      EXPECT_THAT(message, HasSubstr(words)) << each.text;
    EXPECT_THAT(message, Not(AnyOf(HasSubstr("hidden"), HasSubstr("two words"))));
  }
}

TEST(kubeconfig, survives_deep_nesting_and_alias_bombs) {
  const testing::folder files;
  EXPECT_THAT(failure(files, std::string(100'000, '[')), HasSubstr("YAML"));
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int n = 0; n < 9; ++n)
      bomb += "," + before;
    bomb += "]\n";
  }
  bomb +=
      "current-context: dev\ncontexts: [{name: dev, context: {cluster: c}}]\nclusters:\n- name: c\n  "
      "cluster:\n"
      "    server: https://h\n    extensions: [{name: client.authentication.k8s.io/exec, extension: {b: "
      "*a11}}]\n";
  EXPECT_EQ(failure(files, bomb), "loaded");
}

}  // namespace
}  // namespace platformer::kube
