// Inside the probe server only: what keeps somebody who asks for /metrics over and over from having the
// thread to himself.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace platformer::app {

// Wraps `make` so that making takes at most a tenth of the time, however often the text is asked for: within
// nine times as long as the last one took (5 s at the most) that one is given again. A text that takes a
// millisecond is nine milliseconds old at worst. An exception of `make` passes, and nothing is kept of it.
// `now` is for tests.
std::function<std::string()> paced(
    std::function<std::string()> make,
    std::function<std::chrono::steady_clock::time_point()> now = &std::chrono::steady_clock::now);

}  // namespace platformer::app
