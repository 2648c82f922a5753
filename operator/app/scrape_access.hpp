// Whether somebody may scrape: what is remembered of Kubernetes' answers, and whether it may be asked once
// more. Pure: no sockets, `now` is an argument.
//
//   if (const auto* known = access.find(key, now)) use known
//   switch (access.may_ask(key, now)):
//     ask:   access.begin(key); ask Kubernetes; access.learn(key, verdict, now);
//     wait:  too many are being asked about, or this one already: look again when one is done
//     busy:  too many new ones have come: refuse for now
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "runtime/token_bucket.hpp"

namespace platformer::app {

enum class scrape_answer : std::uint8_t {
  allowed,
  unknown_token,  // nobody's, or it has ended
  forbidden,      // somebody's who may not
  unavailable,    // Kubernetes did not say
};

struct scrape_verdict {
  scrape_answer answer = scrape_answer::unavailable;
  std::string detail{};  // forbidden: whose token it is; unavailable: why, without the token
};

struct scrape_access_limits {
  duration remembered_for = std::chrono::seconds(10);  // so long does a right outlive its end
  duration failure_for = std::chrono::seconds(1);      // an answer that Kubernetes did not give
  std::size_t tokens = 256;
  // Asked at a time about tokens that were not allowed the last time, or were never seen ...
  std::size_t strangers_at_once = 2;
  // ... and about all: whoever was allowed before never waits for strangers.
  std::size_t at_once = 4;
  double strangers_per_second = 5;
  double strangers_burst = 20;
};

enum class scrape_turn : std::uint8_t { ask, wait, busy };

class scrape_access {
 public:
  explicit scrape_access(scrape_access_limits limits = {});

  // What is known of the token with that key (a hash, never the token itself), if it is fresh enough. Valid
  // until the next call of learn or begin.
  const scrape_verdict* find(std::string_view key, time_point now) const;
  // Whether Kubernetes may be asked about it now. `ask` has to be followed by begin.
  scrape_turn may_ask(std::string_view key, time_point now);
  void begin(std::string_view key);
  // Ends what begin began.
  void learn(std::string_view key, scrape_verdict verdict, time_point now);

  std::size_t size() const { return tokens_.size(); }

 private:
  struct entry {
    scrape_verdict verdict;
    time_point learned{};
    time_point until{};
    bool welcome = false;  // was allowed when Kubernetes last said anything
    bool asking = false;
    bool counted = false;  // as a stranger, while asking
  };

  void make_room();

  scrape_access_limits limits_;
  runtime::token_bucket strangers_pace_;
  std::map<std::string, entry, std::less<>> tokens_;
  std::size_t asking_ = 0;
  std::size_t strangers_asking_ = 0;
};

// The token of an Authorization header's value, "" when that is no well-formed "Bearer TOKEN".
std::string_view bearer_token(std::string_view authorization);

}  // namespace platformer::app
