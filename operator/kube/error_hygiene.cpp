#include "kube/error_hygiene.hpp"

#include <array>
#include <cctype>
#include <string>

#include "net/digest.hpp"

namespace platformer::kube {
namespace {

constexpr std::size_t window = 8;
constexpr std::size_t longest_plain_run = 24;
constexpr std::size_t longest_number_list = 8;

bool shares_window(std::string_view message, std::string_view needle) {
  if (needle.empty()) return false;
  const std::size_t size = std::min(window, needle.size());
  for (std::size_t at = 0; at + size <= needle.size(); ++at)
    if (message.find(needle.substr(at, size)) != std::string_view::npos) return true;
  return false;
}

std::string hexadecimal(std::string_view bytes, bool upper) {
  const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char each : bytes) {
    text += digits[static_cast<unsigned char>(each) >> 4U];
    text += digits[static_cast<unsigned char>(each) & 15U];
  }
  return text;
}

bool quotes(std::string_view message, std::string_view value) {
  if (shares_window(message, value)) return true;
  std::array<std::string, 3> forms;
  forms[0].reserve(net::base64_size(value.size()));
  net::base64_append(forms[0], value);
  forms[1] = hexadecimal(value, false);
  forms[2] = hexadecimal(value, true);
  bool found = false;
  for (auto& form : forms) {
    found = found || shares_window(message, form);
    wipe(form);
  }
  return found;
}

// Lower case, upper case and digits in one long run: base64 rather than a name, which Kubernetes spells in
// lower case.
bool has_encoded_run(std::string_view message) {
  std::size_t length = 0;
  bool lower = false;
  bool upper = false;
  bool digit = false;
  for (const char each : message) {
    const auto c = static_cast<unsigned char>(each);
    if (std::isalnum(c) == 0 && c != '+' && c != '/' && c != '=' && c != '_' && c != '-') {
      length = 0;
      lower = upper = digit = false;
      continue;
    }
    ++length;
    lower = lower || std::islower(c) != 0;
    upper = upper || std::isupper(c) != 0;
    digit = digit || std::isdigit(c) != 0;
    if (length >= longest_plain_run && lower && upper && digit) return true;
  }
  return false;
}

// "[115 101 99 114 …]" or "0x73, 0x65, …", as Go prints bytes.
bool has_number_list(std::string_view message) {
  std::size_t numbers = 0;
  bool in_word = false;
  bool numeric = false;
  for (std::size_t i = 0; i <= message.size(); ++i) {
    const auto c =
        i < message.size() ? static_cast<unsigned char>(message[i]) : static_cast<unsigned char>(' ');
    if (std::isalnum(c) != 0) {
      if (!in_word) numeric = std::isdigit(c) != 0;
      in_word = true;
      continue;
    }
    if (in_word && !numeric) numbers = 0;
    if (in_word && numeric && ++numbers >= longest_number_list) return true;
    in_word = false;
  }
  return false;
}

}  // namespace

bool could_quote(std::string_view message, const sent_values& values) {
  if (has_encoded_run(message) || has_number_list(message)) return true;
  for (const auto& value : values)
    if (value && quotes(message, value->reveal())) return true;
  return false;
}

}  // namespace platformer::kube
