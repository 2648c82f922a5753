// A gate in front of real servers: it lets requests pass, and does to chosen ones what networks and servers
// do at the worst moment.
//
//   gate the_gate;
//   const auto url = the_gate.open({.name = "console", .server_port = 8080});
//   const auto lost = the_gate.impose({.on = {.path = "/token/create$"}, .act = act::cut{moment::after}});
//   …                                                   // the client uses `url`
//   ASSERT_TRUE(the_gate.rules().wait_hits(lost, 1, 10s));
//   ADD_FAILURE() << the_gate.notes().around_the_fault();
//
// It speaks HTTP/1.1 with connections kept alive on both sides; a client's connection has one of its own to
// the server. Replies are passed when they are whole, but watches event by event. All of it may be used from
// any thread, except from a hook.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tests/gate/journal.hpp"
#include "tests/gate/rules.hpp"
#include "tests/support/test_certificates.hpp"

namespace platformer::test {

// How the gate proves itself to the server behind a door, and what it demands of it. Whatever the client
// shows, the server sees this.
struct server_tls {
  std::string ca_pem;             // the server's certificate must be of that authority and for 127.0.0.1
  std::string certificate_pem{};  // the gate's own; empty: none
  std::string key_pem{};
};

struct door_options {
  std::string name;                                    // of the server, in journal and rules
  std::uint16_t server_port = 0;                       // on 127.0.0.1
  std::optional<certificate> identity = std::nullopt;  // TLS for the clients; nullopt: plain HTTP
  std::optional<server_tls> tls = std::nullopt;        // to the server; nullopt: plain HTTP
  bool recorded = true;  // false: for the test's own requests, no journal and no rules
};

class gate {
 public:
  gate();
  ~gate();  // ends everything that is under way
  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;

  // Listens on a free port of 127.0.0.1; the result is the URL for clients. Throws when it can't.
  std::string open(door_options options);
  // Ends the door's connections and refuses new ones, as when the server's machine is gone …
  void shut(const std::string& name);
  // … until it is opened anew, at the same address.
  void reopen(const std::string& name);
  // Ends the connections that there are. New ones are welcome.
  void cut_connections(const std::string& name);

  rule_id impose(gate_rule rule) { return rules_->add(std::move(rule)); }
  rule_book& rules() { return *rules_; }
  const journal& notes() const { return *notes_; }

 private:
  struct door;
  door& find(const std::string& name);

  std::shared_ptr<journal> notes_;
  std::shared_ptr<rule_book> rules_;
  std::vector<std::shared_ptr<door>> doors_;  // the gates' thread works on what they hold
};

}  // namespace platformer::test
