#include "model/names.hpp"
#include "tests/sim/mutants.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using accounts::response;
using answer_here = std::optional<response>;

// A patch that is not made: the object as it was seen.
response pretend_patched(const account_run& run) {
  object_meta meta = run.seen.object->meta;
  if (const auto* asked = std::get_if<accounts::patch_intent>(&*run.wanted))
    meta.finalizers = asked->finalizers;
  return accounts::object_patched{meta};
}

const api_error* error_of(const account_run& run) {
  return std::get_if<api_error>(&run.answer.reply);
}

struct no_intent final : mutant {
  answer_here answer(account_run& run, world&) const override {
    const auto* asked = std::get_if<accounts::patch_intent>(&*run.wanted);
    return asked != nullptr && asked->op ? answer_here(pretend_patched(run)) : std::nullopt;
  }
};

struct intent_after_call final : mutant {
  answer_here answer(account_run& run, world&) const override {
    const auto* asked = std::get_if<accounts::patch_intent>(&*run.wanted);
    if (asked == nullptr || !asked->op) return std::nullopt;
    run.postponed = run.wanted;
    return pretend_patched(run);
  }
  void on_reply(account_run& run, world& in) const override {
    if (!run.postponed || !mints(*run.wanted)) return;
    (void)in.all.perform(*run.postponed, run.who, in.now);
    run.postponed.reset();
  }
};

struct stale_intent final : mutant {  // the conflict of the intent's patch is taken for success
  void on_reply(account_run& run, world&) const override {
    if (error_of(run) == nullptr || error_of(run)->code != api_errc::conflict) return;
    if (std::holds_alternative<accounts::patch_intent>(*run.wanted))
      run.answer = {pretend_patched(run), nullptr};
  }
};

struct no_preflight final : mutant {
  answer_here answer(account_run& run, world&) const override {
    if (!std::holds_alternative<accounts::dry_run_secret>(*run.wanted)) return std::nullopt;
    return response(accounts::dry_run_passed{});
  }
};

struct preflight_ignored final : mutant {
  void on_reply(account_run& run, world&) const override {
    if (error_of(run) != nullptr && std::holds_alternative<accounts::dry_run_secret>(*run.wanted))
      run.answer = {accounts::dry_run_passed{}, nullptr};
  }
};

struct call_repeated final : mutant {  // as an HTTP client that repeats a POST after a broken connection
  void on_reply(account_run& run, world& in) const override {
    if (!mints(*run.wanted) || error_of(run) == nullptr || !may_be_committed(error_of(run)->code)) return;
    actor who = in.actor_of(run);
    in.watcher.set_actor(&who);
    run.answer = in.all.perform(*run.wanted, run.who, in.now);
    in.watcher.set_actor(nullptr);
  }
};

struct token_forgotten final : mutant {  // after a failed write the call is made again instead of the write
  void on_reply(account_run& run, world&) const override {
    if (error_of(run) != nullptr && std::holds_alternative<accounts::write_secret>(*run.wanted))
      run.now.remembered.pending.reset();
  }
};

struct write_unconditional final : mutant {  // version and UID of whatever is there
  answer_here answer(account_run& run, world& in) const override {
    auto* asked = std::get_if<accounts::write_secret>(&*run.wanted);
    if (asked == nullptr) return std::nullopt;
    const auto found = in.all.kube.get(models::kube_kind::secret, asked->write.key);
    if (!found) return std::nullopt;
    asked->write.uid = models::meta_of(**found).uid;
    asked->write.resource_version = models::meta_of(**found).resource_version;
    return std::nullopt;
  }
};

struct write_taken_for_done final : mutant {
  void on_reply(account_run& run, world&) const override {
    const auto* asked = std::get_if<accounts::write_secret>(&*run.wanted);
    if (asked == nullptr || error_of(run) == nullptr) return;
    object_meta meta;
    meta.name = asked->write.key.name;
    meta.ns = asked->write.key.ns;
    meta.resource_version = "1";
    run.answer = {accounts::secret_written{meta}, nullptr};
  }
};

struct revision_stands_still final : mutant {
  answer_here answer(account_run& run, world&) const override {
    if (auto* asked = std::get_if<accounts::write_secret>(&*run.wanted))
      if (asked->write.annotations.contains(names::secret_revision))
        asked->write.annotations[std::string(names::secret_revision)] = "0";
    return std::nullopt;
  }
};

struct source_removed_first final
    : mutant {  // a move that removes the old Secret before the new one is there
  answer_here answer(account_run& run, world& in) const override {
    const auto* asked = std::get_if<accounts::write_secret>(&*run.wanted);
    if (asked == nullptr || !run.now.known.old_secret || !*run.now.known.old_secret) return std::nullopt;
    const object_meta& old = (*run.now.known.old_secret)->meta;
    (void)in.all.kube.remove(models::kube_kind::secret, key_of(old), {}, in.now);
    return std::nullopt;
  }
};

template <class Mutant>
void add(std::vector<named_mutant>& all, std::string_view name, std::string_view about) {
  all.push_back({name, about, std::make_unique<Mutant>()});
}

}  // namespace

void add_issuance_mutants(std::vector<named_mutant>& all) {
  add<no_intent>(all, "no_intent", "calls without an intent on the object");
  add<intent_after_call>(all, "intent_after_call", "notes the intent when the call has been made");
  add<stale_intent>(all, "stale_intent", "goes on although the intent's patch met a conflict");
  add<no_preflight>(all, "no_preflight", "does not rehearse the Secret's write");
  add<preflight_ignored>(all, "preflight_ignored", "calls although the rehearsal was refused");
  add<call_repeated>(all, "call_repeated", "repeats a call whose answer was lost");
  add<token_forgotten>(all, "token_forgotten", "renews again when a Secret could not be written");
  add<write_unconditional>(all, "write_unconditional", "writes Secrets whatever their version and UID are");
  add<write_taken_for_done>(all, "write_taken_for_done", "takes a failed write for done");
  add<revision_stands_still>(all, "revision_stands_still", "does not count the revision up");
  add<source_removed_first>(all, "source_removed_first", "moves a Secret by removing it first");
}

std::vector<named_mutant> all_mutants() {
  std::vector<named_mutant> all;
  add_issuance_mutants(all);
  add_ownership_mutants(all);
  add_memory_mutants(all);
  add_life_mutants(all);
  add_credential_mutants(all);
  add_replica_mutants(all);
  return all;
}

}  // namespace platformer::sim
