// A connection that works and whose credential is to be replaced, and the Secret that its writes lead to.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/unit/console_connection/transcript.hpp"

namespace platformer::connections {

inline token_handle a_token(const char* text) {
  return std::make_shared<const secret_string>(text);
}

// At rest; the credential was made by a person, whose Secret has the label that agrees to its replacement.
snapshot by_hand();
// … by the operator, so long ago, as account "second" by operation "op-1".
snapshot made_by_operator(duration ago);

// An account that a person made.
account account_named(const std::string& name, const std::string& id);
// One that the operator made for that connection's credential.
account made_for(const snapshot& seen, const std::string& id, const std::string& operation_id);
// The annotation on the connection.
std::string intent(const std::string& id, time_point started_at);

struct rotating {
  explicit rotating(snapshot at_rest, memory remembered = {});

  // Answers up to the listing, which shows these.
  void list(std::vector<account> found);
  // The intent, which has to be written before anything else.
  operation note_intent();
  void pass_dry_run();
  // Everything up to the new account "second", whose token waits for its trial.
  void create();
  // The write is carried out on `secret`, and answered.
  void write_secret_as(const secret_write& write);
  void apply(const secret_write& write);
  // Makes the client of the new credential.
  void connect();

  snapshot seen;
  secret_content secret;  // as it is stored
  class run run;
};

}  // namespace platformer::connections
