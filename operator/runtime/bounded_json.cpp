#include "runtime/bounded_json.hpp"

#include <utility>
#include <vector>

namespace platformer::runtime {
namespace {

// Builds the tree from the parser's events. A value that is being filled is the last one of the value around
// it, so that pointers to those around stay valid.
class tree_builder {
 public:
  using json = nlohmann::json;

  explicit tree_builder(managed_fields fields) : fields_(fields) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(json::number_integer_t value) { return add(value); }
  bool number_unsigned(json::number_unsigned_t value) { return add(value); }
  bool number_float(json::number_float_t value, const json::string_t&) { return add(value); }
  bool string(json::string_t& value) { return add(std::move(value)); }
  bool binary(json::binary_t&) { return false; }  // JSON has none
  bool start_object(std::size_t) { return open(json::value_t::object); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(json::value_t::array); }
  bool end_array() { return close(); }
  bool key(json::string_t& name) {
    if (skipped_depth_ != 0) return true;
    const level& in = levels_.back();
    skips_next_ = fields_ == managed_fields::skip && in.is_metadata && name == "managedFields";
    if (skips_next_) return true;
    opens_metadata_ = name == "metadata";
    slot_ = &(*in.value)[std::move(name)];
    return true;
  }
  bool parse_error(std::size_t at, const std::string&, const json::exception&) {
    position_ = at;
    return false;
  }

  json& root() { return root_; }
  bool too_deep() const { return too_deep_; }
  std::size_t position() const { return position_; }

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
  bool open(json::value_t kind) {
    if (levels_.size() + skipped_depth_ == max_json_depth) {
      too_deep_ = true;
      return false;
    }
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
  bool too_deep_ = false;
  std::size_t position_ = 0;
};

}  // namespace

result<nlohmann::json> parse_bounded(std::string_view text, managed_fields fields) {
  tree_builder builder(fields);
  if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return std::move(builder.root());
  if (builder.too_deep())
    return fail("JSON nested deeper than " + std::to_string(max_json_depth) + " levels");
  return fail("not valid JSON at byte " + std::to_string(builder.position()) + " of " +
              std::to_string(text.size()));
}

}  // namespace platformer::runtime
