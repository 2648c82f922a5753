#include "tests/sim/feed.hpp"

namespace platformer::sim {
namespace {

using models::kube_event;
using models::kube_event_type;
using runtime::item_use;

runtime::event_arrived input_of(const kube_event& event) {
  runtime::event_arrived input;
  input.version = std::to_string(event.version);
  switch (event.type) {
    case kube_event_type::added:
      input.type = runtime::watch_event_type::added;
      break;
    case kube_event_type::modified:
      input.type = runtime::watch_event_type::modified;
      break;
    case kube_event_type::deleted:
      input.type = runtime::watch_event_type::deleted;
      break;
    case kube_event_type::bookmark:
      input.type = runtime::watch_event_type::bookmark;
      break;
  }
  return input;
}

api_error of(api_errc code, int status = 0) {
  api_error error;
  error.code = code;
  error.http_status = status;
  return error;
}

models::kube_version number(const std::string& version) {
  return version.empty() ? 0 : std::stoull(version);
}

}  // namespace

void feed::schedule(waiting for_what, time_point at) {
  waits_ = for_what;
  host_.schedule_feed(index_, stream_, at);
}

void feed::poke(time_point now) {
  if (waits_ == waiting::for_events) schedule(waiting::for_delivery, now + host_.watch_latency());
}

void feed::break_stream(time_point now) {
  if (waits_ != waiting::for_events && waits_ != waiting::for_delivery) return;
  buffer_.clear();
  step(runtime::stream_failed{of(api_errc::connection_lost)}, now);
}

void feed::fetch() {
  auto events = kube_.events_after(kind_, selector_, told_);
  if (!events) return;  // compacted under an open stream: what it has been told stays right
  for (kube_event& each : *events) {
    told_ = each.version;
    buffer_.push_back(std::move(each));
  }
}

void feed::due(std::uint64_t stream, time_point now) {
  if (stream != stream_) return;
  switch (waits_) {
    case waiting::for_list: {
      const auto& action = std::get<runtime::list_page_action>(asked_);
      models::kube_list_options options = selector_;
      options.resource_version = action.version;
      options.continue_token = action.continue_token;
      options.limit = action.limit;
      const models::kube_version replica = action.version == "0" ? host_.list_replica(kind_) : 0;
      auto page = kube_.list(kind_, options, replica);
      if (!page) return step(runtime::list_failed{page.error()}, now);
      page_ = std::move(page->items);
      return step(runtime::list_page_arrived{std::to_string(page->version), page->continue_token}, now);
    }
    case waiting::for_opening: {
      const auto& action = std::get<runtime::open_watch_action>(asked_);
      told_ = number(action.version);
      buffer_.clear();
      closes_ = now + action.timeout;
      const auto possible = kube_.events_after(kind_, selector_, told_, 1);
      if (!possible) return step(runtime::watch_refused{possible.error()}, now);
      return step(runtime::watch_opened{}, now);
    }
    case waiting::for_events:
      // The server ends the stream; what came in between has been told. Before that it says how far it is.
      use(fsm_.step(input_of(kube_.bookmark()), now, host_.random_unit()), nullptr);
      return step(runtime::stream_ended{}, now);
    case waiting::for_delivery: {
      fetch();
      if (buffer_.empty()) {
        waits_ = waiting::for_events;
        return host_.schedule_feed(index_, stream_, closes_);
      }
      const kube_event first = std::move(buffer_.front());
      buffer_.pop_front();
      return step(input_of(first), now, &first);
    }
    case waiting::for_time:
      return step(runtime::wait_over{}, now);
  }
}

void feed::use(const runtime::watch_step& next, const kube_event* event) {
  if (next.discard) staged_.clear();
  switch (next.use) {
    case item_use::none:
      break;
    case item_use::stage:
      if (event != nullptr)
        staged_.push_back(event->object);
      else
        staged_.insert(staged_.end(), page_.begin(), page_.end());
      break;
    case item_use::unstage:
      std::erase_if(staged_, [&](const models::kube_pointer& each) {
        return key_of(models::meta_of(*each)) == key_of(models::meta_of(*event->object));
      });
      break;
    case item_use::apply:
      apply(*event, event->type == kube_event_type::added);
      break;
    case item_use::erase:
      erase(*event);
      break;
  }
  page_.clear();
  if (next.commit) {
    replace(std::exchange(staged_, {}), fsm_.version());
    host_.on_synced(index_);
  }
  if (next.progress) progress(fsm_.version());
}

void feed::step(const runtime::watch_input& input, time_point now, const kube_event* event) {
  runtime::watch_step next = fsm_.step(input, now, host_.random_unit());
  use(next, event);
  while (perform(next.action, now)) {
    const kube_event told = std::move(buffer_.front());
    buffer_.pop_front();
    next = fsm_.step(input_of(told), now, host_.random_unit());
    use(next, &told);
  }
}

bool feed::perform(const runtime::watch_action& action, time_point now) {
  asked_ = action;
  if (std::holds_alternative<runtime::read_event_action>(action)) {
    if (!buffer_.empty()) return true;
    const auto more = kube_.events_after(kind_, selector_, told_, 1);
    if (more && !more->empty()) {
      schedule(waiting::for_delivery, now + host_.watch_latency());
    } else {
      schedule(waiting::for_events, closes_);
    }
    return false;
  }
  ++stream_;
  if (std::holds_alternative<runtime::list_page_action>(action))
    schedule(waiting::for_list, now + host_.request_latency());
  else if (std::holds_alternative<runtime::open_watch_action>(action))
    schedule(waiting::for_opening, now + host_.request_latency());
  else
    schedule(waiting::for_time, std::get<runtime::wait_action>(action).until);
  return false;
}

}  // namespace platformer::sim
