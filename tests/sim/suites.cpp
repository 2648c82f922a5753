#include "tests/sim/suites.hpp"

#include <algorithm>

namespace platformer::sim {
namespace {

constexpr std::size_t findings_limit = 2000;
// Where something has to wait for long, the same requests come again and again: only so many of them are hit.
constexpr std::uint32_t points_limit = 40;
// Scenarios differ in length; a swarm's faults mostly hit the requests that there are.
constexpr std::uint64_t swarm_points = 24;
// A scenario of more requests is drawn by so much more rarely, so that a few long ones don't take most of the
// time.
constexpr std::uint64_t usual_requests = 30;

const mutant& no_bugs() {
  static const mutant none;
  return none;
}

const mutant& bugs_of(const suite_options& options) {
  return options.bugs != nullptr ? *options.bugs : no_bugs();
}

// What a scenario asks of the servers when nothing goes wrong.
std::uint64_t requests_of(const scenario& what) {
  static const std::vector<std::uint64_t> all = [] {
    std::vector<std::uint64_t> each;
    for (const scenario& one : scenarios())
      each.push_back(run(one, {}).points + 1);
    return each;
  }();
  return all[static_cast<std::size_t>(&what - scenarios().data())];
}

// The faults that make a difference to a scenario, in order.
const std::vector<fault>& faults_of(const scenario& what) {
  const auto make = [](bool elects) {
    std::vector<fault> all;
    for (std::size_t i = 0; i < fault_count; ++i)
      if (elects || !needs_election(static_cast<fault>(i))) all.push_back(static_cast<fault>(i));
    return all;
  };
  static const std::vector<fault> of_one = make(false);
  static const std::vector<fault> of_several = make(true);
  return what.elects ? of_several : of_one;
}

bool only_machines(const fault_plan& plan) {
  return std::none_of(plan.begin(), plan.end(), [](const injection& each) { return is_act(each.what); });
}

verdict run_planned(const scenario& what, const schedule& how, const std::string& end_without_faults,
                    const suite_options& options) {
  verdict result = run(what, how, bugs_of(options));
  if (result.violations.empty() && result.overtaken == 0 && only_machines(how.plan) &&
      result.end_state != end_without_faults)
    result.violations.push_back("it ends otherwise than without faults: " + result.end_state +
                                " instead of " + end_without_faults);
  return result;
}

}  // namespace

std::string describe(const finding& found) {
  std::string text = "scenario " + std::string(found.what->name) + ", faults " + to_string(found.how.plan);
  for (const std::string& each : found.violations)
    text += "\n    " + each;
  text +=
      "\n    ./dev sim --scenario " + std::string(found.what->name) + " --plan " + to_string(found.how.plan);
  if (found.how.seed != 0) text += " --seed " + std::to_string(found.how.seed);
  if (found.how.wild) text += " --wild";
  return text + " --trace";
}

finding shrink(finding found, const mutant* bugs) {
  const auto still_fails = [&](const schedule& how) {
    const verdict result = run(*found.what, how, bugs != nullptr ? *bugs : no_bugs());
    if (!result.violations.empty()) found.violations = result.violations;
    return !result.violations.empty();
  };
  const auto try_this = [&](const schedule& how) {
    if (!still_fails(how)) return false;
    found.how = how;
    return true;
  };
  if (found.how.wild) {
    schedule calm = found.how;
    calm.wild = false;
    calm.seed = 0;
    try_this(calm);
  }
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = 0; i < found.how.plan.size() && !smaller; ++i) {
      schedule fewer = found.how;
      fewer.plan.erase(fewer.plan.begin() + static_cast<std::ptrdiff_t>(i));
      smaller = try_this(fewer);
    }
  }
  return found;
}

void tally::add(const scenario& what, const schedule& how, const verdict& result) {
  ++schedules;
  minted += result.minted;
  requests += result.points;
  if (result.violations.empty()) return;
  ++failed;
  if (findings.size() < findings_limit) findings.push_back({&what, how, result.violations});
}

