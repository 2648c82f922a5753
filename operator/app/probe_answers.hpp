// Inside the probe server only: which reply a path has. Knows no sockets.
#pragma once

#include <string>
#include <string_view>

#include "app/probe_server.hpp"

namespace platformer::app {

struct probe_reply {
  unsigned status = 200;
  std::string body{};
  std::string content_type = "text/plain; charset=utf-8";
  std::string allow{};  // value of Allow; empty: none
};

class probe_answers {
 public:
  explicit probe_answers(probe_handlers handlers) : handlers_(std::move(handlers)) {}

  // `target` is the request's, with its query. A handler's exception is a 500.
  probe_reply answer(std::string_view method, std::string_view target) const;
  // From now on everything is a 503, and the handlers (and what they refer to) are let go.
  void close();

 private:
  probe_reply answer_path(std::string_view path, std::string_view query) const;

  probe_handlers handlers_;
  bool closed_ = false;
};

}  // namespace platformer::app
