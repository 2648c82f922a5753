// A reconcile of a ConsoleConnection as a transcript: expect a request, reply, expect the next.
//
//   run story(a_connection());
//   story.expect<read_secret>(); story.reply(secret_read{a_credential()});
//   story.expect<build_client>(); …
//   EXPECT_TRUE(story.ends<finished>());
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "controllers/console_connection/step.hpp"
#include "model/names.hpp"

namespace platformer::connections {

inline constexpr time_point noon{std::chrono::hours(12)};

// Generation 1, organization acme, credentials in Secret console-credentials, used by one ServiceAccount and
// held.
snapshot a_connection();
// The Secret with a value under `key`.
secret_content a_secret(const std::string& name, const std::string& key = "token");

class run {
 public:
  explicit run(snapshot seen, memory remembered = {}) : seen_(std::move(seen)) {
    now_.remembered = std::move(remembered);
    reply({});
  }

  // The request that is wanted now; a failure of the test when it is of another kind.
  template <class Request>
  Request expect() {
    const auto* wanted = std::get_if<request>(&effect_);
    if (wanted != nullptr && std::holds_alternative<Request>(*wanted)) return std::get<Request>(*wanted);
    ADD_FAILURE() << "expected another request than number "
                  << (wanted != nullptr ? std::to_string(wanted->index()) : "none: the reconcile ended");
    return {};
  }
  void reply(response answer) { effect_ = step(seen_, now_, answer, noon); }
  // Answers everything well up to the status, which is given back.
  console_connection_status succeed();

  template <class Stop>
  bool ends() const {
    const auto* end = std::get_if<stop>(&effect_);
    return end != nullptr && std::holds_alternative<Stop>(*end);
  }
  template <class Stop>
  Stop end() const {
    if (ends<Stop>()) return std::get<Stop>(std::get<stop>(effect_));
    ADD_FAILURE() << "expected another end, or an end at all";
    return {};
  }
  // The status that is written now, and the patch answered.
  console_connection_status write_status();

  const state& state_now() const { return now_; }

 private:
  snapshot seen_;
  state now_;
  std::variant<request, stop> effect_ = stop{finished{}};
};

// The reason of Ready, with "+" before it when it is true.
std::string ready_reason(const console_connection_status& status);

}  // namespace platformer::connections
