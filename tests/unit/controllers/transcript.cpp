#include "tests/unit/controllers/transcript.hpp"

#include <algorithm>

namespace platformer::accounts::test {
namespace {

struct namer {
  std::string operator()(const patch_intent&) const { return "patch_intent"; }
  std::string operator()(const read_secret&) const { return "read_secret"; }
  std::string operator()(const dry_run_secret&) const { return "dry_run_secret"; }
  std::string operator()(const write_secret&) const { return "write_secret"; }
  std::string operator()(const remove_secret&) const { return "remove_secret"; }
  std::string operator()(const patch_status&) const { return "patch_status"; }
  std::string operator()(const remove_finalizer&) const { return "remove_finalizer"; }
  std::string operator()(const resolve_names&) const { return "resolve_names"; }
  std::string operator()(const read_account&) const { return "read_account"; }
  std::string operator()(const list_accounts&) const { return "list_accounts"; }
  std::string operator()(const create_account&) const { return "create_account"; }
  std::string operator()(const renew_token&) const { return "renew_token"; }
  std::string operator()(const update_account&) const { return "update_account"; }
  std::string operator()(const delete_account&) const { return "delete_account"; }
  std::string operator()(const verify_token&) const { return "verify_token"; }
  std::string operator()(const check_credential&) const { return "check_credential"; }
  std::string operator()(const reserve_revocation&) const { return "reserve_revocation"; }
  std::string operator()(const restart_workload&) const { return "restart_workload"; }
};

std::string describe_write(const secret_write& write) {
  std::string text = " " + write.key.to_string() + " at version \"" + write.resource_version + "\", keys:";
  for (const auto& [key, value] : write.data)
    text += " " + key + (value ? "" : " (removed)");
  return text;
}

struct details {
  std::string operator()(const patch_intent& each) const {
    return " " + each.key.to_string() +
           (each.op ? ": " + each.op->id + " " + std::string(to_string(each.op->cause)) : ": finalizer only");
  }
  std::string operator()(const read_secret& each) const { return " " + each.key.to_string(); }
  std::string operator()(const dry_run_secret& each) const { return describe_write(each.write); }
  std::string operator()(const write_secret& each) const { return describe_write(each.write); }
  std::string operator()(const remove_secret& each) const { return " " + each.key.to_string(); }
  std::string operator()(const patch_status& each) const {
    const condition* ready = find_condition(each.to.conditions, "Ready");
    return ready == nullptr ? " without Ready" : " " + ready->reason + ": " + ready->message;
  }
  std::string operator()(const read_account& each) const { return " " + each.id; }
  std::string operator()(const renew_token& each) const { return " " + each.id; }
  std::string operator()(const update_account& each) const { return " " + each.id; }
  std::string operator()(const delete_account& each) const { return " " + each.id; }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

bool only_reads(const std::vector<request>& asked) {
  return std::all_of(asked.begin(), asked.end(), [](const request& each) {
    return std::holds_alternative<read_secret>(each) || std::holds_alternative<read_account>(each) ||
           std::holds_alternative<list_accounts>(each) || std::holds_alternative<resolve_names>(each);
  });
}

}  // namespace

std::string name_of(const request& asked) {
  return std::visit(namer{}, asked);
}

std::string describe(const request& asked) {
  return name_of(asked) + std::visit(details{}, asked);
}

std::string describe(const stop& end) {
  if (const auto* at = std::get_if<requeue_at>(&end)) return "requeue_at " + format_rfc3339(at->at);
  if (std::holds_alternative<back_off>(end)) return "back_off";
  return std::holds_alternative<read_again>(end) ? "read_again" : "finished";
}

transcript::transcript(world& in) : world_(in), seen_(in.look()), state_(begin(in.remembered)) {
  take(step(seen_, state_, {}, in.now));
}

const request& transcript::wanted() const {
  if (ended())
    throw unexpected("the run has ended with " + describe(std::get<stop>(effect_)) + " after: " + so_far());
  return std::get<request>(effect_);
}

void transcript::reply(const response& answer) {
  asked_.push_back(wanted());
  if (asked_.size() > step_limit) throw unexpected("the run does not end: " + so_far());
  take(step(seen_, state_, answer, world_.now));
}

void transcript::fail_after_doing(api_errc code) {
  world_.perform(wanted());
  fail(code);
}

api_error transcript::error_of(api_errc code) {
  return {.code = code, .http_status = 0, .message = "injected", .retry_after = std::nullopt};
}

std::string transcript::play() {
  std::string names;
  while (!ended()) {
    names.append(names.empty() ? "" : ", ").append(name_of(wanted()));
    ok();
  }
  return names;
}

std::string transcript::event_names() const {
  std::string names;
  for (const event_note& each : events_)
    names.append(names.empty() ? "" : ", ").append(each.warning ? "Warning " : "Normal ").append(each.reason);
  return names;
}

std::string transcript::so_far() const {
  std::string names;
  for (const request& each : asked_)
    names.append(names.empty() ? "" : ", ").append(name_of(each));
  return names;
}

void transcript::take(step_result result) {
  effect_ = std::move(result.effect);
  for (event_note& each : result.events)
    events_.push_back(std::move(each));
  // A process that goes on knows this at any time, however the run ends.
  world_.remembered = state_.remembered;
}

std::size_t most_accounts_in(transcript& run, const world& in) {
  std::size_t most = in.accounts.size();
  while (!run.ended()) {
    run.ok();
    most = std::max(most, in.accounts.size());
  }
  return most;
}

std::string play(world& in) {
  return transcript(in).play();
}

std::string play_behind(world& is, world shown) {
  shown.remembered = is.remembered;
  shown.now = is.now;
  shown.serial = is.serial;
  transcript run(shown);
  is.serial = shown.serial;
  while (!run.ended())
    run.reply(is.perform(run.wanted()));
  is.remembered = shown.remembered;
  return run.so_far();
}

int settle(world& in, duration horizon) {
  const time_point last = in.now + horizon;
  int minted = 0;
  for (int runs = 0; runs < 2000 && in.object_exists && in.now <= last; ++runs) {
    transcript run(in);
    run.play();
    for (const request& each : run.asked())
      minted += std::holds_alternative<create_account>(each) || std::holds_alternative<renew_token>(each);
    if (run.ended_with<requeue_at>() && run.end<requeue_at>().at > in.now) {
      if (run.end<requeue_at>().at > last) return minted;
      in.now = run.end<requeue_at>().at;
    } else if (run.ended_with<finished>() && only_reads(run.asked())) {
      return minted;
    } else {
      in.advance(run.ended_with<back_off>() ? duration(30'000) : duration(1000));
    }
  }
  if (in.object_exists && in.now <= last)
    throw unexpected("the object does not come to rest: " + in.reason());
  return minted;
}

}  // namespace platformer::accounts::test
