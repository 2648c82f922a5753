#include <algorithm>

#include "model/marker.hpp"
#include "model/names.hpp"
#include "model/operation.hpp"
#include "tests/sim/mutants.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using accounts::response;
using answer_here = std::optional<response>;

bool replaces_another(const account_run& run) {
  const auto& intent = run.now.known.intent;
  return intent && intent->kind == operation_kind::create && !intent->replaces.empty();
}

std::string previous_of(const account_run& run) {
  return run.now.known.named_record.previous_account_id;
}

struct previous_deleted_first final : mutant {  // the new token is not in its Secret yet
  answer_here answer(account_run& run, world& in) const override {
    if (!std::holds_alternative<accounts::write_secret>(*run.wanted) || !replaces_another(run) ||
        !run.now.remembered.pending)
      return std::nullopt;
    actor who = in.actor_of(run);
    in.watcher.set_actor(&who);
    (void)in.all.perform(accounts::delete_account{run.now.known.intent->replaces, ""}, run.who, in.now);
    in.watcher.set_actor(nullptr);
    return std::nullopt;
  }
};

struct overlap_never_ends final : mutant {
  answer_here answer(account_run& run, world&) const override {
    const auto* asked = std::get_if<accounts::delete_account>(&*run.wanted);
    if (asked == nullptr || run.seen.object->meta.deleted || asked->id != previous_of(run))
      return std::nullopt;
    return response(accounts::account_deleted{});
  }
};

struct previous_by_its_note final : mutant {  // what the Secret calls the previous account is deleted
  void on_reply(account_run& run, world&) const override {
    auto* read = std::get_if<accounts::account_read>(&run.answer.reply);
    if (read == nullptr || !read->found || read->found->id != previous_of(run)) return;
    read->found->description = with_marker(read->found->description, run.seen.mark());
  }
};

struct replacement_renewed final : mutant {  // a replacement in doubt is settled by a renewal in place
  void on_begin(account_run& run, const replica&) const override {
    auto op = decode_operation(run.seen.object->meta.annotation(names::operation_annotation));
    if (!op || op->replaces.empty()) return;
    op->kind = operation_kind::renew;
    run.seen.object.own().meta.annotations[std::string(names::operation_annotation)] = encode_operation(*op);
    if (auto& last = run.now.remembered.last_intent) last->kind = operation_kind::renew;
  }
};

struct replaces_in_place final : mutant {  // strategy Replace is not obeyed
  void on_begin(account_run& run, const replica&) const override {
    run.seen.object.own().spec.token.strategy = token_strategy::in_place;
  }
};

struct credential_unchecked final : mutant {  // every rejection is the token's fault
  answer_here answer(account_run& run, world&) const override {
    if (!std::holds_alternative<accounts::check_credential>(*run.wanted)) return std::nullopt;
    return response(accounts::credential_checked{});
  }
};

struct quota_ignored final : mutant {
  answer_here answer(account_run& run, world&) const override {
    if (!std::holds_alternative<accounts::reserve_revocation>(*run.wanted)) return std::nullopt;
    return response(accounts::revocation_reserved{.granted = true, .retry_at = {}});
  }
};

struct look_trusts_listing final : mutant {  // what a listing lacks is gone
  answer_here answer(account_run& run, world&) const override {
    if (!std::holds_alternative<accounts::read_account>(*run.wanted) || !run.now.known.listed)
      return std::nullopt;
    return response(accounts::account_read{});
  }
};

struct corrects_from_listing final : mutant {  // what a listing shows is changed without reading it first
  answer_here answer(account_run& run, world&) const override {
    const auto* asked = std::get_if<accounts::read_account>(&*run.wanted);
    if (asked == nullptr || !run.now.known.listed) return std::nullopt;
    for (const account& each : *run.now.known.listed)
      if (each.id == asked->id) return response(accounts::account_read{each});
    return std::nullopt;
  }
};

struct clock_unnoticed final : mutant {  // spans are measured by a clock that is set
  bool notices_clock() const override { return false; }
};

struct manual_mints final : mutant {  // spec.secret.onLoss: Manual is not obeyed
  void on_begin(account_run& run, const replica&) const override {
    run.seen.object.own().spec.secret.on_loss = loss_policy::renew;
  }
};

struct adopts_uncut final : mutant {  // an adopted account gets its token with the access that it had
  answer_here answer(account_run& run, world&) const override {
    auto* asked = std::get_if<accounts::update_account>(&*run.wanted);
    if (asked == nullptr || !run.now.known.intent || run.now.known.intent->cause != mint_cause::adoption)
      return std::nullopt;
    asked->fields.roles.reset();
    return std::nullopt;
  }
};

struct adopts_disallowed final : mutant {  // the connection's `adoptable` is not asked
  void on_begin(account_run& run, const replica&) const override { run.seen.connection.adoptable = {"*"}; }
};

