#include "kube/watch_source.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>
#include <utility>
#include <vector>

#include "net/system_time.hpp"

namespace platformer::kube {
namespace {

namespace asio = boost::asio;
using runtime::item_use;
using runtime::watch_event_type;
using runtime::watch_input;

}  // namespace

struct watch_source::impl {
  impl(asio::any_io_executor executor, std::unique_ptr<list_watch> list_and_watch,
       runtime::watch_sink& target, watch_source_options settings)
      : verbs(std::move(list_and_watch)),
        sink(target),
        options(std::move(settings)),
        fsm(options.fsm),
        timer(executor),
        lines(options.max_line_bytes) {
    if (options.random) return;
    options.random = [engine = std::mt19937_64(std::random_device{}())]() mutable {
      return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
    };
  }

  asio::awaitable<watch_input> perform(runtime::list_page_action action);
  asio::awaitable<watch_input> perform(runtime::open_watch_action action);
  asio::awaitable<watch_input> perform(runtime::read_event_action action);
  asio::awaitable<watch_input> perform(runtime::wait_action action);
  std::optional<watch_input> next_buffered();
  void deliver(const runtime::watch_step& step);
  void use_item(item_use use, const nlohmann::json& object);
  void note_step(const runtime::watch_step& step);
  void failed(const api_error& error, std::string_view verb);
  void set_problem(std::string text);
  void close_stream();
  void stop();

