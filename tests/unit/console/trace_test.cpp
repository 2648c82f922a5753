// What joins a call in the Console's log to an operation in ours.
#include "console/trace.hpp"

#include <gmock/gmock.h>

#include "tests/unit/console/client_fixture.hpp"

namespace platformer::console {
namespace {

using ::testing::MatchesRegex;

const std::string id = "0123456789abcdef0123";

TEST(Trace, EndsWithTheOperationsId) {
  const std::string made = traceparent(id, call::renew_token);
  EXPECT_THAT(made, MatchesRegex("00-000000000000" + id + "-[0-9a-f]{16}-01"));
  EXPECT_EQ(made, traceparent(id, call::renew_token));
}

TEST(Trace, DiffersByTheCall) {
  EXPECT_NE(traceparent(id, call::renew_token), traceparent(id, call::get_account));
}

TEST(Trace, IsNoneForAnIdThatCantBeOne) {
  for (const std::string& forged : {std::string(), std::string("0000"), std::string("ABCDEF"),
                                    std::string("12\r\nX-Evil: 1"), std::string(33, 'a'), std::string("1-2")})
    EXPECT_EQ(traceparent(forged, call::get_account), "") << forged;
}

TEST(Trace, GoesWithTheCall) {
  scripted_console console({json_reply(200, "{}"), json_reply(200, "{}"), json_reply(200, "{}")});
  console.client().use_organization("org");
  (void)console.run(console.client().delete_account("id1", "", id));
  (void)console.run(console.client().delete_account("id1", ""));
  (void)console.run(console.client().delete_account("id1", "", "forged\r\nX-Evil: 1"));
  EXPECT_EQ(console.header("traceparent", 0), traceparent(id, call::delete_account));
  EXPECT_EQ(console.header("traceparent", 1), "<absent>");
  EXPECT_EQ(console.header("traceparent", 2), "<absent>");
  EXPECT_EQ(console.header("X-Evil", 2), "<absent>");
}

}  // namespace
}  // namespace platformer::console
