// A deliberate bug, wrapped around the real decisions: what the core sees, asks for and is told passes
// through here. The base class changes nothing; mutants.hpp has the bugs, and tests demand that the oracles
// catch each.
#pragma once

#include <optional>

#include "controllers/console_connection/effects.hpp"
#include "controllers/service_account/effects.hpp"
#include "model/lease.hpp"

namespace platformer::sim {

struct account_run;
struct connection_run;
class replica;
class world;

class mutant {
 public:
  virtual ~mutant() = default;
  virtual void on_begin(account_run&, const replica&) const {}
  // Answers in place of the servers, or changes run.wanted and lets them answer.
  virtual std::optional<accounts::response> answer(account_run&, world&) const { return std::nullopt; }
  // As answer, of a connection.
  virtual std::optional<connections::response> answer_connection(connection_run&, world&) const {
    return std::nullopt;
  }
  // Before the core is told the answer.
  virtual void on_reply(account_run&, world&) const {}
  // The fence: what it says, and what is made of it.
  virtual bool may_call(bool fence_says, const replica&) const { return fence_says; }
  // The connection's limits: whether a call is granted, and what is made of it.
  virtual bool may_call_now(bool limits_say) const { return limits_say; }
  // Whether a process notices that its machine's clock was set.
  virtual bool notices_clock() const { return true; }
  // Before the election is told what it has read.
  virtual void on_lease(lease&, const replica&, const world&) const {}
};

}  // namespace platformer::sim
