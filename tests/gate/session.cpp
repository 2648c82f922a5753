#include "tests/gate/session.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "tests/gate/watch_lines.hpp"

namespace platformer::test {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds hold_poll{5};

passage describe(const door_context& door, const gate_request& request) {
  passage made;
  made.server = door.name;
  made.method = std::string(request.method_string());
  const std::string target(request.target());
  const auto mark = target.find('?');
  made.path = target.substr(0, mark);
  if (mark != std::string::npos) made.query = target.substr(mark + 1);
  made.dry_run = made.query.find("dryRun=All") != std::string::npos;
  made.watch = made.query.find("watch=true") != std::string::npos;
  return made;
}

}  // namespace

gate_session::gate_session(std::shared_ptr<const door_context> door, std::shared_ptr<wire> client,
                           asio::any_io_executor executor)
    : door_(std::move(door)), client_(std::move(client)), timer_(executor) {}

asio::awaitable<void> gate_session::serve() {
  const auto self = shared_from_this();
  bool open = true;
  if (door_->client_side) open = co_await client_->accept_tls(door_->client_side);
  while (open) {
    auto request = co_await read_request(client_);
    if (!request) break;
    open = co_await pass(std::move(*request));
  }
  leave_server();
  close();
}

void gate_session::close() {
  client_->close();
  if (server_) server_->close();
}

gate_session::flow gate_session::pass(gate_request request) {
  now_ = describe(*door_, request);
  action_.reset();
  settled_ = false;
  if (door_->recorded) {
    now_ = door_->notes->add(now_);
    action_ = door_->rules->take(now_);
  }
  asked_ = due<act::forge>() != nullptr ? request.body() : std::string();
  const bool keep_alive = request.keep_alive();
  bool open = co_await act_before(keep_alive);
  if (!open || settled_) co_return open;
  std::string bytes = forwarded(request);
  open = co_await forward(std::move(bytes));
  if (!open) co_return false;
  if (now_.watch && reply_->status() == 200)
    open = co_await relay_watch();
  else
    open = co_await answer_client(keep_alive);
  co_return open;
}

gate_session::flow gate_session::act_before(bool keep_alive) {
  constexpr moment when = moment::before;
  if (due<act::cut>(when) != nullptr) {
    note_hit("cut " + to_string(when));
    co_return false;
  }
  if (due<act::hold>(when) != nullptr) {
    note_hit("held " + to_string(when));
    const bool patient = co_await hold();
    co_return patient;
  }
  if (const auto* hook = due<act::hook>(when)) co_return call_hook(*hook) == passing::go_on;
  if (const auto* endless = due<act::flood>()) {
    act::flood all = *endless;
    co_return co_await send_flood(std::move(all));
  }
  if (auto own = own_answer(when, {})) {
    settled_ = true;
    const bool sent = co_await send_own_answer(std::move(*own), keep_alive);
    co_return sent;
  }
  co_return true;
}

// server_ is null afterwards when there is none.
asio::awaitable<void> gate_session::connect_server() {
  if (server_ && !server_->is_quiet()) server_.reset();
  while (!server_ && !door_->idle->empty()) {
    server_ = std::move(door_->idle->back());
    door_->idle->pop_back();
    if (!server_->is_quiet()) server_.reset();
  }
  if (!server_) server_ = co_await wire::dial(timer_.get_executor(), door_->server_port, door_->server_side);
}

void gate_session::leave_server() {
  if (!door_->recorded && server_ && server_->is_quiet() && reply_ && reply_->is_over())
    door_->idle->push_back(std::move(server_));
}

// Sends the request and waits for the reply's head.
gate_session::flow gate_session::forward(std::string bytes) {
  co_await connect_server();
  if (!server_) {
    note_fate("no connection to the server");
    co_return false;
  }
  bool answered = co_await server_->write(bytes);
  if (answered) {
    reply_.emplace(server_);
    answered = co_await reply_->read_head();
  }
  if (!answered) {
    note_fate("the server did not answer");
    co_return false;
  }
  now_.status = reply_->status();
  if (door_->recorded) door_->notes->set_status(now_.number, now_.status);
  co_return true;
}

