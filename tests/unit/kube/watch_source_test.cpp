// watch_source over a scripted port: what it asks for, what it delivers, what it says is wrong.
#include "kube/watch_source.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <variant>

#include "model/json_read.hpp"
#include "model/names.hpp"

namespace platformer::kube {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

api_error failure(api_errc code, int status = 0) {
  return {.code = code, .http_status = status, .message = "", .retry_after = {}};
}

nlohmann::json object(const std::string& name, const std::string& version) {
  return {{"metadata", {{"name", name}, {"resourceVersion", version}}}};
}

std::string line(const std::string& type, const std::string& name, const std::string& version) {
  return nlohmann::json{{"type", type}, {"object", object(name, version)}}.dump() + "\n";
}

std::string marked_bookmark(const std::string& version) {
  auto mark = object("", version);
  mark["metadata"]["annotations"]["k8s.io/initial-events-end"] = "true";
  return nlohmann::json{{"type", "BOOKMARK"}, {"object", mark}}.dump() + "\n";
}

// ---- the script ----
struct silence {};  // until the stream is closed
using piece = std::variant<std::string, api_error, silence>;
using pieces = std::vector<piece>;  // then a regular end
using answer = std::variant<list_page, pieces, api_error>;

class scripted_stream final : public net::http_stream {
 public:
  scripted_stream(asio::any_io_executor executor, pieces script)
      : script_(script.begin(), script.end()),
        closed_(std::move(executor), asio::steady_timer::time_point::max()) {}

  int status() const override { return 200; }
  std::string_view find(std::string_view name) const override {
    return name == "Date" ? "Tue, 24 Nov 2026 08:00:00 GMT" : "";
  }
  asio::awaitable<result<std::string, api_error>> read(duration) override {
    if (script_.empty()) co_return std::string();
    const piece next = script_.front();
    script_.pop_front();
    if (const auto* text = std::get_if<std::string>(&next)) co_return *text;
    if (const auto* error = std::get_if<api_error>(&next)) co_return tl::unexpected(*error);
    boost::system::error_code ignored;
    co_await closed_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_return tl::unexpected(failure(api_errc::cancelled));
  }
  void close() override { closed_.cancel(); }

 private:
  std::deque<piece> script_;
  asio::steady_timer closed_;
};

class scripted_verbs final : public list_watch {
 public:
  scripted_verbs(asio::any_io_executor executor, std::vector<answer> script, strings& said)
      : executor_(std::move(executor)), script_(script.begin(), script.end()), said_(said) {}

  task<list_page> list(list_options options) override {
    said_.push_back("LIST " + options.resource_version + " " + options.resource_version_match + " " +
                    options.continue_token + " " + std::to_string(options.limit) + options.label_selector);
    const answer next = take();
    if (const auto* error = std::get_if<api_error>(&next)) co_return tl::unexpected(*error);
    co_return std::get<list_page>(next);
  }

  task<std::unique_ptr<net::http_stream>> watch(watch_options options) override {
    said_.push_back("WATCH " + options.resource_version + (options.send_initial_events ? " initial" : "") +
                    options.label_selector);
    const answer next = take();
    if (const auto* error = std::get_if<api_error>(&next)) co_return tl::unexpected(*error);
    co_return std::make_unique<scripted_stream>(executor_, std::get<pieces>(next));
  }

  std::function<void()> on_end;

 private:
  answer take() {
    if (script_.empty()) {
      on_end();
      return failure(api_errc::cancelled);
    }
    answer next = script_.front();
    script_.pop_front();
    return next;
  }

  asio::any_io_executor executor_;
  std::deque<answer> script_;
  strings& said_;
};

class recording_sink final : public runtime::watch_sink {
 public:
  explicit recording_sink(strings& said) : said_(said) {}
  void stage(const nlohmann::json& each) override { said_.push_back("stage " + name(each)); }
  void unstage(const nlohmann::json& each) override { said_.push_back("unstage " + name(each)); }
  void discard() override { said_.push_back("discard"); }
  void commit(const std::string& version) override {
    said_.push_back("commit " + version);
    if (on_commit) on_commit();
  }
  void apply(runtime::watch_event_type type, const nlohmann::json& each) override {
    said_.push_back((type == runtime::watch_event_type::added ? "added " : "modified ") + name(each));
  }
  void erase(const nlohmann::json& each) override { said_.push_back("erase " + name(each)); }
  void progress(const std::string& version) override { said_.push_back("progress " + version); }

  std::function<void()> on_commit;

