#include "model/names.hpp"
#include "model/operation.hpp"
#include "tests/sim/mutants.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

struct no_fence final : mutant {
  bool may_call(bool, const replica&) const override { return true; }
};

struct fence_by_role final : mutant {  // the last renewal's success counts, however long ago
  bool may_call(bool, const replica& by) const override { return by.candidacy()->leads(); }
};

struct fence_by_wall_clock final : mutant {  // a clock that is set back makes a Lease last longer
  bool may_call(bool, const replica& by) const override {
    const runtime::lease_options usual;
    return by.candidacy()->leads() &&
           by.clock() < by.candidacy()->renewed_by_our_clock() + usual.renew_deadline;
  }
};

struct takeover_by_wall_clock final : mutant {  // the record's renewTime is compared with our own clock
  void on_lease(lease& record, const replica& by, const world&) const override {
    if (record.spec.renewed_at && *record.spec.renewed_at + record.spec.lease_duration <= by.clock())
      record.spec.holder.clear();
  }
};

struct doubt_since_its_start final : mutant {  // another process's clock, and a call that left later
  void on_begin(account_run& run, const replica& by) const override {
    const auto op = decode_operation(run.seen.object->meta.annotation(names::operation_annotation));
    if (!op || op->holder == by.holder()) return;
    run.now.remembered.doubt_id = op->id;
    run.now.remembered.doubt_since = op->started_at;
  }
};

struct new_before_it_led final : mutant {  // what came while another one led counts as new
  void on_begin(account_run& run, const replica& by) const override {
    const object_meta& meta = run.seen.object->meta;
    const auto& known = by.known();
    run.seen.provably_new = known.watching_since && meta.created > *known.watching_since &&
                            known.service_accounts.seen_live_added(run.key) &&
                            !meta.has_finalizer(names::finalizer);
  }
};

template <class Mutant>
void add(std::vector<named_mutant>& all, std::string_view name, std::string_view about) {
  all.push_back({name, about, std::make_unique<Mutant>()});
}

}  // namespace

void add_replica_mutants(std::vector<named_mutant>& all) {
  add<no_fence>(all, "no_fence", "does not ask before a call whether it still leads");
  add<fence_by_role>(all, "fence_by_role", "takes itself for the leader until it is told otherwise");
  add<fence_by_wall_clock>(all, "fence_by_wall_clock", "measures its Lease by the wall clock");
  add<takeover_by_wall_clock>(all, "takeover_by_wall_clock", "judges another's Lease by the time in it");
  add<doubt_since_its_start>(all, "doubt_since_its_start",
                             "counts another's call from the time in its intent");
  add<new_before_it_led>(all, "new_before_it_led", "takes for new what came before it led");
}

}  // namespace platformer::sim
