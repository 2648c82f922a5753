#include "model/api_error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace platformer::test {
namespace {

TEST(clean_message, turns_controls_and_invalid_bytes_into_single_blanks) {
  EXPECT_EQ(clean_message("  a\r\n\t b\x1b[31m  "), "a b [31m");
  EXPECT_EQ(clean_message("a\xFF\xFE b"), "a b");
  EXPECT_EQ(clean_message("a\xC0\x80z"), "a z");      // overlong NUL
  EXPECT_EQ(clean_message("a\xED\xA0\x80z"), "a z");  // surrogate
  EXPECT_EQ(clean_message("a\xC2\x85z"), "a z");      // C1 control
  EXPECT_EQ(clean_message("a\xE2\x80\xAEz"), "a z");  // right-to-left override
  EXPECT_EQ(clean_message(std::string("a\0z", 3)), "a z");
  EXPECT_EQ(clean_message("\xF4\x90\x80\x80"), "");  // beyond Unicode
  EXPECT_EQ(clean_message("grüße €"), "grüße €");
  EXPECT_EQ(clean_message("a\xE2\x82"), "a");  // cut off
  EXPECT_EQ(clean_message(""), "");
}

TEST(clean_message, is_never_longer_than_its_limit_and_stays_valid) {
  for (std::size_t limit = 3; limit < 40; ++limit) {
    for (const std::string& text : {std::string(100, 'a'), std::string("ääääääääääääääääääääääää"),
                                    std::string("a€b€c€d€e€f€g€h€i€j€k€l€m"), std::string("😀😀😀😀😀😀😀😀😀😀😀😀")}) {
      const std::string clean = clean_message(text, limit);
      EXPECT_LE(clean.size(), limit);
      EXPECT_EQ(clean_message(clean, 1000), clean) << limit;
      EXPECT_TRUE(clean.ends_with("…"));
    }
  }
  EXPECT_EQ(clean_message("short", 5), "short");
}

TEST(api_error, each_code_has_a_text_of_its_own) {
  std::set<std::string_view> texts;
  for (int code = 0; code <= static_cast<int>(api_errc::malformed); ++code)
    texts.insert(to_string(static_cast<api_errc>(code)));
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(api_errc::malformed) + 1);
  EXPECT_FALSE(texts.contains("unknown"));
}

TEST(api_error, only_what_may_have_arrived_is_in_doubt) {
  for (const auto code :
       {api_errc::server_error, api_errc::connection_lost, api_errc::timeout, api_errc::malformed})
    EXPECT_TRUE(may_be_committed(code));
  for (const auto code :
       {api_errc::bad_request, api_errc::unauthorized, api_errc::forbidden, api_errc::not_found,
        api_errc::already_exists, api_errc::conflict, api_errc::gone, api_errc::too_large, api_errc::invalid,
        api_errc::rate_limited, api_errc::unreachable, api_errc::cancelled, api_errc::redirected})
    EXPECT_FALSE(may_be_committed(code)) << to_string(code);
}

TEST(api_error, is_described_with_status_code_and_message) {
  EXPECT_EQ(describe({api_errc::forbidden, 403, "quota", std::nullopt}), "403 forbidden: quota");
  EXPECT_EQ(describe({api_errc::timeout, 0, "", std::nullopt}), "timeout");
}

}  // namespace
}  // namespace platformer::test
