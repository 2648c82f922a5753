#include "tests/conformance/console/orders.hpp"

namespace platformer::conformance {
namespace {

using net::http_method;
using nlohmann::json;

json to_json(const asked& what, time_point start) {
  const account_fields fields = fields_of(what, start);
  json body = json::object();
  if (fields.name) body["name"] = *fields.name;
  if (fields.description) body["description"] = *fields.description;
  if (fields.roles) body["roles"] = *fields.roles;
  if (fields.projects) {
    body["projects"] = json::array();
    for (const auto& [id, roles] : *fields.projects)
      body["projects"].push_back({{"project_id", id}, {"roles", roles}});
  }
  if (fields.expires_at)
    body["expired_in"] = *fields.expires_at ? json(format_rfc3339(**fields.expires_at)) : json(nullptr);
  return body;
}

json to_json(const fault& hit) {
  json order = json::object();
  if (hit.status != 0) order["status"] = hit.status;
  if (hit.retry_after) order["retry_after"] = hit.retry_after->count();
  switch (hit.what) {
    case fault::kind::cut_before:
      order["cut"] = "before";
      break;
    case fault::kind::cut_after_commit:
      order["cut"] = "after_commit";
      break;
    case fault::kind::cut_mid_reply:
      order["cut"] = "mid_reply";
      break;
    case fault::kind::hang_before:
      order["hang"] = "before";
      break;
    case fault::kind::hang_after_commit:
      order["hang"] = "after_commit";
      break;
    case fault::kind::status:
      break;
    case fault::kind::status_after_commit:
      order["commit"] = true;
      break;
    case fault::kind::garbage:
      order["body"] = "{\"success\": tru";
      break;
    case fault::kind::web_page:
      order["body"] = "<html>who are you</html>";
      break;
  }
  return order;
}

std::string_view name_of(models::listing_gap gap) {
  switch (gap) {
    case models::listing_gap::none:
      return "none";
    case models::listing_gap::last_page_empty:
      return "last_page_empty";
    case models::listing_gap::last_page_uncounted:
      return "last_page_uncounted";
  }
  return "";
}

std::string done_or_status(const plain_reply& reply) {
  return reply.status == 200 ? "done" : std::to_string(reply.status);
}

}  // namespace

std::string admin_orders::by_hand(const account_ref& which, const std::string& what, const json& body) {
  return done_or_status(
      server_.admin(http_method::post, "/accounts/" + words_.id_of(which) + "/" + what, body));
}

std::string admin_orders::set(const json& settings) {
  return done_or_status(server_.admin(http_method::post, "/settings", settings));
}

std::string admin_orders::act(const edit_by_hand& it) {
  return by_hand(it.which, "edit", to_json(it.fields, words_.start()));
}

std::string admin_orders::act(const renew_by_hand& it) {
  return by_hand(it.which, "renew");
}

std::string admin_orders::act(const revoke_by_hand& it) {
  return by_hand(it.which, "revoke");
}

std::string admin_orders::act(const remove_by_hand& it) {
  return by_hand(it.which, "delete");
}

std::string admin_orders::act(const remove_credential& it) {
  return done_or_status(server_.admin(http_method::del, "/credentials/" + it.name));
}

std::string admin_orders::act(const advance& it) {
  const std::chrono::seconds span = it.span;
  return done_or_status(server_.admin(http_method::post, "/clock/advance", {{"seconds", span.count()}}));
}

std::string admin_orders::act(const refuse_duplicates& it) {
  return set({{"duplicate_names", it.refuse ? "refuse" : "allow"}});
}

std::string admin_orders::act(const lag_listings& it) {
  return set({{"list_lag_ms", duration(it.lag).count()}});
}

std::string admin_orders::act(const leave_out& it) {
  return set({{"listing_gap", name_of(it.gap)}});
}

std::string admin_orders::act(const cap_lifetimes& it) {
  const auto seconds = it.most ? json(std::chrono::seconds(*it.most).count()) : json(nullptr);
  return set({{"longest_lifetime_seconds", seconds}});
}

std::string admin_orders::act(const fault& it) {
  return done_or_status(server_.admin(http_method::post, "/faults", to_json(it)));
}

}  // namespace platformer::conformance
