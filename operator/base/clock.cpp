#include "base/clock.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace platformer {
namespace {

// A cursor over fixed-width digits and literal characters; `ok` turns false at the first mismatch.
struct scanner {
  std::string_view rest;
  bool ok = true;

  int digits(std::size_t count) {
    int value = 0;
    if (rest.size() < count) {
      ok = false;
      return 0;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (rest[i] < '0' || rest[i] > '9') ok = false;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(count);
    return ok ? value : 0;
  }
  bool accept(char expected) {
    if (rest.empty() || rest.front() != expected) return false;
    rest.remove_prefix(1);
    return true;
  }
  void literal(std::string_view expected) {
    if (!rest.starts_with(expected)) {
      ok = false;
      return;
    }
    rest.remove_prefix(expected.size());
  }
};

std::optional<time_point> assemble(int year, int month, int day, int hour, int minute, int second) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return time_point(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second);
}

// At least so many, with zeros in front. Years before the first don't come here.
void append_digits(std::string& text, int value, std::size_t count) {
  std::array<char, 16> digits{};
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  if (size < count) text.append(count - size, '0');
  text.append(digits.data(), size);
}

}  // namespace

std::string format_rfc3339(time_point at) {
  using namespace std::chrono;
  const auto whole_day = floor<days>(at);
  const year_month_day date{whole_day};
  const hh_mm_ss time{floor<seconds>(at - whole_day)};
  std::string text;
  text.reserve(20);
  append_digits(text, int(date.year()), 4);
  text += '-';
  append_digits(text, static_cast<int>(unsigned(date.month())), 2);
  text += '-';
  append_digits(text, static_cast<int>(unsigned(date.day())), 2);
  text += 'T';
  append_digits(text, static_cast<int>(time.hours().count()), 2);
  text += ':';
  append_digits(text, static_cast<int>(time.minutes().count()), 2);
  text += ':';
  append_digits(text, static_cast<int>(time.seconds().count()), 2);
  text += 'Z';
  return text;
}

std::string format_micro_time(time_point at) {
  auto text = format_rfc3339(at);  // whole seconds, ends in "Z"
  const auto millis = (at - std::chrono::floor<std::chrono::seconds>(at)).count();
  text.back() = '.';
  append_digits(text, static_cast<int>(millis), 3);
  return text += "000Z";
}

std::optional<time_point> parse_rfc3339(std::string_view text) {
  scanner in{text};
  const int year = in.digits(4);
  in.literal("-");
  const int month = in.digits(2);
  in.literal("-");
  const int day = in.digits(2);
  if (!in.accept('T') && !in.accept('t') && !in.accept(' ')) in.ok = false;
  const int hour = in.digits(2);
  in.literal(":");
  const int minute = in.digits(2);
  in.literal(":");
  const int second = in.digits(2);
  int millis = 0;
  if (in.ok && in.accept('.')) {
    int scale = 100;
    std::size_t count = 0;
    for (; !in.rest.empty() && in.rest.front() >= '0' && in.rest.front() <= '9'; ++count) {
      millis += (in.rest.front() - '0') * scale;
      scale /= 10;
      in.rest.remove_prefix(1);
    }
    if (count == 0) in.ok = false;
  }
  std::chrono::minutes offset{0};
  if (!in.accept('Z') && !in.accept('z')) {
    const int sign = in.accept('-') ? -1 : 1;
    if (sign == 1) in.literal("+");
    const int offset_hours = in.digits(2);
    in.literal(":");
    const int offset_minutes = in.digits(2);
    if (offset_hours > 23 || offset_minutes > 59) in.ok = false;
    offset = std::chrono::minutes(sign * (offset_hours * 60 + offset_minutes));
  }
  if (!in.ok || !in.rest.empty()) return std::nullopt;
  auto at = assemble(year, month, day, hour, minute, second);
  if (!at) return std::nullopt;
  const time_point instant = *at + std::chrono::milliseconds(millis) - offset;
  // An offset may lead out of the years that can be written again.
  using namespace std::chrono;
  const bool writable =
      instant >= sys_days(year_month_day(std::chrono::year(0), January, std::chrono::day(1))) &&
      instant < sys_days(year_month_day(std::chrono::year(10'000), January, std::chrono::day(1)));
  return writable ? std::optional(instant) : std::nullopt;
}

std::optional<time_point> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29) return std::nullopt;
  scanner in{text.substr(3)};  // the weekday is redundant
  in.literal(", ");
  const int day = in.digits(2);
  in.literal(" ");
  int month = 0;
  for (std::size_t i = 0; i < month_names.size(); ++i)
    if (in.rest.starts_with(month_names[i])) month = static_cast<int>(i) + 1;
  if (month == 0) return std::nullopt;
  in.rest.remove_prefix(3);
  in.literal(" ");
  const int year = in.digits(4);
  in.literal(" ");
  const int hour = in.digits(2);
  in.literal(":");
  const int minute = in.digits(2);
  in.literal(":");
  const int second = in.digits(2);
  in.literal(" GMT");
  if (!in.ok || !in.rest.empty()) return std::nullopt;
  return assemble(year, month, day, hour, minute, second);
}

std::optional<duration> parse_duration(std::string_view text) {
  static constexpr double longest_ms = 100.0 * 366 * 24 * 3600 * 1000;
  if (text.empty()) return std::nullopt;
  if (text == "0") return duration{0};
  double total = 0;
  while (!text.empty()) {
    double amount = 0;
    const auto [end, status] =
        std::from_chars(text.data(), text.data() + text.size(), amount, std::chars_format::fixed);
    if (status != std::errc{} || amount < 0 || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    double unit_ms = 0;
    std::size_t unit_size = 1;
    if (text.starts_with("ms")) {
      unit_ms = 1;
      unit_size = 2;
    } else if (text.starts_with("h")) {
      unit_ms = 3600e3;
    } else if (text.starts_with("m")) {
      unit_ms = 60e3;
    } else if (text.starts_with("s")) {
      unit_ms = 1e3;
    } else {
      return std::nullopt;
    }
    text.remove_prefix(unit_size);
    total += amount * unit_ms;
    if (!(total <= longest_ms)) return std::nullopt;
  }
  return duration(static_cast<std::int64_t>(total));
}

std::string format_duration(duration span) {
  using namespace std::chrono;
  if (span < 0ms) return "-" + format_duration(-span);
  if (span < 1s) return std::to_string(span.count()) + "ms";
  const auto all = duration_cast<seconds>(span).count();
  const auto with = [](std::int64_t big, char big_unit, std::int64_t small, char small_unit) {
    std::string text = std::to_string(big) + big_unit;
    if (small != 0) text += std::to_string(small) + small_unit;
    return text;
  };
  if (all < 60) return std::to_string(all) + "s";
  if (all < 3600) return with(all / 60, 'm', all % 60, 's');
  if (all < 86400) return with(all / 3600, 'h', all % 3600 / 60, 'm');
  return with(all / 86400, 'd', all % 86400 / 3600, 'h');
}

}  // namespace platformer
