// Which events are written and when alike ones become one series: the pure part of event_recorder.
//
// note() takes an event, next() gives the write that is due (a new Event, or a patch of its series), settle()
// says what became of it. Everything is bounded: at most `queued_limit` writes are due, at most `known_limit`
// series are remembered; what doesn't fit is dropped and counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "model/object_meta.hpp"

namespace platformer::kube {

enum class event_type : std::uint8_t {
  normal,   // something was done
  warning,  // something can't be done, or somebody should look
};

struct event_subject {
  std::string api_version;
  std::string kind;
  object_key key;
  std::string uid;
  std::string resource_version;
};

struct event_record {
  event_subject regarding;
  event_type type = event_type::normal;
  std::string reason;  // one of reason::all
  std::string action;  // what was being done: "Issue", "Renew"
  std::string note;    // for people; cut at note_limit
};

struct event_write {
  std::uint64_t id = 0;  // for settle()
  bool create = true;    // else a merge patch of the series
  object_key key;        // of the Event
  nlohmann::json body;
};

enum class event_outcome : std::uint8_t {
  stored,
  gone,    // the Event of a series has expired: the next alike one begins a new series
  failed,  // given up
};

class event_journal {
 public:
  static constexpr std::size_t queued_limit = 256;
  static constexpr std::size_t known_limit = 1024;
  static constexpr std::size_t note_limit = 1024;  // the apiserver's
  static constexpr duration series_window = std::chrono::minutes(6);

  // `instance` is this process's name (reportingInstance, at most 128 bytes); `seed` makes names of Events
  // differ between processes.
  event_journal(std::string instance, std::uint64_t seed);

  // False: dropped.
  bool note(const event_record& event, time_point now);
  // The oldest write that is due; nullopt when there is none. One write of a series is under way at a time.
  std::optional<event_write> next();
  void settle(std::uint64_t id, event_outcome outcome);

  std::size_t queued() const { return due_.size(); }
  std::uint64_t dropped() const { return dropped_; }
  std::uint64_t written() const { return written_; }

 private:
  struct series {
    std::uint64_t id = 0;
    event_record event;
    std::string name;  // of the Event
    time_point first{};
    time_point last{};
    std::int64_t count = 1;
    bool stored = false;     // the Event exists, so further ones patch it
    bool due = false;        // in due_, or will be when the write under way is settled
    bool under_way = false;  // next() gave it out, settle() has not come yet
  };
  using series_map = std::map<std::string, series, std::less<>>;

  series_map::iterator begin_series(const std::string& alike, const event_record& event, time_point now);
  void forget_old(time_point now);
  std::string event_name(const event_record& event, time_point now, std::uint64_t id) const;
  nlohmann::json new_event(const series& of) const;

  std::string instance_;
  std::uint64_t seed_ = 0;
  std::uint64_t last_id_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t written_ = 0;
  series_map known_;                            // by what makes events alike
  std::map<std::uint64_t, std::string> by_id_;  // series that are known
  std::deque<std::uint64_t> due_;
};

}  // namespace platformer::kube
