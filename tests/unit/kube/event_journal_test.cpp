#include "kube/event_journal.hpp"

#include <gtest/gtest.h>

namespace platformer::kube {
namespace {

using std::chrono::minutes;
using json = nlohmann::json;

const time_point start = *parse_rfc3339("2026-11-23T08:00:00.250Z");

event_record event(const std::string& note = "done", const std::string& uid = "u1") {
  event_record made;
  made.regarding = {"console.platformer.com/v1alpha1", "ServiceAccount", {"apps", "x"}, uid, "41"};
  made.reason = "Issued";
  made.action = "Issue";
  made.note = note;
  return made;
}

event_journal journal() {
  return {"operator-0", 7};
}

TEST(an_event, is_first_posted_whole) {
  auto it = journal();
  EXPECT_FALSE(it.next());
  ASSERT_TRUE(it.note(event(), start));
  const auto write = it.next();
  ASSERT_TRUE(write);
  EXPECT_TRUE(write->create);
  EXPECT_EQ(write->key.ns, "apps");
  EXPECT_EQ(write->key.name.substr(0, 2), "x.");
  EXPECT_EQ(write->key.name.size(), 18U);
  auto body = write->body;
  EXPECT_EQ(body["metadata"]["name"], write->key.name);
  body.erase("metadata");
  EXPECT_EQ(body, json::parse(R"({"apiVersion":"events.k8s.io/v1","kind":"Event",
    "eventTime":"2026-11-23T08:00:00.250000Z","reportingController":"console.platformer.com/platformer-operator",
    "reportingInstance":"operator-0","action":"Issue","reason":"Issued","type":"Normal","note":"done",
    "regarding":{"apiVersion":"console.platformer.com/v1alpha1","kind":"ServiceAccount","namespace":"apps","name":"x",
                 "uid":"u1","resourceVersion":"41"}})"));
  EXPECT_FALSE(it.next());
}

TEST(alike_events, within_six_minutes_patch_the_series) {
  auto it = journal();
  it.note(event(), start);
  const auto first = it.next();
  it.settle(first->id, event_outcome::stored);
  it.note(event(), start + minutes(6));
  const auto second = it.next();
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->create);
  EXPECT_EQ(second->key, first->key);
  EXPECT_EQ(second->body,
            json::parse(R"({"series":{"count":2,"lastObservedTime":"2026-11-23T08:06:00.250000Z"}})"));
}

TEST(alike_events, begin_anew_after_a_longer_quiet) {
  auto it = journal();
  it.note(event(), start);
  const auto first = it.next();
  it.settle(first->id, event_outcome::stored);
  it.note(event(), start + minutes(7));
  const auto second = it.next();
  EXPECT_TRUE(second->create);
  EXPECT_NE(second->key.name, first->key.name);
  EXPECT_EQ(second->body.count("series"), 0U);
}

TEST(alike_events, share_one_write_while_it_waits_or_is_under_way) {
  auto it = journal();
  it.note(event(), start);
  it.note(event(), start);
  EXPECT_EQ(it.queued(), 1U);
  const auto first = it.next();
  EXPECT_EQ(first->body["series"]["count"], 2);
  it.note(event(), start);
  it.note(event(), start);
  EXPECT_FALSE(it.next());  // one write of a series at a time
  it.settle(first->id, event_outcome::stored);
  EXPECT_EQ(it.next()->body["series"]["count"], 4);
}

TEST(events, that_differ_in_object_reason_type_or_note_are_not_alike) {
  auto it = journal();
  it.note(event(), start);
  it.note(event("other"), start);
  it.note(event("done", "u2"), start);
  auto warning = event();
  warning.type = event_type::warning;
  it.note(warning, start);
  auto reason = event();
  reason.reason = "Renewed";
  it.note(reason, start);
  EXPECT_EQ(it.queued(), 5U);
}

TEST(a_series, whose_event_expired_begins_anew) {
  auto it = journal();
  it.note(event(), start);
  it.settle(it.next()->id, event_outcome::stored);
  it.note(event(), start);
  it.settle(it.next()->id, event_outcome::gone);
  it.note(event(), start);
  EXPECT_TRUE(it.next()->create);
}

TEST(a_full_queue, drops_and_counts_instead_of_growing) {
  auto it = journal();
  for (std::size_t i = 0; i < event_journal::queued_limit + 10; ++i)
    it.note(event(std::to_string(i)), start);
  EXPECT_EQ(it.queued(), event_journal::queued_limit);
  EXPECT_EQ(it.dropped(), 10U);
  EXPECT_TRUE(it.note(event("0"), start));  // alike one that already waits: costs no place
}

TEST(the_memory_of_series, is_bounded) {
  auto it = journal();
  for (std::size_t i = 0; i < 5 * event_journal::known_limit; ++i) {
    ASSERT_TRUE(it.note(event(std::to_string(i)), start));
    it.settle(it.next()->id, event_outcome::stored);
  }
  EXPECT_EQ(it.dropped(), 0U);
  EXPECT_EQ(it.written(), 5 * event_journal::known_limit);
  it.settle(1, event_outcome::stored);  // long forgotten
}

TEST(a_failed_write, is_counted_and_forgotten) {
  auto it = journal();
  it.note(event(), start);
  it.settle(it.next()->id, event_outcome::failed);
  EXPECT_EQ(it.dropped(), 1U);
  EXPECT_FALSE(it.next());
}

TEST(long_parts, are_cut_to_what_the_apiserver_takes) {
  event_journal it(std::string(500, 'i'), 0);
  auto long_one = event(std::string(3000, 'n'));
  long_one.regarding.key.name = std::string(253, 'x');
  it.note(long_one, start);
  const auto write = it.next();
  EXPECT_LE(write->body["note"].get<std::string>().size(), 1024U);
  EXPECT_EQ(write->key.name.size(), 253U);
  EXPECT_EQ(write->body["reportingInstance"].get<std::string>().size(), 128U);
}

TEST(an_event_about_a_cluster_object, goes_to_the_default_namespace) {
  auto it = journal();
  auto cluster = event();
  cluster.regarding.key.ns.clear();
  it.note(cluster, start);
  const auto write = it.next();
  EXPECT_EQ(write->key.ns, "default");
  EXPECT_EQ(write->body["regarding"].count("namespace"), 0U);
}

}  // namespace
}  // namespace platformer::kube