  std::unique_ptr<list_watch> verbs;
  runtime::watch_sink& sink;
  watch_source_options options;
  runtime::watch_fsm fsm;
  asio::steady_timer timer;
  runtime::line_splitter lines;
  std::unique_ptr<net::http_stream> stream;
  std::vector<nlohmann::json> items;  // of the page or event that the next step is about
  watch_event_type item_type = watch_event_type::unknown;
  std::optional<time_point> last_server_time;
  watch_status status;
  bool stopped = false;
};

asio::awaitable<watch_input> watch_source::impl::perform(runtime::list_page_action action) {
  list_options ask;
  ask.label_selector = options.label_selector;
  ask.field_selector = options.field_selector;
  ask.resource_version = std::move(action.version);
  ask.resource_version_match = std::move(action.version_match);
  ask.continue_token = std::move(action.continue_token);
  ask.limit = action.limit;
  ask.metadata_only = options.metadata_only;
  auto page = co_await verbs->list(std::move(ask));
  if (!page) {
    failed(page.error(), "list");
    co_return runtime::list_failed{std::move(page.error())};
  }
  items = std::move(page->items);
  if (page->server_time) last_server_time = page->server_time;
  co_return runtime::list_page_arrived{std::move(page->resource_version), std::move(page->continue_token)};
}

asio::awaitable<watch_input> watch_source::impl::perform(runtime::open_watch_action action) {
  watch_options ask;
  ask.label_selector = options.label_selector;
  ask.field_selector = options.field_selector;
  ask.resource_version = std::move(action.version);
  ask.timeout = action.timeout;
  ask.send_initial_events = action.initial_events;
  ask.metadata_only = options.metadata_only;
  auto opened = co_await verbs->watch(std::move(ask));
  if (!opened) {
    const auto code = opened.error().code;
    // A server without streaming lists is nothing to complain about.
    const bool not_offered =
        action.initial_events && (code == api_errc::invalid || code == api_errc::bad_request);
    if (!not_offered) failed(opened.error(), "watch");
    co_return runtime::watch_refused{std::move(opened.error())};
  }
  stream = std::move(*opened);
  lines = runtime::line_splitter(options.max_line_bytes);
  if (action.initial_events) last_server_time = parse_http_date(stream->find("Date"));
  if (!action.initial_events) set_problem({});
  co_return runtime::watch_opened{};
}

asio::awaitable<watch_input> watch_source::impl::perform(runtime::read_event_action action) {
  while (!stopped) {
    if (auto buffered = next_buffered()) co_return std::move(*buffered);
    auto piece = co_await stream->read(action.idle_deadline);
    if (!piece) {
      // Silence and a cut are a watch's ordinary ends: what matters is whether it can be opened again.
      ++status.failures;
      co_return runtime::stream_failed{std::move(piece.error())};
    }
    if (piece->empty()) co_return runtime::stream_ended{};
    lines.push(*piece);
  }
  co_return runtime::stream_ended{};
}

// The next event of what has been read; nullopt: read more.
std::optional<watch_input> watch_source::impl::next_buffered() {
  const auto line = lines.next();
  if (!line && !lines.overflown()) return std::nullopt;
  api_error broken;
  broken.code = api_errc::malformed;
  if (!line) {
    broken.message = "a watch event is larger than " + std::to_string(options.max_line_bytes) + " bytes";
    failed(broken, "watch");
    return runtime::stream_failed{std::move(broken)};
  }
  auto event = runtime::decode_watch_event(*line);
  if (!event) {
    broken.message = std::move(event.error().message);
    failed(broken, "watch");
    return runtime::stream_failed{std::move(broken)};
  }
  if (event->type == watch_event_type::error && event->error.code != api_errc::gone)
    failed(event->error, "watch");
  item_type = event->type;
  items.clear();
  if (!event->object.is_null()) items.push_back(std::move(event->object));
  return runtime::event_arrived{.type = event->type,
                                .version = std::move(event->version),
                                .initial_events_end = event->initial_events_end,
                                .error = std::move(event->error)};
}

asio::awaitable<watch_input> watch_source::impl::perform(runtime::wait_action action) {
  boost::system::error_code ignored;
  timer.expires_after(action.until - net::steady_time());
  if (!stopped) co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return runtime::wait_over{};
}

void watch_source::impl::deliver(const runtime::watch_step& step) {
  if (step.discard) sink.discard();
  for (const auto& each : items)
    use_item(step.use, each);
  items.clear();
  // Before the commit: whoever is told of it asks since when we watch.
  if (step.commit && !status.synced) status.server_time = last_server_time;
  if (step.commit) sink.commit(fsm.version());
  if (step.progress) sink.progress(fsm.version());
  note_step(step);
}

void watch_source::impl::use_item(item_use use, const nlohmann::json& object) {
  switch (use) {
    case item_use::none:
      return;
    case item_use::stage:
      return sink.stage(object);
    case item_use::unstage:
      return sink.unstage(object);
    case item_use::apply:
      return sink.apply(item_type, object);
    case item_use::erase:
      return sink.erase(object);
  }
}

void watch_source::impl::note_step(const runtime::watch_step& step) {
  if (step.commit) {
    status.synced = true;
    status.missing = false;
    set_problem({});
  }
  const bool reads = std::holds_alternative<runtime::read_event_action>(step.action);
  if (!reads) close_stream();
  status.watching = reads && fsm.synced();
  status.lists = fsm.lists_started();
  status.watches = fsm.watches_started();
}

void watch_source::impl::failed(const api_error& error, std::string_view verb) {
  if (stopped) return;
  ++status.failures;
  if (error.code == api_errc::gone) return;  // everyday: the machine lists anew
  status.missing = error.code == api_errc::not_found;
  set_problem(explain_watch_failure(error, verb, options.what, options.ns));
}

void watch_source::impl::set_problem(std::string text) {
  if (text == status.problem) return;
  status.problem = std::move(text);
  if (options.on_problem) options.on_problem(status.problem);
}

void watch_source::impl::close_stream() {
  if (stream) stream->close();
  stream.reset();
}

void watch_source::impl::stop() {
  stopped = true;
  timer.cancel();
  if (stream) stream->close();  // a pending read ends; run() lets go of it
}

watch_source::watch_source(asio::any_io_executor executor, std::unique_ptr<list_watch> verbs,
                           runtime::watch_sink& sink, watch_source_options options)
    : impl_(std::make_shared<impl>(std::move(executor), std::move(verbs), sink, std::move(options))) {}

watch_source::~watch_source() {
  impl_->stop();
}

void watch_source::stop() {
  impl_->stop();
}

const watch_status& watch_source::status() const {
  return impl_->status;
}

namespace {

template <class Impl>
asio::awaitable<void> drive(std::shared_ptr<Impl> self) {
  watch_input input = runtime::watch_started{};
  while (!self->stopped) {
    runtime::watch_step step = self->fsm.step(input, net::steady_time(), self->options.random());
    self->deliver(step);
    // Events that are there already need no coroutine.
    if (std::holds_alternative<runtime::read_event_action>(step.action))
      if (auto buffered = self->next_buffered()) {
        input = std::move(*buffered);
        continue;
      }
    auto performed = std::visit([&](auto& action) { return self->perform(std::move(action)); }, step.action);
    input = co_await std::move(performed);
  }
  self->close_stream();
  self->status.watching = false;
}

}  // namespace

asio::awaitable<void> watch_source::run() {
  return drive(impl_);
}

}  // namespace platformer::kube
