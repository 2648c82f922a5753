#include "kube/connect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/kube/folder.hpp"
#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::kube {
namespace {

using testing::answers;
using ::testing::HasSubstr;
using testing::json_reply;
using testing::take_apart;

connect_options options_at(const std::string& time) {
  connect_options options;
  options.now = [at = *parse_rfc3339(time)] { return at; };
  return options;
}

TEST(connecting, sends_the_token_file_and_reads_it_again_after_a_401) {
  const testing::folder files;
  boost::asio::io_context context;
  const auto token = files.write("token", "one");
  test::scripted_server server(
      context.get_executor(),
      {{test::read_request(), test::notify([&] { files.write("token", "two"); }),
        test::reply(testing::failure(401, "Unauthorized", "no")), test::read_request(),
        test::reply(json_reply(200, R"({"major":"1"})")), test::hold()}});
  kube_config config;
  config.server.tls = false;
  config.server.host = "127.0.0.1";
  config.server.port = server.port();
  config.base_path = "/base";
  config.credential = token_file{token};
  const auto connection = connect(context.get_executor(), config, options_at("2026-11-23T08:00:00Z"));
  ASSERT_TRUE(connection) << connection.error().message;
  ASSERT_TRUE(testing::run(context, connection->client->get_path("/version")));
  const auto first = take_apart(server.requests().at(0));
  EXPECT_EQ(first.line, "GET /base/version HTTP/1.1");
  EXPECT_EQ(first.headers.at("authorization"), "Bearer one");
  EXPECT_EQ(take_apart(server.requests().at(1)).headers.at("authorization"), "Bearer two");
}

TEST(connecting, verifies_the_server_with_the_configurations_ca) {
  boost::asio::io_context context;
  const test::certificate_authority authority;
  test::server_identity identity;
  identity.own = authority.issue({.names = {"IP:127.0.0.1"}});
  test::scripted_server server(context.get_executor(), {answers({json_reply(200, "{}")})}, identity);
  kube_config config;
  config.server.host = "127.0.0.1";
  config.server.port = server.port();
  config.tls.ca_pem = authority.certificate_pem();
  const auto connection = connect(context.get_executor(), config, options_at("2026-11-23T08:00:00Z"));
  ASSERT_TRUE(connection) << connection.error().message;
  const auto reply = testing::run(context, connection->client->get_path("/version"));
  EXPECT_TRUE(reply) << reply.error().message;
}

TEST(connecting, names_the_configuration_whose_ca_is_unusable) {
  boost::asio::io_context context;
  kube_config config;
  config.source = "context \"dev\" of /x/config";
  config.server.host = "127.0.0.1";
  config.tls.ca_pem = "garbage";
  const auto connection = connect(context.get_executor(), config, options_at("2026-11-23T08:00:00Z"));
  ASSERT_FALSE(connection);
  EXPECT_THAT(connection.error().message, HasSubstr("context \"dev\" of /x/config: "));
}

}  // namespace
}  // namespace platformer::kube
