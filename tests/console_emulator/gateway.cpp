#include "tests/console_emulator/gateway.hpp"

#include <charconv>

namespace platformer::emulator {
namespace {

using models::answer;
using models::console_call;
using models::refuse;

// The last step of most operations: the model's value as a reply, or its refusal.
template <class T>
answer<outgoing> reply_with(const answer<T>& value) {
  if (!value) return tl::unexpected(value.error());
  return success(to_json(*value));
}

template <class T>
answer<outgoing> reply_with(const answer<std::vector<T>>& values) {
  if (!values) return tl::unexpected(values.error());
  nlohmann::json list = nlohmann::json::array();
  for (const auto& value : *values)
    list.push_back(to_json(value));
  return success(list);
}

bool has_body(console::call operation) {
  return operation == console::call::create_account || operation == console::call::update_account ||
         operation == console::call::renew_token;
}

bool is_json(std::string_view content_type) {
  const auto type = content_type.substr(0, content_type.find_first_of("; "));
  return type == "application/json";
}

answer<std::uint64_t> number(const routed& to, std::string_view name, std::uint64_t otherwise) {
  const auto found = to.query.find(name);
  if (found == to.query.end()) return otherwise;
  const std::string& text = found->second;
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || text.empty())
    return refuse(400, std::string(name) + " must be a whole number");
  return value;
}

// What the contract asks of every request of this operation, before anything is looked up.
answer<void> check_shape(const routed& to, const incoming& request) {
  for (const auto& [name, value] : to.query)
    if (to.operation != console::call::list_accounts || (name != "page" && name != "limit"))
      return refuse(400, "unknown query parameter: " + name);
  if (!has_body(to.operation)) {
    if (!request.body.empty()) return refuse(400, "this operation takes no body");
    return {};
  }
  if (!is_json(request.content_type)) return refuse(415, "Content-Type must be application/json");
  return {};
}

// A body's fields, checked for names and types.
answer<account_fields> read_fields(const incoming& request, const body_rules& rules) {
  const auto body = read_object(request.body.reveal(), rules);
  if (!body) return tl::unexpected(body.error());
  if (body->empty()) return refuse(400, "the body must have at least one field");
  return read_account_fields(*body);
}

}  // namespace

answer<routed> gateway::route(const incoming& request) const {
  auto target = parse_target(request.target);
  if (!target) return refuse(400, "the request target can't be read");
  bool path_known = false;
  for (const auto& row : routes_) {
    auto variables = match_path(row.path, target->segments);
    if (!variables) continue;
    path_known = true;
    if (row.method == request.method)
      return routed{row.operation, std::move(*variables), std::move(target->query)};
  }
  if (path_known) return refuse(405, "this path does not take this method");
  return refuse(404, "there is no such path");
}

performed gateway::perform(const routed& to, const incoming& request) {
  performed done;
  if (const auto id = to.variables.find("id"); id != to.variables.end()) done.account_id = id->second;
  auto reply = dispatch(to, request, done);
  done.reply = reply ? std::move(*reply) : failure(reply.error());
  return done;
}

answer<outgoing> gateway::dispatch(const routed& to, const incoming& request, performed& done) {
  const console_call call{.token = request.authorization.reveal(),
                          .organization_id = request.organization_id,
                          .project_id = request.project_id,
                          .now = world_.now()};
  const auto live = world_.model().validate_token(call.token, call.now);
  if (!live) return tl::unexpected(live.error());  // before the shape: strangers learn nothing
  if (auto ok = check_shape(to, request); !ok) return tl::unexpected(ok.error());
  switch (to.operation) {
    case console::call::validate_token:
      return success();
    case console::call::list_organizations:
    case console::call::list_projects:
    case console::call::list_organization_roles:
    case console::call::list_project_roles:
      return read_directory(to, call);
    case console::call::list_accounts:
      return list(to, call);
    case console::call::get_account:
      return reply_with(world_.model().get(call, done.account_id));
    case console::call::create_account:
      return create(request, call, done);
    case console::call::update_account:
      return update(request, call, done);
    case console::call::renew_token:
      return renew(request, call, done);
    case console::call::delete_account:
      return remove(call, done);
  }
  return refuse(500, "unhandled operation");
}

answer<outgoing> gateway::read_directory(const routed& to, const console_call& call) {
  const auto variable = [&](std::string_view name) -> std::string_view {
    const auto found = to.variables.find(name);
    return found == to.variables.end() ? std::string_view{} : found->second;
  };
  const auto& model = world_.model();
  if (to.operation == console::call::list_organizations) return reply_with(model.list_organizations(call));
  if (to.operation == console::call::list_projects)
    return reply_with(model.list_projects(call, variable("organization")));
  if (to.operation == console::call::list_organization_roles)
    return reply_with(model.list_organization_roles(call, variable("organization")));
  return reply_with(model.list_project_roles(call, variable("organization"), variable("project")));
}

answer<outgoing> gateway::list(const routed& to, const console_call& call) {
  const auto page = number(to, "page", 1);
  if (!page) return tl::unexpected(page.error());
  const auto limit = number(to, "limit", models::page_limit_default);
  if (!limit) return tl::unexpected(limit.error());
  const auto accounts = world_.model().list(call, *page, *limit);
  if (!accounts) return tl::unexpected(accounts.error());
  return success(*accounts);
}

answer<outgoing> gateway::create(const incoming& request, const console_call& call, performed& done) {
  const auto fields =
      read_fields(request, {.allowed = {"name", "description", "roles", "projects", "expired_in"},
                            .required = {"name", "expired_in"}});
  if (!fields) return tl::unexpected(fields.error());
  const auto issued = world_.model().create(call, *fields);
  if (!issued) return tl::unexpected(issued.error());
  done.account_id = issued->view.data.id;
  if (auto ok = world_.commit(done.account_id, std::nullopt); !ok) return tl::unexpected(ok.error());
  done.committed = true;
  return success(*issued);
}

answer<outgoing> gateway::update(const incoming& request, const console_call& call, performed& done) {
  const auto fields =
      read_fields(request, {.allowed = {"description", "roles", "projects", "expired_in"}, .required = {}});
  if (!fields) return tl::unexpected(fields.error());
  const auto previous = world_.before(done.account_id);
  const auto changed = world_.model().update(call, done.account_id, *fields);
  if (!changed) return tl::unexpected(changed.error());
  if (auto ok = world_.commit(done.account_id, previous); !ok) return tl::unexpected(ok.error());
  done.committed = true;
  return success(to_json(*changed));
}

answer<outgoing> gateway::renew(const incoming& request, const console_call& call, performed& done) {
  const auto fields = read_fields(request, {.allowed = {"expired_in"}, .required = {"expired_in"}});
  if (!fields) return tl::unexpected(fields.error());
  const auto previous = world_.before(done.account_id);
  const auto issued = world_.model().renew(call, done.account_id, fields->expires_at);
  if (!issued) return tl::unexpected(issued.error());
  if (auto ok = world_.commit(done.account_id, previous); !ok) return tl::unexpected(ok.error());
  done.committed = true;
  return success(*issued);
}

answer<outgoing> gateway::remove(const console_call& call, performed& done) {
  const auto previous = world_.before(done.account_id);
  const auto removed = world_.model().remove(call, done.account_id);
  if (!removed) return tl::unexpected(removed.error());
  if (auto ok = world_.commit(done.account_id, previous); !ok) return tl::unexpected(ok.error());
  done.committed = true;
  return success();
}

}  // namespace platformer::emulator
