// A small Console for the model's tests: two organizations, predictable IDs ("id-1") and tokens ("token-2").
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "tests/models/console_model.hpp"

namespace platformer::models {

inline constexpr time_point start{std::chrono::hours(24 * 365 * 56)};
inline constexpr std::string_view admin_token = "admin";
inline constexpr std::string_view viewer_token = "viewer";
inline constexpr std::string_view stranger_token = "stranger";  // administrator of organization other

// The digest is the token itself: readable in a debugger, collision-free for short tokens.
inline token_digest plain_digest(std::string_view token) {
  token_digest digest{};
  std::copy_n(token.begin(), std::min(token.size(), digest.size()), digest.begin());
  return digest;
}

inline token_functions counting_functions() {
  return {.new_id = [](std::uint64_t serial) { return "id-" + std::to_string(serial); },
          .new_token = [](std::uint64_t serial) { return secret_string("token-" + std::to_string(serial)); },
          .digest = plain_digest};
}

inline console_directory two_organizations() {
  return {
      {{.id = "acme",
        .name = "Acme",
        .roles = {{.id = "role-deploy", .name = "deployers", .permissions = {"rudder.app.editor"}},
                  {.id = "role-iam", .name = "account managers", .permissions = {"organization.iam"}}},
        .projects =
            {{.id = "shop",
              .name = "storefront",
              .description = "",
              .roles = {{.id = "role-release", .name = "releasers", .permissions = {"rudder.app.creator"}}}},
             {.id = "billing", .name = "billing", .description = "", .roles = {}}}},
       {.id = "other", .name = "Other", .roles = {}, .projects = {}}}};
}

inline console_model make_console() {
  console_model console(two_organizations(), counting_functions());
  const auto add = [&](std::string_view token, std::string organization, std::string role) {
    console.add_credential({.name = std::string(token),
                            .organization_id = std::move(organization),
                            .roles = {std::move(role)},
                            .digest = plain_digest(token),
                            .expires_at = std::nullopt});
  };
  add(admin_token, "acme", "organization.admin");
  add(viewer_token, "acme", "organization.viewer");
  add(stranger_token, "other", "organization.admin");
  return console;
}

inline console_call as_admin(time_point now = start) {
  return {.token = admin_token, .organization_id = "acme", .project_id = {}, .now = now};
}

inline console_call in_project(std::string_view project, time_point now = start) {
  return {.token = admin_token, .organization_id = "acme", .project_id = project, .now = now};
}

inline account_fields named(std::string name) {
  account_fields fields;
  fields.name = std::move(name);
  return fields;
}

inline account_fields expiring(std::string name, time_point at) {
  account_fields fields = named(std::move(name));
  fields.expires_at = at;
  return fields;
}

inline std::string text_of(const issued_account& issued) {
  return std::string(issued.token->reveal());
}

template <class T>
int status_of(const answer<T>& reply) {
  return reply ? 200 : reply.error().status;
}

}  // namespace platformer::models
