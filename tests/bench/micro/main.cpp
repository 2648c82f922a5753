// Single operations of the operator: processor time and allocations of each, and the time as a ratio to
// something plain that is measured in the same run.
//
//   platformer-bench-micro [--quick] [--json FILE] [--benchmark_filter=REGEX]
//
// Exit status 1 when a result is wrong or an operation takes more from the heap than it may.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <vector>

#include "base/version.hpp"
#include "tests/bench/micro/figures.hpp"
#include "tests/bench/micro/objects.hpp"
#include "tests/bench/micro/report.hpp"
#include "tests/bench/micro/tls_server.hpp"

namespace platformer::bench::micro {
namespace {

struct options {
  bool quick = false;
  std::string json;
};

// Repetitions take turns at random, so that a disturbance meets a figure and its reference alike. Quick ones
// are always as many, so that what is taken once weighs the same on each machine.
void register_all(const options& given) {
  const auto add = [&](const std::string& name, benchmark_function run) {
    auto* const made = benchmark::RegisterBenchmark(name.c_str(), run);
    made->Unit(benchmark::kNanosecond);
    if (given.quick)
      made->Iterations(10);
    else
      made->MinTime(0.1)->Repetitions(5);
  };
  for (const figure& each : figures()) {
    add(std::string(each.name), each.run);
    add(reference_of(each), each.reference);
  }
}

std::string served_reply() {
  const std::string body = account_text(1, 1);
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Fri, 27 Nov 2026 08:00:00 GMT\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

int run(const options& given) {
  const tls_server server(served_reply());
  use_server(server);
  register_all(given);
  collector measured;
  benchmark::RunSpecifiedBenchmarks(&measured);
  const nlohmann::json rows = report(measured);
  for (const std::string& failure : measured.failures())
    std::fprintf(stderr, "%s\n", failure.c_str());
  if (!given.json.empty()) {
    std::ofstream file(given.json);
    const benchmark::CPUInfo& machine = benchmark::CPUInfo::Get();
    file << nlohmann::json{{"version", version()},
                           {"cores", machine.num_cpus},
                           {"load", machine.load_avg},
                           {"figures", rows}}
                .dump(2)
         << "\n";
    if (!file.flush()) {
      std::fprintf(stderr, "%s can't be written\n", given.json.c_str());
      return 1;
    }
  }
  return holds_bounds(measured) && measured.failures().empty() && !rows.empty() ? 0 : 1;
}

}  // namespace
}  // namespace platformer::bench::micro

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  std::string take_turns = "--benchmark_enable_random_interleaving=true";
  arguments.insert(arguments.begin() + 1, take_turns.data());
  argc = static_cast<int>(arguments.size());
  argv = arguments.data();
  benchmark::Initialize(&argc, argv);
  platformer::bench::micro::options given;
  CLI::App app("Processor time and allocations of single operations");
  app.add_flag("--quick", given.quick,
               "few repetitions: whether all works, and allocations; times say nothing");
  app.add_option("--json", given.json, "file to write the figures to");
  CLI11_PARSE(app, argc, argv);
  try {
    return platformer::bench::micro::run(given);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "platformer-bench-micro: %s\n", failed.what());
    return 1;
  }
}
