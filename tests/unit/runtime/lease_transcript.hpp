// Transcripts of lease_fsm: given an input, expect a line that says all of its answer.
//
//   lease_transcript t;
//   t.step(lease_started{}, "read");
//   t.step(lease_absent{}, "create by us");
//   t.step(t.stored(), "wait 2s");  // what was to be written, as the server stores it
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "runtime/lease_fsm.hpp"

namespace platformer::runtime::test {

inline lease_failed refused(api_errc code, std::optional<duration> retry_after = {}) {
  return {{.code = code, .http_status = 0, .message = "", .retry_after = retry_after}};
}

// A record of somebody, at that version, with the usual 15 seconds.
inline lease record_of(std::string holder, std::string version) {
  lease made;
  made.meta.name = "platformer-operator";
  made.meta.ns = "ops";
  made.meta.uid = "u";
  made.meta.resource_version = std::move(version);
  made.spec.holder = std::move(holder);
  made.spec.lease_duration = std::chrono::seconds(15);
  return made;
}

struct lease_action_printer {
  time_point now;

  std::string operator()(const lease_read_action& a) const { return "read" + within(a.timeout); }
  std::string operator()(const lease_create_action& a) const {
    return "create by " + a.spec.holder + within(a.timeout);
  }
  std::string operator()(const lease_update_action& a) const {
    const std::string holder = a.record.spec.holder.empty() ? "nobody" : a.record.spec.holder;
    return "update " + a.record.meta.resource_version + " to " + holder + within(a.timeout);
  }
  std::string operator()(const lease_wait_action& a) const { return "wait " + milliseconds(a.until - now); }
  std::string operator()(const lease_end_action&) const { return "end"; }

  static std::string milliseconds(duration span) {
    return span.count() % 1000 == 0 ? std::to_string(span.count() / 1000) + "s"
                                    : std::to_string(span.count()) + "ms";
  }
  // The usual timeout is not worth a word.
  static std::string within(duration timeout) {
    return timeout == std::chrono::seconds(5) ? "" : " within " + milliseconds(timeout);
  }
};

class lease_transcript {
 public:
  explicit lease_transcript(lease_options options = {.identity = "us"}) : fsm(std::move(options)) {}

  void step(const lease_input& input, const std::string& expected) {
    ++steps_;
    last = fsm.step(input, now, wall, random);
    EXPECT_EQ(std::visit(lease_action_printer{now}, last), expected) << "in step " << steps_;
  }
  // Performs the wait that was asked for.
  void wait(const std::string& expected) {
    const auto* asked = std::get_if<lease_wait_action>(&last);
    ASSERT_NE(asked, nullptr) << "after step " << steps_;
    now = std::max(now, asked->until);
    step(lease_wait_over{}, expected);
  }
  // What the last action is to write, as the server stores it at that version.
  lease_written stored(const std::string& version) const {
    lease made = record_of("", version);
    if (const auto* create = std::get_if<lease_create_action>(&last)) made.spec = create->spec;
    if (const auto* update = std::get_if<lease_update_action>(&last)) made.spec = update->record.spec;
    return {std::move(made)};
  }

  // Leads since `now`, at version 1.
  static lease_transcript leading() {
    lease_transcript t;
    t.step(lease_started{}, "read");
    t.step(lease_absent{}, "create by us");
    t.step(t.stored("1"), "wait 2s");
    EXPECT_TRUE(t.fsm.leading(t.now));
    return t;
  }

  lease_fsm fsm;
  lease_action last;
  time_point now{std::chrono::hours(1)};
  time_point wall{std::chrono::hours(500'000)};
  double random = 0.0;

 private:
  int steps_ = 0;
};

}  // namespace platformer::runtime::test
