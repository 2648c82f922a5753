// What the probe server answers with.
#pragma once

#include <string>

namespace platformer::app {

struct probe_reply {
  unsigned status = 200;
  std::string body{};
  std::string content_type = "text/plain; charset=utf-8";
  std::string allow{};      // value of Allow; empty: none
  std::string challenge{};  // value of WWW-Authenticate; empty: none
};

}  // namespace platformer::app
