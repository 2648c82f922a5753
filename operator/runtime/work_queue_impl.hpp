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
auto work_queue<Key, Hash>::pop(time_point now, std::size_t free_workers) -> std::optional<item> {
  if (closed_) return std::nullopt;
  promote_due(now);
  const turn next = next_turn(free_workers);
  if (next.of == nullptr) return std::nullopt;
  const Key& key = *next.of->ready[index(next.priority)].front();
  entry& known = entries_.find(key)->second;
  assert(known.where == place::queued);
  remove(known);
  known.where = place::processing;
  ++processing_;
  ++known.of->processing;
  // The others go first from now on.
  auto& turns = turns_[index(next.priority)];
  if (!next.of->ready[index(next.priority)].empty())
    turns.splice(turns.end(), turns, next.of->turn[index(next.priority)]);
  const item taken{key, known.priority, std::max(duration(0), now - known.ready_at)};
  known.priority = queue_priority::low;  // only adds from now on count for the next run
  return taken;
}

template <class Key, class Hash>
bool work_queue<Key, Hash>::has_work_for(std::size_t free_workers) const {
  return find_turn(queue_priority::normal, free_workers) != nullptr ||
         find_turn(queue_priority::low, free_workers) != nullptr;
}

template <class Key, class Hash>
auto work_queue<Key, Hash>::find_turn(queue_priority priority, std::size_t free_workers) const -> group* {
  if (free_workers == 0) return nullptr;
  const auto& turns = turns_[index(priority)];
  const auto found = std::find_if(turns.begin(), turns.end(), [&](const group* each) {
    return !group_of_ || each->processing < free_workers;
  });
  return found == turns.end() ? nullptr : *found;
}

template <class Key, class Hash>
auto work_queue<Key, Hash>::next_turn(std::size_t free_workers) -> turn {
  group* normal = find_turn(queue_priority::normal, free_workers);
  group* low = find_turn(queue_priority::low, free_workers);
  const bool is_waiting = depth_[index(queue_priority::low)] != 0;
  const bool takes_low = low != nullptr && (normal == nullptr || passed_over_ + 1 >= low_share);
  if (takes_low || !is_waiting)
    passed_over_ = 0;
  else if (low != nullptr)
    ++passed_over_;
  return takes_low ? turn{low, queue_priority::low} : turn{normal, queue_priority::normal};
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
  --state.of->processing;
  drop_if_idle(*state.of);
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
  for (auto& turns : turns_)
    turns.clear();
  for (auto& [number, each] : groups_)
    for (auto& list : each.ready)
      list.clear();
  std::fill(std::begin(depth_), std::end(depth_), 0);
  std::erase_if(groups_, [](const auto& node) { return node.second.is_idle(); });
  std::erase_if(entries_, [](const auto& node) {
    return node.second.where == place::none || node.second.where == place::queued;
  });
}

template <class Key, class Hash>
queue_statistics work_queue<Key, Hash>::statistics(time_point now) const {
  queue_statistics out;
  for (std::size_t i = 0; i < queue_priorities; ++i) {
    auto& level = out.levels[i];
    level.depth = depth_[i];
    level.adds = adds_[i];
    for (const group* each : turns_[i]) {
      const entry& head = entries_.find(*each->ready[i].front())->second;
      level.oldest = std::max(level.oldest.value_or(duration(0)), now - head.ready_at);
    }
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
      known.ready_at = ready_at;
      append(known, node.first, priority);
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
    const Key& key = **known.position;
    group& before = *known.of;
    remove(known);
    append(known, key, priority);
    drop_if_idle(before);
  }
  known.priority = priority;
}

template <class Key, class Hash>
void work_queue<Key, Hash>::append(entry& to, const Key& key, queue_priority priority) {
  const std::size_t number = group_of_ ? group_of_(key) : 0;
  group& target = groups_.try_emplace(number).first->second;
  target.number = number;
  auto& list = target.ready[index(priority)];
  auto& turns = turns_[index(priority)];
  if (list.empty()) target.turn[index(priority)] = turns.insert(turns.end(), &target);
  to.of = &target;
  to.priority = priority;
  to.position = list.insert(list.end(), &key);
  ++depth_[index(priority)];
}

template <class Key, class Hash>
void work_queue<Key, Hash>::remove(entry& from) {
  const std::size_t level = index(from.priority);
  from.of->ready[level].erase(from.position);
  if (from.of->ready[level].empty()) turns_[level].erase(from.of->turn[level]);
  --depth_[level];
}

template <class Key, class Hash>
void work_queue<Key, Hash>::drop_if_idle(group& known) {
  if (known.is_idle()) groups_.erase(known.number);
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
