// list+watch as an explicit state machine: it says what to ask the server next and what to do with what came,
// and never sees an object, a socket or a clock. kube/watch_source performs its actions.
//
//            +--------------------- 410 (no version), other errors (last version), after a back-off ------+
//            v                                                                                            |
//   list page … list page  --last page: commit-->  open watch  --opened-->  read event … read event ------+
//    ^  | failed: discard                           ^      | 429, no connection, no reply      | end, cut off
//    +--+ back-off                                  +------+ back-off                          +--> open
//    watch
//
//   with streaming lists, instead of the pages:
//   open watch(initial events)  --opened-->  read: ADDED … bookmark: commit  -->  read event …
//    any refusal, error or silence before the bookmark: discard, and pages as above from then on
//
// Guarantees
// - Staged items replace the consumer's contents only as a whole (commit), and are discarded when a list
// fails.
// - version() comes from a list's metadata and from events only and never goes back, except by a commit.
// - A watch starts at version(); so nothing between a list and its watch, or two watches, is missed.
// - Repeated and outdated events are passed on; the store knows which are news.
// - Every failure is followed by a wait that grows, with two exceptions that can't repeat within two minutes:
//   an expired continue token and a 410 after a quiet time are answered at once.
// - A version that the server has not reached is left again. A watch from there is not refused, and tells
//   nothing, not even bookmarks (etcd restored from a backup; see watch_fsm_options::max_silence).
// Assumptions: one reply is under way at a time, and step() gets the input that the last action asks for. An
// input that does not fit is taken for a broken server: it is discarded and everything is listed again.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "model/api_error.hpp"
#include "runtime/backoff.hpp"
#include "runtime/watch_event.hpp"

namespace platformer::runtime {

// ---- what happened ----
struct watch_started {};  // the first input
struct list_page_arrived {
  std::string version;         // of the list's metadata
  std::string continue_token;  // empty: the last page
};
struct list_failed {
  api_error error;
};
struct watch_opened {};
struct watch_refused {
  api_error error;
};
struct event_arrived {
  watch_event_type type = watch_event_type::unknown;
  std::string version;
  bool initial_events_end = false;
  api_error error;  // of an error event
};
struct stream_ended {};  // regularly
struct stream_failed {   // cut off (connection_lost), silent (timeout) or not understood (malformed)
  api_error error;
};
struct wait_over {};
using watch_input = std::variant<watch_started, list_page_arrived, list_failed, watch_opened, watch_refused,
                                 event_arrived, stream_ended, stream_failed, wait_over>;

// ---- what to do ----
struct list_page_action {
  std::string version;        // resourceVersion; "" with a continue token
  std::string version_match;  // resourceVersionMatch: "" or "NotOlderThan"
  std::string continue_token;
  unsigned limit = 0;  // 0: all at once
  bool operator==(const list_page_action&) const = default;
};
struct open_watch_action {
  std::string version;          // resourceVersion
  duration timeout{};           // timeoutSeconds
  bool initial_events = false;  // sendInitialEvents with resourceVersionMatch=NotOlderThan
  bool operator==(const open_watch_action&) const = default;
};
struct read_event_action {
  duration idle_deadline{};  // silence this long is stream_failed with timeout
  bool operator==(const read_event_action&) const = default;
};
struct wait_action {  // then wait_over
  time_point until{};
  bool operator==(const wait_action&) const = default;
};
// Whenever the action is not read_event_action, an open stream is to be closed.
using watch_action = std::variant<list_page_action, open_watch_action, read_event_action, wait_action>;

// What to do with the items of the page or event that was just given.
enum class item_use : std::uint8_t {
  none,     // there are none, or they don't matter
  stage,    // keep for a commit; a staged item of the same key is replaced
  unstage,  // forget the staged item of this key
  apply,    // a live change: added or modified
  erase,    // a live deletion
};

// In this order: discard, use, commit, progress, action.
struct watch_step {
  bool discard = false;  // staged items are worthless
  item_use use = item_use::none;
  bool commit = false;    // replace everything by what is staged, at version()
  bool progress = false;  // version() moved by a bookmark
  watch_action action;
};

struct watch_fsm_options {
  unsigned page_limit = 500;
  unsigned max_pages = 2'000;               // a list that is longer has failed
  unsigned max_initial_events = 1'000'000;  // likewise for a streaming list
  bool streaming_list = true;               // try sendInitialEvents first
  duration min_watch = std::chrono::minutes(5);
  duration max_watch = std::chrono::minutes(10);
  duration idle_grace = std::chrono::seconds(5);
  // Watches that were open for so long without an event or bookmark at their version or later are not
  // believed: servers send bookmarks each minute, and the versions of a cluster never rest.
  duration max_silence = std::chrono::minutes(20);
  duration initial_events_idle =
      std::chrono::seconds(10);  // a server that knows no streaming list falls silent
  duration initial_events_total = std::chrono::minutes(2);  // … or, when busy, never tells its end
  duration short_watch = std::chrono::seconds(1);           // one that ends earlier counts as a failure
  backoff_policy retry = backoff_policies::watch;
};

class watch_fsm {
 public:
  explicit watch_fsm(watch_fsm_options options = {});

