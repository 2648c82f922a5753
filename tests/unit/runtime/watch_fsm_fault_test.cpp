// The state machine, a sink and a store against a small server that pages, watches, compacts its history and
// fails at every step: once systematically (each scripted path again, failing at each of its steps in each
// way) and in long random histories. Whatever happened, the store ends equal to the server's objects. Seeds
// are fixed.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <random>

#include "store_objects.hpp"
#include "watch_transcript.hpp"

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;
using test::item;
using test::make;

// The server's objects and history; versions count up.
struct small_server {
  struct change {
    int version;
    watch_event_type type;
    item object;
  };
  std::map<std::string, item> objects;
  std::vector<change> history;
  int version = 1;
  int compacted = 0;  // watches must start here or later
  bool offers_streaming = true;

  void put(const std::string& name) {
    const bool fresh = !objects.contains(name);
    const std::string uid = fresh ? "uid" + std::to_string(version + 1) : objects[name].meta.uid;
    objects[name] = make(name, std::to_string(++version), uid);
    history.push_back({version, fresh ? watch_event_type::added : watch_event_type::modified, objects[name]});
  }
  void remove(const std::string& name) {
    const auto node = objects.extract(name);
    if (!node) return;
    item last = node.mapped();
    last.meta.resource_version = std::to_string(++version);
    history.push_back({version, watch_event_type::deleted, last});
  }
};

// Performs actions as kube/watch_source does.
class small_client {
 public:
  small_client(small_server& server, watch_fsm_options options) : fsm(options), server_(server) {
    pending_ = watch_started{};
  }

  // What would be fed to the machine next; `fault` replaces the server's answer where it fits the action.
  void step(std::optional<api_error> fault, double random) {
    const watch_input input = fault && pending_is_faultable() ? failed(*fault) : take();
    const watch_step out = fsm.step(input, now, random);
    use(out);
    action_ = out.action;
    now += 10ms;
    perform();
  }

  bool idle() const { return idle_; }
  bool can_fail() const { return pending_is_faultable(); }

  watch_fsm fsm;
  store<item> objects;
  time_point now{1h};
  int commits = 0;

 private:
  bool pending_is_faultable() const {
    return !std::holds_alternative<watch_started>(pending_) && !std::holds_alternative<wait_over>(pending_);
  }

  watch_input failed(const api_error& error) {
    items_.clear();
    if (std::holds_alternative<list_page_action>(action_)) return list_failed{error};
    if (std::holds_alternative<open_watch_action>(action_)) return watch_refused{error};
    if (error.http_status == 200)
      return test::error_event({.code = error.code, .http_status = 410, .message = {}, .retry_after = {}});
    return stream_failed{error};
  }

  watch_input take() {
    if (idle_) return stream_ended{};
    return pending_;
  }

  void use(const watch_step& out) {
    if (out.discard) staged_.clear();
    for (auto& each : items_) {
      if (out.use == item_use::stage) staged_.insert_or_assign(each.meta.name, each);
      if (out.use == item_use::unstage) staged_.erase(each.meta.name);
      if (out.use == item_use::apply) objects.upsert(each, observed_by::live_modified);
      if (out.use == item_use::erase) objects.erase(each.meta);
    }
    items_.clear();
    if (!out.commit) return;
    ++commits;
    std::vector<item> all;
    for (auto& [name, each] : staged_)
      all.push_back(each);
    staged_.clear();
    objects.replace_all(std::move(all), fsm.version());
  }

  void perform() {
    idle_ = false;
    if (const auto* list = std::get_if<list_page_action>(&action_)) {
      pending_ = answer(*list);
    } else if (const auto* watch = std::get_if<open_watch_action>(&action_)) {
      pending_ = answer(*watch);
    } else if (const auto* wait = std::get_if<wait_action>(&action_)) {
      EXPECT_GT(wait->until, now - 11ms);
      now = wait->until;
      pending_ = wait_over{};
    } else {
      pending_ = next_event();
    }
  }

  watch_input answer(const list_page_action& list) {
    EXPECT_TRUE(list.continue_token.empty() || (list.version.empty() && list.version_match.empty()));
    if (list.continue_token.empty()) {
      page_source_ = server_.objects;
      page_version_ = server_.version;
      page_start_ = 0;
    } else if (page_version_ < server_.compacted) {
      return list_failed{test::failure(api_errc::gone, 410)};
    }
    const std::size_t limit = list.limit == 0 ? page_source_.size() : list.limit;
    auto it = std::next(page_source_.begin(), static_cast<std::ptrdiff_t>(page_start_));
    for (; it != page_source_.end() && items_.size() < limit; ++it)
      items_.push_back(it->second);
    page_start_ += items_.size();
    return test::page(std::to_string(page_version_), it == page_source_.end() ? "" : "token");
  }

