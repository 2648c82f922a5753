#include "model/http_status.hpp"

#include <gtest/gtest.h>

namespace platformer {
namespace {

TEST(http_status, says_what_a_refusal_means) {
  EXPECT_EQ(code_of_http_status(401), api_errc::unauthorized);
  EXPECT_EQ(code_of_http_status(409), api_errc::conflict);
  EXPECT_EQ(code_of_http_status(410), api_errc::gone);
  EXPECT_EQ(code_of_http_status(307), api_errc::redirected);
  EXPECT_EQ(code_of_http_status(418), api_errc::bad_request);
  EXPECT_EQ(code_of_http_status(503), api_errc::server_error);
  EXPECT_EQ(code_of_http_status(799), api_errc::malformed);
}

TEST(http_status, a_success_that_was_not_expected_is_in_doubt) {
  EXPECT_EQ(code_of_http_status(204), api_errc::malformed);
  EXPECT_TRUE(may_be_committed(code_of_http_status(100)));
}

}  // namespace
}  // namespace platformer