  // `random` in [0, 1) spreads timeouts and waits.
  watch_step step(const watch_input& input, time_point now, double random);

  bool synced() const { return synced_; }  // a commit has happened
  const std::string& version() const { return version_; }
  bool streaming_list() const { return streaming_; }
  std::uint64_t lists_started() const { return lists_; }
  std::uint64_t watches_started() const { return watches_; }

 private:
  enum class phase : std::uint8_t {
    fresh,            // nothing asked yet
    listing,          // a page was asked for
    opening,          // a watch was asked for
    opening_initial,  // a streaming list was asked for
    initial,          // reads a streaming list, not complete
    watching,         // reads live events
    waiting,          // before next_
  };
  enum class after_wait : std::uint8_t {
    snapshot,  // everything anew: a streaming list or pages
    watch,     // go on from version_
  };
  struct context {
    time_point now;
    double random;
  };

  watch_step on(const watch_started& input, context at);
  watch_step on(const list_page_arrived& input, context at);
  watch_step on(const list_failed& input, context at);
  watch_step on(const watch_opened& input, context at);
  watch_step on(const watch_refused& input, context at);
  watch_step on(const event_arrived& input, context at);
  watch_step on(const stream_ended& input, context at);
  watch_step on(const stream_failed& input, context at);
  watch_step on(const wait_over& input, context at);

  watch_step initial_event(const event_arrived& input, context at);
  watch_step live_event(const event_arrived& input, context at);
  watch_step start_snapshot(context at);
  watch_step start_list();
  watch_step start_watch(context at, bool initial);
  watch_step read() const;
  watch_step wait(after_wait next, context at, const api_error* error = nullptr);
  watch_step fall_back_to_list(const api_error& error, context at);
  watch_step relist_expired(context at);
  watch_step relist_after(const api_error& error, context at);
  watch_step watch_again(context at, const api_error* error);
  watch_step unexpected(context at);
  void committed(std::string version);
  void heard(time_point now);

  watch_fsm_options options_;
  backoff retry_;
  phase phase_ = phase::fresh;
  after_wait next_ = after_wait::snapshot;
  bool streaming_;
  bool synced_ = false;
  bool version_expired_ = false;  // the server does not know version_ any more: list without one
  bool whole_ = false;            // this list is asked for in one piece, after an expired continue token
  unsigned pages_ = 0;            // of this list that have arrived
  unsigned initial_events_ = 0;   // of this streaming list that have arrived
  std::string version_;           // empty: nothing seen yet
  duration timeout_{};            // of the running watch
  time_point opened_at_{};
  time_point silent_since_{};  // in the running watch
  duration silent_for_{};      // in those before it
  std::uint64_t lists_ = 0;
  std::uint64_t watches_ = 0;
};

}  // namespace platformer::runtime
