// Inside the probe server only: which reply a path has. Knows no sockets.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "app/probe_reply.hpp"
#include "app/probe_server.hpp"

namespace platformer::app {

class probe_answers {
 public:
  // Metrics are asked for at the pace of scrape_pace.hpp.
  explicit probe_answers(probe_handlers handlers);

  // `target` is the request's, with its query. A handler's exception is a 500.
  probe_reply answer(std::string_view method, std::string_view target) const;
  // Whether the guard has to be asked before that.
  bool is_guarded(std::string_view target) const;
  // Only where is_guarded. Fails with the reply when the request may not have an answer.
  boost::asio::awaitable<std::optional<probe_reply>> refuse(std::string authorization,
                                                            std::string_view target) const;
  // From now on everything is a 503, and the handlers (and what they refer to) are let go.
  void close();

 private:
  probe_reply answer_path(std::string_view path, std::string_view query) const;

  probe_handlers handlers_;
  bool closed_ = false;
};

}  // namespace platformer::app
