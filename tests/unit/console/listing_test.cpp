#include "console/listing.hpp"

#include <gmock/gmock.h>

namespace platformer::console {
namespace {

using ids = std::vector<std::string>;

account_page page_of(const ids& accounts, page_meta meta = {}) {
  account_page page;
  for (const auto& id : accounts)
    page.accounts.emplace_back().id = id;
  page.meta = meta;
  return page;
}

struct outcome {
  int pages_asked = 0;
  ids accounts;
  bool complete = false;
  bool operator==(const outcome&) const = default;
};

void PrintTo(const outcome& it, std::ostream* out) {
  *out << it.pages_asked << " pages, " << ::testing::PrintToString(it.accounts)
       << (it.complete ? "" : ", maybe more");
}

// Two accounts a page, at most three pages; a Console that has only these pages and repeats the last.
outcome collected(const std::vector<account_page>& pages) {
  listing_collector collector(2, 3);
  outcome seen;
  while (const auto number = collector.next_page()) {
    EXPECT_EQ(*number, ++seen.pages_asked);
    collector.add(pages[std::min(static_cast<std::size_t>(*number), pages.size()) - 1]);
  }
  auto all = collector.finish();
  for (const auto& each : all.accounts)
    seen.accounts.push_back(each.id);
  seen.complete = all.complete;
  return seen;
}

TEST(Listing, PagesAreFollowedAsMetaSays) {
  EXPECT_EQ(collected({page_of({"a", "b"}, {1, 2, 3}), page_of({"c"}, {2, 2, 3})}),
            (outcome{2, {"a", "b", "c"}, true}));
  EXPECT_EQ(collected({page_of({"a", "b"}, {1, 1, 2})}), (outcome{1, {"a", "b"}, true}));
  EXPECT_EQ(collected({page_of({}, {1, 0, 0})}), (outcome{1, {}, true}));
}

TEST(Listing, WithoutMetaAShortPageIsTheLast) {
  EXPECT_EQ(collected({page_of({"a", "b"}), page_of({"c"})}), (outcome{2, {"a", "b", "c"}, true}));
  EXPECT_EQ(collected({page_of({"a", "b"}), page_of({})}), (outcome{2, {"a", "b"}, true}));
}

TEST(Listing, ATotalAloneIsEnough) {
  EXPECT_EQ(collected({page_of({"a", "b"}, {{}, {}, 2})}), (outcome{1, {"a", "b"}, true}));
}

TEST(Listing, BeyondTheMostPagesThereMayBeMore) {
  EXPECT_EQ(collected({page_of({"a", "b"}), page_of({"c", "d"}), page_of({"e", "f"}), page_of({"g"})}),
            (outcome{3, {"a", "b", "c", "d", "e", "f"}, false}));
}

TEST(Listing, AConsoleThatRepeatsItsPageIsNotBelieved) {
  EXPECT_EQ(collected({page_of({"a", "b"})}), (outcome{2, {"a", "b"}, false}));
  EXPECT_EQ(collected({page_of({"a", "b"}, {1, 3, {}})}).complete, false);
}

TEST(Listing, AnAccountThatIsMetTwiceCountsOnce) {
  EXPECT_EQ(collected({page_of({"a", "b"}, {1, 2, 3}), page_of({"b", "c"}, {2, 2, 3})}),
            (outcome{2, {"a", "b", "c"}, true}));
}

TEST(Listing, AFallingTotalMeansThatSomethingMayHaveBeenMissed) {
  EXPECT_FALSE(collected({page_of({"a", "b"}, {1, 2, 4}), page_of({"d"}, {2, 2, 3})}).complete);
}

TEST(Listing, ARisingTotalDoesNot) {
  EXPECT_TRUE(collected({page_of({"b", "c"}, {1, 2, 3}), page_of({"c", "d", "a"}, {2, 2, 4})}).complete);
}

TEST(Listing, FewerAccountsThanTheTotalAreNotAll) {
  EXPECT_FALSE(collected({page_of({"a"}, {1, 1, 2})}).complete);
  EXPECT_FALSE(collected({page_of({"a", "b"}, {1, 2, 3}), page_of({}, {2, 2, 3})}).complete);
}

TEST(Listing, AnotherPageThanTheOneAskedForIsNotBelieved) {
  EXPECT_FALSE(collected({page_of({"a"}, {2, 1, {}})}).complete);
}

}  // namespace
}  // namespace platformer::console