  watch_input answer(const open_watch_action& watch) {
    if (watch.initial_events) {
      if (!server_.offers_streaming) return watch_refused{test::failure(api_errc::invalid, 422)};
      initial_.clear();
      for (const auto& [name, each] : server_.objects)
        initial_.push_back(each);
      initial_end_ = server_.version;
      sent_ = server_.version;
      return watch_opened{};
    }
    EXPECT_FALSE(watch.version.empty());
    sent_ = std::stoi(watch.version);
    if (sent_ < server_.compacted) return watch_refused{test::failure(api_errc::gone, 410)};
    return watch_opened{};
  }

  watch_input next_event() {
    if (!initial_.empty()) {
      items_ = {initial_.back()};
      initial_.pop_back();
      return test::added(items_[0].meta.resource_version);
    }
    if (initial_end_ != 0) return test::initial_end(std::to_string(std::exchange(initial_end_, 0)));
    if (sent_ < server_.compacted) return test::error_event(test::failure(api_errc::gone, 410));
    for (const auto& each : server_.history) {
      if (each.version <= sent_) continue;
      sent_ = each.version;
      items_ = {each.object};
      return test::event(each.type, std::to_string(each.version));
    }
    idle_ = true;
    return stream_ended{};
  }

  small_server& server_;
  watch_input pending_;
  watch_action action_;
  std::vector<item> items_;
  std::map<std::string, item> staged_;
  std::map<std::string, item> page_source_;
  int page_version_ = 0;
  std::size_t page_start_ = 0;
  std::vector<item> initial_;
  int initial_end_ = 0;
  int sent_ = 0;
  bool idle_ = false;
};

void settle(small_client& client) {
  for (int i = 0; i < 5000 && !client.idle(); ++i)
    client.step(std::nullopt, 0.5);
  ASSERT_TRUE(client.idle()) << "never came to rest";
}

void expect_equal(const small_client& client, const small_server& server) {
  ASSERT_EQ(client.objects.size(), server.objects.size());
  for (const auto& [name, each] : server.objects) {
    const auto stored = client.objects.get({"ns", name});
    ASSERT_NE(stored, nullptr) << name;
    EXPECT_EQ(stored->meta, each.meta);
  }
}

std::vector<api_error> every_fault() {
  std::vector<api_error> faults{test::failure(api_errc::gone, 200)};  // as an ERROR event
  for (auto code = static_cast<int>(api_errc::bad_request); code <= static_cast<int>(api_errc::malformed);
       ++code)
    faults.push_back(test::failure(static_cast<api_errc>(code)));
  return faults;
}

class WatchFsmFault : public testing::TestWithParam<bool> {};

TEST_P(WatchFsmFault, HealsFromEveryFaultAtEveryStep) {
  const auto run = [&](int fail_at, const api_error& fault) {
    small_server server;
    for (const auto* name : {"a", "b", "c", "d", "e"})
      server.put(name);
    small_client client(server, {.page_limit = 2, .streaming_list = GetParam()});
    int step = 0;
    int faultable = 0;
    const auto advance = [&] {
      const bool hit = client.can_fail() && faultable++ == fail_at;
      client.step(hit ? std::optional(fault) : std::nullopt, 0.0);
      if (step == 8) server.put("f");
      if (step == 9) server.remove("a");
      if (step == 10) server.put("b");
      ++step;
    };
    while (step < 20)
      advance();
    settle(client);
    expect_equal(client, server);
    return faultable;
  };
  const int steps = run(-1, {});
  for (int at = 0; at < steps; ++at)
    for (const auto& fault : every_fault()) {
      SCOPED_TRACE(testing::Message() << describe(fault) << " at step " << at);
      run(at, fault);
    }
}

INSTANTIATE_TEST_SUITE_P(Lists, WatchFsmFault, testing::Values(false, true),
                         [](const auto& each) { return each.param ? "Streaming" : "Paged"; });

class WatchFsmRandom : public testing::TestWithParam<unsigned> {};

TEST_P(WatchFsmRandom, EndsEqualToTheServerWhateverHappened) {
  std::mt19937 random(GetParam());
  const auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
  small_server server;
  server.offers_streaming = chance(2);
  small_client client(server, {.page_limit = 3, .streaming_list = chance(2)});
  const auto faults = every_fault();
  for (int i = 0; i < 3000; ++i) {
    SCOPED_TRACE(testing::Message() << "seed " << GetParam() << ", step " << i);
    const std::string name(1, static_cast<char>('a' + random() % 12));
    if (chance(4)) server.put(name);
    if (chance(9)) server.remove(name);
    if (chance(60)) server.compacted = server.version;
    if (chance(50)) client.now += 3min;
    const auto fault = chance(7) ? std::optional(faults[random() % faults.size()]) : std::nullopt;
    client.step(fault, static_cast<double>(random() % 1000) / 1000.0);
    if (chance(200)) {
      settle(client);
      expect_equal(client, server);
    }
    if (testing::Test::HasFatalFailure()) return;
  }
  settle(client);
  expect_equal(client, server);
  EXPECT_GT(client.commits, 1);
}

INSTANTIATE_TEST_SUITE_P(Seeds, WatchFsmRandom, testing::Range(1U, 21U));

}  // namespace
}  // namespace platformer::runtime
