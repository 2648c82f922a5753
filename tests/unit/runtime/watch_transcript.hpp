// Transcripts of watch_fsm: given an input, expect a line that says all of its answer.
//
//   transcript t;
//   t.step(watch_started{}, "list 0 limit 500");
//   t.step(page("10"), "stage, commit 10, watch 10 for 300s");
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "runtime/watch_fsm.hpp"

namespace platformer::runtime::test {

inline api_error failure(api_errc code, int http_status = 0, std::optional<duration> retry_after = {}) {
  return {.code = code, .http_status = http_status, .message = "", .retry_after = retry_after};
}

inline list_page_arrived page(std::string version, std::string token = "") {
  return {std::move(version), std::move(token)};
}

inline event_arrived event(watch_event_type type, std::string version) {
  return {.type = type, .version = std::move(version), .initial_events_end = false, .error = {}};
}
inline event_arrived added(std::string version) {
  return event(watch_event_type::added, std::move(version));
}
inline event_arrived modified(std::string version) {
  return event(watch_event_type::modified, std::move(version));
}
inline event_arrived deleted(std::string version) {
  return event(watch_event_type::deleted, std::move(version));
}
inline event_arrived bookmark(std::string version) {
  return event(watch_event_type::bookmark, std::move(version));
}
inline event_arrived initial_end(std::string version) {
  auto made = bookmark(std::move(version));
  made.initial_events_end = true;
  return made;
}
inline event_arrived error_event(api_error error) {
  return {
      .type = watch_event_type::error, .version = "", .initial_events_end = false, .error = std::move(error)};
}

struct action_printer {
  time_point now;

  std::string operator()(const list_page_action& a) const {
    std::string text = "list";
    if (!a.continue_token.empty()) text += " continue " + a.continue_token;
    if (!a.version.empty()) text += " " + a.version;
    if (!a.version_match.empty()) text += " " + a.version_match;
    return text + (a.limit == 0 ? " whole" : " limit " + std::to_string(a.limit));
  }
  std::string operator()(const open_watch_action& a) const {
    return std::string(a.initial_events ? "stream" : "watch") + (a.version.empty() ? "" : " " + a.version) +
           " for " + seconds(a.timeout);
  }
  std::string operator()(const read_event_action& a) const { return "read " + seconds(a.idle_deadline); }
  std::string operator()(const wait_action& a) const { return "wait " + seconds(a.until - now); }

  static std::string seconds(duration span) {
    return span.count() % 1000 == 0 ? std::to_string(span.count() / 1000) + "s"
                                    : std::to_string(span.count()) + "ms";
  }
};

inline std::string print(const watch_step& step, const watch_fsm& fsm, time_point now) {
  std::string text;
  const auto say = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (step.discard) say("discard");
  switch (step.use) {
    case item_use::none:
      break;
    case item_use::stage:
      say("stage");
      break;
    case item_use::unstage:
      say("unstage");
      break;
    case item_use::apply:
      say("apply");
      break;
    case item_use::erase:
      say("erase");
      break;
  }
  if (step.commit) say("commit " + fsm.version());
  if (step.progress) say("progress " + fsm.version());
  say(std::visit(action_printer{now}, step.action));
  return text;
}

class transcript {
 public:
  explicit transcript(watch_fsm_options options = {.streaming_list = false}) : fsm(options) {}

  void step(const watch_input& input, const std::string& expected) {
    ++steps_;
    EXPECT_EQ(print(fsm.step(input, now, random), fsm, now), expected) << "in step " << steps_;
  }

  // Listed at version 10 and watching.
  static transcript watching() {
    transcript t;
    t.step(watch_started{}, "list 0 limit 500");
    t.step(page("10"), "stage, commit 10, watch 10 for 300s");
    t.step(watch_opened{}, "read 305s");
    t.now += std::chrono::minutes(1);
    return t;
  }

  watch_fsm fsm;
  time_point now{std::chrono::hours(1)};
  double random = 0.0;

 private:
  int steps_ = 0;
};

}  // namespace platformer::runtime::test
