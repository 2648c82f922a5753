// The decisions about one ServiceAccount on arbitrary worlds: any snapshot, any memory, any answer. Nothing
// is minted without a written intent and a rehearsed Secret, nothing of others is changed, no token leaves
// but in a Secret's data, and every run comes to an end.
#include <cstdio>
#include <cstdlib>
#include <typeinfo>

#include "controllers/reconcile/run_limits.hpp"
#include "tests/fuzz/step_world.hpp"

namespace {

using namespace platformer;
using fuzz::check;

constexpr int runs = 3;

// For whoever replays an input with PLATFORMER_FUZZ_TELL set: what was asked for and answered, as the types'
// names.
template <class Variant>
void tell(const char* what, const Variant& which) {
  static const bool wanted = std::getenv("PLATFORMER_FUZZ_TELL") != nullptr;
  if (wanted)
    std::fprintf(stderr, "%s %s\n", what,
                 std::visit([](const auto& each) { return typeid(each).name(); }, which));
}

accounts::memory run(fuzz::supply& in, const accounts::snapshot& seen, fuzz::secret_store& secrets,
                     accounts::memory remembered, time_point& at) {
  const time_point begun = at;
  fuzz::judge judge(seen);
  accounts::state now = accounts::begin(std::move(remembered));
  accounts::response reply;
  for (unsigned requests = 0; requests < controllers::run_requests_limit; ++requests) {
    auto next = accounts::step(seen, now, reply, at);
    for (const auto& event : next.events)
      fuzz::judge::on_event(event);
    if (const auto* end = std::get_if<accounts::stop>(&next.effect)) {
      tell("ends:", *end);
      fuzz::judge::on_end(*end, now, begun);
      return std::move(now.remembered);
    }
    const auto& wanted = std::get<accounts::request>(next.effect);
    tell("asks:", wanted);
    judge.on_request(wanted, now);
    reply = fuzz::any_reply(in, seen, secrets, wanted);
    tell("gets:", reply);
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
  fuzz::secret_store secrets;
  accounts::snapshot seen = fuzz::any_snapshot(in, secrets);
  accounts::memory remembered = fuzz::any_memory(in, seen);
  for (int i = 0; i < runs; ++i) {
    // Fresh: nothing that there is can bear it yet.
    seen.operation_id = "op-run-" + std::to_string(i);
    remembered = run(in, seen, secrets, std::move(remembered), at);
    if (in.empty()) break;
    // The same object later, in a world of which anything may have become.
    const object_meta was = seen.object->meta;
    seen = fuzz::any_snapshot(in, secrets);
    seen.object.own().meta.uid = was.uid;
    at += std::chrono::minutes(in.byte());
  }
  return 0;
}
