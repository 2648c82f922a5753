// Bugs of a connection that replaces its own credential.
#include "model/names.hpp"
#include "tests/sim/mutants.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using connections::response;
using answer_here = std::optional<response>;

struct credential_deleted_first final : mutant {  // the new one is not in its Secret yet
  answer_here answer_connection(connection_run& run, world& in) const override {
    const auto* asked = std::get_if<connections::write_secret>(&*run.wanted);
    if (asked == nullptr || asked->write.data.empty()) return std::nullopt;
    const auto stored = in.all.kube.get(models::kube_kind::secret, asked->write.key);
    if (!stored) return std::nullopt;
    const std::string before(models::meta_of(**stored).annotation(names::secret_account_id));
    if (!before.empty()) (void)in.all.perform(connections::delete_credential{before, ""}, run.who, in.now);
    return std::nullopt;
  }
};

struct credential_accounts_stay final : mutant {
  answer_here answer_connection(connection_run& run, world&) const override {
    if (!std::holds_alternative<connections::delete_credential>(*run.wanted)) return std::nullopt;
    return response(connections::credential_deleted{});
  }
};

struct credential_unnoted final : mutant {  // no intent before the account is made
  answer_here answer_connection(connection_run& run, world&) const override {
    const auto* asked = std::get_if<connections::patch_operation>(&*run.wanted);
    if (asked == nullptr) return std::nullopt;
    object_meta meta = run.seen.object.meta;
    meta.annotations[std::string(names::operation_annotation)] = encode_operation(asked->op);
    return response(connections::object_patched{meta});
  }
};

struct credential_lost final : mutant {  // the Secret gets a token that is none
  answer_here answer_connection(connection_run& run, world&) const override {
    auto* asked = std::get_if<connections::write_secret>(&*run.wanted);
    if (asked == nullptr || asked->write.data.empty()) return std::nullopt;
    asked->write.data.begin()->second = std::make_shared<const secret_string>("not-a-token");
    return std::nullopt;
  }
};

}  // namespace

void add_credential_mutants(std::vector<named_mutant>& all) {
  const auto add = [&](std::string_view name, std::string_view about, std::unique_ptr<mutant> bugs) {
    all.push_back({name, about, std::move(bugs)});
  };
  add("credential_deleted_first", "deletes its own account before its successor's token is in the Secret",
      std::make_unique<credential_deleted_first>());
  add("credential_accounts_stay", "lets the accounts of its earlier credentials live",
      std::make_unique<credential_accounts_stay>());
  add("credential_unnoted", "makes an account for its credential without noting that first",
      std::make_unique<credential_unnoted>());
  add("credential_lost", "writes another value than the new credential", std::make_unique<credential_lost>());
}

}  // namespace platformer::sim
