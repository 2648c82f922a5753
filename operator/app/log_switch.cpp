#include "app/log_switch.hpp"

#include <algorithm>
#include <csignal>

namespace platformer::app {

log_switch::log_switch(boost::asio::io_context& io, logger& log)
    : log_(log), usual_(log.level()), signals_(io, SIGHUP) {
  wait();
}

void log_switch::wait() {
  signals_.async_wait([this](boost::system::error_code failed, int) {
    if (failed) return;
    // Who runs at debug wants less of it.
    const log_level other = usual_ <= log_level::debug ? log_level::info : log_level::debug;
    const log_level before = log_.level();
    const log_level now = before == usual_ ? other : usual_;
    // Said at the more talkative of both levels, so that it is always said.
    log_.set_level(std::min(before, now));
    log_.log(log_level::info, "the log's level was switched by SIGHUP",
             {{"from", to_string(before)}, {"to", to_string(now)}});
    log_.set_level(now);
    wait();
  });
}

}  // namespace platformer::app
