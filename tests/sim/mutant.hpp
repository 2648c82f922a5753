// A deliberate bug, wrapped around the real decisions: what the core sees, asks for and is told passes
// through here. The base class changes nothing; mutants.hpp has the bugs, and tests demand that the oracles
// catch each.
#pragma once

#include <optional>

#include "controllers/service_account/effects.hpp"

namespace platformer::sim {

struct account_run;
class world;

class mutant {
 public:
  virtual ~mutant() = default;
  virtual void on_begin(account_run&) const {}
  // Answers in place of the servers, or changes run.wanted and lets them answer.
  virtual std::optional<accounts::response> answer(account_run&, world&) const { return std::nullopt; }
  // Before the core is told the answer.
  virtual void on_reply(account_run&, world&) const {}
};

}  // namespace platformer::sim
