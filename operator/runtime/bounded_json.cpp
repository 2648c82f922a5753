#include "runtime/bounded_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace platformer::runtime {
namespace {

namespace boost_json = boost::json;

// Builds the tree from the parser's events (Boost.JSON's, which reads twice as fast as nlohmann's own). A
// value that is being filled is the last one of the value around it, so that pointers to those around stay
// valid.
class tree_builder {
 public:
  using json = nlohmann::json;
  using text = boost_json::string_view;
  using code = boost_json::error_code;

  // What a whole reply may be long is bounded before.
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  explicit tree_builder(managed_fields fields) : fields_(fields) {}

  bool on_document_begin(code&) { return true; }
  bool on_document_end(code&) { return true; }
  bool on_object_begin(code&) { return open(json::value_t::object); }
  bool on_object_end(std::size_t, code&) { return close(); }
  bool on_array_begin(code&) { return open(json::value_t::array); }
  bool on_array_end(std::size_t, code&) { return close(); }
  bool on_key_part(text part, std::size_t, code&) { return append(part); }
  bool on_key(text part, std::size_t, code&) {
    if (skipped_depth_ != 0) return true;
    append(part);
    const level& in = levels_.back();
    skips_next_ = fields_ == managed_fields::skip && in.is_metadata && text_ == "managedFields";
    if (!skips_next_) {
      opens_metadata_ = text_ == "metadata";
      // The apiserver sorts most keys.
      auto& members = in.value->get_ref<json::object_t&>();
      slot_ = &members.emplace_hint(members.end(), text_, nullptr)->second;
    }
    text_.clear();
    return true;
  }
  bool on_string_part(text part, std::size_t, code&) { return append(part); }
  bool on_string(text part, std::size_t, code&) {
    append(part);
    if (json* at = place()) *at = text_;
    text_.clear();
    return true;
  }
  bool on_number_part(text, code&) { return true; }
  bool on_int64(std::int64_t value, text, code&) {
    return value < 0 ? add(value) : add(static_cast<std::uint64_t>(value));
  }
  bool on_uint64(std::uint64_t value, text, code&) { return add(value); }
  bool on_double(double value, text, code& failed) {
    if (std::isfinite(value)) return add(value);
    failed = boost_json::error::exponent_overflow;
    return false;
  }
  bool on_bool(bool value, code&) { return add(value); }
  bool on_null(code&) { return add(nullptr); }
  bool on_comment_part(text, code&) { return true; }  // JSON has none
  bool on_comment(text, code&) { return true; }

  json& root() { return root_; }

 private:
  struct level {
    json* value;
    bool is_metadata;
  };

  // Where a value goes that comes now; null: nowhere.
  json* place() {
    if (skipped_depth_ != 0 || std::exchange(skips_next_, false)) return nullptr;
    if (levels_.empty()) return &root_;
    json& in = *levels_.back().value;
    return in.is_array() ? &in.emplace_back() : slot_;
  }
  template <class Value>
  bool add(Value&& value) {
    if (json* at = place()) *at = std::forward<Value>(value);
    return true;
  }
  bool append(text part) {
    if (skipped_depth_ == 0) text_.append(part.data(), part.size());
    return true;
  }
  bool open(json::value_t kind) {
    const bool in_array = !levels_.empty() && levels_.back().value->is_array();
    json* at = place();
    if (at == nullptr) {
      ++skipped_depth_;
      return true;
    }
    *at = kind;
    levels_.push_back({at, !in_array && std::exchange(opens_metadata_, false)});
    return true;
  }
  bool close() {
    if (skipped_depth_ != 0)
      --skipped_depth_;
    else
      levels_.pop_back();
    return true;
  }

  managed_fields fields_;
  json root_;
  std::vector<level> levels_;
  json* slot_ = nullptr;           // of the last key
  bool opens_metadata_ = false;    // that was its name
  bool skips_next_ = false;        // the value of the last key is left out …
  std::size_t skipped_depth_ = 0;  // … and we are so deep in it
  std::string text_;               // of a key or string whose end has not come
};

}  // namespace

result<nlohmann::json> parse_bounded(std::string_view text, managed_fields fields) {
  boost_json::parse_options options;
  options.max_depth = max_json_depth;
  boost_json::basic_parser<tree_builder> parser(options, fields);
  boost_json::error_code failed;
  const std::size_t end = parser.write_some(false, text.data(), text.size(), failed);
  if (!failed && end == text.size()) return std::move(parser.handler().root());
  if (failed == boost_json::error::too_deep)
    return fail("JSON nested deeper than " + std::to_string(max_json_depth) + " levels");
  return fail("not valid JSON at byte " + std::to_string(end) + " of " + std::to_string(text.size()));
}

}  // namespace platformer::runtime
