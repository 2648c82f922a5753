// The program's log: structured lines to standard error.
//
//   configure_logging({.level = options.level, .format = options.format});   // once, in main
//   log(log_level::info, "token minted", {{"object", key}, {"cause", to_string(cause)}, {"revision", 3}});
//
//   text: 2026-11-24T06:00:00.123Z info  token minted object=team/ci cause=InitialIssue revision=3
//   json: {"time":"2026-11-24T06:00:00.123Z","level":"info","message":"token minted","object":"team/ci",…}
//
// Message and values come out as one line of valid UTF-8 of bounded length whatever they contain. A secret
// can't be given: secret_string and token_handle have no conversion to a field.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "app/log_types.hpp"
#include "app/repeat_limiter.hpp"
#include "base/clock.hpp"
#include "base/secret_string.hpp"

namespace spdlog {
class logger;
namespace sinks {
class sink;
}
}  // namespace spdlog

namespace platformer::app {

inline constexpr std::size_t log_text_max_bytes = 4096;  // of a message or of one value

// One key and its value; refers to the caller's strings. Keys are constants of the program.
struct field {
  using value_type = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  template <class Text>
  requires std::convertible_to<const Text&, std::string_view> field(std::string_view k, const Text& text)
      : key(k), value(std::string_view(text)) {}
  template <std::integral Number>
  field(std::string_view k, Number number) : key(k), value(widen(number)) {}
  field(std::string_view k, double number) : key(k), value(number) {}
  field(std::string_view k, const secret_string&) = delete;
  field(std::string_view k, const token_handle&) = delete;

  std::string_view key;
  value_type value;

 private:
  template <std::integral Number>
  static value_type widen(Number number) {
    if constexpr (std::same_as<Number, bool>)
      return number;
    else if constexpr (std::signed_integral<Number>)
      return static_cast<std::int64_t>(number);
    else
      return static_cast<std::uint64_t>(number);
  }
};

// A line without its end, as the logger writes it.
std::string format_log_line(log_format format, time_point at, log_level level, std::string_view message,
                            std::span<const field> fields);

class logger {
 public:
  struct settings {
    log_level level = log_level::info;
    log_format format = log_format::text;
    std::function<time_point()> clock{};          // empty: the system's
    std::shared_ptr<spdlog::sinks::sink> sink{};  // null: standard error
  };

  explicit logger(settings how);

  void log(log_level level, std::string_view message, std::span<const field> fields);
  void log(log_level level, std::string_view message, std::initializer_list<field> fields = {}) {
    log(level, message, std::span(fields.begin(), fields.size()));
  }
  // For what may happen again and again: at most one line in repeat_window for each `repeat_key`. The next
  // line says as `suppressed=N` how many were left out.
  void log_limited(std::string_view repeat_key, log_level level, std::string_view message,
                   std::span<const field> fields);
  void log_limited(std::string_view repeat_key, log_level level, std::string_view message,
                   std::initializer_list<field> fields = {}) {
    log_limited(repeat_key, level, message, std::span(fields.begin(), fields.size()));
  }

  bool enabled(log_level level) const { return level >= level_; }
  log_level level() const { return level_; }
  void set_level(log_level level) { level_ = level; }

 private:
  log_level level_;
  log_format format_;
  std::function<time_point()> clock_;
  std::shared_ptr<spdlog::logger> out_;
  repeat_limiter repeats_;
};

// The program's one log. Before configure_logging: text at level info.
void configure_logging(logger::settings how);
logger& process_log();

inline void log(log_level level, std::string_view message, std::initializer_list<field> fields = {}) {
  process_log().log(level, message, fields);
}
inline void log_limited(std::string_view repeat_key, log_level level, std::string_view message,
                        std::initializer_list<field> fields = {}) {
  process_log().log_limited(repeat_key, level, message, fields);
}

}  // namespace platformer::app
