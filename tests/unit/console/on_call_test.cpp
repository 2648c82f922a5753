// What is told of every exchange, for metrics.
#include <gmock/gmock.h>

#include "tests/unit/console/client_fixture.hpp"

namespace platformer::console {
namespace {

using ::testing::ElementsAre;

struct told {
  std::vector<std::string> calls;  // "listProjects 200", "listProjects 503 ServerError", …
  console_settings settings() {
    console_settings made;
    made.on_call = [this](call operation, int status, const api_error* failure,
                          std::chrono::duration<double> took) {
      EXPECT_GE(took.count(), 0);
      calls.push_back(std::string(operation_id(operation)) + " " + std::to_string(status) +
                      (failure == nullptr ? std::string() : " " + std::string(to_string(failure->code))));
    };
    return made;
  }
};

std::string text(api_errc code) {
  return std::string(to_string(code));
}

TEST(OnCall, TellsOperationStatusAndError) {
  told seen;
  scripted_console console({json_reply(200, R"({"success":true,"data":[]})"), json_reply(503, "{}")},
                           seen.settings());
  EXPECT_TRUE(console.run(console.client().list_projects()));
  EXPECT_FALSE(console.run(console.client().list_roles("p1")));
  EXPECT_THAT(seen.calls, ElementsAre(std::string(operation_id(call::list_projects)) + " 200",
                                      std::string(operation_id(call::list_project_roles)) + " 503 " +
                                          text(api_errc::server_error)));
}

TEST(OnCall, TellsStatus0WhenThereIsNoReply) {
  told seen;
  scripted_console console({}, seen.settings());
  EXPECT_FALSE(console.run(console.client().list_projects()));
  ASSERT_EQ(seen.calls.size(), 1U);
  EXPECT_TRUE(seen.calls[0].starts_with(std::string(operation_id(call::list_projects)) + " 0 "))
      << seen.calls[0];
}

TEST(OnCall, TellsAReplyThatCanNotBeUnderstoodByItsStatus) {
  told seen;
  scripted_console console({json_reply(200, "<html>")}, seen.settings());
  EXPECT_FALSE(console.run(console.client().list_projects()));
  EXPECT_THAT(seen.calls, ElementsAre(std::string(operation_id(call::list_projects)) + " 200"));
}

TEST(OnCall, TellsNothingOfWhatIsNotSent) {
  told seen;
  scripted_console console({}, seen.settings());
  EXPECT_FALSE(console.run(console.client().delete_account("a/b", "")));
  EXPECT_TRUE(seen.calls.empty());
}

}  // namespace
}  // namespace platformer::console
