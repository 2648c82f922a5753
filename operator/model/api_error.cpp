#include "model/api_error.hpp"

namespace platformer {
namespace {

// Length of the valid UTF-8 sequence at the start of text, 0 when it is not valid.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t count) {
    if (text.size() < count) return false;
    for (std::size_t i = 1; i < count; ++i)
      if ((byte(i) & 0xC0U) != 0x80U) return false;
    return true;
  };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF && continues(2)) return 2;
  if (first >= 0xE0 && first <= 0xEF && continues(3)) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4 && continues(4)) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) >= 0x90;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

// Characters that reorder or hide text on a terminal or page (bidirectional controls, zero width, line
// separators).
bool is_deceptive(std::string_view character) {
  if (character.size() != 3 || character[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(character[1]);
  const auto third = static_cast<unsigned char>(character[2]);
  return (second == 0x80 && (third <= 0x8F ? third >= 0x8B : third >= 0xA8 && third <= 0xAE)) ||
         (second == 0x81 && third >= 0xA0 && third <= 0xAF);
}

}  // namespace

std::string_view to_string(api_errc code) {
  switch (code) {
    case api_errc::bad_request:
      return "bad request";
    case api_errc::unauthorized:
      return "unauthorized";
    case api_errc::forbidden:
      return "forbidden";
    case api_errc::not_found:
      return "not found";
    case api_errc::already_exists:
      return "already exists";
    case api_errc::conflict:
      return "conflict";
    case api_errc::gone:
      return "gone";
    case api_errc::too_large:
      return "too large";
    case api_errc::invalid:
      return "invalid";
    case api_errc::rate_limited:
      return "rate limited";
    case api_errc::unreachable:
      return "unreachable";
    case api_errc::cancelled:
      return "cancelled";
    case api_errc::redirected:
      return "redirected";
    case api_errc::server_error:
      return "server error";
    case api_errc::connection_lost:
      return "connection lost";
    case api_errc::timeout:
      return "timeout";
    case api_errc::malformed:
      return "malformed reply";
  }
  return "unknown";
}

std::string describe(const api_error& error) {
  std::string text;
  if (error.http_status != 0) text = std::to_string(error.http_status) + " ";
  text += to_string(error.code);
  if (!error.message.empty()) text += ": " + error.message;
  return text;
}

std::string clean_message(std::string_view text, std::size_t limit) {
  static constexpr std::string_view ellipsis = "…";
  std::string clean;
  bool blank = true;  // drops leading blanks
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(character.size());
    const auto first = static_cast<unsigned char>(character[0]);
    const bool c1_control = first == 0xC2 && static_cast<unsigned char>(character.back()) < 0xA0;
    if (length == 0 || first <= 0x20 || first == 0x7F || c1_control || is_deceptive(character)) {
      if (!blank) clean += ' ';
      blank = true;
      continue;
    }
    if (clean.size() + character.size() > limit) {
      while (clean.size() + ellipsis.size() > limit && !clean.empty()) {
        do
          clean.pop_back();
        while (!clean.empty() && (static_cast<unsigned char>(clean.back()) & 0xC0U) == 0x80U);
        if (!clean.empty() && static_cast<unsigned char>(clean.back()) >= 0xC0U) clean.pop_back();
      }
      return clean += ellipsis;
    }
    clean += character;
    blank = false;
  }
  if (!clean.empty() && clean.back() == ' ') clean.pop_back();
  return clean;
}

std::string quote(std::string_view text, std::size_t limit) {
  return "\"" + clean_message(text, limit) + "\"";
}

}  // namespace platformer
