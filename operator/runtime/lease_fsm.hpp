// Leader election over one Lease as an explicit state machine: it says what to ask the server next and who
// leads, and never sees a socket, a clock or a random source. kube/leader_elector performs its actions.
//
//   read --another's, not expired--> wait -----------------------------------+
//    ^ |                              ^                                      |
//    | +--absent----------> create ---|--written-->  leads: wait  --renew--> update …
//    | +--free or expired-> update ---+                 |
//    |                        |                         +--not renewed in time, or another's: lost, for ever
//    +----conflict, in doubt--+
//
//   release() at any time: what is held is given back (empty holder), then the end.
//
// Guarantees
// - Whether another's lease has expired is judged by the local time since this process first saw the record
//   as it is now. Times that stand in the record are for people; so clocks that differ do no harm.
// - Our own lease counts from a moment before the request that took or renewed it was sent. While nobody
//   tampers with the Lease, valid_until() therefore lies before the moment at which any other candidate of
//   this kind takes over, provided that both measure seconds of the same length.
// - Every update names the version and UID of the record that it was decided on, so of two candidates one
//   wins, and nobody held the lease between two renewals of ours.
// - A write without an answer is neither success nor failure: the record is read before anything is decided.
// - A lease that is lost stays lost. The process is to end and to come back under another identity.
// - When somebody deletes the Lease, its leader puts it back, and a standby that had seen it waits as if its
//   holder had just renewed it. Who comes later, and who misses a second deletion, can be too early.
// It does not guarantee a single leader: a leader that is stopped between asking leading() and acting on it
// acts late, and a Lease can be edited by whoever may. Nothing that matters may rely on it; issuing tokens
// does not (docs/issuance-protocol.md), the election only keeps replicas from working against each other.
// Assumptions: an identity is never used by a second process, nor again after a restart; one request is under
// way at a time, and step() gets the input that the last action asks for. An input that does not fit is
// treated as an answer that says nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "model/api_error.hpp"
#include "model/lease.hpp"

namespace platformer::runtime {

// ---- what happened ----
struct lease_started {};  // the first input
struct lease_read {       // the answer to lease_read_action
  lease record;
};
struct lease_absent {};  // likewise: there is none (404)
struct lease_written {   // a create or update was done
  lease record;          // as the server stored it
};
struct lease_failed {  // the request that was asked for
  api_error error;
};
struct lease_wait_over {};
using lease_input =
    std::variant<lease_started, lease_read, lease_absent, lease_written, lease_failed, lease_wait_over>;

// ---- what to do ----
// `timeout` is how long the request may take before it is lease_failed with api_errc::timeout.
struct lease_read_action {  // the newest state, not a cache's
  duration timeout{};
};
struct lease_create_action {
  lease_spec spec;
  duration timeout{};
};
struct lease_update_action {
  lease record;  // its metadata as it was read: resourceVersion and uid are preconditions, the rest is kept
  duration timeout{};
};
struct lease_wait_action {  // then lease_wait_over; release() ends a wait early
  time_point until{};
};
struct lease_end_action {};  // nothing more to do: see role()
using lease_action = std::variant<lease_read_action, lease_create_action, lease_update_action,
                                  lease_wait_action, lease_end_action>;

enum class lease_role : std::uint8_t {
  standby,   // does not hold the lease
  leader,    // holds it; whether it still may act is leading()'s answer
  released,  // has given it back (or tried to: then it expires), or never held it: over
  lost,      // held it and does not any more: over
};

enum class lease_loss : std::uint8_t {
  none,
  taken,        // the record names another holder, or none
  not_renewed,  // no renewal succeeded within the renew deadline
};

struct lease_options {
  std::string identity;                                // of this process; not empty
  duration lease_duration = std::chrono::seconds(15);  // whole seconds, as the record has them
  duration renew_deadline = std::chrono::seconds(10);  // after which a leader gives up; less than the lease
  duration retry_period = std::chrono::seconds(2);     // between renewals, and between looks of a standby
  double jitter = 1.2;                                 // a standby's look comes up to so much later
  duration request_timeout = std::chrono::seconds(5);
  duration release_limit = std::chrono::seconds(5);  // for giving it back
};

class lease_fsm {
 public:
  explicit lease_fsm(lease_options options);

  // `now` is of a clock that never jumps, and serves for all decisions; `wall` is UTC and only written into
  // the record; `random` in [0, 1) spreads the looks of several standbys.
  lease_action step(const lease_input& input, time_point now, time_point wall, double random);
  // From now on the lease is not taken or renewed any more, and leading() is false. The next step gives it
  // back if we hold it: give lease_wait_over at once when it waits, else the answer when it comes.
  void release() { release_wanted_ = true; }

  lease_role role() const { return role_; }
  lease_loss loss() const { return loss_; }
  // True while we may act as the leader.
  bool leading(time_point now) const { return valid_for(now, duration{0}); }
  // The fence: whether we still lead after `span` without another renewal.
  bool valid_for(time_point now, duration span) const;
  // Until when others leave the lease to us; the past while we don't hold it.
  time_point valid_until() const { return valid_until_; }
  // Of the record as last seen; empty: free, or not seen yet.
  const std::string& holder() const { return seen_.spec.holder; }

 private:
  enum class phase : std::uint8_t {
    fresh,     // nothing asked yet
    reading,   // the record was asked for
    creating,  // a write is under way that takes or renews the lease …
    updating,
    releasing,  // … or gives it back
    waiting,
    ended,
  };
  struct context {
    time_point now;
    time_point wall;
    double random;
  };
  struct attempt {  // the last write that takes or renews
    lease_spec spec;
    std::string replaces;  // the version that it replaces; empty: a create
    time_point sent_at{};
  };

  lease_action on(const lease_started& input, context at);
  lease_action on(const lease_read& input, context at);
  lease_action on(const lease_absent& input, context at);
  lease_action on(const lease_written& input, context at);
  lease_action on(const lease_failed& input, context at);
  lease_action on(const lease_wait_over& input, context at);

  lease_action decide(context at);
  lease_action read(context at);
  lease_action create(context at);
  lease_action take(context at);
  lease_action held(context at);
  lease_action give_back(context at);
  lease_action look_again(const api_error& error, context at);
  lease_action wait(context at, std::optional<duration> at_least = {});
  lease_action unexpected(context at);
  lease_action lose(lease_loss why);
  lease_action end(lease_role role);

  void observe(const lease& record, time_point now);
  bool is_ours(const lease& record) const { return record.spec.holder == options_.identity; }
  bool shows_attempt(const lease& record) const;
  time_point expiry() const;  // of the record as last seen, for who does not hold it
  bool too_late(time_point now) const { return role_ == lease_role::leader && now >= renew_by_; }
  duration timeout(time_point now) const;

  lease_options options_;
  phase phase_ = phase::fresh;
  lease_role role_ = lease_role::standby;
  lease_loss loss_ = lease_loss::none;
  lease seen_;               // the record as last seen
  time_point seen_since_{};  // when it was first seen as it is
  attempt last_;
  bool in_doubt_ = false;  // whether last_ was carried out is not known
  bool stale_ = true;      // seen_ may not be the newest: read before the next write
  bool looked_ = false;    // has read at once after a failed write, since the last wait
  bool release_wanted_ = false;
  std::optional<time_point> release_by_;
  time_point valid_until_{};
  time_point renew_by_{};
};

}  // namespace platformer::runtime
