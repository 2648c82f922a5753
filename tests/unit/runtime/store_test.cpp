#include "runtime/store.hpp"

#include <gtest/gtest.h>

#include "store_objects.hpp"

namespace platformer::runtime {
namespace {

using test::item;
using test::make;
using items = store<item>;

std::vector<std::string> told(const std::vector<items::change>& changes) {
  std::vector<std::string> out;
  for (const auto& each : changes)
    out.push_back(test::tell(each));
  std::sort(out.begin(), out.end());
  return out;
}

std::string told(const std::optional<items::change>& change) {
  return change ? test::tell(*change) : "nothing";
}

TEST(Store, ReplaceReportsWhatWasAddedChangedAndVanished) {
  items s;
  EXPECT_FALSE(s.synced());
  EXPECT_EQ(told(s.replace_all({make("a", "1"), make("b", "2"), make("c", "3")}, "5")),
            (std::vector<std::string>{"added ns/a@1", "added ns/b@2", "added ns/c@3"}));
  EXPECT_TRUE(s.synced());
  EXPECT_EQ(told(s.replace_all({make("a", "1"), make("b", "7"), make("d", "8")}, "9")),
            (std::vector<std::string>{"added ns/d@8", "deleted ns/c@3", "updated ns/b@2->7"}));
  EXPECT_EQ(s.size(), 3U);
}

TEST(Store, IgnoresEventsThatAreNotNewer) {
  items s;
  s.replace_all({make("a", "10")}, "10");
  EXPECT_EQ(told(s.upsert(make("a", "10"), observed_by::live_modified)), "nothing");
  EXPECT_EQ(told(s.upsert(make("a", "9"), observed_by::live_modified)), "nothing");
  EXPECT_EQ(told(s.upsert(make("a", "11"), observed_by::live_modified)), "updated ns/a@10->11");
}

TEST(Store, IgnoresTheWatchEventOlderThanOurOwnWrite) {
  items s;
  s.replace_all({make("a", "10")}, "10");
  EXPECT_EQ(told(s.note_write(make("a", "13"))), "updated ns/a@10->13");
  EXPECT_EQ(told(s.upsert(make("a", "12"), observed_by::live_modified)), "nothing");
  EXPECT_EQ(told(s.upsert(make("a", "13"), observed_by::live_modified)), "nothing");
  EXPECT_EQ(s.get({"ns", "a"})->meta.resource_version, "13");
}

TEST(Store, KeepsAnObjectThatWeCreatedAfterTheListWasTaken) {
  items s;
  s.replace_all({}, "10");
  EXPECT_EQ(told(s.note_write(make("a", "12"))), "added ns/a@12");
  EXPECT_EQ(told(s.replace_all({}, "11")), std::vector<std::string>{});
  EXPECT_EQ(told(s.replace_all({}, "12")), std::vector<std::string>{"deleted ns/a@12"});
}

TEST(Store, NeverBringsBackAnObjectWhoseDeletionWasTold) {
  items s;
  s.replace_all({make("a", "10")}, "10");
  EXPECT_EQ(told(s.erase(make("a", "14").meta)), "deleted ns/a@10");
  EXPECT_EQ(told(s.note_write(make("a", "12"))), "nothing") << "the reply to a write came after the deletion";
  EXPECT_EQ(told(s.upsert(make("a", "12"), observed_by::live_modified)), "nothing") << "a repeated event";
  s.progress("20");
  EXPECT_EQ(told(s.note_write(make("b", "19"))), "nothing") << "the watch is past it, so it would have told";
  EXPECT_EQ(told(s.note_write(make("b", "21"))), "added ns/b@21");
}

TEST(Store, EraseLeavesANewerObjectOfTheSameNameAlone) {
  items s;
  s.replace_all({make("a", "10", "uid-1")}, "10");
  s.note_write(make("a", "15", "uid-2"));
  EXPECT_EQ(told(s.erase(make("a", "14", "uid-1").meta)), "nothing");
  EXPECT_EQ(told(s.erase(make("a", "15", "uid-2").meta)), "deleted ns/a@15");
  EXPECT_EQ(told(s.erase(make("a", "16").meta)), "nothing");
}

TEST(Store, TakesTheListForTheTruthWhenTheServersStorageWasReset) {
  items s;
  s.replace_all({make("a", "900"), make("b", "901")}, "1000");
  EXPECT_EQ(told(s.replace_all({make("a", "40")}, "50")),
            (std::vector<std::string>{"deleted ns/b@901", "updated ns/a@900->40"}));
  EXPECT_EQ(told(s.upsert(make("a", "51"), observed_by::live_modified)), "updated ns/a@40->51");
}

TEST(Store, LetsTheNewestOfSeveralListedItemsWithOneKeyCount) {
  items s;
  s.replace_all({make("a", "3"), make("a", "5"), make("a", "4")}, "6");
  EXPECT_EQ(s.get({"ns", "a"})->meta.resource_version, "5");
}

TEST(Store, AcceptsVersionsItCannotCompare) {
  items s;
  s.replace_all({make("a", "x1")}, "l1");
  EXPECT_EQ(told(s.upsert(make("a", "x0"), observed_by::live_modified)), "updated ns/a@x1->x0");
  EXPECT_EQ(told(s.upsert(make("a", "x0"), observed_by::live_modified)), "nothing");
}

TEST(Store, LeavesAWorkersCopyAsItWas) {
  items s;
  s.replace_all({make("a", "1")}, "1");
  const auto held = s.get({"ns", "a"});
  s.upsert(make("a", "2"), observed_by::live_modified);
  s.erase(make("a", "3").meta);
  EXPECT_EQ(held->meta.resource_version, "1");
}

TEST(Store, ReadersSeeTheWritersChangesAndOutliveIt) {
  auto writer = std::make_unique<items>();
  const store_reader<item> reader = writer->reader();
  writer->replace_all({make("a", "1")}, "1");
  EXPECT_NE(reader.get({"ns", "a"}), nullptr);
  writer.reset();
  EXPECT_EQ(reader.size(), 1U);
}

TEST(StoreSeenLiveAdded, IsTrueOnlyForWhatEnteredByALiveAddedEvent) {
  items s;
  s.replace_all({make("listed", "1")}, "1");
  s.upsert(make("born", "2"), observed_by::live_added);
  s.upsert(make("modified", "3"), observed_by::live_modified);
  s.note_write(make("written", "9"));
  EXPECT_TRUE(s.seen_live_added({"ns", "born"}));
  for (const auto* name : {"listed", "modified", "written", "absent"})
    EXPECT_FALSE(s.seen_live_added({"ns", name})) << name;
}

TEST(StoreSeenLiveAdded, BelongsToTheUidAndStaysThroughUpdatesAndLists) {
  items s;
  s.replace_all({}, "1");
  s.upsert(make("a", "2", "uid-1"), observed_by::live_added);
  s.upsert(make("a", "3", "uid-1"), observed_by::live_modified);
  s.replace_all({make("a", "4", "uid-1")}, "5");
  EXPECT_TRUE(s.seen_live_added({"ns", "a"}));
  s.replace_all({make("a", "7", "uid-2")}, "8");
  EXPECT_FALSE(s.seen_live_added({"ns", "a"})) << "another object of that name";
  s.upsert(make("a", "9", "uid-3"), observed_by::live_added);
  EXPECT_TRUE(s.seen_live_added({"ns", "a"}));
}

TEST(StoreSeenLiveAdded, IsNotGainedByALaterAddedEventOfAListedObject) {
  items s;
  s.replace_all({make("a", "2")}, "2");
  s.upsert(make("a", "5"), observed_by::live_added);  // left the selector and came back
  EXPECT_FALSE(s.seen_live_added({"ns", "a"}));
}

TEST(StoreIndex, FindsObjectsByEachOfTheirTermsAndFollowsChanges) {
  items s({{"tag", test::tags_of}});
  s.replace_all({make("b", "1", "u1", {"x"}), make("a", "2", "u2", {"x", "y"})}, "2");
  EXPECT_EQ(s.find("tag", "x"), (std::vector<object_key>{{"ns", "a"}, {"ns", "b"}}));
  EXPECT_EQ(s.find("tag", "y"), (std::vector<object_key>{{"ns", "a"}}));
  s.upsert(make("a", "3", "u2", {"z"}), observed_by::live_modified);
  EXPECT_EQ(s.find("tag", "x"), (std::vector<object_key>{{"ns", "b"}}));
  EXPECT_TRUE(s.find("tag", "y").empty());
  EXPECT_EQ(s.find("tag", "z"), (std::vector<object_key>{{"ns", "a"}}));
  s.erase(make("a", "4", "u2").meta);
  EXPECT_TRUE(s.find("tag", "z").empty());
  EXPECT_TRUE(s.find("no such index", "x").empty());
}

TEST(StoreScopes, ReplacesOnlyTheNamespaceOfItsWatch) {
  items s({}, {"one", "two"});
  s.replace_all({make("a", "1", "u", {}, "one")}, "500", "one");
  EXPECT_FALSE(s.synced());
  s.replace_all({make("b", "2", "u", {}, "two")}, "20", "two");
  EXPECT_TRUE(s.synced());
  EXPECT_EQ(told(s.upsert(make("c", "30", "u", {}, "two"), observed_by::live_added)), "added two/c@30")
      << "behind the other watch, not behind its own";
  EXPECT_EQ(told(s.replace_all({}, "40", "two")),
            (std::vector<std::string>{"deleted two/b@2", "deleted two/c@30"}));
  EXPECT_EQ(s.size(), 1U);
}

}  // namespace
}  // namespace platformer::runtime
