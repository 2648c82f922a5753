// platformer-sim: the operator's decisions in a simulated world, under faults (docs/testing.md).
#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <thread>

#include "tests/sim/suites.hpp"

namespace {

using namespace platformer::sim;

struct settings {
  std::string scenario_name;
  std::string plan = "-";
  std::uint64_t seed = 0;
  std::uint64_t schedules = 0;
  std::uint64_t most = 0;
  std::string suite;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  bool wild = false;
  bool trace = false;
  bool list = false;
};

int show_scenarios() {
  for (const scenario& each : scenarios())
    std::cout << each.name << std::string(24 - std::min<std::size_t>(23, each.name.size()), ' ') << each.about
              << "\n";
  return 0;
}

int show(const tally& all, std::chrono::duration<double> took) {
  for (const finding& each : all.findings)
    std::cout << "FAILED  " << describe(shrink(each)) << "\n";
  if (all.possible > 0)
    std::printf("%llu of %llu pairs\n", static_cast<unsigned long long>(all.schedules),
                static_cast<unsigned long long>(all.possible));
  const double rate = static_cast<double>(all.schedules) / std::max(took.count(), 1e-9);
  std::printf("%llu schedules, %llu requests, %llu tokens minted, %llu failed; %.0f schedules/s\n",
              static_cast<unsigned long long>(all.schedules), static_cast<unsigned long long>(all.requests),
              static_cast<unsigned long long>(all.minted), static_cast<unsigned long long>(all.failed), rate);
  return all.failed == 0 ? 0 : 1;
}

int run_one(const settings& wanted) {
  const auto plan = parse_plan(wanted.plan);
  const scenario* what = find_scenario(wanted.scenario_name);
  finding chosen{what, {.seed = wanted.seed, .wild = wanted.wild}, {}};
  if (plan) chosen.how.plan = *plan;
  if (what == nullptr && wanted.scenario_name.empty() && wanted.seed != 0)
    chosen = swarm_schedule(wanted.seed);
  if (chosen.what == nullptr || !plan) {
    std::cerr << (plan ? "there is no scenario " + wanted.scenario_name + "; see --list"
                       : "--plan is a list like 3:crash_after,5:delete_secret")
              << "\n";
    return 2;
  }
  chosen.how.trace = wanted.trace;
  std::cout << "scenario " << chosen.what->name << ", faults " << to_string(chosen.how.plan) << ", seed "
            << chosen.how.seed << "\n";
  const verdict result = run(*chosen.what, chosen.how);
  for (const std::string& line : result.transcript)
    std::cout << line << "\n";
  for (const std::string& line : result.violations)
    std::cout << "violation: " << line << "\n";
  std::cout << "end: " << result.end_state << "\n"
            << result.points << " requests, " << result.minted << " tokens minted, "
            << (result.violations.empty() ? "all invariants hold" : "VIOLATED") << "\n";
  return result.violations.empty() ? 0 : 1;
}

// Shows how far it is, every five seconds.
class progress {
 public:
  progress(const std::atomic<std::uint64_t>& done, std::uint64_t all) : done_(done), all_(all) {}
  void show_when_due() {
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < interval) return;
    shown_ = now;
    const std::chrono::duration<double> took = now - begun_;
    std::fprintf(stderr, "  … %llu of %llu, %.0f/s\n", static_cast<unsigned long long>(done_.load()),
                 static_cast<unsigned long long>(all_), static_cast<double>(done_.load()) / took.count());
  }
  static constexpr std::chrono::seconds interval{5};

 private:
  const std::atomic<std::uint64_t>& done_;
  std::uint64_t all_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_ = begun_;
};

// Without a second thread, where one is wanted: the counts of shared pointers are then no atomic operations.
tally work_alone(std::uint64_t units, const std::function<tally(std::uint64_t)>& work, progress seen) {
  tally sum;
  for (std::uint64_t unit = 0; unit < units; ++unit) {
    sum.add(work(unit));
    seen.show_when_due();
  }
  return sum;
}

