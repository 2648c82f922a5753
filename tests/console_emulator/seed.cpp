#include "tests/console_emulator/seed.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

namespace platformer::emulator {
namespace {

// Thrown and caught within this file only: yaml-cpp throws anyway.
struct seed_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class reader {
 public:
  seed read(const YAML::Node& root) {
    allow(root, "the seed", {"duplicateNames", "routes", "organizations"});
    seed out;
    if (const auto rule = root["duplicateNames"]) {
      const auto text = rule.as<std::string>();
      if (text != "allow" && text != "refuse") throw seed_error("duplicateNames must be allow or refuse");
      out.duplicates = text == "allow" ? models::duplicate_names::allow : models::duplicate_names::refuse;
    }
    read_routes(root["routes"], out.routes);
    for (const auto& node : sequence(root, "organizations"))
      out.directory.organizations.push_back(read_organization(node));
    if (out.directory.organizations.empty()) throw seed_error("organizations must have an entry");
    return out;
  }

 private:
  static void read_routes(const YAML::Node& overrides, std::vector<gateway_route>& routes) {
    if (!overrides) return;
    if (!overrides.IsMap()) throw seed_error("routes must be a mapping");
    for (const auto& entry : overrides) {
      const auto name = entry.first.as<std::string>();
      const auto row =
          std::ranges::find(console::default_routes, name, &console::default_route::operation_id);
      if (row == console::default_routes.end()) throw seed_error("routes: there is no operation " + name);
      allow(entry.second, "a route", {"method", "path"});
      auto& served = *std::ranges::find(routes, row->operation, &gateway_route::operation);
      if (entry.second["method"]) served.method = text(entry.second, "method");
      if (entry.second["path"]) served.path = text(entry.second, "path");
      if (!served.path.starts_with('/'))
        throw seed_error("routes: the path of " + name + " must start with /");
    }
  }

  static void allow(const YAML::Node& node, const std::string& what, const std::set<std::string>& fields) {
    if (!node.IsMap()) throw seed_error(what + " must be a mapping");
    for (const auto& entry : node)
      if (!fields.contains(entry.first.as<std::string>()))
        throw seed_error("unknown field in " + what + ": " + entry.first.as<std::string>());
  }

  static YAML::Node sequence(const YAML::Node& node, const char* field) {
    const YAML::Node list = node[field];
    if (!list) return YAML::Node(YAML::NodeType::Sequence);
    if (!list.IsSequence()) throw seed_error(std::string(field) + " must be a list");
    return list;
  }

  static std::string text(const YAML::Node& node, const char* field) {
    if (!node[field] || !node[field].IsScalar() || node[field].as<std::string>().empty())
      throw seed_error(std::string("a ") + field + " is missing");
    return node[field].as<std::string>();
  }

  std::string id(const YAML::Node& node) {
    auto value = text(node, "id");
    const bool shaped = value.size() <= 128 && std::ranges::all_of(value, [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                 std::string_view("._~:@=+-").find(c) != std::string_view::npos;
                        });
    if (!shaped) throw seed_error("an id must have 1 to 128 of the characters A-Z a-z 0-9 ._~:@=+-");
    if (!ids_.insert(value).second) throw seed_error("the id " + value + " is there twice");
    return value;
  }

  models::custom_role read_role(const YAML::Node& node) {
    allow(node, "a role", {"id", "name", "permissions"});
    models::custom_role role{.id = id(node), .name = text(node, "name"), .permissions = {}};
    for (const auto& code : sequence(node, "permissions"))
      role.permissions.insert(code.as<std::string>());
    return role;
  }

  models::project read_project(const YAML::Node& node) {
    allow(node, "a project", {"id", "name", "description", "roles"});
    models::project project{.id = id(node), .name = text(node, "name"), .description = {}, .roles = {}};
    if (node["description"]) project.description = node["description"].as<std::string>();
    for (const auto& role : sequence(node, "roles"))
      project.roles.push_back(read_role(role));
    return project;
  }

  models::organization read_organization(const YAML::Node& node) {
    allow(node, "an organization", {"id", "name", "roles", "projects"});
    models::organization owner{.id = id(node), .name = text(node, "name"), .roles = {}, .projects = {}};
    for (const auto& role : sequence(node, "roles"))
      owner.roles.push_back(read_role(role));
    for (const auto& in : sequence(node, "projects"))
      owner.projects.push_back(read_project(in));
    return owner;
  }

  std::set<std::string> ids_;
};

}  // namespace

seed default_seed() {
  models::organization acme{
      .id = "org-acme",
      .name = "acme",
      .roles = {{.id = "role-deployers",
                 .name = "deployers",
                 .permissions = {"rudder.app.editor", "rudder.delivery.creator", "rudder.env.viewer"}}},
      .projects = {
          {.id = "prj-storefront",
           .name = "storefront",
           .description = "the shop",
           .roles = {{.id = "role-releasers",
                      .name = "releasers",
                      .permissions = {"rudder.app.creator", "rudder.container.editor",
                                      "rudder.gateway.viewer"}}}},
          {.id = "prj-billing", .name = "billing", .description = "invoices and payments", .roles = {}}}};
  return {.directory = {.organizations = {std::move(acme)}},
          .duplicates = models::duplicate_names::allow,
          .routes = default_gateway_routes()};
}

result<seed> parse_seed(const std::string& yaml) {
  try {
    return reader().read(YAML::Load(yaml));
  } catch (const std::exception& problem) {
    return fail(problem.what());
  }
}

result<seed> load_seed(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("can't read the seed " + file.string());
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto parsed = parse_seed(text);
  if (!parsed) return fail("seed " + file.string() + ": " + parsed.error().message);
  return parsed;
}

}  // namespace platformer::emulator
