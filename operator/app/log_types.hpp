// How much is logged, and in which form.
#pragma once

#include <cstdint>
#include <string_view>

namespace platformer::app {

enum class log_level : std::uint8_t {
  trace,    // every step of every reconcile
  debug,    // every request and what it led to
  info,     // what an administrator wants to know: start, stop, tokens minted, accounts deleted
  warning,  // something does not work now and is tried again
  error,    // something does not work and somebody has to do something
};

enum class log_format : std::uint8_t {
  text,  // one line for people: time, level, message, key=value …
  json,  // one object a line, for log collectors
};

constexpr std::string_view to_string(log_level level) {
  switch (level) {
    case log_level::trace:
      return "trace";
    case log_level::debug:
      return "debug";
    case log_level::info:
      return "info";
    case log_level::warning:
      return "warning";
    case log_level::error:
      return "error";
  }
  return "error";
}

constexpr std::string_view to_string(log_format format) {
  return format == log_format::json ? "json" : "text";
}

}  // namespace platformer::app