gate_session::flow gate_session::answer_client(bool keep_alive) {
  constexpr moment when = moment::after;
  const auto body = co_await reply_->read_body();
  if (!body) {
    note_fate("the server's reply is not whole");
    co_return false;
  }
  if (!reply_->may_be_followed()) server_.reset();
  if (due<act::cut>(when) != nullptr) {
    note_hit("cut " + to_string(when));
    co_return false;
  }
  if (due<act::hold>(when) != nullptr) {
    note_hit("held " + to_string(when));
    const bool patient = co_await hold();
    if (!patient) co_return false;
  }
  if (const auto* hook = due<act::hook>(when))
    if (call_hook(*hook) == passing::cut) co_return false;
  if (auto own = own_answer(when, *body)) {
    const bool told = co_await send_own_answer(std::move(*own), keep_alive);
    co_return told;
  }
  std::string bytes = reply_head(reply_->status(), reply_->fields(), body->size(), keep_alive) + *body;
  const bool sent = co_await send(std::move(bytes));
  co_return sent&& keep_alive;
}

// Passes events on as they come. The connection ends with the watch, so that a client that leaves can be told
// from one that asks for something else.
gate_session::flow gate_session::relay_watch() {
  constexpr moment when = moment::after;
  if (due<act::cut>(when) != nullptr) {
    note_hit("cut " + to_string(when));
    co_return false;
  }
  if (due<act::hold>(when) != nullptr) {
    note_hit("held " + to_string(when));
    const bool patient = co_await hold();
    if (!patient) co_return false;
  }
  if (const auto* hook = due<act::hook>(when))
    if (call_hook(*hook) == passing::cut) co_return false;
  client_->on_activity([self = shared_from_this()] {
    self->note_fate("left by the client");
    self->server_->close();
  });
  bool open = co_await send(reply_head(200, reply_->fields(), std::nullopt, false));
  const auto* broken = due<act::break_watch>();
  watch_lines lines(broken != nullptr ? broken->event : 0);
  while (open) {
    auto piece = co_await reply_->read_piece();
    if (!piece) co_return false;
    const bool ends = piece->empty();
    std::string passed = lines.pass(std::move(*piece));
    if (!passed.empty() || ends) open = co_await send(chunk(passed));
    if (lines.is_broken()) {
      note_hit("broken in the middle of event " + std::to_string(broken->event));
      co_return false;
    }
    if (ends) co_return false;
  }
  co_return false;
}

gate_session::flow gate_session::send(std::string bytes) {
  const auto* slow = due<act::trickle>();
  if (slow == nullptr) co_return co_await client_->write(bytes);
  const act::trickle how = *slow;
  note_hit("trickled");
  bool open = true;
  for (std::size_t at = 0; open && at < bytes.size(); at += how.bytes) {
    co_await pause(how.pause);
    open = co_await client_->write(std::string_view(bytes).substr(at, how.bytes));
  }
  co_return open;
}

gate_session::flow gate_session::hold() {
  while (client_->is_quiet() && !door_->rules->is_released(action_->first))
    co_await pause(hold_poll);
  const bool is_patient = client_->is_quiet();
  note_fate(is_patient ? "released" : "given up by the client");
  co_return is_patient;
}

asio::awaitable<void> gate_session::pause(std::chrono::milliseconds span) {
  boost::system::error_code ignored;
  timer_.expires_after(span);
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

passing gate_session::call_hook(const act::hook& wanted) {
  const passing next = wanted.call(now_);
  note_hit("hook " + to_string(wanted.when) + (next == passing::cut ? ", cut" : ""));
  return next;
}

void gate_session::note_fate(const std::string& fate) {
  if (door_->recorded) door_->notes->add_fate(now_.number, fate, false);
}

void gate_session::note_hit(const std::string& fate) {
  door_->notes->add_fate(now_.number, fate, true);
  door_->rules->count_hit(action_->first);
}

}  // namespace platformer::test
