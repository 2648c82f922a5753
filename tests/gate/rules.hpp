// What a gate does to which requests. A rule counts the requests that fit its pattern and acts on the n-th.
//
//   gate_rule lost{.on = {.server = "console", .path = "/token/create$"}, .act = act::cut{moment::after}};
//   gate_rule last_status{.on = {.method = "PATCH", .path = "/status$"}, .nth = 3, .act =
//   act::hold{moment::before}};
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/gate/journal.hpp"

namespace platformer::test {

enum class moment : std::uint8_t {
  before,  // the server has seen nothing of the request
  after,   // the server has answered (of a watch: its head), the client has seen nothing of that
};
std::string to_string(moment when);  // "before forwarding", "after the answer"

enum class passing : std::uint8_t {
  go_on,  // as if nothing had been
  cut,    // the client's connection ends here; a request that was not forwarded never is
};

namespace act {
// The client's connection ends without a reply.
struct cut {
  moment when = moment::before;
};
// Nothing goes on until release(); a client that gives up meanwhile has its request dropped.
struct hold {
  moment when = moment::before;
};
// The reply arrives in pieces of so many bytes with a pause before each.
struct trickle {
  std::size_t bytes = 1;
  std::chrono::milliseconds pause{1};
};
// A reply of the gate's own: instead of the server's, which never sees the request (before), or has carried
// it out (after).
struct answer {
  moment when = moment::before;
  int status = 500;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
};
// Bytes of the gate's own, which need be no HTTP, in place of the server, which never sees the request; then
// the client's connection ends.
struct flood {
  std::string first;
  std::string again{};    // sent after that …
  std::size_t times = 0;  // … so often; `always`: until the client leaves
};
// A reply that the test makes of the request's body and (after) of the body that the server answered. It is
// called on the gates' thread: it must not block, nor call the gate. A watch can be forged before only.
struct forge {
  moment when = moment::after;
  std::function<answer(const passage&, const std::string& asked, const std::string& answered)> call;
};
// The watch ends in the middle of the line of its n-th event (from 1); those before are passed whole.
struct break_watch {
  std::size_t event = 1;
};
// Calls the test, on the gates' thread: it must not block, nor call the gate.
struct hook {
  moment when = moment::before;
  std::function<passing(const passage&)> call;
};
}  // namespace act

using gate_action = std::variant<act::cut, act::hold, act::trickle, act::answer, act::flood, act::forge,
                                 act::break_watch, act::hook>;

// Regular expressions (ECMAScript) that have to be found in the respective part; empty ones always are.
struct request_pattern {
  std::string server{};
  std::string method{};
  std::string path{};
  std::string query{};
  std::function<bool(const passage&)> also{};  // asked on the gates' thread; empty: true
};

inline constexpr std::size_t always = static_cast<std::size_t>(-1);

struct gate_rule {
  request_pattern on{};
  std::size_t nth = 1;    // the first of the fitting requests that it acts on …
  std::size_t times = 1;  // … and how many in a row; `always`: all from there on
  gate_action act;
};

using rule_id = std::uint64_t;

// The rules of one gate. Used from its thread and from the tests'.
class rule_book {
 public:
  rule_id add(gate_rule rule);
  void lift(rule_id id);
  void lift_all();

  // The action on this request, of the first rule that acts on it; every rule that fits counts it.
  std::optional<std::pair<rule_id, gate_action>> take(const passage& arrived);

  // It has acted: a reply was withheld, a connection cut, a hold begun.
  void count_hit(rule_id id);
  std::size_t hits(rule_id id) const;
  bool wait_hits(rule_id id, std::size_t count, std::chrono::milliseconds deadline) const;
  // What the rule holds goes on, and what it would hold later is not held.
  void release(rule_id id);
  bool is_released(rule_id id) const;  // true for a lifted one, too

 private:
  struct entry;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  rule_id last_ = 0;
  std::map<rule_id, std::shared_ptr<entry>> rules_;
  std::map<rule_id, std::size_t> hits_;
};

}  // namespace platformer::test
