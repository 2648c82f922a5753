// Inside gate only: one client's connection from its first request to its end.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/gate/http.hpp"
#include "tests/gate/journal.hpp"
#include "tests/gate/rules.hpp"
#include "tests/gate/wire.hpp"

namespace platformer::test {

// What the sessions of one door share.
struct door_context {
  std::string name;
  bool recorded = true;  // otherwise nothing is noted, and no rule applies
  // Connections to the server that one client has left and the next may have; only used without a record, as
  // they would hide what became of a client's own.
  std::shared_ptr<std::vector<std::shared_ptr<wire>>> idle =
      std::make_shared<std::vector<std::shared_ptr<wire>>>();
  std::uint16_t server_port = 0;
  std::shared_ptr<boost::asio::ssl::context> client_side;  // null: plain HTTP
  std::shared_ptr<boost::asio::ssl::context> server_side;
  std::shared_ptr<journal> notes;
  std::shared_ptr<rule_book> rules;
};

class gate_session : public std::enable_shared_from_this<gate_session> {
 public:
  gate_session(std::shared_ptr<const door_context> door, std::shared_ptr<wire> client,
               boost::asio::any_io_executor executor);

  boost::asio::awaitable<void> serve();
  void close();

 private:
  using flow = boost::asio::awaitable<bool>;  // false: the client's connection ends

  flow pass(gate_request request);
  flow act_before(bool keep_alive);  // leaves going_on_ false when the request is settled with it
  boost::asio::awaitable<void> connect_server();
  void leave_server();
  flow forward(std::string bytes);
  flow answer_client(bool keep_alive);  // with the server's reply, which is read to its end first
  flow relay_watch();
  flow send(std::string bytes);
  flow send_own_answer(act::answer answer, bool keep_alive);
  flow send_flood(act::flood flood);
  flow hold();  // false: the client gave up
  boost::asio::awaitable<void> pause(std::chrono::milliseconds span);
  passing call_hook(const act::hook& wanted);
  // The reply of the gate's own that is due now, whoever makes it.
  std::optional<act::answer> own_answer(moment when, const std::string& answered) const;

  // The action that applies to this request at this moment; null: none.
  template <class Action>
  const Action* due(moment when) const {
    if (!action_) return nullptr;
    const auto* found = std::get_if<Action>(&action_->second);
    return found != nullptr && found->when == when ? found : nullptr;
  }
  template <class Action>
  const Action* due() const {
    return action_ ? std::get_if<Action>(&action_->second) : nullptr;
  }
  void note_fate(const std::string& fate);
  void note_hit(const std::string& fate);

  std::shared_ptr<const door_context> door_;
  std::shared_ptr<wire> client_;
  std::shared_ptr<wire> server_;  // null: not connected (any more)
  boost::asio::steady_timer timer_;

  // Of the request under way.
  passage now_;
  std::string asked_;  // its body, for a rule that forges the reply; else ""
  std::optional<std::pair<rule_id, gate_action>> action_;
  std::optional<reply_reader> reply_;
  bool settled_ = false;
};

}  // namespace platformer::test