void tally::add(tally other) {
  schedules += other.schedules;
  possible += other.possible;
  minted += other.minted;
  requests += other.requests;
  failed += other.failed;
  for (finding& each : other.findings)
    if (findings.size() < findings_limit) findings.push_back(std::move(each));
}

tally run_single_faults(const scenario& what, const suite_options& options) {
  tally all;
  const verdict calm = run(what, {}, bugs_of(options));
  all.add(what, {}, calm);
  for (std::uint32_t point = 0; point <= std::min(calm.points, points_limit); ++point)
    for (const fault each : faults_of(what)) {
      if (all.failed >= options.stop_after) return all;
      const schedule how{.plan = {{point, each}}};
      all.add(what, how, run_planned(what, how, calm.end_state, options));
    }
  return all;
}

namespace {

// Decides which pairs are run where there are too many.
class pair_sample {
 public:
  pair_sample(const scenario& what, std::uint32_t points, unsigned part, const suite_options& options)
      : random_(options.seed * 1000 + part + 1), most_(options.most_pairs) {
    const std::uint64_t faults = faults_of(what).size();
    about_ = faults * faults * points * (points + 1) / 2;
  }
  bool takes_one() { return most_ == 0 || about_ <= most_ || random_.below(about_) < most_; }

 private:
  random_source random_;
  std::uint64_t most_;
  std::uint64_t about_;  // as many as there are without what faults add
};

}  // namespace

tally run_pairs_of_faults(const scenario& what, unsigned part, unsigned parts, const suite_options& options) {
  tally all;
  const verdict calm = run(what, {}, bugs_of(options));
  pair_sample sample(what, std::min(calm.points, points_limit), part, options);
  for (std::uint32_t first = 0; first <= std::min(calm.points, points_limit); ++first) {
    if (first % parts != part) continue;
    for (const fault one : faults_of(what)) {
      // What the first fault adds to the requests is hit as well.
      const verdict alone = run(what, {.plan = {{first, one}}}, bugs_of(options));
      for (std::uint32_t second = first + 1; second <= std::min(alone.points, points_limit); ++second)
        for (const fault other : faults_of(what)) {
          if (all.failed >= options.stop_after) return all;
          ++all.possible;
          if (!sample.takes_one()) continue;
          const schedule how{.plan = {{first, one}, {second, other}}};
          all.add(what, how, run_planned(what, how, calm.end_state, options));
        }
    }
  }
  return all;
}

finding swarm_schedule(std::uint64_t seed) {
  random_source random(seed);
  finding made;
  do
    made.what = &scenarios()[random.below(scenarios().size())];
  while (random.below(requests_of(*made.what)) >= usual_requests);
  made.how.seed = seed;
  made.how.wild = true;
  const std::vector<fault>& possible = faults_of(*made.what);
  const std::uint64_t faults = 1 + random.below(5);
  while (made.how.plan.size() < faults) {
    const auto point = static_cast<std::uint32_t>(random.below(swarm_points));
    made.how.plan.push_back({point, possible[random.below(possible.size())]});
  }
  std::sort(made.how.plan.begin(), made.how.plan.end(),
            [](const injection& a, const injection& b) { return a.point < b.point; });
  return made;
}

tally run_swarm(std::uint64_t first, std::uint64_t count, std::atomic<std::uint64_t>* done,
                const suite_options& options) {
  tally all;
  for (std::uint64_t seed = first; seed < first + count && all.failed < options.stop_after; ++seed) {
    const finding planned = swarm_schedule(seed);
    all.add(*planned.what, planned.how, run(*planned.what, planned.how, bugs_of(options)));
    if (done != nullptr) done->fetch_add(1, std::memory_order_relaxed);
  }
  return all;
}

}  // namespace platformer::sim
