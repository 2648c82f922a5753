#include "tests/sim/servers.hpp"

#include <cstring>

#include "base/hash.hpp"
#include "model/marker.hpp"

namespace platformer::sim {
namespace {

models::token_digest digest_of(std::string_view token) {
  models::token_digest digest{};
  const std::uint64_t hash = fnv1a(token);
  std::memcpy(digest.data(), &hash, sizeof hash);
  const std::size_t size = token.size();
  std::memcpy(digest.data() + sizeof hash, &size, sizeof size);
  return digest;
}

std::shared_ptr<const models::console_directory> make_directory() {
  auto made = std::make_shared<models::console_directory>();
  made->organizations = {
      {.id = std::string(organization_id),
       .name = "acme",
       .roles = {{.id = "role-1", .name = "deployers", .permissions = {"rudder.app.editor"}}},
       .projects = {{.id = "project-1", .name = "storefront", .description = "", .roles = {}}}},
      {.id = std::string(other_organization_id), .name = "other", .roles = {}, .projects = {}}};
  return made;
}

std::shared_ptr<const models::token_functions> make_functions() {
  auto made = std::make_shared<models::token_functions>();
  made->new_id = [](std::uint64_t serial) { return "account-" + std::to_string(serial); };
  made->new_token = [](std::uint64_t serial) {
    return secret_string(std::string(token_prefix) + std::to_string(serial));
  };
  made->digest = digest_of;
  return made;
}

// Of all schedules of a thread: both never change.
models::console_model new_console() {
  thread_local const auto directory = make_directory();
  thread_local const auto functions = make_functions();
  models::console_model console(directory, functions);
  console.add_credential({.name = "operator",
                          .organization_id = std::string(organization_id),
                          .roles = {"organization.admin"},
                          .digest = digest_of(operator_token),
                          .expires_at = {}});
  return console;
}

}  // namespace

servers::servers() : console(new_console()) {}

bool servers::accepts(std::string_view token, time_point now) const {
  const bool own = token == operator_token;
  if (now < (own ? credentials_rejected_until : tokens_rejected_until)) return false;
  return console.validate_token(token, now).has_value();
}

result<std::vector<account>, api_error> servers::list_those(
    const caller& who, time_point now, const std::function<bool(const account&)>& wanted) const {
  std::vector<account> all;
  for (std::uint64_t page = 1;; ++page) {
    const auto part =
        console.list({who.credential, who.organization_id, "", now}, page, models::page_limit_max);
    if (!part) return tl::unexpected(models::to_api_error(part.error()));
    for (const models::account_view& each : part->accounts)
      if (wanted(each.data)) all.push_back(each.data);
    if (page >= part->pages) break;
  }
  return all;
}

result<std::vector<account>, api_error> servers::list_accounts(const caller& who, time_point now,
                                                               std::string_view named,
                                                               std::string_view project_id) const {
  return list_those(who, now, [&](const account& each) {
    const auto mark = find_marker(each.description);
    if (mark && mark->cluster == cluster_id) return true;
    return !named.empty() && each.name == named && each.project_id == project_id;
  });
}

result<std::vector<account>, api_error> servers::list_credentials(const caller& who, time_point now,
                                                                  std::string_view named) const {
  return list_those(who, now, [&](const account& each) {
    if (const auto own = find_credential_marker(each.description)) return own->cluster == cluster_id;
    return !find_marker(each.description) && !named.empty() && each.name == named;
  });
}

}  // namespace platformer::sim