struct adopts_anothers final : mutant {  // a marker of another object counts for nothing
  void on_reply(account_run& run, world&) const override {
    if (run.seen.object->spec.adoption != adoption_policy::always) return;
    const auto ignore_anothers = [&](account& each) {
      const auto mark = find_marker(each.description);
      if (mark && mark->name != run.key.name && each.name == run.seen.object->spec.account_name)
        each.description = without_marker(each.description);
    };
    if (auto* listed = std::get_if<accounts::accounts_listed>(&run.answer.reply))
      for (account& each : listed->found)
        ignore_anothers(each);
    if (auto* read = std::get_if<accounts::account_read>(&run.answer.reply); read != nullptr && read->found)
      ignore_anothers(*read->found);
  }
};

struct restarts_again final : mutant {  // each process restarts the workloads once more
  answer_here answer(account_run& run, world&) const override {
    if (auto* asked = std::get_if<accounts::restart_workload>(&*run.wanted))
      asked->revisions += run.seen.holder;
    return std::nullopt;
  }
  void on_begin(account_run& run, const replica&) const override {
    if (!run.now.remembered.touched) run.seen.object.own().status.restarted_revision = 0;
  }
};

struct overlap_cut_short final : mutant {  // the account that was replaced goes at the next occasion
  void on_begin(account_run& run, const replica&) const override {
    const auto end_it = [](object_meta& secret) {
      const auto until = secret.annotations.find(names::secret_previous_until);
      if (until != secret.annotations.end()) until->second = format_rfc3339(start_of_time);
    };
    change_seen_secrets(run, end_it);
  }
};

struct limits_ignored final : mutant {  // a Console that does not answer is called on and on
  bool may_call_now(bool) const override { return true; }
  void on_begin(account_run& run, const replica& by) const override {
    const auto* live = by.known().registry.find(controllers::connection_of(*run.seen.object));
    if (live != nullptr && live->in_use && !run.seen.connection.suspended)
      run.seen.connection.state = accounts::connection_view::standing::ready;
  }
};

struct suspension_ignored final : mutant {  // a suspended connection is used
  void on_begin(account_run& run, const replica& by) const override {
    const auto* live = by.known().registry.find(controllers::connection_of(*run.seen.object));
    if (live != nullptr && live->in_use && run.seen.connection.suspended)
      run.seen.connection.state = accounts::connection_view::standing::ready;
  }
};

struct schedule_early final : mutant {  // renews at half of the time
  void on_begin(account_run& run, const replica&) const override {
    auto& spec = run.seen.object.own().spec.token;
    if (spec.lifetime) spec.renew_before = *spec.lifetime * 4 / 5;
  }
};

template <class Mutant>
void add(std::vector<named_mutant>& all, std::string_view name, std::string_view about) {
  all.push_back({name, about, std::make_unique<Mutant>()});
}

}  // namespace

void add_life_mutants(std::vector<named_mutant>& all) {
  add<previous_deleted_first>(all, "previous_deleted_first",
                              "deletes an account before its successor's token is in the Secret");
  add<overlap_never_ends>(all, "overlap_never_ends", "lets a replaced account live");
  add<previous_by_its_note>(all, "previous_by_its_note",
                            "deletes what the Secret calls the previous account, whatever its marker");
  add<replacement_renewed>(all, "replacement_renewed", "settles a replacement in doubt by a renewal");
  add<replaces_in_place>(all, "replaces_in_place", "renews in place although the strategy is Replace");
  add<credential_unchecked>(all, "credential_unchecked",
                            "renews rejected tokens without trying the connection's own credential");
  add<quota_ignored>(all, "quota_ignored", "renews all tokens that a broken Console rejects");
  add<look_trusts_listing>(all, "look_trusts_listing", "makes anew what a listing lacks");
  add<corrects_from_listing>(all, "corrects_from_listing",
                             "changes an account by what a listing shows, without reading it");
  add<clock_unnoticed>(all, "clock_unnoticed", "measures spans by a clock that people set");
  add<manual_mints>(all, "manual_mints", "replaces a lost token although that is a person's to decide");
  add<adopts_uncut>(all, "adopts_uncut", "renews an adopted account's token before it cuts its access");
  add<adopts_disallowed>(all, "adopts_disallowed", "takes over what the connection does not allow");
  add<adopts_anothers>(all, "adopts_anothers", "takes over another object's account");
  add<restarts_again>(all, "restarts_again", "restarts workloads when it starts");
  add<overlap_cut_short>(all, "overlap_cut_short", "ends an overlap before its time");
  add<limits_ignored>(all, "limits_ignored", "goes on calling a Console that does not answer");
  add<suspension_ignored>(all, "suspension_ignored", "calls through a suspended connection");
  add<schedule_early>(all, "schedule_early", "renews long before the schedule says");
}

}  // namespace platformer::sim
