// What a gate answers itself.
#include <utility>

#include "tests/gate/session.hpp"

namespace platformer::test {

std::optional<act::answer> gate_session::own_answer(moment when, const std::string& answered) const {
  if (const auto* fixed = due<act::answer>(when)) return *fixed;
  if (const auto* forged = due<act::forge>(when)) return forged->call(now_, asked_, answered);
  return std::nullopt;
}

gate_session::flow gate_session::send_own_answer(act::answer answer, bool keep_alive) {
  note_hit("answered " + std::to_string(answer.status) + " by the gate " +
           (answer.when == moment::before ? "instead of the server" : "in place of the server's reply"));
  const std::string bytes =
      reply_head(answer.status, answer.headers, answer.body.size(), keep_alive) + answer.body;
  const bool sent = co_await client_->write(bytes);
  co_return sent&& keep_alive;
}

// false: the client's connection ends with it.
gate_session::flow gate_session::send_flood(act::flood flood) {
  note_hit("flooded by the gate instead of the server");
  bool open = co_await client_->write(flood.first);
  for (std::size_t sent = 0; open && sent < flood.times; sent += flood.times == always ? 0U : 1U)
    open = co_await client_->write(flood.again);
  note_fate(open ? "to its end" : "left by the client");
  co_return false;
}

}  // namespace platformer::test
