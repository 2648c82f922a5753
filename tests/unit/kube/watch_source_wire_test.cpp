// watch_source over a real kube_client and a loopback server that says exactly what a script says.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "kube/credentials.hpp"
#include "kube/watch_source.hpp"
#include "model/codec.hpp"
#include "runtime/store_sink.hpp"
#include "tests/support/scripted_server.hpp"

namespace platformer::kube {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::hold;
using test::notify;
using test::read_request;
using test::reply;

std::string event(const std::string& type, const std::string& name, const std::string& version) {
  return R"({"type":")" + type + R"(","object":{"metadata":{"namespace":"ns","name":")" + name +
         R"(","uid":"u-)" + name + R"(","resourceVersion":")" + version + "\"}}}\n";
}

std::string chunk(const std::string& body) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", body.size());
  return size + body + "\r\n";
}

const std::string watch_head =
    "HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 08:00:00 GMT\r\nContent-Type: application/json\r\n"
    "Transfer-Encoding: chunked\r\n\r\n";
const std::string last_chunk = "0\r\n\r\n";

std::string list_reply(const std::string& version, const std::string& items) {
  return test::plain_reply(200,
                           R"({"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":")" +
                               version + R"("},"items":[)" + items + "]}",
                           "Content-Type: application/json\r\nDate: Tue, 24 Nov 2026 07:00:00 GMT\r\n");
}

class WatchSourceWire : public testing::Test {
 protected:
  // Runs the script until the source is stopped by it; the n-th connection runs the n-th script.
  void run(std::vector<test::script> scripts, bool streaming) {
    test::scripted_server server(io.get_executor(), std::move(scripts));
    net::endpoint target;
    target.tls = false;
    target.host = "127.0.0.1";
    target.port = server.port();
    http = std::make_shared<net::http_client>(io.get_executor(), target, nullptr);
    kube_client client(http, fixed_credentials(nullptr), {});
    watch_source_options options;
    options.what = resources::secrets();
    options.metadata_only = true;
    options.fsm.streaming_list = streaming;
    options.fsm.short_watch = 0ms;
    options.fsm.retry = {.first = 1ms, .max = 1ms};
    options.random = [] { return 0.0; };
    source.emplace(io.get_executor(), make_list_watch(client, resources::secrets()), sink, options);
    bool ended = false;
    asio::co_spawn(io, source->run(), [&](std::exception_ptr) {
      ended = true;
      io.stop();
    });
    io.run_for(10s);
    EXPECT_TRUE(ended);
    for (const auto& request : server.requests())
      requests.push_back(request.substr(0, request.find(" HTTP")));
  }

  // The request under way is ended by closing the client, as the operator does.
  test::action stop() {
    return notify([this] {
      source->stop();
      http->close();
    });
  }

  asio::io_context io;
  std::shared_ptr<net::http_client> http;
  runtime::store<secret_meta> store;
  runtime::store_sink<secret_meta> sink{store,
                                        {.decode = [](const nlohmann::json& json) -> result<secret_meta> {
                                           auto meta = decode_meta(json);
                                           if (!meta) return tl::unexpected(std::move(meta.error()));
                                           return secret_meta{std::move(*meta)};
                                         },
                                         .on_change = [](const auto&, auto) {},
                                         .on_undecodable = {},
                                         .on_commit = {}}};
  std::optional<watch_source> source;
  std::vector<std::string> requests;
};

TEST_F(WatchSourceWire, FollowsAListAndItsWatchIntoTheStore) {
  const std::string listed =
      R"({"metadata":{"namespace":"ns","name":"a","uid":"u-a","resourceVersion":"4"}})";
  const std::string events = event("ADDED", "b", "11") + event("DELETED", "a", "12");
  run({{read_request(), reply(list_reply("10", listed)), hold()},
       {read_request(),
        reply(watch_head + chunk(events.substr(0, 50)) + chunk(events.substr(50)) + last_chunk)},
       {read_request(), stop(), hold()}},
      false);
  EXPECT_EQ(
      requests,
      (std::vector<std::string>{
          "GET /api/v1/secrets?limit=500&resourceVersion=0",
          "GET /api/v1/secrets?watch=true&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=300",
          "GET /api/v1/secrets?watch=true&allowWatchBookmarks=true&resourceVersion=12&timeoutSeconds=300"}));
  EXPECT_EQ(store.get({"ns", "a"}), nullptr);
  EXPECT_NE(store.get({"ns", "b"}), nullptr);
  EXPECT_TRUE(store.seen_live_added({"ns", "b"}));
  EXPECT_EQ(source->status().server_time, parse_rfc3339("2026-11-24T07:00:00Z"));
}

// The stream may break at any byte: what was whole has arrived, and the next watch starts behind it.
TEST_F(WatchSourceWire, GoesOnBehindTheLastWholeEventWhereverTheStreamIsCut) {
  const std::string first = chunk(event("ADDED", "b", "11"));
  const std::string stream = watch_head + first + chunk(event("ADDED", "c", "12"));
  for (std::size_t cut = watch_head.size(); cut < stream.size(); cut += 7) {
    SCOPED_TRACE(cut);
    io.restart();
    requests.clear();
    run({{read_request(), reply(list_reply("10", "")), hold()},
         {read_request(), reply(stream.substr(0, cut))},
         {read_request(), stop(), hold()}},
        false);
    ASSERT_EQ(requests.size(), 3U);
    const std::string version = store.get({"ns", "c"}) ? "12" : store.get({"ns", "b"}) ? "11" : "10";
    EXPECT_NE(requests[2].find("&resourceVersion=" + version + "&"), std::string::npos) << requests[2];
    store.replace_all({}, "1");
  }
}

TEST_F(WatchSourceWire, SyncsFromAStreamingListOverOneConnection) {
  const std::string mark =
      R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}}})"
      "\n";
  run({{read_request(), reply(watch_head + chunk(event("ADDED", "a", "4") + mark) + last_chunk)},
       {read_request(), stop(), hold()}},
      true);
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_NE(requests[0].find("sendInitialEvents=true"), std::string::npos) << requests[0];
  EXPECT_NE(requests[0].find("resourceVersionMatch=NotOlderThan"), std::string::npos);
  EXPECT_NE(requests[0].find("allowWatchBookmarks=true"), std::string::npos);
  EXPECT_NE(requests[1].find("&resourceVersion=9&"), std::string::npos) << requests[1];
  EXPECT_TRUE(store.synced());
  EXPECT_FALSE(store.seen_live_added({"ns", "a"}));
  EXPECT_EQ(source->status().server_time, parse_rfc3339("2026-11-24T08:00:00Z"));
}

TEST_F(WatchSourceWire, SaysWhichVerbIsForbidden) {
  const std::string denied =
      test::plain_reply(403, R"({"kind":"Status","code":403,"reason":"Forbidden","message":"no"})");
  run({{read_request(), reply(denied), read_request(), stop(), hold()}}, false);
  EXPECT_EQ(source->status().problem.find("not allowed to list secrets: RBAC"), 0U)
      << source->status().problem;
}

}  // namespace
}  // namespace platformer::kube
