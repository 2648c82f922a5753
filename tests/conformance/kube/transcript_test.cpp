// The comparison itself: a difference must show, and what no two servers share must not.
#include <gtest/gtest.h>

#include <set>

#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {
namespace {

secret_content stored(std::string uid, std::string version) {
  secret_content made = secret("s");
  made.meta.uid = std::move(uid);
  made.meta.resource_version = std::move(version);
  return made;
}

TEST(kube_transcript, versions_and_uids_are_named_in_the_order_of_their_appearance) {
  transcript written;
  EXPECT_EQ(written.describe(stored("x", "41")), "s v1 u1 type=Opaque data{token=one}");
  EXPECT_EQ(written.describe(stored("y", "97")), "s v2 u2 type=Opaque data{token=one}");
  EXPECT_EQ(written.describe(stored("x", "41")), "s v1 u1 type=Opaque data{token=one}");
  EXPECT_EQ(written.describe(stored("x", "43")), "s v3(not the latest) u1 type=Opaque data{token=one}");
}

TEST(kube_transcript, a_list_is_as_new_as_what_was_seen_or_older) {
  transcript written;
  written.describe(stored("x", "41"));
  EXPECT_EQ(written.describe(page{"41", "", {}}, false), "0 items\n    as new as what was seen, the end");
  EXPECT_EQ(written.describe(page{"40", "next", {}}, false), "0 items\n    older than what was seen, more");
  EXPECT_EQ(written.describe(page{"40", "", {}}, true),
            "0 items\n    older than what was seen, the version of the page before, the end");
  EXPECT_EQ(written.describe(page{"42", "", {}}, true),
            "0 items\n    as new as what was seen, of another version, the end");
}

TEST(kube_transcript, an_error_is_its_status_and_its_code) {
  EXPECT_EQ(transcript::describe(api_error{.code = api_errc::conflict, .http_status = 409, .message = "any"}),
            "409 conflict");
}

TEST(kube_transcript, times_are_seen_to_be_set_and_whole) {
  transcript written;
  secret_content made = stored("x", "1");
  made.meta.created = time_point(std::chrono::seconds(5));
  made.meta.deleted = time_point(std::chrono::milliseconds(5'001));
  EXPECT_EQ(written.describe(made.meta), "s v1 u1 created deleted with fractions");
}

TEST(kube_transcript, a_difference_shows_both_sides) {
  transcript model;
  transcript server;
  for (transcript* each : {&model, &server})
    each->add("create: done");
  EXPECT_EQ(difference(model, server), "");
  model.add("put: 409 conflict");
  server.add("put: 422 invalid");
  server.add("get: done");
  EXPECT_EQ(difference(model, server),
            "  both    create: done\n> model   put: 409 conflict\n> server  put: 422 invalid\n"
            "> model   (nothing)\n> server  get: done\n");
}

TEST(kube_transcript, names_of_cases_are_unique_and_every_case_says_something) {
  std::set<std::string> names;
  for (const kube_case& each : all_cases()) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_FALSE(each.says.empty()) << each.name;
  }
}

}  // namespace
}  // namespace platformer::conformance
