// /metrics over TLS, from the client's side: the handshake, whom it lets in, what it says to others.
#include "app/metrics_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <spdlog/sinks/null_sink.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>

#include "net/system_time.hpp"
#include "tests/support/test_certificates.hpp"
#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using kube::testing::answers;
using kube::testing::json_reply;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string known = json_reply(201, R"({"status":{"authenticated":true,"user":{"username":"anna"}}})");
const std::string yes = json_reply(201, R"({"status":{"allowed":true}})");
const std::string no = json_reply(201, R"({"status":{"allowed":false}})");

class metrics_server_test : public testing::Test {
 protected:
  metrics_server_test() {
    std::filesystem::create_directories(folder);
    renew();
  }
  ~metrics_server_test() override { std::filesystem::remove_all(folder); }

  void renew() const {
    const auto pair = authority.issue({.names = {"IP:127.0.0.1"}});
    std::ofstream(folder / "tls.crt") << pair.certificate_pem;
    std::ofstream(folder / "tls.key") << pair.key_pem;
  }
  void serve(std::vector<std::string> kubernetes_says) {
    cluster.emplace(std::vector<test::script>{answers(std::move(kubernetes_says))});
    metrics_options wanted{
        .secure = true, .bind_address = {"127.0.0.1", 0}, .certificate_folder = folder.string()};
    server = std::move(metrics_server::listen(wanted, {cluster->context.get_executor(), *cluster->client, log,
                                                       [this] { return now; },
                                                       [this] { return ++scrapes, std::string("up 1\n"); }})
                           .value());
  }
  // Runs the loop until `done`.
  void until(const bool& done) {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!done) {
      cluster->context.restart();
      if (cluster->context.run_one_until(limit) == 0) throw std::runtime_error("nothing happens any more");
    }
  }
  // The whole reply, or "" when there was no handshake. The client takes this version at the most.
  std::string say(const std::string& request, int version = TLS1_3_VERSION) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.add_certificate_authority(asio::buffer(authority.certificate_pem()));
    context.set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_security_level(context.native_handle(), 0);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.native_handle(), version);
    asio::ssl::stream<asio::ip::tcp::socket> stream(cluster->context, context);
    stream.lowest_layer().connect({asio::ip::make_address("127.0.0.1"), server->address().port});
    bool done = false;
    boost::system::error_code failed;
    const auto note = [&](boost::system::error_code ec, auto...) { failed = ec, done = true; };
    stream.async_handshake(asio::ssl::stream_base::client, note);
    until(done);
    if (failed) return "";
    last_serial = ASN1_INTEGER_get(X509_get0_serialNumber(SSL_get0_peer_certificate(stream.native_handle())));
    done = false;
    asio::async_write(stream, asio::buffer(request), note);
    until(done);
    std::string reply;
    done = false;
    asio::async_read(stream, asio::dynamic_buffer(reply), note);
    until(done);
    return reply;
  }
  static std::string get(const std::string& path, const std::string& headers = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n";
  }
  static std::string with_token(const std::string& token = "canary") {
    return get("/metrics", "Authorization: Bearer " + token + "\r\n");
  }

  test::certificate_authority authority;
  std::filesystem::path folder = std::filesystem::path(testing::TempDir()) /
                                 ("metrics_server." + std::to_string(getpid()) +
                                  testing::UnitTest::GetInstance()->current_test_info()->name());
  logger log{{.sink = std::make_shared<spdlog::sinks::null_sink_st>()}};
  time_point now = net::system_time();
  int scrapes = 0;
  long last_serial = 0;  // of the server's certificate
  std::optional<kube::testing::scripted_cluster> cluster;
  std::unique_ptr<metrics_server> server;
};

TEST_F(metrics_server_test, whom_kubernetes_lets_has_the_metrics) {
  serve({known, yes});
  EXPECT_THAT(say(with_token()), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), EndsWith("\r\n\r\nup 1\n")));
}

TEST_F(metrics_server_test, whoever_shows_no_token_is_asked_for_one) {
  serve({});
  EXPECT_THAT(say(get("/metrics")), AllOf(StartsWith("HTTP/1.1 401 Unauthorized\r\n"),
                                          HasSubstr("\r\nWWW-Authenticate: Bearer\r\n"),
                                          HasSubstr("a Kubernetes bearer token is needed")));
  EXPECT_EQ(scrapes, 0);
}

