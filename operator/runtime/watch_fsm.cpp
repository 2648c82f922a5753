#include "runtime/watch_fsm.hpp"

#include <algorithm>
#include <utility>

#include "model/object_meta.hpp"

namespace platformer::runtime {
namespace {

// Nothing was said about our version: the same watch may succeed later, and a list would only add to the
// load.
bool says_nothing_about_version(api_errc code) {
  switch (code) {
    case api_errc::rate_limited:
    case api_errc::unreachable:
    case api_errc::connection_lost:
    case api_errc::timeout:
    case api_errc::cancelled:
      return true;
    case api_errc::bad_request:
    case api_errc::unauthorized:
    case api_errc::forbidden:
    case api_errc::not_found:
    case api_errc::already_exists:
    case api_errc::conflict:
    case api_errc::gone:
    case api_errc::too_large:
    case api_errc::invalid:
    case api_errc::redirected:
    case api_errc::server_error:
    case api_errc::malformed:
      return false;
  }
  return false;
}

// The server can't serve the version that we named: compacted, from its future ("Too large resource version"
// is a 504; after etcd was restored it stays so), or not to its taste.
bool rejects_version(const api_error& error) {
  return error.code == api_errc::gone || error.code == api_errc::bad_request ||
         error.code == api_errc::invalid || error.http_status == 504;
}

}  // namespace

watch_fsm::watch_fsm(watch_fsm_options options)
    : options_(options), retry_(options.retry), streaming_(options.streaming_list) {}

watch_step watch_fsm::step(const watch_input& input, time_point now, double random) {
  const context at{now, std::clamp(random, 0.0, 1.0)};
  return std::visit([&](const auto& each) { return on(each, at); }, input);
}

// ---- listing ----

watch_step watch_fsm::on(const watch_started&, context at) {
  if (phase_ != phase::fresh) return unexpected(at);
  return start_snapshot(at);
}

watch_step watch_fsm::start_snapshot(context at) {
  return streaming_ ? start_watch(at, true) : start_list();
}

watch_step watch_fsm::start_list() {
  phase_ = phase::listing;
  pages_ = 0;
  ++lists_;
  list_page_action action;
  action.limit = whole_ ? 0 : options_.page_limit;
  if (!version_expired_) action.version = version_.empty() ? "0" : version_;
  // A limit with a version and no match asks for exactly that version, which is soon compacted.
  if (!version_expired_ && !version_.empty()) action.version_match = "NotOlderThan";
  return {.action = std::move(action)};
}

watch_step watch_fsm::on(const list_page_arrived& input, context at) {
  if (phase_ != phase::listing) return unexpected(at);
  if (++pages_ > options_.max_pages) return unexpected(at);
  watch_step step;
  if (input.continue_token.empty()) {
    committed(input.version);
    heard(at.now);
    step = start_watch(at, false);
    step.commit = true;
  } else {
    list_page_action action;
    action.continue_token = input.continue_token;  // a version beside it is refused
    action.limit = options_.page_limit;
    step.action = std::move(action);
  }
  step.use = item_use::stage;
  return step;
}

watch_step watch_fsm::on(const list_failed& input, context at) {
  if (phase_ != phase::listing) return unexpected(at);
  const bool token_expired = input.error.code == api_errc::gone && pages_ > 0;
  const bool was_whole = std::exchange(whole_, false);
  watch_step step;
  if (token_expired && !was_whole) {
    whole_ = true;  // the pages took longer than the server keeps a version: once more, in one piece
    step = start_list();
  } else if (rejects_version(input.error) && !version_expired_) {
    step = relist_expired(at);
  } else {
    step = wait(after_wait::snapshot, at, &input.error);
  }
  step.discard = true;
  return step;
}

void watch_fsm::committed(std::string version) {
  version_ = std::move(version);
  version_expired_ = false;
  whole_ = false;
  synced_ = true;
}

void watch_fsm::heard(time_point now) {
  silent_since_ = now;
  silent_for_ = duration::zero();
}

// ---- watching ----

watch_step watch_fsm::start_watch(context at, bool initial) {
  phase_ = initial ? phase::opening_initial : phase::opening;
  ++watches_;
  initial_events_ = 0;
  const auto spread = static_cast<double>((options_.max_watch - options_.min_watch).count());
  timeout_ = options_.min_watch + duration(static_cast<duration::rep>(spread * at.random));
  const std::string version = initial && version_expired_ ? std::string() : version_;
  return {.action = open_watch_action{.version = version, .timeout = timeout_, .initial_events = initial}};
}

watch_step watch_fsm::on(const watch_opened&, context at) {
  if (phase_ != phase::opening && phase_ != phase::opening_initial) return unexpected(at);
  phase_ = phase_ == phase::opening ? phase::watching : phase::initial;
  opened_at_ = silent_since_ = at.now;
  return read();
}

watch_step watch_fsm::read() const {
  const duration idle =
      phase_ == phase::initial ? options_.initial_events_idle : timeout_ + options_.idle_grace;
  return {.action = read_event_action{idle}};
}

watch_step watch_fsm::on(const watch_refused& input, context at) {
  if (phase_ == phase::opening_initial) {
    // Nobody answered, so nobody has said that there are no streaming lists.
    if (input.error.code == api_errc::unreachable) return wait(after_wait::snapshot, at, &input.error);
    return fall_back_to_list(input.error, at);
  }
  if (phase_ != phase::opening) return unexpected(at);
  if (says_nothing_about_version(input.error.code)) return wait(after_wait::watch, at, &input.error);
  return relist_after(input.error, at);
}

watch_step watch_fsm::on(const event_arrived& input, context at) {
  if (phase_ == phase::initial) return initial_event(input, at);
  if (phase_ == phase::watching) return live_event(input, at);
  return unexpected(at);
}

watch_step watch_fsm::initial_event(const event_arrived& input, context at) {
  if (++initial_events_ > options_.max_initial_events || at.now - opened_at_ > options_.initial_events_total)
    return fall_back_to_list({.code = api_errc::timeout, .message = {}, .retry_after = {}}, at);
  watch_step step = read();
  switch (input.type) {
    case watch_event_type::added:
    case watch_event_type::modified:
      step.use = item_use::stage;
      return step;
    case watch_event_type::deleted:
      step.use = item_use::unstage;
      return step;
    case watch_event_type::bookmark:
      if (!input.initial_events_end) return step;
      committed(input.version);
      heard(at.now);
      phase_ = phase::watching;
      step = read();
      step.commit = true;
      return step;
    case watch_event_type::error:
      return fall_back_to_list(input.error, at);
    case watch_event_type::unknown:
      return step;
  }
  return step;
}

watch_step watch_fsm::live_event(const event_arrived& input, context at) {
  if (input.type == watch_event_type::error) {
    if (input.error.code == api_errc::rate_limited) return wait(after_wait::watch, at, &input.error);
    return relist_after(input.error, at);
  }
  watch_step step = read();
  if (input.type == watch_event_type::unknown) return step;
  const bool moved = !input.version.empty() && is_newer(input.version, version_);
  if (moved) version_ = input.version;
  if (moved || input.version == version_) heard(at.now);
  if (input.type == watch_event_type::bookmark)
    step.progress = moved;
  else
    step.use = input.type == watch_event_type::deleted ? item_use::erase : item_use::apply;
  return step;
}

watch_step watch_fsm::on(const stream_ended&, context at) {
  if (phase_ == phase::initial)
    return fall_back_to_list({.code = api_errc::malformed, .message = {}, .retry_after = {}}, at);
  if (phase_ != phase::watching) return unexpected(at);
  return watch_again(at, nullptr);
}

watch_step watch_fsm::on(const stream_failed& input, context at) {
  if (phase_ == phase::initial) return fall_back_to_list(input.error, at);
  if (phase_ != phase::watching) return unexpected(at);
  // The version of what could not be understood is unknown, and the same watch would bring it again.
  if (!says_nothing_about_version(input.error.code)) return relist_after(input.error, at);
  return watch_again(at, &input.error);
}

watch_step watch_fsm::watch_again(context at, const api_error* error) {
  silent_for_ += at.now - silent_since_;
  if (at.now - opened_at_ < options_.short_watch) return wait(after_wait::watch, at, error);
  if (silent_for_ < options_.max_silence) return start_watch(at, false);
  version_expired_ = true;
  return start_snapshot(at);
}

// ---- failures ----

watch_step watch_fsm::on(const wait_over&, context at) {
  if (phase_ != phase::waiting) return unexpected(at);
  switch (next_) {
    case after_wait::snapshot:
      return start_snapshot(at);
    case after_wait::watch:
      return start_watch(at, false);
  }
  return start_snapshot(at);
}

watch_step watch_fsm::wait(after_wait next, context at, const api_error* error) {
  phase_ = phase::waiting;
  next_ = next;
  duration delay = retry_.next(at.now, at.random);
  if (error != nullptr && error->retry_after) delay = std::max(delay, *error->retry_after);
  return {.action = wait_action{at.now + delay}};
}

// For good: a server that failed once at this costs more than it saves.
watch_step watch_fsm::fall_back_to_list(const api_error& error, context at) {
  streaming_ = false;
  // A refusal is an answer; anything else may hit the list as well.
  const bool refused = error.code == api_errc::bad_request || error.code == api_errc::invalid;
  watch_step step = refused ? start_list() : wait(after_wait::snapshot, at, &error);
  step.discard = true;
  return step;
}

// At once after a quiet time, else after the back-off, so that a server that expires everything is not
// flooded.
watch_step watch_fsm::relist_expired(context at) {
  version_expired_ = true;
  const bool quiet = retry_.failures(at.now) == 0;
  watch_step step = wait(after_wait::snapshot, at);
  return quiet ? start_snapshot(at) : step;
}

watch_step watch_fsm::relist_after(const api_error& error, context at) {
  if (error.code == api_errc::gone) return relist_expired(at);
  if (rejects_version(error)) version_expired_ = true;
  return wait(after_wait::snapshot, at, &error);
}

watch_step watch_fsm::unexpected(context at) {
  watch_step step = wait(after_wait::snapshot, at);
  step.discard = true;
  return step;
}

}  // namespace platformer::runtime
