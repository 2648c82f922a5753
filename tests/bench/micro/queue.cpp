#include <deque>

#include "model/object_meta.hpp"
#include "runtime/work_queue.hpp"
#include "tests/bench/micro/figures.hpp"
#include "tests/bench/micro/measure.hpp"
#include "tests/bench/micro/objects.hpp"

namespace platformer::bench::micro {
namespace {

constexpr std::size_t keys = 10'000;
constexpr time_point now{std::chrono::seconds(1'795'420'800)};

object_key key_at(std::size_t number) {
  return {std::string(accounts_namespace), account_name(number)};
}

}  // namespace

void queue_turn(benchmark::State& state) {
  runtime::work_queue<object_key> queue;
  for (std::size_t number = 0; number < keys; ++number)
    queue.add(key_at(number), now);
  measure(state, [&] {
    const auto item = queue.pop(now);
    if (!item) return false;
    queue.done(item->key, now);
    queue.add(item->key, now);
    return true;
  });
  if (queue.statistics(now).depth() != keys) state.SkipWithError(wrong_result);
}

void deque_turn(benchmark::State& state) {
  std::deque<object_key> queue;
  for (std::size_t number = 0; number < keys; ++number)
    queue.push_back(key_at(number));
  measure(state, [&] {
    const object_key key = queue.front();
    queue.pop_front();
    queue.push_back(key);
    return queue.size() == keys;
  });
}

}  // namespace platformer::bench::micro