TEST_F(metrics_server_test, whom_kubernetes_does_not_let_is_refused_without_a_scrape) {
  serve({known, no});
  EXPECT_THAT(say(with_token()),
              AllOf(StartsWith("HTTP/1.1 403 Forbidden\r\n"), HasSubstr("anna may not scrape"),
                    Not(HasSubstr("canary")), Not(HasSubstr("up 1"))));
  EXPECT_EQ(scrapes, 0);
}

TEST_F(metrics_server_test, when_kubernetes_breaks_nobody_is_let_in) {
  serve({json_reply(500, "{}")});
  EXPECT_THAT(say(with_token()), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_EQ(scrapes, 0);
}

TEST_F(metrics_server_test, a_query_makes_no_way_around_and_a_head_request_has_no_body) {
  serve({known, yes});
  for (const char* path : {"/metrics?x=1", "/metrics?"})
    EXPECT_THAT(say(get(path)), StartsWith("HTTP/1.1 401 ")) << path;
  EXPECT_THAT(say("HEAD /metrics HTTP/1.0\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 401 "), EndsWith("\r\n\r\n")));
  EXPECT_THAT(say("POST /metrics HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 401 "));
}

TEST_F(metrics_server_test, probes_and_anything_else_are_not_there) {
  serve({});
  for (const char* path : {"/livez", "/readyz", "/", "//metrics", "/metrics/", "/%6detrics", "*"})
    EXPECT_THAT(say(get(path)), AllOf(StartsWith("HTTP/1.1 404 "), HasSubstr("there is /metrics"))) << path;
}

TEST_F(metrics_server_test, takes_tls_1_2_and_nothing_older) {
  serve({known, yes});
  EXPECT_EQ(say(with_token(), TLS1_1_VERSION), "");
  EXPECT_THAT(say(with_token(), TLS1_2_VERSION), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(say(with_token(), TLS1_3_VERSION), StartsWith("HTTP/1.1 200 "));
}

TEST_F(metrics_server_test, the_longest_token_passes_and_a_longer_header_does_not) {
  serve({known, yes});
  EXPECT_THAT(say(with_token(std::string(kube::token_max_bytes, 'a'))), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(say(with_token(std::string(64 * 1024, 'a'))), StartsWith("HTTP/1.1 431 "));
}

TEST_F(metrics_server_test, the_next_handshake_has_the_renewed_certificate) {
  serve({known, yes});
  say(with_token());
  const long before = last_serial;
  renew();
  now += metrics_certificate::recheck_interval;
  EXPECT_THAT(say(with_token()), StartsWith("HTTP/1.1 200 "));
  EXPECT_NE(last_serial, before);
  EXPECT_EQ(server->check().failure, "");
}

TEST_F(metrics_server_test, plain_http_has_no_reply_of_http) {
  serve({});
  asio::ip::tcp::socket socket(cluster->context);
  socket.connect({asio::ip::make_address("127.0.0.1"), server->address().port});
  asio::write(socket, asio::buffer(get("/metrics")));
  std::string reply;
  bool done = false;
  asio::async_read(socket, asio::dynamic_buffer(reply),
                   [&](boost::system::error_code, std::size_t) { done = true; });
  until(done);
  EXPECT_THAT(reply, Not(HasSubstr("HTTP")));
}

TEST_F(metrics_server_test, an_unusable_certificate_or_address_is_named) {
  cluster.emplace(std::vector<test::script>{});
  const auto failure = [&](const metrics_options& wanted) {
    const auto made = metrics_server::listen(
        wanted, {cluster->context.get_executor(), *cluster->client, log, [this] { return now; }, {}});
    return made ? "" : made.error().message;
  };
  EXPECT_THAT(failure({.bind_address = {"192.0.2.1", 8443}, .certificate_folder = folder.string()}),
              StartsWith("can't listen on 192.0.2.1:8443: "));
  std::filesystem::remove(folder / "tls.key");
  EXPECT_EQ(failure({.bind_address = {"127.0.0.1", 0}, .certificate_folder = folder.string()}),
            "the metrics certificate can't be used: " + (folder / "tls.key").string() +
                ": No such file or directory");
}

}  // namespace
}  // namespace platformer::app
