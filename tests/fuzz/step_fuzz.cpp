// The decisions about one ServiceAccount on arbitrary worlds: any snapshot, any memory, any answer. Nothing
// is minted without a written intent and a rehearsed Secret, nothing of others is changed, no token leaves
// but in a Secret's data, and every run comes to an end.
#include "tests/fuzz/step_world.hpp"

namespace {

using namespace platformer;
using fuzz::check;

// As the driver has it (app/account_driver.cpp): a run with more is a bug.
constexpr int requests_limit = 64;
constexpr int runs = 3;

accounts::memory run(fuzz::supply& in, const accounts::snapshot& seen, accounts::memory remembered,
                     time_point& at) {
  fuzz::judge judge(seen);
  accounts::state now = accounts::begin(std::move(remembered));
  accounts::response reply;
  for (int requests = 0; requests < requests_limit; ++requests) {
    auto next = accounts::step(seen, now, reply, at);
    for (const auto& event : next.events)
      fuzz::judge::on_event(event);
    if (const auto* end = std::get_if<accounts::stop>(&next.effect)) {
      fuzz::judge::on_end(*end);
      return std::move(now.remembered);
    }
    const auto& wanted = std::get<accounts::request>(next.effect);
    judge.on_request(wanted, now);
    reply = fuzz::any_reply(in, seen, wanted);
    judge.on_reply(wanted, reply);
    at += std::chrono::milliseconds(in.byte());
  }
  check(false, "a run comes to an end");
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::supply in(data, size);
  time_point at = fuzz::world_begin;
  accounts::snapshot seen = fuzz::any_snapshot(in);
  accounts::memory remembered = fuzz::any_memory(in, seen);
  for (int i = 0; i < runs; ++i) {
    remembered = run(in, seen, std::move(remembered), at);
    if (in.empty()) break;
    // The same object later, in a world of which anything may have become.
    const object_meta was = seen.object.meta;
    seen = fuzz::any_snapshot(in);
    seen.object.meta.uid = was.uid;
    at += std::chrono::minutes(in.byte());
  }
  return 0;
}
