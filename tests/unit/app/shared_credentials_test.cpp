// Accounts of connections' own credentials, in the listing that all objects of a connection share.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/marker.hpp"
#include "tests/unit/app/shared_console.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::ids_of;
using testing::shared_console;

TEST(credentials, are_the_accounts_of_that_connection_and_of_this_cluster) {
  shared_console it;
  const auto mine = it.create("a", credential_marker{"cluster-1", "uid-c"}.to_string());
  const auto second = it.create("b", "op-2\n" + credential_marker{"cluster-1", "uid-c"}.to_string());
  it.create("c", credential_marker{"cluster-2", "uid-c"}.to_string());
  it.create("d", credential_marker{"cluster-1", "uid-other"}.to_string());
  it.create("e", with_marker("", {"cluster-1", "team", "uid-c", "uid-c"}));
  it.create("uid-c", "a person's");
  EXPECT_THAT(ids_of(it.run(it.shared->credentials("uid-c", it.now))),
              ::testing::UnorderedElementsAre(mine, second));
  EXPECT_THAT(ids_of(it.run(it.shared->credentials("uid-none", it.now))), ElementsAre());
}

TEST(credentials, come_from_the_listing_that_objects_share_unless_newer_ones_are_needed) {
  shared_console it;
  EXPECT_THAT(ids_of(it.run(it.shared->marked({"team", "ci"}, it.now))), ElementsAre());
  const auto mine = it.create("a", credential_marker{"cluster-1", "uid-c"}.to_string());
  EXPECT_THAT(ids_of(it.run(it.shared->credentials("uid-c", it.now))), ElementsAre());
  EXPECT_EQ(it.calls[console::call::list_accounts], 1);
  it.now += std::chrono::milliseconds(1);
  EXPECT_THAT(ids_of(it.run(it.shared->credentials("uid-c", it.now))), ElementsAre(mine));
  EXPECT_EQ(it.calls[console::call::list_accounts], 2);
}

TEST(credentials, are_an_error_when_the_console_fails) {
  shared_console it;
  it.console->faults().add(
      {.operation = "listServiceAccounts", .status = 503, .retry_after = {}, .body = {}});
  const auto found = it.run(it.shared->credentials("uid-c", it.now));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().http_status, 503);
}

}  // namespace
}  // namespace platformer::app
