// What each option's value may look like.
#include "app/option_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platformer::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(option_values, an_address_is_an_ip_literal_and_a_port) {
  EXPECT_EQ(parse_listen_address("0.0.0.0:8080"), (listen_address{"0.0.0.0", 8080}));
  EXPECT_EQ(parse_listen_address("127.0.0.1:0"), (listen_address{"127.0.0.1", 0}));
  EXPECT_EQ(parse_listen_address("[::1]:65535"), (listen_address{"::1", 65535}));
  EXPECT_EQ(parse_listen_address("[::]:8080"), (listen_address{"::", 8080}));
}

TEST(option_values, other_addresses_are_refused_with_an_example) {
  for (const char* text : {"", ":", ":8080", "8080", "localhost:8080", "127.0.0.1",
                           "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1: 80",
                           "::1:80", "[::1]", "[127.0.0.1]:80", "[]:80", "256.0.0.1:80", "127.0.0.1:80 "}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().message, HasSubstr("write it as 0.0.0.0:8080 or [::]:8080"));
  }
}

TEST(option_values, an_address_is_written_as_it_is_read) {
  EXPECT_EQ(to_string(listen_address{"127.0.0.1", 80}), "127.0.0.1:80");
  EXPECT_EQ(to_string(listen_address{"::1", 80}), "[::1]:80");
}

TEST(option_values, workers_are_1_to_256) {
  EXPECT_EQ(parse_workers("1"), 1U);
  EXPECT_EQ(parse_workers("256"), 256U);
  for (const char* text :
       {"0", "257", "-1", "+1", "1.5", "x", "", " 1", "1 ", "0x10", "99999999999999999999"}) {
    const auto workers = parse_workers(text);
    ASSERT_FALSE(workers) << text;
    EXPECT_THAT(workers.error().message, HasSubstr("is not a number from 1 to 256"));
  }
}

TEST(option_values, levels_and_formats_are_listed_when_unknown) {
  EXPECT_EQ(parse_log_level("warning"), log_level::warning);
  EXPECT_EQ(parse_log_format("json"), log_format::json);
  EXPECT_EQ(parse_log_level("WARN").error().message,
            R"("WARN" is none of trace, debug, info, warning, error)");
  EXPECT_EQ(parse_log_format("xml").error().message, R"("xml" is none of text, json)");
}

TEST(option_values, namespaces_are_separated_by_commas) {
  EXPECT_THAT(parse_namespaces("a").value(), ElementsAre("a"));
  EXPECT_THAT(parse_namespaces(" team-b , a,,0 ").value(), ElementsAre("team-b", "a", "0"));
}

TEST(option_values, no_namespace_at_all_does_not_mean_all) {
  for (const char* text : {"", ",", " , "})
    EXPECT_THAT(parse_namespaces(text).error().message, HasSubstr("names no namespace"));
}

TEST(option_values, a_bad_namespace_is_named) {
  for (const std::string& text : {std::string("A"), std::string("-a"), std::string("a-"), std::string("a.b"),
                                  std::string("a b"), std::string("*"), std::string(64, 'a')}) {
    const auto names = parse_namespaces("good," + text);
    ASSERT_FALSE(names) << text;
    EXPECT_THAT(names.error().message, HasSubstr("\"" + text + "\" is no namespace's name"));
  }
  EXPECT_TRUE(parse_namespaces(std::string(63, 'a')));
}

TEST(option_values, a_selector_is_handed_on_as_it_is) {
  EXPECT_EQ(parse_selector(" team in (a, b) "), "team in (a, b)");
  EXPECT_EQ(parse_selector("team=").value(), "team=");
  EXPECT_EQ(parse_selector("a b").error().message,
            R"("a b" is no label selector: expected an operator, found "b")");
  EXPECT_FALSE(parse_selector("a=b," + std::string(selector_max_bytes, ' ') + "c"));
}

TEST(option_values, a_cluster_id_fits_into_a_mark) {
  EXPECT_EQ(parse_cluster_id("0c2a7f5e-3d4b-4c55-9f3e-6a0d5e3d1c7b"), "0c2a7f5e-3d4b-4c55-9f3e-6a0d5e3d1c7b");
  EXPECT_EQ(parse_cluster_id("Prod_1.eu"), "Prod_1.eu");
  for (const std::string& text : {std::string(), std::string("a/b"), std::string("a b"), std::string("a\nb"),
                                  std::string("é"), std::string(64, 'a')})
    EXPECT_FALSE(parse_cluster_id(text)) << text;
}

TEST(option_values, what_was_typed_is_quoted_cleaned_and_short) {
  const std::string message = parse_workers("\x1b[31m\n" + std::string(500, 'x')).error().message;
  EXPECT_EQ(message.find_first_of("\x1b\n"), std::string::npos);
  EXPECT_LT(message.size(), 160U);
}

}  // namespace
}  // namespace platformer::app
