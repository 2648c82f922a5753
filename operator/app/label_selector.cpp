#include "app/label_selector.hpp"

#include <algorithm>

namespace platformer::app {
namespace {

constexpr std::size_t label_part_max_bytes = 63;
constexpr std::size_t key_prefix_max_bytes = 253;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

// Of a key without its prefix, or of a value that is not empty.
bool is_label_part(std::string_view text) {
  return !text.empty() && text.size() <= label_part_max_bytes && is_alphanumeric(text.front()) &&
         is_alphanumeric(text.back()) && std::all_of(text.begin(), text.end(), [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
         });
}

bool is_key_prefix(std::string_view text) {
  if (text.empty() || text.size() > key_prefix_max_bytes) return false;
  char before = '.';
  for (const char c : text) {
    if (!is_lower(c) && !is_digit(c) && c != '-' && c != '.') return false;
    if ((before == '.' && !is_lower(c) && !is_digit(c)) || (before == '-' && c == '.')) return false;
    before = c;
  }
  return before != '.' && before != '-';
}

bool is_key(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return is_label_part(text);
  return is_key_prefix(text.substr(0, slash)) && is_label_part(text.substr(slash + 1));
}

bool is_value(std::string_view text) {
  return text.empty() || is_label_part(text);
}

bool is_integer(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return !text.empty() && text.size() <= 18 && std::all_of(text.begin(), text.end(), is_digit);
}

class reader {
 public:
  explicit reader(std::string_view text) : rest_(text) {}

  result<void> terms() {
    do {
      if (auto ok = term(); !ok) return ok;
    } while (take(","));
    skip_blanks();
    if (!rest_.empty()) return wrong("expected a comma before", rest_);
    return {};
  }

 private:
  static tl::unexpected<error> wrong(std::string_view what, std::string_view piece) {
    return fail(std::string(what) + " \"" + std::string(piece) + "\"");
  }

  result<void> term() {
    const bool negated = take("!");
    const std::string_view key = word();
    if (!is_key(key)) return wrong("expected a label's key, found", key.empty() ? rest_ : key);
    if (negated) return {};
    if (take("!=") || take("==") || take("=")) return value(is_value, "no label can have the value");
    if (take(">") || take("<")) return value(is_integer, "expected a whole number, found");
    skip_blanks();
    if (rest_.empty() || rest_.front() == ',') return {};
    const std::string_view name = word();
    if (name != "in" && name != "notin")
      return wrong("expected an operator, found", name.empty() ? rest_ : name);
    return set();
  }

  result<void> set() {
    if (!take("(")) return wrong("expected \"(\" before", rest_);
    do {
      if (auto ok = value(is_value, "no label can have the value"); !ok) return ok;
    } while (take(","));
    if (!take(")")) return wrong("expected \")\" before", rest_);
    return {};
  }

  result<void> value(bool (*fits)(std::string_view), std::string_view complaint) {
    const std::string_view text = word();
    if (!fits(text)) return wrong(complaint, text);
    return {};
  }

  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
      rest_.remove_prefix(1);
  }
  bool take(std::string_view token) {
    skip_blanks();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  // Up to the next blank or operator.
  std::string_view word() {
    skip_blanks();
    const std::string_view found = rest_.substr(0, rest_.find_first_of(" \t=!(),<>"));
    rest_.remove_prefix(found.size());
    return found;
  }

  std::string_view rest_;
};

}  // namespace

result<void> check_label_selector(std::string_view text) {
  return reader(text).terms();
}

}  // namespace platformer::app