 private:
  static std::string name(const nlohmann::json& each) { return each["metadata"]["name"].get<std::string>(); }
  strings& said_;
};

class WatchSource : public testing::Test {
 protected:
  WatchSource() {
    options.what = {std::string(names::group), std::string(names::version), "serviceaccounts", true};
    options.fsm.streaming_list = false;
    options.fsm.short_watch = 0ms;
    options.fsm.retry = {.first = 1ms, .max = 1ms};
    options.random = [] { return 0.0; };
    options.on_problem = [this](const std::string& text) { problems.push_back(text); };
  }

  // Runs the script to its end; gives everything that was asked and delivered, in order.
  strings run(std::vector<answer> script) {
    auto verbs = std::make_unique<scripted_verbs>(io.get_executor(), std::move(script), said);
    auto* const port = verbs.get();
    source.emplace(io.get_executor(), std::move(verbs), sink, options);
    port->on_end = [this] { source->stop(); };
    bool ended = false;
    asio::co_spawn(io, source->run(), [&](std::exception_ptr) { ended = true; });
    io.restart();
    io.run_for(10s);
    EXPECT_TRUE(ended);
    return std::exchange(said, {});
  }

  static list_page page(std::string version, std::vector<nlohmann::json> items, std::string token = "") {
    return {std::move(version), std::move(token), std::move(items), time_point(1'000'000s)};
  }

