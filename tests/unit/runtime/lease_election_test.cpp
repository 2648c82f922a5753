// Several candidates with clocks of their own at one small server that is slow, loses requests and replies,
// and executes requests long after their senders gave up: long random histories, seeds fixed. At no moment do
// two candidates believe that they lead, and when the faults end one of them does.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <tuple>

#include "lease_transcript.hpp"

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;

// What happens when; things of the same moment in the order in which they were planned.
class timeline {
 public:
  time_point now{1000h};
  void at(time_point when, std::function<void()> what) {
    queue_.push({std::max(when, now), next_++, std::move(what)});
  }
  bool run_one(time_point until) {
    if (queue_.empty() || queue_.top().when > until) return false;
    const auto next = queue_.top();
    queue_.pop();
    now = next.when;
    next.what();
    return true;
  }

 private:
  struct entry {
    time_point when;
    std::uint64_t order = 0;
    std::function<void()> what;
    bool operator<(const entry& other) const {
      return std::tie(other.when, other.order) < std::tie(when, order);
    }
  };
  std::priority_queue<entry> queue_;
  std::uint64_t next_ = 0;
};

struct small_server {
  std::optional<lease> record;
  std::uint64_t version = 0;

  lease_input perform(const lease_action& action) {
    if (const auto* create = std::get_if<lease_create_action>(&action)) {
      if (record) return test::refused(api_errc::already_exists);
      record = test::record_of("", std::to_string(++version));
      record->meta.uid = "uid" + std::to_string(version);
      record->spec = create->spec;
      return lease_written{*record};
    }
    if (const auto* update = std::get_if<lease_update_action>(&action)) {
      if (!record) return test::refused(api_errc::not_found);
      if (update->record.meta.uid != record->meta.uid ||
          update->record.meta.resource_version != record->meta.resource_version)
        return test::refused(api_errc::conflict);
      record->spec = update->record.spec;
      touch();
      return lease_written{*record};
    }
    if (!record) return lease_absent{};
    return lease_read{*record};
  }
  void touch() { record->meta.resource_version = std::to_string(++version); }
};

struct dice {
  std::mt19937_64 engine;
  bool one_in(int n) { return std::uniform_int_distribution<int>(1, n)(engine) == 1; }
  duration up_to(duration most) {
    return duration(std::uniform_int_distribution<duration::rep>(0, most.count())(engine));
  }
  double fraction() { return std::uniform_real_distribution<double>(0, 1)(engine); }
};

struct weather {
  bool faults = true;
  bool restarts = true;  // processes die, and come back when they have ended
};

struct election;

struct candidate : std::enable_shared_from_this<candidate> {
  election& in;
  lease_fsm fsm;
  duration clock_offset;  // of its monotonic clock
  duration wall_offset;
  bool dead = false;
  std::uint64_t asked = 0;  // replies to earlier questions are not for us any more

  candidate(election& of, const std::string& identity);
  time_point now() const;
  bool leads() const { return !dead && fsm.leading(now()); }
  void feed(const lease_input& input);
  void perform(const lease_action& action);
  void send(const lease_action& action, duration timeout);
};

struct election {
  timeline time;
  small_server server;
  dice random;
  weather sky;
  std::vector<std::shared_ptr<candidate>> candidates;
  int born = 0;
  int terms = 0;       // how often somebody began to lead
  std::string leader;  // of the last moment

  election(std::uint64_t seed, weather of) : random{std::mt19937_64(seed)}, sky(of) {}

  void add() {
    candidates.push_back(std::make_shared<candidate>(*this, "c" + std::to_string(++born)));
    candidates.back()->feed(lease_started{});
  }
  void check() {
    std::string now_leads;
    for (const auto& each : candidates) {
      if (!each->leads()) continue;
      ASSERT_EQ(now_leads, "") << "two lead at " << time.now.time_since_epoch().count();
      now_leads = each->fsm.holder();
    }
    if (!now_leads.empty() && now_leads != leader) ++terms;
    if (!now_leads.empty()) leader = now_leads;
  }
  void mischief() {
    if (random.one_in(4) && server.record) server.touch();  // somebody edits its metadata
    auto& victim = candidates[static_cast<std::size_t>(random.up_to(duration(2)).count())];
    if (sky.restarts && random.one_in(3)) victim->dead = true;
    if (sky.restarts && random.one_in(4)) victim->fsm.release();
    for (auto& each : candidates) {
      const bool over =
          each->dead || each->fsm.role() == lease_role::lost || each->fsm.role() == lease_role::released;
      if (!over || !sky.restarts) continue;
      each->dead = true;
      each = std::make_shared<candidate>(*this, "c" + std::to_string(++born));
      each->feed(lease_started{});
    }
  }
  void run(duration span, duration mischief_every) {
    const time_point until = time.now + span;
    time_point next = time.now + mischief_every;
    while (time.now < until && !::testing::Test::HasFatalFailure()) {
      if (!time.run_one(std::min(next, until))) {
        time.now = std::min(next, until);
        if (sky.faults) mischief();
        next = time.now + mischief_every;
      }
      check();
    }
  }
};

candidate::candidate(election& of, const std::string& identity)
    : in(of),
      fsm({.identity = identity}),
      clock_offset(in.random.up_to(100h)),
      wall_offset(in.random.up_to(2h) - duration(1h)) {}

