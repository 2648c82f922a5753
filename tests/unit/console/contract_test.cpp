// The route table and openapi.yaml can't drift apart.
#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include "console/routes.hpp"

namespace platformer::console {
namespace {

using rows = std::map<std::string, std::string>;  // operationId -> "METHOD /path"

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

rows rows_of_the_contract(const YAML::Node& contract) {
  const std::string server = contract["servers"][0]["url"].as<std::string>();
  const std::string base = server.substr(std::string("{gateway}").size());
  rows found;
  for (const auto& path : contract["paths"])
    for (const auto& operation : path.second)
      if (operation.first.as<std::string>() != "parameters")
        found[operation.second["operationId"].as<std::string>()] =
            upper(operation.first.as<std::string>()) + " " + base + path.first.as<std::string>();
  return found;
}

TEST(Contract, TheRouteTableIsThatOfOpenapi) {
  rows table;
  for (const auto& row : default_routes)
    table[std::string(row.operation_id)] = std::string(row.method) + " " + std::string(row.path);
  EXPECT_EQ(table, rows_of_the_contract(YAML::LoadFile(CONSOLE_CONTRACT)));
}

TEST(Contract, EveryOperationSaysHowSureItIs) {
  for (const auto& path : YAML::LoadFile(CONSOLE_CONTRACT)["paths"])
    for (const auto& operation : path.second)
      if (operation.first.as<std::string>() != "parameters") {
        EXPECT_THAT(operation.second["x-provenance"].as<std::string>(""),
                    ::testing::AnyOf("seen", "inferred"))
            << operation.second["operationId"];
      }
}

}  // namespace
}  // namespace platformer::console
