// A random cluster, watched with every disturbance that the store must bear: repeated and late events,
// relists in between, our own writes whose replies come before or after the watch has told of them. Seeds are
// fixed.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "runtime/store.hpp"
#include "store_objects.hpp"

namespace platformer::runtime {
namespace {

using test::item;
using test::make;

struct told_event {
  bool deleted = false;
  bool added = false;
  item object;
};

// The server: its objects and everything that ever happened, in order.
struct cluster {
  std::mt19937& random;
  std::map<object_key, item> objects;
  std::vector<told_event> history;
  int version = 100;

  item change(const std::string& name) {
    const bool fresh = !objects.contains({"ns", name});
    ++version;
    const std::string uid = fresh ? "uid-" + std::to_string(version) : objects[{"ns", name}].meta.uid;
    item next = make(name, std::to_string(version), uid, {random() % 2 == 0 ? "even" : "odd"});
    objects[{"ns", name}] = next;
    history.push_back({false, fresh, next});
    return next;
  }

  void remove(const std::string& name) {
    auto node = objects.extract({"ns", name});
    if (!node) return;
    node.mapped().meta.resource_version = std::to_string(++version);
    history.push_back({true, false, node.mapped()});
  }

  std::vector<item> list() const {
    std::vector<item> out;
    for (const auto& [key, each] : objects)
      out.push_back(each);
    return out;
  }
};

enum class form { whole, packed };

class StoreProperty : public testing::TestWithParam<std::tuple<unsigned, form>> {
 protected:
  using items = store<item>;

  void deliver(const told_event& event) {
    note(event.deleted ? store_.erase(event.object.meta)
                       : store_.upsert(event.object,
                                       event.added ? observed_by::live_added : observed_by::live_modified));
  }

  // Every diff must fit what was known before: replayed, the diffs give the store's contents.
  void note(const std::optional<items::change>& change) {
    if (!change) return;
    auto& known = replayed_[change->key];
    ASSERT_EQ(change->before ? change->before->meta.resource_version : "", known);
    ASSERT_EQ(change->kind == change_kind::deleted, change->after == nullptr);
    known = change->after ? change->after->meta.resource_version : "";
  }

  const unsigned seed_ = std::get<unsigned>(GetParam());
  std::mt19937 random_{seed_};
  cluster server_{random_, {}, {}};
  items store_{{{"tag", test::tags_of}},
               {},
               std::get<form>(GetParam()) == form::packed ? test::packed() : packer<item>{}};
  std::map<object_key, std::string> replayed_;
};

TEST_P(StoreProperty, EndsEqualToTheClusterAndItsDiffsReplayToTheSame) {
  std::size_t told = 0;
  std::vector<item> replies;  // of our own writes, on their way
  store_.replace_all({}, "100");
  for (int i = 0; i < 3000; ++i) {
    SCOPED_TRACE(testing::Message() << "seed " << seed_ << ", step " << i);
    const std::string name(1, static_cast<char>('a' + random_() % 8));
    switch (random_() % 9) {
      case 0:
      case 1:
        server_.change(name);
        break;
      case 2:
        server_.remove(name);
        break;
      case 3:
        replies.push_back(server_.change(name));
        break;
      case 4:
        if (replies.empty()) break;
        std::swap(replies[random_() % replies.size()], replies.back());
        note(store_.note_write(replies.back()));
        replies.pop_back();
        break;
      case 5:  // an event that came before, once more
        if (told > 0) deliver(server_.history[told - 1 - random_() % std::min<std::size_t>(told, 20)]);
        break;
      case 6:
        if (random_() % 8 != 0) break;
        for (const auto& change : store_.replace_all(server_.list(), std::to_string(server_.version)))
          note(change);
        told = server_.history.size();
        break;
      default:
        if (told < server_.history.size()) deliver(server_.history[told++]);
    }
    if (HasFatalFailure()) return;
  }
  while (told < server_.history.size())
    deliver(server_.history[told++]);
  for (const auto& reply : replies)
    note(store_.note_write(reply));

  ASSERT_EQ(store_.size(), server_.objects.size());
  std::map<std::string, std::vector<object_key>> tagged;
  for (const auto& [key, each] : server_.objects) {
    ASSERT_NE(store_.get(key), nullptr);
    EXPECT_EQ(store_.get(key)->meta, each.meta);
    EXPECT_EQ(replayed_[key], each.meta.resource_version);
    tagged[*each.tags.begin()].push_back(key);
  }
  for (const auto* tag : {"even", "odd"})
    EXPECT_EQ(store_.find("tag", tag), tagged[tag]);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreProperty,
                         testing::Combine(testing::Range(1U, 21U),
                                          testing::Values(form::whole, form::packed)));

}  // namespace
}  // namespace platformer::runtime
