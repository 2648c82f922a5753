#include "app/scrape_access.hpp"

#include <algorithm>
#include <tuple>

#include "kube/access_review.hpp"

namespace platformer::app {
namespace {

bool same_scheme(std::string_view given) {
  static constexpr std::string_view scheme = "bearer ";
  return given.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), given.begin(), [](char wanted, char c) {
           return wanted == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
         });
}

}  // namespace

std::string_view bearer_token(std::string_view authorization) {
  if (!same_scheme(authorization)) return {};
  const auto first = authorization.find_first_not_of(' ', authorization.find(' '));
  if (first == std::string_view::npos) return {};
  const std::string_view token = authorization.substr(first, authorization.find_last_not_of(' ') + 1 - first);
  return kube::is_bearer_token(token) ? token : std::string_view();
}

scrape_access::scrape_access(scrape_access_limits limits)
    : limits_(limits), strangers_pace_(limits.strangers_per_second, limits.strangers_burst) {}

const scrape_verdict* scrape_access::find(std::string_view key, time_point now) const {
  const auto found = tokens_.find(key);
  if (found == tokens_.end()) return nullptr;
  const entry& each = found->second;
  // A clock that was set back must not make an answer live for longer.
  return now >= each.learned && now < each.until ? &each.verdict : nullptr;
}

scrape_turn scrape_access::may_ask(std::string_view key, time_point now) {
  const auto found = tokens_.find(key);
  const bool known = found != tokens_.end();
  if (asking_ >= limits_.at_once || (known && found->second.asking)) return scrape_turn::wait;
  if (known && found->second.welcome) return scrape_turn::ask;
  if (strangers_asking_ >= limits_.strangers_at_once) return scrape_turn::wait;
  return strangers_pace_.try_take(now) ? scrape_turn::ask : scrape_turn::busy;
}

void scrape_access::begin(std::string_view key) {
  auto found = tokens_.find(key);
  if (found == tokens_.end()) {
    make_room();
    found = tokens_.emplace(key, entry{}).first;
  }
  entry& each = found->second;
  each.asking = true;
  each.counted = !each.welcome;
  ++asking_;
  if (each.counted) ++strangers_asking_;
}

void scrape_access::learn(std::string_view key, scrape_verdict verdict, time_point now) {
  const auto found = tokens_.find(key);
  if (found == tokens_.end() || !found->second.asking) return;
  entry& each = found->second;
  --asking_;
  if (each.counted) --strangers_asking_;
  each.asking = each.counted = false;
  const bool said = verdict.answer != scrape_answer::unavailable;
  if (said) each.welcome = verdict.answer == scrape_answer::allowed;
  each.learned = now;
  each.until = now + (said ? limits_.remembered_for : limits_.failure_for);
  each.verdict = std::move(verdict);
}

// Whoever was allowed goes last, so that a flood of invented tokens does not make a scraper a stranger.
void scrape_access::make_room() {
  while (tokens_.size() >= limits_.tokens) {
    auto oldest = tokens_.end();
    for (auto each = tokens_.begin(); each != tokens_.end(); ++each) {
      if (each->second.asking) continue;
      const auto rank = [](const entry& of) { return std::tuple(of.welcome, of.learned); };
      if (oldest == tokens_.end() || rank(each->second) < rank(oldest->second)) oldest = each;
    }
    if (oldest == tokens_.end()) return;  // as many as are asked about at once
    tokens_.erase(oldest);
  }
}

}  // namespace platformer::app
