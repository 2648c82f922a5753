#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "controllers/reconcile/knowledge.hpp"
#include "controllers/reconcile/triggers.hpp"
#include "kube/list_page.hpp"
#include "kube/watch_source.hpp"
#include "model/codec.hpp"
#include "runtime/store_sink.hpp"
#include "tests/bench/micro/figures.hpp"
#include "tests/bench/micro/measure.hpp"
#include "tests/bench/micro/objects.hpp"

namespace platformer::bench::micro {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr std::size_t objects = 500;
constexpr std::size_t piece_bytes = 16U * 1024;  // as a connection reads
constexpr std::string_view date = "Fri, 27 Nov 2026 08:00:00 GMT";

// Pieces of a watch's body, as `next` gives them; "" ends it.
class fed_stream final : public net::http_stream {
 public:
  explicit fed_stream(std::function<std::string()> next) : next_(std::move(next)) {}
  int status() const override { return 200; }
  std::string_view find(std::string_view name) const override { return name == "Date" ? date : ""; }
  asio::awaitable<result<std::string, api_error>> read(duration) override { co_return next_(); }
  void close() override {}

 private:
  std::function<std::string()> next_;
};

class fed_verbs final : public kube::list_watch {
 public:
  explicit fed_verbs(std::function<std::string()> next) : next_(std::move(next)) {}
  kube::task<kube::list_page> list(kube::list_options) override { co_return kube::list_page(); }
  kube::task<std::unique_ptr<net::http_stream>> watch(kube::watch_options) override {
    co_return std::make_unique<fed_stream>(next_);
  }

 private:
  std::function<std::string()> next_;
};

// What the operator has behind a watch of ServiceAccounts.
struct informer {
  explicit informer(keeping form) : known({}, form == keeping::packed) {}

  controllers::knowledge known;
  std::size_t enqueued = 0;
  runtime::store_sink<service_account> sink{
      known.service_accounts,
      {.decode = decode_cached_service_account,
       .on_change =
           [this](const runtime::store_change<service_account>& change, runtime::change_source source) {
             const auto count = [this](const auto&, auto) { ++enqueued; };
             controllers::on_change(known, change, source, count);
           },
       .on_undecodable = {},
       .on_commit = {}}};

  // Runs a watch until `next` gives "".
  void watch(std::function<std::string()> next) {
    asio::io_context io(1);
    kube::watch_source* running = nullptr;
    const auto feed = [&next, &running] {
      std::string piece = next();
      if (piece.empty()) running->stop();
      return piece;
    };
    kube::watch_source_options options;
    options.what = kube::resources::service_accounts();
    options.random = [] { return 0.5; };
    kube::watch_source source(io.get_executor(), std::make_unique<fed_verbs>(feed), sink, options);
    running = &source;
    asio::co_spawn(io, source.run(), asio::detached);
    io.run();
  }

  std::string version_of(std::size_t number) const {
    const auto object = known.service_accounts.get({std::string(accounts_namespace), account_name(number)});
    return object ? object->meta.resource_version : "";
  }
};

std::string stream_text() {
  std::string text;
  for (std::size_t number = 0; number < objects; ++number)
    text += event_text("ADDED", account_text(number, number + 1));
  return text + initial_events_end(objects);
}

bool is_whole(const informer& in) {
  return in.known.service_accounts.size() == objects && in.enqueued == objects &&
         in.version_of(objects - 1) == version_text(objects);
}

}  // namespace

template <keeping Form>
void list_page(benchmark::State& state) {
  const std::string body = page_text(objects, objects);
  measure(state, [&] {
    informer in(Form);
    const auto page = kube::decode_list_page(200, body, date);
    if (!page) return false;
    for (const json& item : page->items)
      in.sink.stage(item);
    in.sink.commit(page->resource_version);
    return is_whole(in);
  });
}

template <keeping Form>
void streamed_list(benchmark::State& state) {
  const std::string body = stream_text();
  measure(state, [&] {
    informer in(Form);
    std::size_t at = 0;
    in.watch([&] {
      std::string piece = body.substr(at, piece_bytes);
      at += piece.size();
      return piece;
    });
    return is_whole(in);
  });
}

template <keeping Form>
void watch_event(benchmark::State& state) {
  informer in(Form);
  std::uint64_t version = 1;
  std::string event = event_text("MODIFIED", account_text(1, version));
  const std::size_t at = version_position(event);
  const auto changed = [&] {
    event.replace(at, 10, version_text(++version));
    return event;
  };
  // Each turn of the benchmark is from one read to the next.
  std::optional<heap_meter> heap;
  bool listed = false;
  in.watch([&]() -> std::string {
    if (!std::exchange(listed, true))
      return event_text("ADDED", account_text(1, version)) + initial_events_end(1);
    if (version <= warm_ups) return changed();
    if (!heap) heap.emplace();
    return state.KeepRunning() ? changed() : std::string();
  });
  heap->report(state);
  if (in.version_of(1) != version_text(version) || in.enqueued != version) state.SkipWithError(wrong_result);
}

template void list_page<keeping::whole>(benchmark::State&);
template void list_page<keeping::packed>(benchmark::State&);
template void streamed_list<keeping::whole>(benchmark::State&);
template void streamed_list<keeping::packed>(benchmark::State&);
template void watch_event<keeping::whole>(benchmark::State&);
template void watch_event<keeping::packed>(benchmark::State&);

void parse_page(benchmark::State& state) {
  const std::string body = page_text(objects, objects);
  measure(state, [&] { return json::parse(body)["items"].size() == objects; });
}

void parse_stream(benchmark::State& state) {
  std::vector<std::string> lines;
  for (std::size_t number = 0; number < objects; ++number)
    lines.push_back(event_text("ADDED", account_text(number, number + 1)));
  measure(state, [&] {
    bool right = true;
    for (const std::string& line : lines)
      right = json::parse(line).size() == 2 && right;
    return right;
  });
}

void parse_event(benchmark::State& state) {
  const std::string event = event_text("MODIFIED", account_text(1, 1));
  measure(state, [&] { return json::parse(event).size() == 2; });
}

}  // namespace platformer::bench::micro
