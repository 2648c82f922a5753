#include "kube/event_journal.hpp"

#include <array>
#include <cstdio>

#include "model/api_error.hpp"

namespace platformer::kube {
namespace {

constexpr std::string_view controller = "console.platformer.com/platformer-operator";
constexpr std::size_t field_limit = 128;  // the apiserver's for reason, action and reportingInstance
constexpr std::size_t name_limit = 253;

std::string_view to_string(event_type type) {
  switch (type) {
    case event_type::normal:
      return "Normal";
    case event_type::warning:
      return "Warning";
  }
  return "Warning";
}

std::string cut(std::string text, std::size_t limit) {
  if (text.size() > limit) text.resize(limit);
  return text;
}

// What makes two events alike. The separator can't be in any of the parts but the last.
std::string alike_key(const event_record& event) {
  std::string key = event.regarding.uid;
  for (const auto part : {std::string_view(event.reason), to_string(event.type),
                          std::string_view(event.action), std::string_view(event.note)})
    key.append(1, '\n').append(part);
  return key;
}

std::string hexadecimal(std::uint64_t value) {
  std::array<char, 17> text{};
  const int size = std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(value));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

event_journal::event_journal(std::string instance, std::uint64_t seed)
    : instance_(cut(std::move(instance), field_limit)), seed_(seed) {}

bool event_journal::note(const event_record& event, time_point now) {
  event_record kept = event;
  kept.note = clean_message(event.note, note_limit);
  kept.reason = cut(kept.reason, field_limit);
  kept.action = cut(kept.action, field_limit);
  const auto alike = alike_key(kept);
  auto found = known_.find(alike);
  const bool new_series = found == known_.end() || now - found->second.last > series_window;
  const bool needs_place = new_series || !found->second.due;
  if (needs_place && due_.size() >= queued_limit) {
    ++dropped_;
    return false;
  }
  // A series whose write is due or under way goes on, however late the next alike event is.
  if (new_series && (found == known_.end() || (!found->second.due && !found->second.under_way))) {
    found = begin_series(alike, kept, now);
    if (found == known_.end()) {
      ++dropped_;
      return false;
    }
  } else {
    ++found->second.count;
  }
  series& of = found->second;
  of.last = now;
  if (!of.due && !of.under_way) due_.push_back(of.id);
  of.due = true;
  return true;
}

event_journal::series_map::iterator event_journal::begin_series(const std::string& alike,
                                                                const event_record& event, time_point now) {
  if (const auto old = known_.find(alike); old != known_.end()) {
    by_id_.erase(old->second.id);
    known_.erase(old);
  }
  if (known_.size() >= known_limit) forget_old(now);
  if (known_.size() >= known_limit) return known_.end();
  series of;
  of.id = ++last_id_;
  of.event = event;
  of.name = event_name(event, now, of.id);
  of.first = now;
  by_id_.emplace(of.id, alike);
  return known_.emplace(alike, std::move(of)).first;
}

// Those that are over; when there are none, the one that has been quiet for longest.
void event_journal::forget_old(time_point now) {
  auto oldest = known_.end();
  for (auto at = known_.begin(); at != known_.end();) {
    const series& of = at->second;
    if (of.due || of.under_way) {
      ++at;
    } else if (now - of.last > series_window) {
      by_id_.erase(of.id);
      at = known_.erase(at);
    } else {
      if (oldest == known_.end() || of.last < oldest->second.last) oldest = at;
      ++at;
    }
  }
  if (known_.size() < known_limit || oldest == known_.end()) return;
  by_id_.erase(oldest->second.id);
  known_.erase(oldest);
}

std::optional<event_write> event_journal::next() {
  if (due_.empty()) return std::nullopt;
  series& of = known_.find(by_id_.at(due_.front()))->second;
  due_.pop_front();
  of.due = false;
  of.under_way = true;
  event_write write;
  write.id = of.id;
  write.create = !of.stored;
  write.key = {of.event.regarding.key.ns.empty() ? "default" : of.event.regarding.key.ns, of.name};
  if (of.stored)
    write.body["series"] = {{"count", of.count}, {"lastObservedTime", format_micro_time(of.last)}};
  else
    write.body = new_event(of);
  return write;
}

void event_journal::settle(std::uint64_t id, event_outcome outcome) {
  const auto alike = by_id_.find(id);
  if (alike == by_id_.end()) return;
  const auto found = known_.find(alike->second);
  series& of = found->second;
  of.under_way = false;
  if (outcome == event_outcome::stored) {
    of.stored = true;
    ++written_;
    if (of.due) due_.push_back(id);
    return;
  }
  // Forgotten, so that the next alike event begins anew.
  dropped_ += of.due || outcome == event_outcome::failed ? 1U : 0U;
  known_.erase(found);
  by_id_.erase(alike);
}

std::string event_journal::event_name(const event_record& event, time_point now, std::uint64_t id) const {
  const auto stamp = static_cast<std::uint64_t>(now.time_since_epoch().count());
  // The multiplier spreads the bits (2^64 / golden ratio).
  const auto suffix = "." + hexadecimal((stamp + id + seed_) * 0x9e3779b97f4a7c15ULL);
  return cut(event.regarding.key.name, name_limit - suffix.size()) + suffix;
}

nlohmann::json event_journal::new_event(const series& of) const {
  const auto& about = of.event.regarding;
  nlohmann::json regarding = {
      {"apiVersion", about.api_version}, {"kind", about.kind}, {"name", about.key.name}};
  if (!about.key.ns.empty()) regarding["namespace"] = about.key.ns;
  if (!about.uid.empty()) regarding["uid"] = about.uid;
  if (!about.resource_version.empty()) regarding["resourceVersion"] = about.resource_version;
  nlohmann::json body = {
      {"apiVersion", "events.k8s.io/v1"},
      {"kind", "Event"},
      {"metadata", {{"name", of.name}, {"namespace", about.key.ns.empty() ? "default" : about.key.ns}}},
      {"eventTime", format_micro_time(of.first)},
      {"reportingController", controller},
      {"reportingInstance", instance_},
      {"action", of.event.action},
      {"reason", of.event.reason},
      {"type", to_string(of.event.type)},
      {"note", of.event.note},
      {"regarding", std::move(regarding)}};
  // Alike ones that came while it waited.
  if (of.count > 1) body["series"] = {{"count", of.count}, {"lastObservedTime", format_micro_time(of.last)}};
  return body;
}

}  // namespace platformer::kube
