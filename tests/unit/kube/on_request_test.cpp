// What is told of every exchange, for metrics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::kube {
namespace {

using net::http_method;
using testing::answers;
using ::testing::ElementsAre;
using testing::failure;
using testing::json_reply;
using ::testing::Pair;
using testing::scripted_cluster;

const std::string object = R"({"metadata":{"name":"x","resourceVersion":"7"}})";
const object_key key{"apps", "x"};

struct told {
  std::vector<std::pair<http_method, int>> requests;
  kube_client_options options() {
    kube_client_options made;
    made.on_request = [this](http_method method, int status, std::chrono::duration<double> took) {
      EXPECT_GE(took.count(), 0);
      requests.emplace_back(method, status);
    };
    return made;
  }
};

TEST(on_request, tells_method_and_status_of_each_reply) {
  told seen;
  scripted_cluster it({answers({json_reply(200, object), failure(409, "Conflict", "no")})}, seen.options());
  it.run(it.client->get(resources::secrets(), key));
  it.run(it.client->patch(resources::service_accounts(), key, patch_type::merge, nlohmann::json::object()));
  EXPECT_THAT(seen.requests, ElementsAre(Pair(http_method::get, 200), Pair(http_method::patch, 409)));
}

TEST(on_request, tells_of_repeated_requests_too) {
  told seen;
  scripted_cluster it({answers({failure(401, "Unauthorized", "old"), json_reply(200, object)})},
                      seen.options(), std::make_shared<testing::changing_credentials>());
  EXPECT_TRUE(it.run(it.client->get(resources::secrets(), key)));
  EXPECT_THAT(seen.requests, ElementsAre(Pair(http_method::get, 401), Pair(http_method::get, 200)));
}

TEST(on_request, tells_of_a_watchs_beginning) {
  told seen;
  scripted_cluster it({answers({json_reply(200, "")})}, seen.options());
  EXPECT_TRUE(it.run(it.client->watch(resources::secrets(), "apps", {})));
  EXPECT_THAT(seen.requests, ElementsAre(Pair(http_method::get, 200)));
}

TEST(on_request, tells_status_0_when_there_is_no_reply) {
  told seen;
  scripted_cluster it({{test::read_request()}}, seen.options());
  EXPECT_FALSE(it.run(it.client->create(resources::service_accounts(), "apps", nlohmann::json::object())));
  EXPECT_THAT(seen.requests, ElementsAre(Pair(http_method::post, 0)));
}

TEST(on_request, tells_nothing_of_what_is_not_sent) {
  told seen;
  scripted_cluster it({answers({})}, seen.options());
  EXPECT_FALSE(it.run(it.client->get(resources::secrets(), {"apps", "../x"})));
  EXPECT_TRUE(seen.requests.empty());
}

}  // namespace
}  // namespace platformer::kube
