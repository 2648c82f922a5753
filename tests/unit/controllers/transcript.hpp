// Transcripts: a reconcile of a small world, request by request.
//
//   world w = a_ready_object();
//   transcript run(w);
//   run.until<renew_token>();                    // whatever comes before is answered by the world
//   run.fail(api_errc::timeout);                 // that one gets no answer
//   EXPECT_EQ(run.play(), "patch_status");       // the rest, by name
//   EXPECT_TRUE(run.ended_with<requeue_at>());
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "controllers/service_account/step.hpp"
#include "tests/unit/controllers/world.hpp"

namespace platformer::accounts::test {

std::string name_of(const request& asked);
// With keys, IDs and versions, never with values of a Secret.
std::string describe(const request& asked);
std::string describe(const stop& end);

// Thrown where a transcript can't go on: the test fails with its text.
struct unexpected : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class transcript {
 public:
  // No run may need more requests than this.
  static constexpr std::size_t step_limit = 60;

  explicit transcript(world& in);

  bool ended() const { return std::holds_alternative<stop>(effect_); }
  const request& wanted() const;

  // Asserts the kind of the request that waits for its answer, and returns it.
  template <class Kind>
  Kind expect() const {
    if (const auto* found = std::get_if<Kind>(&wanted())) return *found;
    throw unexpected("another request was expected than " + describe(wanted()) + " after: " + so_far());
  }
  // Lets the world answer until a request of that kind comes up; returns it unanswered.
  template <class Kind>
  Kind until() {
    while (!ended() && !std::holds_alternative<Kind>(wanted()))
      ok();
    return expect<Kind>();
  }
  template <class Kind>
  bool ended_with() const {
    return ended() && std::holds_alternative<Kind>(std::get<stop>(effect_));
  }
  template <class Kind>
  Kind end() const {
    if (ended_with<Kind>()) return std::get<Kind>(std::get<stop>(effect_));
    throw unexpected("another end was expected than " +
                     (ended() ? describe(std::get<stop>(effect_)) : "none"));
  }

  void reply(const response& answer);
  void ok() { reply(world_.perform(wanted())); }
  void fail(api_errc code) { reply(error_of(code)); }
  // The server did it, and its answer got lost.
  void fail_after_doing(api_errc code);
  static api_error error_of(api_errc code);

  // The world answers all that is left; the names of those requests, comma separated.
  std::string play();

  const snapshot& seen() const { return seen_; }
  const std::vector<request>& asked() const { return asked_; }
  const std::vector<event_note>& events() const { return events_; }
  // "Normal Issued" …
  std::string event_names() const;
  std::string so_far() const;

 private:
  void take(step_result result);

  world& world_;
  snapshot seen_;
  state state_;
  std::variant<request, stop> effect_;
  std::vector<request> asked_;
  std::vector<event_note> events_;
};

// The world answers all that is left; the most accounts that there were after any of it.
std::size_t most_accounts_in(transcript& run, const world& in);
// One whole reconcile answered by the world: the names of its requests.
std::string play(world& in);
// The same where the caches still show `shown`, while the servers are those of `is`.
std::string play_behind(world& is, world shown);
// Reconciles until nothing is asked any more, advancing to each wake-up within `horizon`; how often a token
// was minted on the way.
int settle(world& in, duration horizon = std::chrono::hours(12));

}  // namespace platformer::accounts::test
