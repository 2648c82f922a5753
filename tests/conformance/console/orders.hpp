// What others do in a case, through the emulator's admin API.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/conformance/console/answers.hpp"
#include "tests/conformance/console/calls.hpp"
#include "tests/conformance/console/served_console.hpp"

namespace platformer::conformance {

// Each answers "done" or the status that refused it.
class admin_orders {
 public:
  // Both must outlive it.
  admin_orders(served_console& server, const vocabulary& words) : server_(server), words_(words) {}

  std::string act(const edit_by_hand& it);
  std::string act(const renew_by_hand& it);
  std::string act(const revoke_by_hand& it);
  std::string act(const remove_by_hand& it);
  std::string act(const remove_credential& it);
  std::string act(const advance& it);
  std::string act(const refuse_duplicates& it);
  std::string act(const lag_listings& it);
  std::string act(const leave_out& it);
  std::string act(const cap_lifetimes& it);
  std::string act(const fault& it);

 private:
  std::string by_hand(const account_ref& which, const std::string& what,
                      const nlohmann::json& body = nullptr);
  std::string set(const nlohmann::json& settings);

  served_console& server_;
  const vocabulary& words_;
};

}  // namespace platformer::conformance
