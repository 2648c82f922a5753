// One of the two Consoles that a case runs against.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "tests/conformance/console/answers.hpp"
#include "tests/conformance/console/calls.hpp"

namespace platformer::conformance {

class side {
 public:
  virtual ~side() = default;
  // Throws what a broken harness throws; whatever the Console answers is an answer.
  virtual answer perform(const call& made) = 0;
  // What is stored, and whose token is live, whatever the API shows: "#1 ci, t1, 1 issued"; "nothing".
  virtual std::string truth() = 0;
};

// console_model, called as a simulation calls it: a reply is lost because the caller drops it.
std::unique_ptr<side> make_model_side();

// The program `emulator` on loopback, through the operator's own client.
std::unique_ptr<side> make_emulator_side(const std::string& program);

// What both Consoles are made of at the start of a case (the emulator's seed), and who may call.
inline constexpr std::string_view seed_yaml = R"(
organizations:
- id: acme
  name: Acme
  roles:
  - {id: role-deploy, name: deployers, permissions: [rudder.app.editor, rudder.env.viewer]}
  - {id: role-iam, name: managers, permissions: [organization.iam]}
  projects:
  - {id: shop, name: storefront, description: the shop,
     roles: [{id: role-release, name: releasers, permissions: [rudder.app.creator]}]}
  - {id: billing, name: invoices}
- id: other
  name: Other
)";

struct standard_caller {
  std::string_view name;
  std::string_view organization;
  std::string_view role;
};

inline constexpr std::array standard_callers = {
    standard_caller{"admin", "acme", "organization.admin"},
    standard_caller{"viewer", "acme", "organization.viewer"},
    standard_caller{"powerless", "acme", "rudder.app.viewer"},
    standard_caller{"stranger", "other", "organization.admin"},
};

// Calls, but its token was never live.
inline constexpr std::string_view nobody = "nobody";

}  // namespace platformer::conformance
