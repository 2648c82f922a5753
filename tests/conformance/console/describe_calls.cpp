// Calls as a transcript shows them.
#include "tests/conformance/console/answers.hpp"
#include "tests/conformance/console/calls.hpp"

namespace platformer::conformance {
namespace {

std::string text_of(const account_ref& which) {
  return which.id.empty() ? "#" + std::to_string(which.number) : "'" + which.id + "'";
}

std::string text_of(std::optional<hours> ends) {
  return ends ? std::to_string(ends->count()) + "h" : "never";
}

std::string text_of(const asked& fields) {
  std::string text;
  if (fields.name) text += " name=" + shortened(*fields.name);
  if (fields.description) text += " description=" + shortened(*fields.description);
  if (fields.roles) text += " roles=[" + joined(*fields.roles) + "]";
  if (fields.projects)
    for (const auto& [id, roles] : *fields.projects)
      text += " {" + id + ": " + joined(roles) + "}";
  if (fields.ends) text += " ends=" + text_of(*fields.ends);
  return text;
}

std::string_view text_of(fault::kind what) {
  switch (what) {
    case fault::kind::cut_before:
      return "cut before anything is done";
    case fault::kind::cut_after_commit:
      return "cut after the commit";
    case fault::kind::cut_mid_reply:
      return "cut in the middle of the reply";
    case fault::kind::hang_before:
      return "hang before anything is done";
    case fault::kind::hang_after_commit:
      return "hang after the commit";
    case fault::kind::status:
      return "refuse with";
    case fault::kind::status_after_commit:
      return "commit, then answer with";
    case fault::kind::garbage:
      return "commit, then send garbage";
    case fault::kind::web_page:
      return "answer with a web page and";
  }
  return "";
}

struct describer {
  std::string operator()(const create& it) const { return "create" + text_of(it.fields); }
  std::string operator()(const create_many& it) const {
    return "create " + std::to_string(it.count) + " accounts";
  }
  std::string operator()(const list&) const { return "list"; }
  std::string operator()(const list_page& it) const {
    return "list page " + std::to_string(it.page) + " of " + std::to_string(it.limit);
  }
  std::string operator()(const get& it) const { return "get " + text_of(it.which); }
  std::string operator()(const update& it) const {
    return "update " + text_of(it.which) + text_of(it.fields);
  }
  std::string operator()(const renew& it) const {
    return "renew " + text_of(it.which) + " ends=" + text_of(it.ends);
  }
  std::string operator()(const remove& it) const { return "remove " + text_of(it.which); }
  std::string operator()(const validate& it) const { return "validate t" + std::to_string(it.token); }
  std::string operator()(const list_organizations&) const { return "list organizations"; }
  std::string operator()(const list_projects& it) const { return "list projects " + it.organization; }
  std::string operator()(const list_roles& it) const {
    return "list roles " + it.organization + " " + it.project;
  }
  std::string operator()(const wrong_shape&) const { return "wrong shape"; }
  std::string operator()(const edit_by_hand& it) const {
    return "by hand: edit " + text_of(it.which) + text_of(it.fields);
  }
  std::string operator()(const renew_by_hand& it) const { return "by hand: renew " + text_of(it.which); }
  std::string operator()(const revoke_by_hand& it) const { return "by hand: revoke " + text_of(it.which); }
  std::string operator()(const remove_by_hand& it) const { return "by hand: remove " + text_of(it.which); }
  std::string operator()(const add_credential& it) const {
    return "add credential " + it.name + " [" + joined(it.roles) + "] ends=" + text_of(it.ends);
  }
  std::string operator()(const remove_credential& it) const { return "remove credential " + it.name; }
  std::string operator()(const advance& it) const {
    return "time passes: " + std::to_string(it.span.count()) + "h";
  }
  std::string operator()(const refuse_duplicates& it) const {
    return std::string("duplicate names are ") + (it.refuse ? "refused" : "allowed");
  }
  std::string operator()(const lag_listings& it) const {
    return "listings lag " + std::to_string(it.lag.count()) + "h";
  }
  std::string operator()(const leave_out& it) const {
    return "listings have gap " + std::to_string(static_cast<int>(it.gap));
  }
  std::string operator()(const cap_lifetimes& it) const {
    return "lifetimes are capped at " + text_of(it.most);
  }
  std::string operator()(const fault& it) const {
    std::string text = "fault: " + std::string(text_of(it.what));
    return it.status == 0 ? text : text + " " + std::to_string(it.status);
  }
};

}  // namespace

account_fields fields_of(const asked& what, time_point start) {
  account_fields fields;
  fields.name = what.name;
  fields.description = what.description;
  fields.roles = what.roles;
  fields.projects = what.projects;
  if (!what.ends) return fields;
  fields.expires_at.emplace();
  if (*what.ends) *fields.expires_at = start + **what.ends;
  return fields;
}

std::string describe(const call& made) {
  std::string text = std::visit(describer{}, made.what);
  if (made.written) {
    text += " as " + std::string(net::to_string(made.written->method)) + " " + made.written->path;
    if (made.written->body) text += " " + shortened(*made.written->body);
  }
  const scope standard;
  if (made.from.token != 0)
    text += ", with t" + std::to_string(made.from.token);
  else if (made.from.caller != standard.caller)
    text += ", by " + made.from.caller;
  if (made.from.organization != standard.organization) text += ", of '" + made.from.organization + "'";
  if (!made.from.project.empty()) text += ", in " + made.from.project;
  return text;
}

}  // namespace platformer::conformance
