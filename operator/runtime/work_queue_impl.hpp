// Definitions of work_queue.hpp, which includes this file.
#pragma once

#include "runtime/work_queue.hpp"

namespace platformer::runtime {

template <class Key, class Hash>
void work_queue<Key, Hash>::add(const Key& key, time_point now, queue_priority priority) {
  if (closed_) return;
  ++adds_[index(priority)];
  if (const auto* waiting = delayed_.find(key)) {
    if (waiting->payload < priority) priority = waiting->payload;
    delayed_.cancel(key);
  }
  auto& node = *entries_.try_emplace(key).first;
  enqueue(node, now, priority);
}

template <class Key, class Hash>
void work_queue<Key, Hash>::add_after(const Key& key, time_point at, time_point now,
                                      queue_priority priority) {
  if (closed_) return;
  if (at <= now) return add(key, now, priority);
  const auto known = entries_.find(key);
  if (known != entries_.end() &&
      (known->second.where == place::queued || known->second.where == place::dirty))
    return upgrade(known->second, priority);
  if (const auto* waiting = delayed_.find(key)) {
    if (waiting->payload < priority) priority = waiting->payload;
    if (waiting->at < at) at = waiting->at;
  }
  delayed_.set(key, at, priority);
}

template <class Key, class Hash>
duration work_queue<Key, Hash>::add_rate_limited(const Key& key, time_point now, double random,
                                                 queue_priority priority, delay_bounds bounds) {
  if (closed_) return duration(0);
  ++retries_;
  auto& known = entries_.try_emplace(key).first->second;
  const duration delay =
      std::max(std::min(backoff_delay(policy_, known.failures, random), bounds.at_most), bounds.at_least);
  if (known.failures < std::numeric_limits<unsigned>::max()) ++known.failures;
  add_after(key, now + delay, now, priority);
  return delay;
}

template <class Key, class Hash>
void work_queue<Key, Hash>::forget(const Key& key) {
  const auto known = entries_.find(key);
  if (known == entries_.end()) return;
  known->second.failures = 0;
  drop_if_idle(known);
}

template <class Key, class Hash>
unsigned work_queue<Key, Hash>::failures(const Key& key) const {
  const auto known = entries_.find(key);
  return known == entries_.end() ? 0 : known->second.failures;
}

template <class Key, class Hash>
auto work_queue<Key, Hash>::pop(time_point now) -> std::optional<item> {
  if (closed_) return std::nullopt;
  promote_due(now);
  order& list = next_list();
  if (list.empty()) return std::nullopt;
  const Key& key = *list.front();
  entry& known = entries_.find(key)->second;
  assert(known.where == place::queued);
  list.pop_front();
  known.where = place::processing;
  ++processing_;
  const item taken{key, known.priority, std::max(duration(0), now - known.ready_at)};
  known.priority = queue_priority::low;  // only adds from now on count for the next run
  return taken;
}

template <class Key, class Hash>
auto work_queue<Key, Hash>::next_list() -> order& {
  order& normal = ready_[index(queue_priority::normal)];
  order& low = ready_[index(queue_priority::low)];
  const bool pass_over = !normal.empty() && passed_over_ + 1 < low_share;
  if (low.empty() || !pass_over) passed_over_ = 0;
  if (low.empty()) return normal;
  if (pass_over) ++passed_over_;
  return pass_over ? normal : low;
}

template <class Key, class Hash>
void work_queue<Key, Hash>::done(const Key& key, time_point now) {
  const auto known = entries_.find(key);
  assert(known != entries_.end());
  if (known == entries_.end()) return;
  entry& state = known->second;
  assert(state.where == place::processing || state.where == place::dirty);
  if (state.where != place::processing && state.where != place::dirty) return;
  --processing_;
  const bool again = state.where == place::dirty;
  state.where = place::none;
  if (again && !closed_)
    enqueue(*known, now, state.priority);
  else
    drop_if_idle(known);
}

template <class Key, class Hash>
void work_queue<Key, Hash>::clock_was_set(duration by, time_point now) {
  for (auto& [key, known] : entries_)
    if (known.where == place::queued) known.ready_at += by;
  while (auto waiting = delayed_.pop_due(time_point::max()))
    add(waiting->key, now, waiting->payload);
}

template <class Key, class Hash>
void work_queue<Key, Hash>::shut_down() {
  closed_ = true;
  delayed_.clear();
  for (auto& list : ready_)
    list.clear();
  std::erase_if(entries_, [](const auto& node) {
    return node.second.where == place::none || node.second.where == place::queued;
  });
}

template <class Key, class Hash>
queue_statistics work_queue<Key, Hash>::statistics(time_point now) const {
  queue_statistics out;
  for (std::size_t i = 0; i < queue_priorities; ++i) {
    out.levels[i].depth = ready_[i].size();
    out.levels[i].adds = adds_[i];
    if (ready_[i].empty()) continue;
    const entry& head = entries_.find(*ready_[i].front())->second;
    out.levels[i].oldest = std::max(duration(0), now - head.ready_at);
  }
  out.delayed = delayed_.size();
  out.processing = processing_;
  out.retries = retries_;
  return out;
}

template <class Key, class Hash>
void work_queue<Key, Hash>::enqueue(typename entries::value_type& node, time_point ready_at,
                                    queue_priority priority) {
  entry& known = node.second;
  switch (known.where) {
    case place::none:
      known.where = place::queued;
      known.priority = priority;
      known.ready_at = ready_at;
      ready_[index(priority)].push_back(&node.first);
      known.position = std::prev(ready_[index(priority)].end());
      return;
    case place::processing:
      known.where = place::dirty;
      known.priority = priority;
      return;
    case place::queued:
    case place::dirty:
      return upgrade(known, priority);
  }
}

template <class Key, class Hash>
void work_queue<Key, Hash>::upgrade(entry& known, queue_priority priority) {
  if (priority >= known.priority) return;
  if (known.where == place::queued) {
    auto& target = ready_[index(priority)];
    target.splice(target.end(), ready_[index(known.priority)], known.position);
  }
  known.priority = priority;
}

template <class Key, class Hash>
void work_queue<Key, Hash>::drop_if_idle(typename entries::iterator node) {
  if (node->second.where == place::none && node->second.failures == 0) entries_.erase(node);
}

template <class Key, class Hash>
void work_queue<Key, Hash>::promote_due(time_point now) {
  while (auto due = delayed_.pop_due(now)) {
    ++adds_[index(due->payload)];
    enqueue(*entries_.try_emplace(due->key).first, due->at, due->payload);
  }
}

}  // namespace platformer::runtime
