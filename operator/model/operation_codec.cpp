// The intent as an annotation, as anybody may have written it: reading builds no tree of JSON values.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/operation.hpp"
#include "model/operation_text.hpp"

namespace platformer {
namespace {

constexpr std::size_t operation_limit_bytes = 4096;

std::int64_t bounded_count(std::int64_t value) {
  return std::clamp<std::int64_t>(value, 0, count_limit);
}

// Takes what it knows as it comes by; values of other types, unknown members and what is deeper are passed
// over.
class operation_reader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::optional<operation> result() && {
    if (!is_object_ || !kind_ || !cause_ || read_.id.empty() || read_.id.size() > operation_id_limit)
      return std::nullopt;
    read_.kind = *kind_;
    read_.cause = *cause_;
    for (std::string* id : {&read_.account, &read_.replaces})
      if (id->size() > account_id_limit) id->clear();
    return std::move(read_);
  }

  bool key(string_t& name) override {
    if (depth_ == 1) member_ = name;
    if (depth_ == 2) inner_ = name;
    return true;
  }
  bool start_object(std::size_t) override {
    is_object_ = is_object_ || depth_ == 0;
    return open();
  }
  bool start_array(std::size_t) override {
    if (depth_ == 1 && member_ == "renewHistory") {
      in_history_ = true;
      read_.renew_history.clear();
    }
    return open();
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool string(string_t& text) override {
    if (depth_ == 1) take_text(text);
    if (depth_ == 2) take_inner_text(text);
    return true;
  }
  bool number_integer(number_integer_t value) override {
    take_number(value);
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    take_number(static_cast<std::int64_t>(std::min<number_unsigned_t>(value, INT64_MAX)));
    return true;
  }
  bool boolean(bool value) override {
    if (depth_ == 1 && member_ == "afterDoubt") read_.after_doubt = value;
    return true;
  }
  bool null() override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
    return false;
  }

 private:
  bool open() {
    ++depth_;
    return true;
  }
  bool close() {
    --depth_;
    if (depth_ == 1) {
      in_history_ = false;
      inner_.clear();
    }
    return true;
  }
  void take_text(std::string& text) {
    if (member_ == "id") read_.id = std::move(text);
    if (member_ == "kind" && text == "create") kind_ = operation_kind::create;
    if (member_ == "kind" && text == "renew") kind_ = operation_kind::renew;
    if (member_ == "cause") cause_ = parse_mint_cause(text);
    if (member_ == "holder") read_.holder = std::move(text);
    if (member_ == "startedAt") read_.started_at = parse_rfc3339(text).value_or(time_point{});
    if (member_ == "account") read_.account = std::move(text);
    if (member_ == "replaces") read_.replaces = std::move(text);
  }
  void take_inner_text(std::string& text) {
    const bool has_room = read_.renew_history.size() < renew_history_limit;
    if (in_history_ && has_room && text.size() <= renew_hash_size)
      read_.renew_history.push_back(std::move(text));
    if (member_ == "automatic" && inner_ == "last") read_.budget.last_automatic = parse_rfc3339(text);
    if (member_ == "requested" && inner_ == "since") read_.budget.hour_start = parse_rfc3339(text);
    if (member_ == "scheduled" && inner_ == "since") read_.budget.scheduled_start = parse_rfc3339(text);
  }
  void take_number(std::int64_t value) {
    if (depth_ == 1 && member_ == "revision") read_.revision = bounded_count(value);
    if (depth_ == 1 && member_ == "callTimeoutMilliseconds")
      read_.call_timeout = std::clamp(duration(value), duration(0), call_timeout_limit);
    if (depth_ != 2 || inner_ != "count") return;
    if (member_ == "automatic") read_.budget.automatic = bounded_count(value);
    if (member_ == "requested") read_.budget.requested = bounded_count(value);
    if (member_ == "scheduled") read_.budget.scheduled = bounded_count(value);
  }

  operation read_;
  std::optional<operation_kind> kind_;
  std::optional<mint_cause> cause_;
  std::string member_;  // the object's, whose value comes
  std::string inner_;   // of the object that it holds
  std::size_t depth_ = 0;
  bool is_object_ = false;
  bool in_history_ = false;
};

}  // namespace

std::optional<operation> decode_operation(std::string_view annotation) {
  if (annotation.empty() || annotation.size() > operation_limit_bytes) return std::nullopt;
  if (auto own = read_own_operation(annotation)) return own;
  operation_reader reader;
  if (!nlohmann::json::sax_parse(annotation, &reader)) return std::nullopt;
  return std::move(reader).result();
}

}  // namespace platformer
