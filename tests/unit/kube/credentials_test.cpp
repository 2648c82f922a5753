#include "kube/credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "kube/authorization_header.hpp"
#include "tests/unit/kube/folder.hpp"
#include "tests/unit/kube/run.hpp"

namespace platformer::kube {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Credentials of a configuration on a clock that only the test moves.
struct subject {
  explicit subject(const kube_config& config) {
    credential_hooks hooks;
    hooks.now = [this] { return now; };
    hooks.replace_tls = [this](const net::tls_settings& settings) { replaced.push_back(settings); };
    auth = make_credentials(context.get_executor(), config, std::move(hooks));
  }
  std::string value() {
    const auto given = testing::run(context, auth->authorization());
    if (!given) return "error: " + given.error().message;
    return *given ? std::string((*given)->reveal()) : std::string("none");
  }
  bool refused(const std::string& token) {
    return testing::run(context, auth->refused(token.empty() ? nullptr : bearer_value(token)));
  }

  boost::asio::io_context context;
  time_point now = *parse_rfc3339("2026-11-23T08:00:00Z");
  std::vector<net::tls_settings> replaced;
  std::shared_ptr<credentials> auth;
};

kube_config with(credential_source source) {
  kube_config config;
  config.credential = std::move(source);
  return config;
}

TEST(a_fixed_credential, is_always_the_same_and_not_worth_a_second_try) {
  subject it(with(fixed_authorization{bearer_value("abc")}));
  EXPECT_EQ(it.value(), "Bearer abc");
  EXPECT_FALSE(it.refused("abc"));
  subject nobody(with(anonymous{}));
  EXPECT_EQ(nobody.value(), "none");
}

TEST(a_token_file, is_read_again_after_a_minute) {
  const testing::folder files;
  subject it(with(token_file{files.write("token", "one\n")}));
  EXPECT_EQ(it.value(), "Bearer one");
  files.write("token", "two\n");
  it.now += std::chrono::seconds(59);
  EXPECT_EQ(it.value(), "Bearer one");
  it.now += std::chrono::seconds(1);
  EXPECT_EQ(it.value(), "Bearer two");
}

TEST(a_token_file, is_read_again_after_a_401_and_only_another_token_is_worth_a_try) {
  const testing::folder files;
  subject it(with(token_file{files.write("token", "one")}));
  EXPECT_EQ(it.value(), "Bearer one");
  EXPECT_FALSE(it.refused("one"));
  files.write("token", "two");
  EXPECT_TRUE(it.refused("one"));
  EXPECT_EQ(it.value(), "Bearer two");
}

TEST(a_token_file, that_vanishes_leaves_the_last_token_in_use_and_is_a_problem) {
  const testing::folder files;
  subject it(with(token_file{files.write("token", "one")}));
  EXPECT_EQ(it.value(), "Bearer one");
  EXPECT_EQ(it.auth->problem(), "");
  std::filesystem::remove(files.path("token"));
  it.now += std::chrono::minutes(2);
  EXPECT_EQ(it.value(), "Bearer one");
  EXPECT_THAT(it.auth->problem(),
              AllOf(HasSubstr(files.path("token").string()), HasSubstr("No such file or directory")));
  files.write("token", "two");
  EXPECT_TRUE(it.refused("one"));
  EXPECT_EQ(it.auth->problem(), "");
}

TEST(a_token_file, that_was_never_there_is_named_and_taken_as_soon_as_it_appears) {
  const testing::folder files;
  subject it(with(token_file{files.path("token")}));
  EXPECT_THAT(it.value(), HasSubstr("error: no token for the apiserver: " + files.path("token").string()));
  files.write("token", "late");
  EXPECT_EQ(it.value(), "Bearer late");
}

TEST(tls_files, are_handed_on_when_their_content_changes) {
  const testing::folder files;
  kube_config config = with(anonymous{});
  config.files.ca = files.write("ca.crt", "OLD");
  config.tls.ca_pem = "OLD";
  subject it(config);
  it.now += std::chrono::minutes(2);
  it.value();
  EXPECT_TRUE(it.replaced.empty());
  files.write("ca.crt", "NEW");
  it.now += std::chrono::minutes(2);
  it.value();
  ASSERT_EQ(it.replaced.size(), 1U);
  EXPECT_EQ(it.replaced[0].ca_pem, "NEW");
  EXPECT_EQ(it.auth->problem(), "");
  std::filesystem::remove(files.path("ca.crt"));
  it.now += std::chrono::minutes(2);
  it.value();
  EXPECT_THAT(it.auth->problem(), HasSubstr(files.path("ca.crt").string()));
  files.write("ca.crt", "");  // in the middle of being replaced
  it.now += std::chrono::minutes(2);
  it.value();
  EXPECT_EQ(it.replaced.size(), 1U);
}

// Prints the next token each time it runs; "runs" holds one line a run.
struct counting_plugin {
  testing::folder files;
  exec_plugin plugin;
  explicit counting_plugin(const std::string& status = R"("token":"t$n")") {
    plugin.api_version = "client.authentication.k8s.io/v1";
    plugin.environment = {"PATH=/usr/bin:/bin"};
    plugin.command = files
                         .script("login", "echo x >> " + files.path("runs").string() + "; n=$(wc -l < " +
                                              files.path("runs").string() + ")\ncat <<END\n" +
                                              R"({"apiVersion":"client.authentication.k8s.io/v1",)" +
                                              R"("kind":"ExecCredential","status":{)" + status + "}}\nEND\n")
                         .string();
  }
};

TEST(an_exec_plugin, runs_once_until_its_credential_expires) {
  counting_plugin counting(R"("token":"t$n","expirationTimestamp":"2026-11-23T08:10:00Z")");
  subject it(with(counting.plugin));
  EXPECT_EQ(it.value(), "Bearer t1");
  it.now += std::chrono::minutes(9);
  EXPECT_EQ(it.value(), "Bearer t1");
  it.now += std::chrono::seconds(51);
  EXPECT_EQ(it.value(), "Bearer t2");
}

TEST(an_exec_plugin, runs_again_after_a_401_but_not_for_every_request) {
  counting_plugin counting;
  subject it(with(counting.plugin));
  EXPECT_EQ(it.value(), "Bearer t1");
  EXPECT_FALSE(it.refused("t1"));  // it has only just run
  it.now += std::chrono::seconds(6);
  EXPECT_TRUE(it.refused("t1"));
  EXPECT_EQ(it.value(), "Bearer t2");
  EXPECT_TRUE(it.refused("t1"));  // another request's old value: the new one is there already
  EXPECT_EQ(it.value(), "Bearer t2");
}

TEST(an_exec_plugin, is_shared_by_requests_that_come_while_it_runs) {
  counting_plugin counting;
  subject it(with(counting.plugin));
  int answers = 0;
  const auto ask = [&]() -> boost::asio::awaitable<void> {
    const auto given = co_await it.auth->authorization();
    answers += given && (*given)->reveal() == "Bearer t1" ? 1 : 0;
  };
  for (int i = 0; i < 5; ++i)
    boost::asio::co_spawn(it.context, ask(), boost::asio::detached);
  it.context.run();
  EXPECT_EQ(answers, 5);
}

TEST(an_exec_plugin, is_left_alone_for_a_moment_after_it_failed) {
  const testing::folder files;
  exec_plugin plugin;
  plugin.api_version = "client.authentication.k8s.io/v1";
  plugin.environment = {"PATH=/usr/bin:/bin"};
  plugin.command = files.script("login", "echo x >> " + files.path("runs").string() + "; exit 1").string();
  subject it(with(plugin));
  const auto runs = [&] { return std::filesystem::file_size(files.path("runs")) / 2; };
  EXPECT_THAT(it.value(), HasSubstr("exited with status 1"));
  EXPECT_THAT(it.value(), HasSubstr("exited with status 1"));
  EXPECT_EQ(runs(), 1U);
  it.now += std::chrono::seconds(6);
  EXPECT_THAT(it.value(), HasSubstr("exited with status 1"));
  EXPECT_EQ(runs(), 2U);
}

TEST(an_exec_plugin, can_give_a_client_certificate) {
  counting_plugin counting(R"("clientCertificateData":"CERT","clientKeyData":"KEY")");
  kube_config config = with(counting.plugin);
  config.tls.ca_pem = "CA";
  subject it(config);
  EXPECT_EQ(it.value(), "none");
  ASSERT_EQ(it.replaced.size(), 1U);
  EXPECT_EQ(it.replaced[0].ca_pem, "CA");
  EXPECT_EQ(it.replaced[0].certificate_pem, "CERT");
  EXPECT_EQ(it.replaced[0].key_pem->reveal(), "KEY");
}

}  // namespace
}  // namespace platformer::kube
