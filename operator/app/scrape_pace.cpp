#include "app/scrape_pace.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace platformer::app {
namespace {

constexpr int rests_for_each_making = 9;
// A process that was stopped while it made the text would give it for minutes otherwise.
constexpr std::chrono::steady_clock::duration longest_rest = std::chrono::seconds(5);

struct last_text {
  std::string text;
  std::chrono::steady_clock::time_point good_until = std::chrono::steady_clock::time_point::min();
};

}  // namespace

std::function<std::string()> paced(std::function<std::string()> make,
                                   std::function<std::chrono::steady_clock::time_point()> now) {
  return [make = std::move(make), now = std::move(now), last = std::make_shared<last_text>()] {
    const auto begun = now();
    if (begun < last->good_until) return last->text;
    last->text = make();
    const auto ended = now();
    last->good_until = ended + std::min(rests_for_each_making * (ended - begun), longest_rest);
    return last->text;
  };
}

}  // namespace platformer::app
