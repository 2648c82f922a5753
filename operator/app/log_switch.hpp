// SIGHUP switches the log to debug, and back. No file and no right is needed for it, and a restart, which
// would take what is being looked into along, is not either.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "app/logging.hpp"

namespace platformer::app {

class log_switch {
 public:
  // Waits for signals from now on; `log` outlives it. It does not keep `io` running once that is stopped.
  log_switch(boost::asio::io_context& io, logger& log);

 private:
  void wait();

  logger& log_;
  log_level usual_;
  boost::asio::signal_set signals_;
};

}  // namespace platformer::app
