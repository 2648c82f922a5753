// A gate (tests/gate) as a program of its own, for the soak test in Python: it stands in front of the
// apiserver and the Console and does to their clients' requests what it is told.
//
//   platformer-bench-gate --kubeconfig F --through GATED --console 127.0.0.1:8080
//   console=http://127.0.0.1:30123                           its first line; then, line by line:
//   {"order": 1, "impose": {"server": "console", "act": "cut", "moment": "after", "nth": 2}}
//   {"order": 1, "rule": 1}
//   {"order": 2, "hits": 1}         as {"lift": 1}, {"release": 1} of a hold, {"cut": "console"}
//   {"hits": 0, "order": 2}
//
// It ends with its standard input.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/gate/gate.hpp"
#include "tests/integration/harness/kubeconfig.hpp"

namespace platformer::bench {
namespace {

using nlohmann::json;

test::gate_action action_of(const json& told) {
  const std::string name = told.at("act");
  const auto when = told.value("moment", "before") == "after" ? test::moment::after : test::moment::before;
  if (name == "cut") return test::act::cut{when};
  if (name == "hold") return test::act::hold{when};
  if (name == "break_watch") return test::act::break_watch{told.value("event", std::size_t{1})};
  if (name == "trickle")
    return test::act::trickle{.bytes = 512, .pause = std::chrono::milliseconds(told.value("pause_ms", 1))};
  if (name == "answer") {
    test::act::answer said;
    said.when = when;
    said.status = told.at("status");
    said.headers = {{"Content-Type", "application/json"}};
    if (told.contains("retry_after")) said.headers.emplace_back("Retry-After", told["retry_after"]);
    said.body = "{}";
    return said;
  }
  throw std::invalid_argument("no such act: " + name);
}

test::gate_rule rule_of(const json& told) {
  test::request_pattern on;
  on.server = told.value("server", "");
  on.method = told.value("method", "");
  on.path = told.value("path", "");
  on.query = told.value("query", "");
  return {.on = std::move(on),
          .nth = told.value("nth", std::size_t{1}),
          .times = told.value("times", std::size_t{1}),
          .act = action_of(told)};
}

json obey(test::gate& gate, const json& told) {
  if (told.contains("impose")) return {{"rule", gate.impose(rule_of(told["impose"]))}};
  if (told.contains("hits")) return {{"hits", gate.rules().hits(told["hits"])}};
  if (told.contains("release")) gate.rules().release(told["release"]);
  if (told.contains("lift")) gate.rules().lift(told["lift"]);
  if (told.contains("cut")) gate.cut_connections(told["cut"]);
  return json::object();
}

// What is said to an order bears its number.
json answer_to(test::gate& gate, const json& told) {
  json said = obey(gate, told);
  said["order"] = told.at("order");
  return said;
}

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  if (!(text << in.rdbuf())) throw std::invalid_argument("can't read " + file);
  return text.str();
}

void run(const std::string& kubeconfig, const std::string& through, const std::string& console) {
  test::gate gate;
  const test::certificate_authority authority;
  const auto user = test::read_access(text_of(kubeconfig));
  const auto kubernetes = gate.open({.name = "kubernetes",
                                     .server_port = user.port,
                                     .identity = authority.issue({.names = {"IP:127.0.0.1"}}),
                                     .tls = user.tls});
  std::ofstream(through) << test::kubeconfig_through(kubernetes, authority.certificate_pem(), user);
  const auto port = static_cast<std::uint16_t>(std::stoul(console.substr(console.rfind(':') + 1)));
  std::cout << "console=" << gate.open({.name = "console", .server_port = port}) << std::endl;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << answer_to(gate, json::parse(line)) << std::endl;
}

}  // namespace
}  // namespace platformer::bench

int main(int argc, char** argv) {
  CLI::App app("Faults between an operator and its servers, by order of standard input");
  std::string kubeconfig;
  std::string through;
  std::string console;
  app.add_option("--kubeconfig", kubeconfig, "of the user, with a client certificate")->required();
  app.add_option("--through", through, "where that user's kubeconfig through the gate is written to")
      ->required();
  app.add_option("--console", console, "ADDRESS:PORT of the Console")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    platformer::bench::run(kubeconfig, through, console);
    return 0;
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "platformer-bench-gate: %s\n", failed.what());
    return 1;
  }
}
