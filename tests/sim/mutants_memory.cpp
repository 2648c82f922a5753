#include "model/names.hpp"
#include "model/operation.hpp"
#include "tests/sim/mutants.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using accounts::response;
using answer_here = std::optional<response>;

std::optional<operation> noted(const account_run& run) {
  return decode_operation(run.seen.object->meta.annotation(names::operation_annotation));
}

void forget_renewals(object_meta& secret) {
  secret.annotations.erase(std::string(names::secret_renew));
  secret.annotations.erase(std::string(names::secret_renew_history));
}

struct doubt_ignored final : mutant {  // what is in doubt was not carried out
  void on_begin(account_run& run, const replica&) const override {
    if (const auto op = noted(run)) run.now.remembered.refused_id = op->id;
  }
};

struct doubt_not_waited_for final : mutant {
  void on_begin(account_run& run, const replica&) const override {
    if (const auto op = noted(run)) {
      run.now.remembered.doubt_id = op->id;
      run.now.remembered.doubt_since = time_point{};
    }
  }
};

struct always_new final : mutant {  // every object without a finalizer is new
  void on_begin(account_run& run, const replica&) const override {
    if (run.seen.object->meta.has_finalizer(names::finalizer)) return;
    run.seen.provably_new = true;
    run.now.remembered = {};
    run.seen.object.own().status = {};
    run.seen.object.own().meta.annotations.erase(std::string(names::operation_annotation));
  }
};

struct any_version_checked final : mutant {  // a Secret's notes are believed without its contents
  void on_begin(account_run& run, const replica&) const override {
    if (run.seen.secret)
      run.seen.object.own().status.token.secret_version = run.seen.secret->meta.resource_version;
  }
};

struct listing_empty final : mutant {  // a listing that may be partial is trusted
  void on_reply(account_run& run, world&) const override {
    if (auto* listed = std::get_if<accounts::accounts_listed>(&run.answer.reply)) listed->found.clear();
  }
};

struct listing_reused final : mutant {  // a listing is good for ever
  answer_here answer(account_run& run, world&) const override {
    if (auto* asked = std::get_if<accounts::list_accounts>(&*run.wanted)) asked->not_before = time_point{};
    return std::nullopt;
  }
};

struct missing_is_unknown final : mutant {  // an account that can't be read is gone, and nothing is listed
  void on_reply(account_run& run, world&) const override {
    if (std::holds_alternative<accounts::read_account>(*run.wanted) &&
        std::holds_alternative<api_error>(run.answer.reply)) {
      run.answer = {accounts::account_read{}, nullptr};
      run.postponed = run.wanted;
    }
  }
  answer_here answer(account_run& run, world&) const override {
    if (!run.postponed || !std::holds_alternative<accounts::list_accounts>(*run.wanted)) return std::nullopt;
    return response(accounts::accounts_listed{});
  }
};

struct history_forgotten final : mutant {  // only the last renew value is compared, with status
  void on_begin(account_run& run, const replica&) const override {
    change_seen_secrets(run, forget_renewals);
    if (auto op = noted(run)) {
      op->renew_history.clear();
      run.seen.object.own().meta.annotations[std::string(names::operation_annotation)] =
          encode_operation(*op);
    }
    if (run.now.remembered.last_intent) run.now.remembered.last_intent->renew_history.clear();
  }
  void on_reply(account_run& run, world&) const override {
    if (auto* read = std::get_if<accounts::secret_read>(&run.answer.reply))
      if (read->content) forget_renewals(read->content->meta);
  }
};

struct renews_at_start final : mutant {  // a process that starts renews what it finds
  void on_begin(account_run& run, const replica&) const override {
    if (run.now.remembered.touched || !run.seen.secret) return;
    run.seen.object.own().meta.annotations[std::string(names::renew_annotation)] =
        "start of " + run.seen.holder;
  }
};

struct budget_forgotten final : mutant {  // nothing keeps a distance
  void on_begin(account_run& run, const replica&) const override {
    if (run.now.remembered.last_intent) run.now.remembered.last_intent->budget = {};
    if (auto op = noted(run)) {
      op->budget = {};
      run.seen.object.own().meta.annotations[std::string(names::operation_annotation)] =
          encode_operation(*op);
    }
  }
};

struct never_looks_again final : mutant {  // a token from an earlier run ends the matter
  void on_reply(account_run& run, world&) const override {
    if (std::holds_alternative<accounts::write_secret>(*run.wanted)) run.now.known.called = true;
  }
};

struct lifetime_as_asked final : mutant {  // schedules by what was asked for, not by what was granted
  void on_reply(account_run& run, world&) const override {
    auto* minted = std::get_if<accounts::token_minted>(&run.answer.reply);
    if (minted != nullptr && run.seen.object->spec.token.lifetime)
      minted->expires_at = run.sent_at + *run.seen.object->spec.token.lifetime;
  }
};

struct token_in_status final : mutant {
  answer_here answer(account_run& run, world& in) const override {
    auto* asked = std::get_if<accounts::patch_status>(&*run.wanted);
    if (asked == nullptr || asked->to.conditions.empty()) return std::nullopt;
    in.all.console.for_each_account([&](const models::stored_account& each) {
      asked->to.conditions.front().message += std::string(token_prefix) + std::to_string(each.serial);
    });
    return std::nullopt;
  }
};

template <class Mutant>
void add(std::vector<named_mutant>& all, std::string_view name, std::string_view about) {
  all.push_back({name, about, std::make_unique<Mutant>()});
}

}  // namespace

void add_memory_mutants(std::vector<named_mutant>& all) {
  add<doubt_ignored>(all, "doubt_ignored", "takes what is in doubt for not carried out");
  add<doubt_not_waited_for>(all, "doubt_not_waited_for", "looks while a call may still be under way");
  add<always_new>(all, "always_new", "takes every object without a finalizer for new");
  add<any_version_checked>(all, "any_version_checked",
                           "does not read a Secret that was changed while it was away");
  add<listing_empty>(all, "listing_empty", "trusts a listing that lacks accounts");
  add<listing_reused>(all, "listing_reused", "uses a listing for ever");
  add<missing_is_unknown>(all, "missing_is_unknown", "takes an account that can't be read for deleted");
  add<history_forgotten>(all, "history_forgotten", "compares a renew request with the last one only");
  add<renews_at_start>(all, "renews_at_start", "renews when it starts");
  add<budget_forgotten>(all, "budget_forgotten", "keeps no distance between mintings");
  add<never_looks_again>(all, "never_looks_again", "does not look at what came while a token waited");
  add<lifetime_as_asked>(all, "lifetime_as_asked", "plans by the lifetime that was asked for");
  add<token_in_status>(all, "token_in_status", "shows a token in the status");
}

}  // namespace platformer::sim
