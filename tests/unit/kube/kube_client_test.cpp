// What goes over the wire for each verb.
#include "kube/kube_client.hpp"

#include <gtest/gtest.h>

#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::kube {
namespace {

using json = nlohmann::json;
using testing::answers;
using testing::json_reply;
using testing::scripted_cluster;

const std::string object = R"({"kind":"X","metadata":{"name":"x","namespace":"apps","resourceVersion":"7"}})";
const object_key key{"apps", "x"};
const std::string collection = "/apis/console.platformer.com/v1alpha1/namespaces/apps/serviceaccounts";

TEST(get, asks_for_json_with_the_credential) {
  kube_client_options options;
  options.user_agent = "platformer-operator/1.2.3";
  scripted_cluster it({answers({json_reply(200, object)})}, options);
  const auto reply = it.run(it.client->get(resources::service_accounts(), key));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ((*reply)["metadata"]["resourceVersion"], "7");
  const auto seen = it.seen();
  EXPECT_EQ(seen.line, "GET " + collection + "/x HTTP/1.1");
  EXPECT_EQ(seen.headers.at("accept"), "application/json");
  EXPECT_EQ(seen.headers.at("authorization"), "Bearer abc");
  EXPECT_EQ(seen.headers.at("user-agent"), "platformer-operator/1.2.3");
  EXPECT_EQ(seen.headers.count("content-type"), 0U);
  EXPECT_EQ(seen.body, "");
}

TEST(get, goes_below_the_servers_base_path) {
  kube_client_options options;
  options.base_path = "/k8s/clusters/c-1";
  scripted_cluster it({answers({json_reply(200, object)})}, options);
  ASSERT_TRUE(it.run(it.client->get(resources::namespaces(), {"", "kube-system"})));
  EXPECT_EQ(it.seen().line, "GET /k8s/clusters/c-1/api/v1/namespaces/kube-system HTTP/1.1");
}

TEST(get, sends_nothing_for_a_name_that_nothing_can_bear) {
  scripted_cluster it({answers({})});
  const auto reply = it.run(it.client->get(resources::secrets(), {"apps", "../x"}));
  EXPECT_EQ(reply.error().code, api_errc::bad_request);
  EXPECT_EQ(reply.error().http_status, 0);
  EXPECT_EQ(it.server.connections(), 0U);
}

TEST(list, gives_items_version_continue_token_and_the_servers_time) {
  scripted_cluster it({answers({json_reply(200, R"({"metadata":{"resourceVersion":"41","continue":"more"},
      "items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]})",
                                           "Date: Mon, 23 Nov 2026 08:00:00 GMT\r\n")})});
  list_options options;
  options.resource_version = "0";
  const auto page = it.run(it.client->list(resources::service_accounts(), "apps", options));
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->resource_version, "41");
  EXPECT_EQ(page->continue_token, "more");
  EXPECT_EQ(page->items.size(), 2U);
  EXPECT_EQ(page->items[1]["metadata"]["name"], "b");
  EXPECT_EQ(page->server_time, parse_rfc3339("2026-11-23T08:00:00Z"));
  EXPECT_EQ(it.seen().line, "GET " + collection + "?limit=500&resourceVersion=0 HTTP/1.1");
  EXPECT_EQ(it.seen().headers.at("accept"), "application/json");
}

TEST(list, of_metadata_of_all_namespaces_asks_for_partial_objects) {
  scripted_cluster it({answers({json_reply(200, R"({"metadata":{},"items":null})")})});
  list_options options;
  options.metadata_only = true;
  options.label_selector = "a=b";
  const auto page = it.run(it.client->list(resources::secrets(), "", options));
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_TRUE(page->items.empty());
  EXPECT_EQ(it.seen().line, "GET /api/v1/secrets?labelSelector=a%3Db&limit=500 HTTP/1.1");
  EXPECT_EQ(it.seen().headers.at("accept"),
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
}

TEST(list, refuses_what_is_no_list) {
  for (const char* body :
       {"[]", "{}", R"({"metadata":{}})", R"({"metadata":{},"items":{}})", R"({"items":[]})"}) {
    scripted_cluster it({answers({json_reply(200, body)})});
    EXPECT_EQ(it.run(it.client->list(resources::secrets(), "", {})).error().code, api_errc::malformed)
        << body;
  }
}

TEST(watch, streams_events) {
  const std::string events = "{\"type\":\"ADDED\"}\n{\"type\":\"BOOKMARK\"}\n";
  scripted_cluster it(
      {{test::read_request(), test::reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                          "11\r\n{\"type\":\"ADDED\"}\n\r\n"
                                          "14\r\n{\"type\":\"BOOKMARK\"}\n\r\n0\r\n\r\n")}});
  watch_options options;
  options.resource_version = "41";
  options.metadata_only = true;
  auto stream = it.run(it.client->watch(resources::secrets(), "apps", options));
  ASSERT_TRUE(stream) << stream.error().message;
  std::string body;
  for (;;) {
    auto piece = it.run((*stream)->read(std::chrono::seconds(5)));
    ASSERT_TRUE(piece) << piece.error().message;
    if (piece->empty()) break;
    body += *piece;
  }
  EXPECT_EQ(body, events);
  EXPECT_EQ(it.seen().line,
            "GET /api/v1/namespaces/apps/secrets?watch=true&allowWatchBookmarks=true"
            "&resourceVersion=41&timeoutSeconds=300 HTTP/1.1");
  EXPECT_EQ(it.seen().headers.at("accept"), "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
}

TEST(watch, gives_an_error_for_another_status) {
  scripted_cluster it({answers({testing::failure(410, "Expired", "too old resource version")})});
  const auto stream = it.run(it.client->watch(resources::secrets(), "apps", {}));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, api_errc::gone);
  EXPECT_EQ(stream.error().message, "too old resource version");
}

