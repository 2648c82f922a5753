// Accounts at the Console whose ServiceAccount does not exist any more.
#include "controllers/reconcile/orphans.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/marker.hpp"
#include "tests/unit/reconcile/objects.hpp"

namespace platformer::controllers {
namespace {

using namespace std::chrono_literals;
using runtime::observed_by;
using testing::account_named;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr time_point noon{std::chrono::hours(12)};
const object_key here{"team", "default"};
const object_key everywhere{"", "default"};

account made_for(const std::string& ns, const std::string& name, const std::string& uid) {
  account made;
  made.id = "id-of-" + uid;
  made.name = name;
  made.description = with_marker("", {"cluster-1", ns, name, uid});
  return made;
}

struct inventory {
  knowledge known;
  std::vector<account> listed = {made_for("team", "ci", "uid-of-ci"), made_for("team", "gone", "u9"),
                                 made_for("other", "gone", "u8")};

  explicit inventory(const std::vector<std::string>& namespaces = {}) : known(namespaces) {
    known.cluster_id = "cluster-1";
    known.service_accounts.upsert(account_named("ci"), observed_by::live_added);
  }
  std::vector<std::string> after_two_looks(const object_key& connection) {
    note_orphans(known, connection, listed, noon);
    note_orphans(known, connection, listed, noon + 10min);
    std::vector<std::string> ids;
    for (const auto& each : orphans_of(known.registry.at(connection)))
      ids.push_back(each.id);
    return ids;
  }
};

TEST(orphans, are_the_accounts_of_objects_that_do_not_exist) {
  inventory it;
  EXPECT_THAT(it.after_two_looks(everywhere), ElementsAre("id-of-u8", "id-of-u9"));
}

TEST(orphans, of_a_namespaced_connection_are_those_of_its_own_namespace) {
  inventory it;
  EXPECT_THAT(it.after_two_looks(here), ElementsAre("id-of-u9"));
}

TEST(orphans, are_only_told_of_namespaces_that_are_watched) {
  inventory it({"other"});
  EXPECT_THAT(it.after_two_looks(everywhere), ElementsAre("id-of-u8"));
}

TEST(orphans, cannot_be_told_by_who_sees_only_some_objects) {
  inventory it;
  it.known.select_objects("tier=gold");
  EXPECT_THAT(it.after_two_looks(everywhere), IsEmpty());
}

TEST(orphans, are_never_another_clusters_accounts) {
  inventory it;
  it.known.cluster_id = "cluster-2";
  EXPECT_THAT(it.after_two_looks(everywhere), IsEmpty());
}

TEST(orphans, have_to_be_seen_twice_since_a_listing_may_be_older_than_a_deletion) {
  inventory it;
  note_orphans(it.known, here, it.listed, noon);
  EXPECT_THAT(orphans_of(it.known.registry.at(here)), IsEmpty());
}

// Whoever bears such a name next takes the account over instead of getting a second one.
TEST(orphans, have_names_that_one_look_tells_and_the_next_forgets) {
  inventory it;
  it.listed.push_back(made_for("team", "ci", "an-earlier-one"));
  note_orphans(it.known, everywhere, it.listed, noon);
  EXPECT_THAT(it.known.registry.at(everywhere).orphaned_names,
              ElementsAre(object_key{"other", "gone"}, object_key{"team", "ci"}, object_key{"team", "gone"}));
  note_orphans(it.known, everywhere, {}, noon + 10min);
  EXPECT_THAT(it.known.registry.at(everywhere).orphaned_names, IsEmpty());
}

TEST(orphans, keep_the_time_when_they_were_first_seen_until_they_are_gone) {
  inventory it;
  it.after_two_looks(here);
  EXPECT_EQ(orphans_of(it.known.registry.at(here)).at(0).since, noon);
  note_orphans(it.known, here, {}, noon + 20min);
  EXPECT_THAT(orphans_of(it.known.registry.at(here)), IsEmpty());
  note_orphans(it.known, here, it.listed, noon + 30min);
  note_orphans(it.known, here, it.listed, noon + 40min);
  EXPECT_EQ(orphans_of(it.known.registry.at(here)).at(0).since, noon + 30min);
}

TEST(orphans, whose_name_another_object_bears_now_are_told_apart) {
  inventory it;
  it.listed = {made_for("team", "ci", "an-earlier-one")};
  it.after_two_looks(here);
  EXPECT_TRUE(orphans_of(it.known.registry.at(here)).at(0).replaced);
}

}  // namespace
}  // namespace platformer::controllers
