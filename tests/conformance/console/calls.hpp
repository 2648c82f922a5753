// What a conformance case does, step by step: calls of the Console's API, and what a person or an operator of
// the Console does meanwhile. Accounts and tokens are numbered from 1 in the order in which they appear;
// times count from the case's start, in hours, so that a real clock and a standing one agree.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/account.hpp"
#include "net/http_client.hpp"
#include "tests/models/console_model_types.hpp"

namespace platformer::conformance {

using std::chrono::hours;

inline constexpr std::optional<hours> never{};

using project_access = std::map<std::string, string_set, std::less<>>;

// account_fields as cases write them.
struct asked {
  std::optional<std::string> name{};
  std::optional<std::string> description{};
  std::optional<string_set> roles{};
  std::optional<project_access> projects{};
  std::optional<std::optional<hours>> ends{};  // may be negative: before the start
};

account_fields fields_of(const asked& what, time_point start);

// An account by its number, or an ID that no account has.
struct account_ref {
  account_ref(int which) : number(static_cast<std::size_t>(which)) {}
  account_ref(const char* literal) : id(literal) {}
  std::size_t number = 0;
  std::string id;
};

// ---- calls of the API
struct create {
  asked fields;
};
struct create_many {  // "a1", "a2", …
  std::size_t count = 0;
};
struct list {};  // every page, as the operator reads them
struct list_page {
  std::uint64_t page = 1;
  std::uint64_t limit = 20;
};
struct get {
  account_ref which;
};
struct update {
  account_ref which;
  asked fields;
};
struct renew {
  account_ref which;
  std::optional<hours> ends = never;
};
struct remove {
  account_ref which;
};
struct validate {  // is the token live?
  std::size_t token = 1;
};
struct list_organizations {};
struct list_projects {
  std::string organization{};  // in the path; empty: the caller's
};
struct list_roles {
  std::string project{};  // in the path; empty: the organization's
  std::string organization{};
};
// What HTTP allows and the model has no words for (a field of the wrong type): it is not asked.
struct wrong_shape {
  int status = 400;
};

// ---- what others do
struct edit_by_hand {
  account_ref which;
  asked fields;
};
struct renew_by_hand {
  account_ref which;
};
struct revoke_by_hand {
  account_ref which;
};
struct remove_by_hand {
  account_ref which;
};
struct add_credential {  // of organization "acme", its name is its caller's name
  std::string name;
  string_set roles;
  std::optional<hours> ends = never;
};
struct remove_credential {
  std::string name;
};
struct advance {
  hours span{};
};
struct refuse_duplicates {
  bool refuse = true;
};
struct lag_listings {
  hours lag{};
};
struct leave_out {
  models::listing_gap gap = models::listing_gap::none;
};
struct cap_lifetimes {
  std::optional<hours> most{};
};

// What goes wrong with the next call of the API.
struct fault {
  enum class kind : std::uint8_t {
    cut_before,           // the connection ends, nothing was done
    cut_after_commit,     // it was done, the connection ends without a byte of the reply
    cut_mid_reply,        // it was done, half of the reply arrives
    hang_before,          // nothing was done, no reply within the caller's deadline
    hang_after_commit,    // it was done, no reply within the caller's deadline
    status,               // nothing was done, `status` instead
    status_after_commit,  // it was done, `status` nevertheless
    garbage,              // it was done, the reply's body can't be understood
    web_page,             // nothing was done, somebody else answers with `status` and a page of HTML
  };
  kind what = kind::cut_before;
  int status = 0;
  std::optional<std::chrono::seconds> retry_after{};
};

using action = std::variant<create, create_many, list, list_page, get, update, renew, remove, validate,
                            list_organizations, list_projects, list_roles, wrong_shape, edit_by_hand,
                            renew_by_hand, revoke_by_hand, remove_by_hand, add_credential, remove_credential,
                            advance, refuse_duplicates, lag_listings, leave_out, cap_lifetimes, fault>;

// Who calls and where. Callers of each case: "admin" and "viewer" of organization "acme", "powerless" (a
// permission that has nothing to do with accounts), "stranger" (administrator of "other"), those that the
// case adds, and "nobody", whose token was never live. Empty: the header is not sent.
struct scope {
  std::string caller = "admin";
  std::size_t token = 0;  // not 0: this account's token calls
  std::string organization = "acme";
  std::string project{};
};

// How a request is written that the operator's client would not send. "{1}" in it is the first account's ID.
struct raw_request {
  net::http_method method = net::http_method::get;
  std::string path;  // after the API's base path
  std::optional<std::string> body{};
  std::string content_type = "application/json";
};

struct call {
  template <class Action>
  requires std::constructible_from<action, Action> call(Action to_do) : what(std::move(to_do)) {}

  action what;
  scope from{};
  std::optional<raw_request> written{};  // over HTTP instead of the operator's client
};

// "renew #1 as viewer": for transcripts.
std::string describe(const call& made);

struct step {
  call made;
  std::string gives;  // the normalised answer (answers.hpp)
};

struct conformance_case {
  std::string name;
  std::vector<step> steps;
};

// ---- how cases are written: by("viewer", get{1}), in("shop", create{{.name = "ci"}})
inline call by(std::string caller, call made) {
  made.from.caller = std::move(caller);
  return made;
}
inline call with_token(std::size_t token, call made) {
  made.from.token = token;
  return made;
}
inline call of(std::string organization, call made) {
  made.from.organization = std::move(organization);
  return made;
}
inline call in(std::string project, call made) {
  made.from.project = std::move(project);
  return made;
}
inline call written(raw_request as, call made) {
  made.written = std::move(as);
  return made;
}

}  // namespace platformer::conformance