time_point candidate::now() const {
  return in.time.now + clock_offset;
}

void candidate::feed(const lease_input& input) {
  if (dead) return;
  perform(fsm.step(input, now(), in.time.now + wall_offset, in.random.fraction()));
}

void candidate::perform(const lease_action& action) {
  ++asked;
  if (const auto* wait = std::get_if<lease_wait_action>(&action)) {
    // Now and then the process is stopped for longer than any lease.
    const duration overslept = in.sky.faults && in.random.one_in(60) ? in.random.up_to(30s) : duration{0};
    in.time.at(wait->until - clock_offset + overslept,
               [self = shared_from_this()] { self->feed(lease_wait_over{}); });
  } else if (const auto* read = std::get_if<lease_read_action>(&action)) {
    send(action, read->timeout);
  } else if (const auto* create = std::get_if<lease_create_action>(&action)) {
    send(action, create->timeout);
  } else if (const auto* update = std::get_if<lease_update_action>(&action)) {
    send(action, update->timeout);
  }
}

void candidate::send(const lease_action& action, duration timeout) {
  const auto self = shared_from_this();
  const bool faults = in.sky.faults;
  const auto latency = [&] {
    return in.random.up_to(faults && in.random.one_in(6) ? duration(12s) : duration(80ms));
  };
  const auto answer = [self, question = asked](const lease_input& input) {
    if (self->asked == question) self->feed(input);
  };
  if (faults && in.random.one_in(15)) {
    in.time.at(in.time.now + latency(), [answer] { answer(test::refused(api_errc::unreachable)); });
    return;
  }
  const bool reply_lost = faults && in.random.one_in(8);
  const duration back = latency();
  in.time.at(in.time.now + latency(), [this, self, action, answer, reply_lost, back] {
    const lease_input input = in.server.perform(action);
    in.time.at(in.time.now + back,
               [=] { answer(reply_lost ? test::refused(api_errc::connection_lost) : input); });
  });
  in.time.at(in.time.now + timeout, [answer] { answer(test::refused(api_errc::timeout)); });
}

// Ends the faults; after a while there is one leader, unless everybody has ended.
void settle(election& it) {
  it.sky.faults = false;
  it.run(90s, 11s);
  const auto leads = [](const auto& each) { return each->leads(); };
  const auto ended = [](const auto& each) {
    return each->dead || each->fsm.role() == lease_role::lost || each->fsm.role() == lease_role::released;
  };
  const auto leaders = std::count_if(it.candidates.begin(), it.candidates.end(), leads);
  const bool nobody_left = std::all_of(it.candidates.begin(), it.candidates.end(), ended);
  EXPECT_EQ(leaders, nobody_left ? 0 : 1);
}

TEST(an_election, never_has_two_leaders_under_faults_and_restarts) {
  int terms = 0;
  for (std::uint64_t seed = 1; seed <= 400 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    election it(seed, {.faults = true, .restarts = true});
    for (int i = 0; i < 3; ++i)
      it.add();
    it.run(10min, 11s);
    it.mischief();  // brings back who has ended
    settle(it);
    terms += it.terms;
  }
  EXPECT_GT(terms, 4000) << "the lease hardly ever changed hands";
}

TEST(an_election, has_no_two_leaders_when_the_lease_is_deleted) {
  int handed_over = 0;
  for (std::uint64_t seed = 1; seed <= 1000 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    election it(seed, {.faults = false, .restarts = false});
    for (int i = 0; i < 3; ++i)
      it.add();
    it.run(10s, 1s);  // everybody has seen it
    it.sky.faults = true;
    it.run(it.random.up_to(4s), 1min);
    it.server.record.reset();
    it.run(1min, 2min);
    settle(it);
    if (it.terms > 1) ++handed_over;
  }
  EXPECT_GT(handed_over, 100) << "the leader always came first";
}

TEST(an_election, without_faults_has_one_leader_who_stays) {
  election it(1, {.faults = false, .restarts = false});
  for (int i = 0; i < 3; ++i)
    it.add();
  it.run(1h, 10s);
  EXPECT_EQ(it.terms, 1);
}

TEST(an_election, hands_over_a_released_lease_within_a_look) {
  election it(1, {.faults = false, .restarts = false});
  for (int i = 0; i < 3; ++i)
    it.add();
  it.run(60s, 10s);
  const auto old =
      std::find_if(it.candidates.begin(), it.candidates.end(), [](const auto& c) { return c->leads(); });
  ASSERT_NE(old, it.candidates.end());
  (*old)->fsm.release();
  (*old)->feed(lease_wait_over{});
  it.run(2700ms, 10s);
  EXPECT_EQ(it.terms, 2);
}

TEST(an_election, replaces_a_dead_leader_soon_after_its_lease) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    election it(seed, {.faults = false, .restarts = false});
    for (int i = 0; i < 3; ++i)
      it.add();
    it.run(60s, 10s);
    const auto old =
        std::find_if(it.candidates.begin(), it.candidates.end(), [](const auto& c) { return c->leads(); });
    ASSERT_NE(old, it.candidates.end());
    (*old)->dead = true;
    it.run(18s, 20s);
    EXPECT_EQ(it.terms, 2);
  }
}

}  // namespace
}  // namespace platformer::runtime
