#include "kube/event_recorder.hpp"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::kube {
namespace {

using testing::answers;
using testing::failure;
using testing::json_reply;
using testing::scripted_cluster;
using namespace std::chrono_literals;

struct recording : scripted_cluster {
  explicit recording(std::vector<test::script> scripts, kube_client_options options = {})
      : scripted_cluster(std::move(scripts), std::move(options)),
        recorder(context.get_executor(), client, event_journal("operator-0", 1),
                 [] { return *parse_rfc3339("2026-11-23T08:00:00Z"); }) {
    boost::asio::co_spawn(context, recorder.run(), boost::asio::detached);
  }
  void record(const std::string& note) {
    event_record event;
    event.regarding = {"console.platformer.com/v1alpha1", "ServiceAccount", {"apps", "x"}, "u", "1"};
    event.reason = "Issued";
    event.action = "Issue";
    event.note = note;
    recorder.record(event);
  }
  void stop(duration patience = 5s) {
    const auto stopping = [&]() -> boost::asio::awaitable<bool> {
      co_await recorder.stop(patience);
      co_return true;
    };
    testing::run(context, stopping());
  }
  event_recorder recorder;
};

TEST(the_recorder, posts_an_event_and_patches_the_series) {
  recording it({answers({json_reply(201, "{}"), json_reply(200, "{}")})});
  it.record("done");
  while (it.recorder.stats().written == 0)
    it.context.run_one();
  it.record("done");
  it.stop();
  EXPECT_EQ(it.seen(0).line,
            "POST /apis/events.k8s.io/v1/namespaces/apps/events?fieldManager=platformer-operator HTTP/1.1");
  EXPECT_EQ(it.seen(0).json()["note"], "done");
  const auto name = it.seen(0).json()["metadata"]["name"].get<std::string>();
  EXPECT_EQ(it.seen(1).line, "PATCH /apis/events.k8s.io/v1/namespaces/apps/events/" + name +
                                 "?fieldManager=platformer-operator HTTP/1.1");
  EXPECT_EQ(it.seen(1).headers.at("content-type"), "application/merge-patch+json");
  EXPECT_EQ(it.seen(1).json()["series"]["count"], 2);
  EXPECT_EQ(it.recorder.stats().written, 2U);
}

TEST(the_recorder, writes_what_is_queued_before_it_stops) {
  recording it({answers({json_reply(201, "{}"), json_reply(201, "{}"), json_reply(201, "{}")})});
  for (const char* note : {"a", "b", "c"})
    it.record(note);
  EXPECT_EQ(it.recorder.stats().queued, 3U);
  it.context.run_one();  // run() begins
  it.stop();
  EXPECT_EQ(it.recorder.stats().written, 3U);
}

TEST(the_recorder, counts_what_is_refused_and_goes_on) {
  recording it({answers({failure(403, "Forbidden", "no"), json_reply(201, "{}")})});
  it.record("a");
  it.record("b");
  it.context.run_one();
  it.stop();
  EXPECT_EQ(it.recorder.stats().written, 1U);
  EXPECT_EQ(it.recorder.stats().dropped, 1U);
}

TEST(the_recorder, takes_an_event_that_exists_already_for_written) {
  recording it({answers({failure(409, "AlreadyExists", "exists")})});
  it.record("a");
  it.context.run_one();
  it.stop();
  EXPECT_EQ(it.recorder.stats().written, 1U);
}

TEST(the_recorder, does_not_wait_for_a_silent_server_when_it_stops) {
  recording it({{test::read_request(), test::hold()}});
  it.record("a");
  it.context.run_one();
  it.stop(20ms);
  EXPECT_EQ(it.recorder.stats().written, 0U);
}

TEST(the_recorder, stops_at_once_when_it_never_ran) {
  boost::asio::io_context context;
  event_recorder recorder(context.get_executor(), nullptr, event_journal("i", 0),
                          [] { return time_point{}; });
  const auto stopping = [&]() -> boost::asio::awaitable<bool> {
    co_await recorder.stop(5s);
    co_return true;
  };
  EXPECT_TRUE(testing::run(context, stopping()));
}

}  // namespace
}  // namespace platformer::kube
