// An intent is written and read in every reconcile: both go straight over the text.
#include "model/operation_text.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

namespace platformer {
namespace {

// A byte that stands for itself in a JSON string, and is valid UTF-8 alone.
constexpr bool is_plain(char c) {
  return c >= ' ' && c < '\x7f' && c != '"' && c != '\\';
}

class operation_writer {
 public:
  std::string take() && {
    text_ += '}';
    return std::move(text_);
  }
  void member(std::string_view name) {
    text_ += text_.empty() || text_.back() == '{' ? "" : ",";
    text_.append("\"").append(name).append("\":");
  }
  void value(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), is_plain))
      text_.append("\"").append(text).append("\"");
    else
      text_ += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  void value(std::int64_t number) { text_ += std::to_string(number); }
  void value(time_point at) { value(format_rfc3339(at)); }
  void value(const std::vector<std::string>& texts) {
    char before = '[';
    for (const std::string& each : texts) {
      text_ += std::exchange(before, ',');
      value(each);
    }
    text_ += ']';
  }
  void counted(std::string_view name, std::int64_t count, std::string_view since_name,
               const std::optional<time_point>& since) {
    if (!since) return;
    member(name);
    text_ += '{';
    set("count", count);
    set(since_name, *since);
    text_ += '}';
  }
  template <class Value>
  void set(std::string_view name, const Value& what) {
    member(name);
    value(what);
  }
  void flag(std::string_view name) {
    member(name);
    text_ += "true";
  }

 private:
  std::string text_ = "{";
};

// Takes what it expects off the text's front; false: there is something else.
class own_text {
 public:
  explicit own_text(std::string_view text) : left_(text) {}

  bool at_end() const { return left_.empty(); }
  bool take(std::string_view expected) {
    if (!left_.starts_with(expected)) return false;
    left_.remove_prefix(expected.size());
    return true;
  }
  bool take(std::string& value) {
    std::string_view text;
    if (!take_text(text)) return false;
    value = text;
    return true;
  }
  // A count as it may be written: not negative, and believed.
  bool take(std::int64_t& value, std::int64_t most = count_limit) {
    const auto [end, failure] = std::from_chars(left_.data(), left_.data() + left_.size(), value);
    const auto digits = static_cast<std::size_t>(end - left_.data());
    if (failure != std::errc{} || left_.front() == '-' || (left_.front() == '0' && digits > 1) ||
        value > most)
      return false;
    left_.remove_prefix(digits);
    return true;
  }
  bool take(std::optional<time_point>& at) {
    std::string_view text;
    if (!take_text(text)) return false;
    at = parse_rfc3339(text);
    return at.has_value();
  }
  bool take(std::vector<std::string>& texts) {
    for (bool more = true; more;) {
      if (texts.size() == renew_history_limit || !take(texts.emplace_back()) ||
          texts.back().size() > renew_hash_size)
        return false;
      more = take(",");
    }
    return take("]");
  }
  bool take(operation_kind& kind) {
    kind = take(R"("create")") ? operation_kind::create : operation_kind::renew;
    return kind == operation_kind::create || take(R"("renew")");
  }
  bool take(mint_cause& cause) {
    std::string_view text;
    if (!take_text(text)) return false;
    const auto found = parse_mint_cause(text);
    if (found) cause = *found;
    return found.has_value();
  }
  // Absent is right, too.
  template <class Value>
  bool take_if(std::string_view start, Value& value, std::string_view end = "") {
    return !take(start) || (take(value) && take(end));
  }
  bool take_counted(std::string_view start, std::int64_t& count, std::string_view since_start,
                    std::optional<time_point>& since) {
    return !take(start) || (take(count) && take(since_start) && take(since) && take("}"));
  }

 private:
  bool take_text(std::string_view& text) {
    if (left_.empty() || left_.front() != '"') return false;
    const auto end = std::find_if_not(left_.begin() + 1, left_.end(), is_plain);
    if (end == left_.end() || *end != '"') return false;
    text = std::string_view(left_.begin() + 1, end);
    left_.remove_prefix(text.size() + 2);
    return true;
  }

  std::string_view left_;
};

}  // namespace

std::string encode_operation(const operation& op) {
  operation_writer out;
  if (!op.account.empty()) out.set("account", std::string_view(op.account));
  if (op.after_doubt) out.flag("afterDoubt");
  out.counted("automatic", op.budget.automatic, "last", op.budget.last_automatic);
  out.set("callTimeoutMilliseconds", op.call_timeout.count());
  out.set("cause", to_string(op.cause));
  out.set("holder", std::string_view(op.holder));
  out.set("id", std::string_view(op.id));
  out.set("kind", std::string_view(op.kind == operation_kind::create ? "create" : "renew"));
  if (!op.renew_history.empty()) out.set("renewHistory", op.renew_history);
  if (!op.replaces.empty()) out.set("replaces", std::string_view(op.replaces));
  out.counted("requested", op.budget.requested, "since", op.budget.hour_start);
  out.set("revision", op.revision);
  out.counted("scheduled", op.budget.scheduled, "since", op.budget.scheduled_start);
  out.set("startedAt", op.started_at);
  return std::move(out).take();
}

std::optional<operation> read_own_operation(std::string_view annotation) {
  own_text in(annotation);
  operation op;
  mint_budget& budget = op.budget;
  std::int64_t timeout = 0;
  std::optional<time_point> started;
  if (!in.take("{") || !in.take_if(R"("account":)", op.account, ",")) return std::nullopt;
  op.after_doubt = in.take(R"("afterDoubt":true,)");
  const bool is_own =
      in.take_counted(R"("automatic":{"count":)", budget.automatic, R"(,"last":)", budget.last_automatic) &&
      (!budget.last_automatic || in.take(",")) && in.take(R"("callTimeoutMilliseconds":)") &&
      in.take(timeout, call_timeout_limit.count()) && in.take(R"(,"cause":)") && in.take(op.cause) &&
      in.take(R"(,"holder":)") && in.take(op.holder) && in.take(R"(,"id":)") && in.take(op.id) &&
      in.take(R"(,"kind":)") && in.take(op.kind) && in.take_if(R"(,"renewHistory":[)", op.renew_history) &&
      in.take_if(R"(,"replaces":)", op.replaces) &&
      in.take_counted(R"(,"requested":{"count":)", budget.requested, R"(,"since":)", budget.hour_start) &&
      in.take(R"(,"revision":)") && in.take(op.revision) &&
      in.take_counted(R"(,"scheduled":{"count":)", budget.scheduled, R"(,"since":)",
                      budget.scheduled_start) &&
      in.take(R"(,"startedAt":)") && in.take(started) && in.take("}") && in.at_end();
  if (!is_own || op.id.empty() || op.id.size() > operation_id_limit ||
      std::max(op.account.size(), op.replaces.size()) > account_id_limit)
    return std::nullopt;
  op.call_timeout = duration(timeout);
  op.started_at = *started;
  return op;
}

}  // namespace platformer
