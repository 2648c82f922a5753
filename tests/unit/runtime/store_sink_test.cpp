#include "runtime/store_sink.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "model/json_read.hpp"
#include "store_objects.hpp"

namespace platformer::runtime {
namespace {

using test::item;

nlohmann::json object(const std::string& name, const std::string& version) {
  return {{"metadata", {{"name", name}, {"namespace", "ns"}, {"uid", "uid"}, {"resourceVersion", version}}}};
}

result<item> decode(const nlohmann::json& json) {
  const auto* metadata = read_object(json, "metadata");
  if (metadata == nullptr) return fail("no metadata");
  return test::make(read_string(*metadata, "name"), read_string(*metadata, "resourceVersion"));
}

class StoreSink : public testing::Test {
 protected:
  std::vector<std::string> heard() {
    std::sort(heard_.begin(), heard_.end());
    return std::exchange(heard_, {});
  }

  store<item> store_;
  std::vector<std::string> heard_;
  store_sink<item> sink_{
      store_,
      {.decode = decode,
       .on_change =
           [this](const auto& change, change_source source) {
             heard_.push_back((source == change_source::list ? "list: " : "live: ") + test::tell(change));
           },
       .on_undecodable = [this](const error& why) { heard_.push_back(why.message); },
       .on_commit = [this] { heard_.push_back("z committed"); }}};
};

TEST_F(StoreSink, ReplacesTheStoreOnlyByACommit) {
  sink_.stage(object("a", "1"));
  sink_.stage(object("b", "2"));
  EXPECT_EQ(store_.size(), 0U);
  sink_.commit("3");
  EXPECT_EQ(heard(), (std::vector<std::string>{"list: added ns/a@1", "list: added ns/b@2", "z committed"}));
  EXPECT_TRUE(store_.synced());
  sink_.commit("4");
  EXPECT_EQ(heard().size(), 3U) << "nothing was staged: everything is gone";
}

TEST_F(StoreSink, ForgetsWhatIsDiscardedOrUnstaged) {
  sink_.stage(object("a", "1"));
  sink_.discard();
  sink_.stage(object("b", "2"));
  sink_.stage(object("b", "3"));
  sink_.stage(object("c", "4"));
  sink_.unstage(object("c", "5"));
  sink_.commit("6");
  EXPECT_EQ(heard(), (std::vector<std::string>{"list: added ns/b@3", "z committed"}));
}

TEST_F(StoreSink, AppliesLiveEventsAndKnowsWhichObjectsItSawAppear) {
  sink_.commit("1");
  sink_.apply(watch_event_type::added, object("a", "2"));
  sink_.apply(watch_event_type::modified, object("b", "3"));
  sink_.apply(watch_event_type::modified, object("a", "4"));
  sink_.apply(watch_event_type::modified, object("a", "4"));
  sink_.erase(object("b", "5"));
  sink_.progress("9");
  EXPECT_EQ(heard(),
            (std::vector<std::string>{"live: added ns/a@2", "live: added ns/b@3", "live: deleted ns/b@3",
                                      "live: updated ns/a@2->4", "z committed"}));
  EXPECT_TRUE(store_.seen_live_added({"ns", "a"}));
}

TEST_F(StoreSink, LeavesOutWhatIsNoObject) {
  sink_.stage(nlohmann::json::array());
  sink_.unstage({});
  sink_.apply(watch_event_type::added, 5);
  sink_.erase("x");
  EXPECT_EQ(heard(), std::vector<std::string>(4, "no metadata"));
  EXPECT_EQ(store_.size(), 0U);
}

}  // namespace
}  // namespace platformer::runtime
