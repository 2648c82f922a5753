#include "app/logging.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "model/api_error.hpp"
#include "net/system_time.hpp"

namespace platformer::app {
namespace {

constexpr std::array<std::string_view, 3> reserved_keys = {"time", "level", "message"};

std::string with_milliseconds(time_point at) {
  std::string text = format_rfc3339(at);
  const auto part = (at - std::chrono::floor<std::chrono::seconds>(at)).count();
  std::string digits = std::to_string(part);
  digits.insert(0, 3 - digits.size(), '0');
  text.insert(text.size() - 1, "." + digits);  // before the Z
  return text;
}

std::string json_string(std::string_view text) {
  return nlohmann::json(clean_message(text, log_text_max_bytes)).dump();
}

std::string json_value(const field::value_type& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return json_string(*text);
  return std::visit([](auto number) { return nlohmann::json(number).dump(); }, value);
}

// As it is when that can't be mistaken, else in double quotes.
std::string text_value(const field::value_type& value) {
  const auto* text = std::get_if<std::string_view>(&value);
  if (text == nullptr) return json_value(value);
  std::string clean = clean_message(*text, log_text_max_bytes);
  if (!clean.empty() && clean.find_first_of(" \"=\\") == std::string::npos) return clean;
  std::string quoted = "\"";
  for (const char character : clean) {
    if (character == '"' || character == '\\') quoted += '\\';
    quoted += character;
  }
  return quoted += '"';
}

std::string text_line(time_point at, log_level level, std::string_view message,
                      std::span<const field> fields) {
  std::string line = with_milliseconds(at) + " ";
  line += to_string(level);
  line.append(level == log_level::info ? 2 : 1, ' ');  // most levels have five letters
  line += clean_message(message, log_text_max_bytes);
  for (const field& each : fields)
    line.append(" ").append(each.key).append("=").append(text_value(each.value));
  return line;
}

std::string json_line(time_point at, log_level level, std::string_view message,
                      std::span<const field> fields) {
  std::string line = "{\"time\":" + json_string(with_milliseconds(at));
  line.append(",\"level\":").append(json_string(to_string(level)));
  line.append(",\"message\":").append(json_string(message));
  for (const field& each : fields) {
    std::string key(each.key);
    // An object must not have a name twice.
    if (std::find(reserved_keys.begin(), reserved_keys.end(), each.key) != reserved_keys.end()) key += "_";
    line.append(",").append(json_string(key)).append(":").append(json_value(each.value));
  }
  return line + "}";
}

// The sink is told, too: one that knows levels (a journal, colours) uses it.
spdlog::level::level_enum sink_level(log_level level) {
  switch (level) {
    case log_level::trace:
      return spdlog::level::trace;
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warning:
      return spdlog::level::warn;
    case log_level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// In a function: other globals may log while they are made or destroyed.
std::unique_ptr<logger>& global_log() {
  static auto* one = new std::unique_ptr<logger>();
  return *one;
}

}  // namespace

std::string format_log_line(log_format format, time_point at, log_level level, std::string_view message,
                            std::span<const field> fields) {
  return format == log_format::json ? json_line(at, level, message, fields)
                                    : text_line(at, level, message, fields);
}

logger::logger(settings how) : level_(how.level), format_(how.format), clock_(std::move(how.clock)) {
  if (!clock_) clock_ = net::system_time;
  if (!how.sink) how.sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
  out_ = std::make_shared<spdlog::logger>("platformer-operator", std::move(how.sink));
  out_->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
  out_->set_level(spdlog::level::trace);  // what is left out is decided here, before a line is made
  out_->flush_on(spdlog::level::trace);
}

void logger::log(log_level level, std::string_view message, std::span<const field> fields) {
  if (!enabled(level)) return;
  const std::string line = format_log_line(format_, clock_(), level, message, fields);
  out_->log(sink_level(level), spdlog::string_view_t(line.data(), line.size()));
}

void logger::log_limited(std::string_view repeat_key, log_level level, std::string_view message,
                         std::span<const field> fields) {
  if (!enabled(level)) return;
  const auto suppressed = repeats_.admit(repeat_key, clock_());
  if (!suppressed) return;
  std::vector<field> all(fields.begin(), fields.end());
  if (*suppressed > 0) all.emplace_back("suppressed", *suppressed);
  log(level, message, std::span<const field>(all));
}

void configure_logging(logger::settings how) {
  global_log() = std::make_unique<logger>(std::move(how));
}

logger& process_log() {
  auto& one = global_log();
  if (!one) one = std::make_unique<logger>(logger::settings{});
  return *one;
}

}  // namespace platformer::app
