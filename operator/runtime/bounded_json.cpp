#include "runtime/bounded_json.hpp"

#include <algorithm>

namespace platformer::runtime {
namespace {

// Finds the place of the first error, which the parser tells only to a SAX handler.
class error_finder : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::size_t position = 0;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception&) override {
    position = at;
    return false;
  }
};

}  // namespace

std::size_t json_depth(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') deepest = std::max(deepest, ++depth);
    if ((c == '}' || c == ']') && depth > 0) --depth;
  }
  return deepest;
}

result<nlohmann::json> parse_bounded(std::string_view text, std::size_t max_depth) {
  if (json_depth(text) > max_depth)
    return fail("JSON nested deeper than " + std::to_string(max_depth) + " levels");
  auto tree = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (!tree.is_discarded()) return tree;
  error_finder finder;
  nlohmann::json::sax_parse(text.begin(), text.end(), &finder);
  return fail("not valid JSON at byte " + std::to_string(finder.position) + " of " +
              std::to_string(text.size()));
}

}  // namespace platformer::runtime
