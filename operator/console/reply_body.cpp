#include "console/reply_body.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace platformer::console {
namespace {

// One open array or object on the way to where the scanner is.
struct frame {
  bool object = false;
  bool key_next = false;
  std::string key;  // the member whose value comes next, cut at a length no key of interest has
};

constexpr std::size_t longest_key_of_interest = 64;

std::optional<unsigned> hex4(std::string_view digits) {
  if (digits.size() < 4) return std::nullopt;
  unsigned value = 0;
  for (const char c : digits.substr(0, 4)) {
    if (c >= '0' && c <= '9') {
      value = value * 16 + static_cast<unsigned>(c - '0');
    } else if ((c | 32) >= 'a' && (c | 32) <= 'f') {
      value = value * 16 + static_cast<unsigned>((c | 32) - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

// A JSON string's content without its escapes; nullopt when one is malformed or yields something beyond
// ASCII, which neither a key of interest nor a token has. The buffer never grows, so that one wipe reaches
// all of it.
std::optional<std::string> unescape_ascii(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  const auto give_up = [&] {
    wipe(text);
    return std::nullopt;
  };
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      text += raw[i];
      continue;
    }
    if (++i == raw.size()) return give_up();
    static constexpr std::string_view names = "\"\\/bfnrt";
    static constexpr std::string_view values = "\"\\/\b\f\n\r\t";
    if (const auto at = names.find(raw[i]); at != std::string_view::npos) {
      text += values[at];
    } else if (const auto code = raw[i] == 'u' ? hex4(raw.substr(i + 1)) : std::nullopt;
               code && *code < 0x80) {
      text += static_cast<char>(*code);
      i += 4;
    } else {
      return give_up();
    }
  }
  return text;
}

class scanner {
 public:
  explicit scanner(lifted_body& body) : body_(body), text_(body.json) {}

  result<void> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!string()) return fail("the body ends inside a string");
        continue;
      }
      ++at_;
      if (c == '{' || c == '[') {
        if (open_.size() == max_nesting)
          return fail("the body is nested deeper than " + std::to_string(max_nesting) + " levels");
        open_.push_back({.object = c == '{', .key_next = c == '{', .key = {}});
      } else if ((c == '}' || c == ']') && !open_.empty()) {
        open_.pop_back();
      } else if (c == ',' && !open_.empty()) {
        open_.back().key_next = open_.back().object;
      } else if (c == ':' && !open_.empty()) {
        open_.back().key_next = false;
      }
    }
    return {};
  }

 private:
  // From an opening quote to behind the closing one.
  bool string() {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"')
      at_ += text_[at_] == '\\' ? 2U : 1U;
    if (at_ >= text_.size()) return false;
    found(begin, at_ - begin);
    ++at_;
    return true;
  }

  void found(std::size_t begin, std::size_t size) {
    if (open_.empty()) return;
    const auto raw = std::string_view(text_).substr(begin, size);
    frame& here = open_.back();
    if (here.key_next) {
      here.key = unescape_ascii(raw.substr(0, longest_key_of_interest)).value_or("");
    } else if (here.object && here.key == "token") {
      if (open_.size() == 2 && open_.front().object && open_.front().key == "data") take(raw);
      std::fill_n(text_.begin() + static_cast<std::ptrdiff_t>(begin), size, 'x');
    }
  }

  void take(std::string_view raw) {
    auto token =
        raw.size() > max_token_bytes * 6 ? std::nullopt : unescape_ascii(raw);  // \u0041 is six bytes
    if (!token || !is_usable_token(*token) || body_.token) {
      body_.bad_token = true;
      if (token) wipe(*token);
      return;
    }
    body_.token = std::make_shared<const secret_string>(secret_string::take(*std::move(token)));
  }

  lifted_body& body_;
  std::string& text_;
  std::size_t at_ = 0;
  std::vector<frame> open_;
};

}  // namespace

bool is_usable_token(std::string_view token) {
  return !token.empty() && token.size() <= max_token_bytes &&
         std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

result<lifted_body> lift_token(std::string_view body) {
  if (body.size() > max_body_bytes)
    return fail("the body is larger than " + std::to_string(max_body_bytes / 1024) + " KiB");
  lifted_body lifted;
  lifted.json.assign(body);
  if (auto done = scanner(lifted).run(); !done) return tl::unexpected(done.error());
  if (lifted.bad_token) lifted.token.reset();
  return lifted;
}

void mask(std::string& text, std::span<const std::string_view> secrets) {
  for (const auto secret : secrets) {
    if (secret.empty()) continue;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + secret.size()))
      std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at), secret.size(), '*');
  }
}

}  // namespace platformer::console