  asio::io_context io;
  strings said;
  strings problems;
  recording_sink sink{said};
  watch_source_options options;
  std::optional<watch_source> source;
};

TEST_F(WatchSource, ListsPageByPageThenWatchesAndDelivers) {
  options.label_selector = " app=x";
  const auto heard = run({page("10", {object("a", "1")}, "t"), page("10", {object("b", "2")}),
                          pieces{line("ADDED", "c", "11") + line("MODIFIED", "a", "12").substr(0, 9),
                                 line("MODIFIED", "a", "12").substr(9) + line("DELETED", "b", "13"),
                                 line("BOOKMARK", "", "20")}});
  EXPECT_EQ(heard,
            (strings{"LIST 0   500 app=x", "stage a", "LIST   t 500 app=x", "stage b", "commit 10",
                     "WATCH 10 app=x", "added c", "modified a", "erase b", "progress 20", "WATCH 20 app=x"}));
  EXPECT_TRUE(source->status().synced);
  EXPECT_FALSE(source->status().watching);
  EXPECT_EQ(source->status().lists, 1U);
  EXPECT_EQ(source->status().watches, 2U);
  EXPECT_EQ(source->status().server_time, time_point(1'000'000s));
  EXPECT_TRUE(problems.empty());
}

TEST_F(WatchSource, SyncsFromAStreamingList) {
  options.fsm.streaming_list = true;
  const auto heard = run({pieces{line("ADDED", "a", "3"), marked_bookmark("9") + line("ADDED", "b", "10")}});
  EXPECT_EQ(heard, (strings{"WATCH  initial", "stage a", "commit 9", "added b", "WATCH 10"}));
  EXPECT_EQ(source->status().server_time, parse_rfc3339("2026-11-24T08:00:00Z"));
}

TEST_F(WatchSource, KnowsTheServersTimeWhenTheFirstListIsCommitted) {
  std::optional<time_point> known;
  sink.on_commit = [&] { known = source->status().server_time; };
  run({page("10", {}), pieces{}});
  EXPECT_EQ(known, time_point(1'000'000s));
}

TEST_F(WatchSource, FallsBackToListsWhenStreamingListsAreRefused) {
  options.fsm.streaming_list = true;
  const auto heard = run({failure(api_errc::invalid, 422), page("10", {}), pieces{}});
  EXPECT_EQ(heard,
            (strings{"WATCH  initial", "discard", "LIST 0   500", "commit 10", "WATCH 10", "WATCH 10"}));
  EXPECT_TRUE(problems.empty());
}

TEST_F(WatchSource, RelistsAfterAnExpiredVersionWithoutCallingItAProblem) {
  const std::string expired = R"({"type":"ERROR","object":{"code":410,"reason":"Expired"}})"
                              "\n";
  const auto heard = run({page("10", {object("a", "1")}), pieces{expired, silence{}}, page("50", {})});
  EXPECT_EQ(heard, (strings{"LIST 0   500", "stage a", "commit 10", "WATCH 10", "LIST    500", "commit 50",
                            "WATCH 50"}));
  EXPECT_TRUE(problems.empty());
}

TEST_F(WatchSource, NamesMissingCrdsAndTakesTheProblemBackWhenTheyArrive) {
  run({failure(api_errc::not_found, 404), failure(api_errc::not_found, 404), page("10", {}), pieces{}});
  EXPECT_EQ(problems, (strings{"the cluster does not know serviceaccounts.console.platformer.com: CRDs not "
                               "installed, kubectl apply -f crds/",
                               ""}));
  EXPECT_EQ(source->status().failures, 2U);
}

TEST_F(WatchSource, NamesTheVerbAndResourceThatRbacDenies) {
  options.what = resource{"", "v1", "secrets", true};
  run({failure(api_errc::forbidden, 403), page("10", {}), failure(api_errc::forbidden, 403)});
  EXPECT_EQ(problems,
            (strings{"not allowed to list secrets: RBAC must grant the operator the verb \"list\" on "
                     "\"secrets\" in API group \"\" in all namespaces",
                     "",
                     "not allowed to watch secrets: RBAC must grant the operator the verb \"watch\" on "
                     "\"secrets\" in API group \"\" in all namespaces"}));
}

TEST_F(WatchSource, KeepsAProblemUntilAListOrWatchSucceeds) {
  options.ns = "team-a";
  run({failure(api_errc::unreachable), failure(api_errc::unauthorized, 401)});
  EXPECT_EQ(problems,
            (strings{"can't list serviceaccounts.console.platformer.com in namespace team-a: unreachable",
                     "can't list serviceaccounts.console.platformer.com in namespace team-a: the cluster "
                     "does not accept the operator's credentials"}));
  EXPECT_EQ(source->status().problem, problems.back());
  EXPECT_FALSE(source->status().synced);
}

TEST_F(WatchSource, RelistsAfterWhatIsNoEventAndSaysWhat) {
  options.max_line_bytes = 100;
  const std::vector<std::string> broken = {"nonsense\n",
                                           R"({"type":"ADDED","object":{}})"
                                           "\n",
                                           std::string(101, '{'),
                                           R"({"type":"ADDED","object":)" + std::string(70, '[') + "\n"};
  for (const auto& text : broken) {
    const auto heard =
        run({page("10", {}), pieces{line("ADDED", "a", "11") + text, silence{}}, page("12", {})});
    EXPECT_EQ(heard, (strings{"LIST 0   500", "commit 10", "WATCH 10", "added a", "LIST 11 NotOlderThan  500",
                              "commit 12", "WATCH 12"}));
    EXPECT_EQ(problems.size(), 2U) << "said, and taken back";
    EXPECT_EQ(std::exchange(problems, {})[0].find("can't watch serviceaccounts"), 0U);
  }
}

TEST_F(WatchSource, ReopensASilentOrBrokenWatchWithoutRelisting) {
  for (const auto code : {api_errc::timeout, api_errc::connection_lost}) {
    const auto heard = run({page("10", {}), pieces{line("ADDED", "a", "11"), failure(code)},
                            failure(api_errc::unreachable), pieces{}});
    EXPECT_EQ(heard, (strings{"LIST 0   500", "commit 10", "WATCH 10", "added a", "WATCH 11", "WATCH 11",
                              "WATCH 11"}));
    EXPECT_EQ(source->status().lists, 1U);
  }
}

TEST_F(WatchSource, StopsWhileItReads) {
  strings heard;
  asio::steady_timer soon(io, 1ms);
  soon.async_wait([&](auto) { source->stop(); });
  heard = run({page("10", {}), pieces{line("ADDED", "a", "11"), silence{}}});
  EXPECT_EQ(heard, (strings{"LIST 0   500", "commit 10", "WATCH 10", "added a"}));
  EXPECT_FALSE(source->status().watching);
}

TEST_F(WatchSource, StopsWhileItWaits) {
  options.fsm.retry = {.first = 1h, .max = 1h};
  asio::steady_timer soon(io, 1ms);
  soon.async_wait([&](auto) { source->stop(); });
  EXPECT_EQ(run({failure(api_errc::unreachable)}), (strings{"LIST 0   500", "discard"}));
}

TEST_F(WatchSource, StopsWhenItIsDestroyedAndDeliversNothingAfterwards) {
  options.fsm.retry = {.first = 1h, .max = 1h};
  asio::steady_timer soon(io, 1ms);
  soon.async_wait([&](auto) { source.reset(); });
  EXPECT_EQ(run({page("10", {}), pieces{line("ADDED", "a", "11"), silence{}}}),
            (strings{"LIST 0   500", "commit 10", "WATCH 10", "added a"}));
}

}  // namespace
}  // namespace platformer::kube