TEST(create, posts_to_the_collection) {
  scripted_cluster it({answers({json_reply(201, object)})});
  const auto reply = it.run(it.client->create(resources::service_accounts(), "apps", json{{"kind", "X"}}));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(it.seen().line, "POST " + collection + "?fieldManager=platformer-operator HTTP/1.1");
  EXPECT_EQ(it.seen().headers.at("content-type"), "application/json");
  EXPECT_EQ(it.seen().json(), json::parse(R"({"kind":"X"})"));
}

TEST(update, puts_the_object_or_its_status) {
  scripted_cluster it({answers({json_reply(200, object), json_reply(200, object)})});
  ASSERT_TRUE(it.run(it.client->update(resources::service_accounts(), key, json{{"a", 1}})));
  write_options status;
  status.subresource = "status";
  status.dry_run = true;
  ASSERT_TRUE(it.run(it.client->update(resources::service_accounts(), key, json{{"a", 2}}, status)));
  EXPECT_EQ(it.seen(0).line, "PUT " + collection + "/x?fieldManager=platformer-operator HTTP/1.1");
  EXPECT_EQ(it.seen(1).line,
            "PUT " + collection + "/x/status?dryRun=All&fieldManager=platformer-operator HTTP/1.1");
  EXPECT_EQ(it.seen(1).json(), json::parse(R"({"a":2})"));
  EXPECT_EQ(it.server.connections(), 1U);  // kept alive
}

TEST(patch, says_which_kind_it_is) {
  scripted_cluster it({answers({json_reply(200, object), json_reply(200, object), json_reply(200, object)})});
  const auto kinds = {patch_type::json, patch_type::merge, patch_type::strategic};
  for (const auto kind : kinds)
    ASSERT_TRUE(it.run(it.client->patch(resources::service_accounts(), key, kind, json::array())));
  EXPECT_EQ(it.seen(0).line, "PATCH " + collection + "/x?fieldManager=platformer-operator HTTP/1.1");
  EXPECT_EQ(it.seen(0).headers.at("content-type"), "application/json-patch+json");
  EXPECT_EQ(it.seen(1).headers.at("content-type"), "application/merge-patch+json");
  EXPECT_EQ(it.seen(2).headers.at("content-type"), "application/strategic-merge-patch+json");
}

TEST(remove, sends_its_preconditions_and_a_dry_run_in_the_body) {
  scripted_cluster it(
      {answers({json_reply(200, "{}"), json_reply(202, object), test::plain_reply(200, "whatever")})});
  ASSERT_TRUE(it.run(it.client->remove(resources::service_accounts(), key, {})));
  delete_options options;
  options.uid = "u";
  options.resource_version = "7";
  options.dry_run = true;
  ASSERT_TRUE(it.run(it.client->remove(resources::service_accounts(), key, options)));
  ASSERT_TRUE(it.run(it.client->remove(resources::service_accounts(), key, {})));
  EXPECT_EQ(it.seen(0).line, "DELETE " + collection + "/x HTTP/1.1");
  EXPECT_EQ(it.seen(0).body, "");
  EXPECT_EQ(it.seen(1).json(), json::parse(R"({"apiVersion":"v1","kind":"DeleteOptions","dryRun":["All"],
                                               "preconditions":{"uid":"u","resourceVersion":"7"}})"));
}

TEST(get_path, takes_documents_and_words) {
  scripted_cluster it(
      {answers({json_reply(200, R"({"major":"1"})"),
                test::plain_reply(200, "ok", "Content-Type: text/plain; charset=utf-8\r\n")})});
  EXPECT_EQ(it.run(it.client->get_path("/version")).value()["major"], "1");
  EXPECT_EQ(it.run(it.client->get_path("/readyz")).value(), "ok");
  EXPECT_EQ(it.seen(1).line, "GET /readyz HTTP/1.1");
}

}  // namespace
}  // namespace platformer::kube
