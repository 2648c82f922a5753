// Log lines: their two forms, what can't break them, levels and repeats.
#include "app/logging.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <type_traits>

namespace platformer::app {
namespace {

using namespace std::chrono_literals;

// A secret has no way into a line: this is checked by the compiler.
static_assert(std::is_constructible_v<field, std::string_view, std::string>);
static_assert(!std::is_constructible_v<field, std::string_view, const secret_string&>);
static_assert(!std::is_constructible_v<field, std::string_view, secret_string>);
static_assert(!std::is_constructible_v<field, std::string_view, token_handle>);
static_assert(!std::is_convertible_v<secret_string, std::string_view>);

const time_point at = *parse_rfc3339("2026-11-24T06:00:00Z") + 7ms;

std::string text(log_level level, std::string_view message, std::vector<field> fields = {}) {
  return format_log_line(log_format::text, at, level, message, fields);
}
std::string json(log_level level, std::string_view message, std::vector<field> fields = {}) {
  return format_log_line(log_format::json, at, level, message, fields);
}

TEST(logging, a_text_line_is_time_level_message_and_fields) {
  EXPECT_EQ(text(log_level::info, "token minted", {{"object", "team/ci"}, {"revision", 3}, {"first", false}}),
            "2026-11-24T06:00:00.007Z info  token minted object=team/ci revision=3 first=false");
  EXPECT_EQ(text(log_level::warning, "slow", {{"seconds", 1.5}}),
            "2026-11-24T06:00:00.007Z warning slow seconds=1.5");
  EXPECT_EQ(text(log_level::error, "lost"), "2026-11-24T06:00:00.007Z error lost");
}

TEST(logging, a_text_value_is_quoted_when_it_could_be_mistaken) {
  EXPECT_EQ(text(log_level::debug, "m", {{"a", ""}, {"b", "x y"}, {"c", "k=v"}, {"d", "say \"hi\" \\"}}),
            R"(2026-11-24T06:00:00.007Z debug m a="" b="x y" c="k=v" d="say \"hi\" \\")");
}

TEST(logging, a_json_line_is_one_object) {
  EXPECT_EQ(json(log_level::info, "token minted", {{"object", "team/ci"}, {"revision", 3}, {"first", true}}),
            R"({"time":"2026-11-24T06:00:00.007Z","level":"info","message":"token minted",)"
            R"("object":"team/ci","revision":3,"first":true})");
}

TEST(logging, numbers_keep_their_size) {
  EXPECT_EQ(
      text(log_level::trace, "m", {{"least", INT64_MIN}, {"most", UINT64_MAX}, {"small", std::uint8_t{7}}}),
      "2026-11-24T06:00:00.007Z trace m least=-9223372036854775808 most=18446744073709551615 small=7");
}

TEST(logging, nothing_breaks_a_line_out_of_its_line) {
  const std::string hostile =
      "a\r\n2026 error forged\x1b[2J\xff\xc3 \xe2\x80\xa8 \xe2\x80\xae end" + std::string(1, '\0');
  for (const std::string& line : {text(log_level::info, hostile, {{"value", hostile}}),
                                  json(log_level::info, hostile, {{"value", hostile}})}) {
    for (const char character : line)
      EXPECT_GE(static_cast<unsigned char>(character), 0x20) << line;
  }
  const auto object = nlohmann::json::parse(json(log_level::info, hostile, {{"value", hostile}}));
  EXPECT_EQ(object.size(), 4U);
  EXPECT_EQ(object.at("message"), object.at("value"));
}

TEST(logging, long_texts_are_cut) {
  const std::string longer(3 * log_text_max_bytes, 'x');
  EXPECT_LT(json(log_level::info, longer, {{"value", longer}}).size(), 2 * log_text_max_bytes + 200);
}

TEST(logging, a_field_can_not_replace_what_a_line_always_has) {
  const auto object =
      nlohmann::json::parse(json(log_level::info, "real", {{"message", "forged"}, {"level", 1}}));
  EXPECT_EQ(object.at("message"), "real");
  EXPECT_EQ(object.at("level"), "info");
  EXPECT_EQ(object.at("message_"), "forged");
}

struct captured {
  std::ostringstream out;
  time_point now = at;
  logger log;

  explicit captured(log_level level)
      : log({.level = level,
             .format = log_format::text,
             .clock = [this] { return now; },
             .sink = std::make_shared<spdlog::sinks::ostream_sink_st>(out)}) {}

  // Without the time; and forgets them.
  std::string lines() {
    std::string all;
    std::istringstream each(out.str());
    for (std::string line; std::getline(each, line);)
      all += line.substr(25) + "\n";
    out.str("");
    return all;
  }
};

TEST(logging, only_what_is_at_the_level_or_above_is_written) {
  captured to(log_level::info);
  to.log.log(log_level::debug, "left out");
  to.log.log(log_level::info, "written {not a format}");
  EXPECT_EQ(to.lines(), "info  written {not a format}\n");
  to.log.set_level(log_level::trace);
  to.log.log(log_level::trace, "now it is", {{"key", "value"}});
  EXPECT_EQ(to.lines(), "trace now it is key=value\n");
  to.log.set_level(log_level::error);
  to.log.log(log_level::warning, "left out");
  EXPECT_EQ(to.lines(), "");
  EXPECT_FALSE(to.log.enabled(log_level::warning));
}

TEST(logging, repeats_are_left_out_and_counted) {
  captured to(log_level::info);
  const auto say = [&] { to.log.log_limited("watch", log_level::warning, "watch failed", {{"code", 500}}); };
  say();
  say();
  say();
  EXPECT_EQ(to.lines(), "warning watch failed code=500\n");
  to.now += repeat_window;
  say();
  EXPECT_EQ(to.lines(), "warning watch failed code=500 suppressed=2\n");
}

TEST(logging, what_is_below_the_level_does_not_count_as_a_repeat) {
  captured to(log_level::error);
  to.log.log_limited("key", log_level::info, "unseen");
  to.log.set_level(log_level::info);
  to.log.log_limited("key", log_level::info, "seen");
  EXPECT_EQ(to.lines(), "info  seen\n");
}

TEST(logging, the_programs_log_goes_where_it_is_configured_to) {
  std::ostringstream out;
  configure_logging({.level = log_level::debug,
                     .format = log_format::json,
                     .clock = [] { return at; },
                     .sink = std::make_shared<spdlog::sinks::ostream_sink_st>(out)});
  log(log_level::debug, "hello", {{"n", 1}});
  EXPECT_EQ(out.str(), R"({"time":"2026-11-24T06:00:00.007Z","level":"debug","message":"hello","n":1})"
                       "\n");
  configure_logging({});
}

}  // namespace
}  // namespace platformer::app
