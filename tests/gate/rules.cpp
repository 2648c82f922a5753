#include "tests/gate/rules.hpp"

#include <stdexcept>

namespace platformer::test {
namespace {

std::optional<std::regex> compiled(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return std::regex(text, std::regex::ECMAScript | std::regex::optimize);
}

bool is_found(const std::optional<std::regex>& wanted, const std::string& in) {
  return !wanted || std::regex_search(in, *wanted);
}

}  // namespace

std::string to_string(moment when) {
  return when == moment::before ? "before forwarding" : "after the answer";
}

struct rule_book::entry {
  explicit entry(gate_rule given)
      : rule(std::move(given)),
        server(compiled(rule.on.server)),
        method(compiled(rule.on.method)),
        path(compiled(rule.on.path)),
        query(compiled(rule.on.query)) {
    if (rule.nth == 0 || rule.times == 0) throw std::invalid_argument("a rule counts from 1");
  }

  bool fits(const passage& arrived) const {
    return is_found(server, arrived.server) && is_found(method, arrived.method) &&
           is_found(path, arrived.path) && is_found(query, arrived.query) &&
           (!rule.on.also || rule.on.also(arrived));
  }
  // Whether it acts on the fitting request that was just counted.
  bool is_due() const { return seen >= rule.nth && seen - rule.nth < rule.times; }

  gate_rule rule;
  std::optional<std::regex> server, method, path, query;
  std::size_t seen = 0;
  bool released = false;
};

rule_id rule_book::add(gate_rule rule) {
  auto made = std::make_shared<entry>(std::move(rule));
  const std::scoped_lock lock(mutex_);
  rules_[++last_] = std::move(made);
  return last_;
}

void rule_book::lift(rule_id id) {
  const std::scoped_lock lock(mutex_);
  rules_.erase(id);
}

void rule_book::lift_all() {
  const std::scoped_lock lock(mutex_);
  rules_.clear();
}

std::optional<std::pair<rule_id, gate_action>> rule_book::take(const passage& arrived) {
  const std::scoped_lock lock(mutex_);
  std::optional<std::pair<rule_id, gate_action>> taken;
  for (auto& [id, each] : rules_) {
    if (!each->fits(arrived)) continue;
    ++each->seen;
    if (taken || !each->is_due()) continue;
    taken.emplace(id, each->rule.act);
  }
  return taken;
}

void rule_book::count_hit(rule_id id) {
  const std::scoped_lock lock(mutex_);
  ++hits_[id];
  changed_.notify_all();
}

std::size_t rule_book::hits(rule_id id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = hits_.find(id);
  return found == hits_.end() ? 0 : found->second;
}

bool rule_book::wait_hits(rule_id id, std::size_t count, std::chrono::milliseconds deadline) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, deadline, [&] {
    const auto found = hits_.find(id);
    return found != hits_.end() && found->second >= count;
  });
}

void rule_book::release(rule_id id) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = rules_.find(id); found != rules_.end()) found->second->released = true;
}

bool rule_book::is_released(rule_id id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = rules_.find(id);
  return found == rules_.end() || found->second->released;
}

}  // namespace platformer::test