// Shares the work among threads.
tally share(const settings& wanted, std::uint64_t units, const std::function<tally(std::uint64_t)>& work,
            std::atomic<std::uint64_t>& done, std::uint64_t all) {
  progress seen(done, all);
  if (wanted.jobs == 1) return work_alone(units, work, seen);
  std::atomic<std::uint64_t> next{0};
  unsigned running = wanted.jobs;
  std::mutex mutex;
  std::condition_variable ended;
  std::vector<tally> results(wanted.jobs);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < wanted.jobs; ++i)
    threads.emplace_back([&, i] {
      for (std::uint64_t unit; (unit = next.fetch_add(1)) < units;)
        results[i].add(work(unit));
      const std::lock_guard lock(mutex);
      --running;
      ended.notify_one();
    });
  for (;;) {
    std::unique_lock lock(mutex);
    ended.wait_for(lock, progress::interval, [&] { return running == 0; });
    if (running == 0) break;
    seen.show_when_due();
  }
  tally sum;
  for (unsigned i = 0; i < wanted.jobs; ++i) {
    threads[i].join();
    sum.add(std::move(results[i]));
  }
  return sum;
}

// The one that is named; else those of the suite.
std::vector<const scenario*> chosen_scenarios(const settings& wanted) {
  if (wanted.suite == "pairs" && wanted.scenario_name.empty()) {
    const auto listed = scenarios_for_pairs();
    std::cout << "pairs of faults over " << listed.size() << " scenarios\n";
    return {listed.begin(), listed.end()};
  }
  std::vector<const scenario*> chosen;
  for (const scenario& each : scenarios())
    if (wanted.scenario_name.empty() || each.name == wanted.scenario_name) chosen.push_back(&each);
  return chosen;
}

int run_suites(const settings& wanted) {
  const auto begun = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> done{0};
  const std::vector<const scenario*> chosen = chosen_scenarios(wanted);
  tally all;
  if (wanted.suite == "singles" || wanted.suite == "pairs") {
    constexpr unsigned parts = 8;
    const bool pairs = wanted.suite == "pairs";
    const std::uint64_t units = chosen.size() * (pairs ? parts : 1);
    const auto work = [&](std::uint64_t unit) {
      tally some = pairs ? run_pairs_of_faults(*chosen[unit / parts], static_cast<unsigned>(unit % parts),
                                               parts, {.most_pairs = wanted.most, .seed = wanted.seed})
                         : run_single_faults(*chosen[unit]);
      ++done;
      return some;
    };
    all = share(wanted, units, work, done, units);
  } else {
    constexpr std::uint64_t batch = 1000;
    const std::uint64_t units = (wanted.schedules + batch - 1) / batch;
    const auto work = [&](std::uint64_t unit) {
      const std::uint64_t first = unit * batch;
      return run_swarm(wanted.seed + 1 + first, std::min(batch, wanted.schedules - first), &done);
    };
    all = share(wanted, units, work, done, wanted.schedules);
  }
  return show(all, std::chrono::steady_clock::now() - begun);
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app(
      "Runs the operator's decisions in a simulated world, under faults, and checks what must hold.");
  settings wanted;
  app.add_option("--scenario", wanted.scenario_name,
                 "one scenario by its name (--list); with --suite: only that one");
  app.add_option("--plan", wanted.plan, "faults of one schedule, such as 3:crash_after,5:delete_secret");
  app.add_option("--seed", wanted.seed,
                 "one random schedule by its number; with --schedules: where to begin");
  app.add_option("--schedules", wanted.schedules, "so many random schedules");
  app.add_option("--suite", wanted.suite,
                 "every single fault, or every pair of faults over those listed for it, at every request")
      ->check(CLI::IsMember({"singles", "pairs"}));
  app.add_option("--most", wanted.most,
                 "with --suite pairs: about so many of each scenario, drawn by --seed");
  app.add_option("--jobs", wanted.jobs, "threads")->check(CLI::Range(1, 256));
  app.add_flag("--wild", wanted.wild, "latencies as a random schedule has them");
  app.add_flag("--trace", wanted.trace, "show everything that happens in the one schedule");
  app.add_flag("--list", wanted.list, "show the scenarios");
  CLI11_PARSE(app, count, arguments);
  if (wanted.list) return show_scenarios();
  if (!wanted.suite.empty() || wanted.schedules > 0) return run_suites(wanted);
  return run_one(wanted);
}
