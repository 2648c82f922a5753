#include "controllers/service_account/desired.hpp"
#include "model/names.hpp"
#include "tests/sim/mutants.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using accounts::response;
using answer_here = std::optional<response>;

struct marker_ignored final : mutant {  // what the recorded ID names is ours
  void on_reply(account_run& run, world&) const override {
    if (auto* read = std::get_if<accounts::account_read>(&run.answer.reply))
      if (read->found) read->found->description = with_marker(read->found->description, run.seen.mark());
  }
};

struct no_marker final : mutant {  // new accounts don't bear one
  answer_here answer(account_run& run, world&) const override {
    if (auto* asked = std::get_if<accounts::create_account>(&*run.wanted)) asked->fields.description = "";
    return std::nullopt;
  }
};

struct owner_ignored final : mutant {  // every Secret of the name is ours
  void on_reply(account_run& run, world&) const override {
    if (auto* read = std::get_if<accounts::secret_read>(&run.answer.reply))
      if (read->content) read->content->meta.owners = {accounts::owner_reference_to(run.seen.object->meta)};
  }
};

struct adopts_regardless final : mutant {  // adoptionPolicy: Never is not obeyed
  void on_begin(account_run& run, const replica&) const override {
    run.seen.object.own().spec.adoption = adoption_policy::if_marked;
  }
};

struct dead_token_adopted final : mutant {  // a predecessor's token is not tried
  answer_here answer(account_run& run, world&) const override {
    if (!std::holds_alternative<accounts::verify_token>(*run.wanted)) return std::nullopt;
    return response(accounts::token_verified{true});
  }
};

struct finalizer_first final : mutant {  // lets go of the object before its account
  answer_here answer(account_run& run, world&) const override {
    const object_meta& meta = run.seen.object->meta;
    if (!meta.deleted || !std::holds_alternative<accounts::delete_account>(*run.wanted)) return std::nullopt;
    accounts::remove_finalizer instead{key_of(meta), meta.resource_version, meta.finalizers};
    std::erase(instead.finalizers, names::finalizer);
    run.wanted = instead;
    run.now.awaiting = instead;
    return std::nullopt;
  }
};

struct deletion_assumed final : mutant {  // a deletion that failed is taken for done
  void on_reply(account_run& run, world&) const override {
    if (std::holds_alternative<accounts::delete_account>(*run.wanted))
      run.answer = {accounts::account_deleted{}, nullptr};
  }
};

struct deletion_without_look final : mutant {  // a create in doubt is not settled before the finalizer goes
  answer_here answer(account_run& run, world&) const override {
    if (!run.seen.object->meta.deleted || !std::holds_alternative<accounts::list_accounts>(*run.wanted))
      return std::nullopt;
    return response(accounts::accounts_listed{});
  }
};

struct no_finalizer final : mutant {
  answer_here answer(account_run& run, world&) const override {
    if (auto* asked = std::get_if<accounts::patch_intent>(&*run.wanted))
      std::erase(asked->finalizers, names::finalizer);
    return std::nullopt;
  }
};

struct orphan_deleted final : mutant {  // deletionPolicy: Orphan is not obeyed
  void on_begin(account_run& run, const replica&) const override {
    run.seen.object.own().spec.deletion = deletion_policy::remove;
  }
};

struct orphan_not_released final : mutant {  // the orphan's Secret keeps its owner and goes with it
  answer_here answer(account_run& run, world&) const override {
    auto* asked = std::get_if<accounts::write_secret>(&*run.wanted);
    if (asked != nullptr && run.seen.object->meta.deleted) asked->write.owners.reset();
    return std::nullopt;
  }
};

struct duplicates_kept final : mutant {
  answer_here answer(account_run& run, world&) const override {
    if (run.seen.object->meta.deleted || !std::holds_alternative<accounts::delete_account>(*run.wanted))
      return std::nullopt;
    return response(accounts::account_deleted{});
  }
};

template <class Mutant>
void add(std::vector<named_mutant>& all, std::string_view name, std::string_view about) {
  all.push_back({name, about, std::make_unique<Mutant>()});
}

}  // namespace

void add_ownership_mutants(std::vector<named_mutant>& all) {
  add<marker_ignored>(all, "marker_ignored",
                      "takes the recorded account for its own without reading its marker");
  add<no_marker>(all, "no_marker", "makes accounts without a marker");
  add<owner_ignored>(all, "owner_ignored", "writes into Secrets that are not its own");
  add<adopts_regardless>(all, "adopts_regardless", "takes over although adoptionPolicy is Never");
  add<dead_token_adopted>(all, "dead_token_adopted", "keeps a predecessor's token without trying it");
  add<finalizer_first>(all, "finalizer_first", "removes the finalizer before the account is deleted");
  add<deletion_assumed>(all, "deletion_assumed", "takes a failed deletion for done");
  add<deletion_without_look>(all, "deletion_without_look", "does not settle a doubt before it lets go");
  add<no_finalizer>(all, "no_finalizer", "does not hold the object");
  add<orphan_deleted>(all, "orphan_deleted", "deletes an account that was to be orphaned");
  add<orphan_not_released>(all, "orphan_not_released", "leaves an orphan's Secret to the garbage collector");
  add<duplicates_kept>(all, "duplicates_kept", "does not remove second accounts");
}

}  // namespace platformer::sim
