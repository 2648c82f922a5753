// What stands around the storage: quotas, policies, the garbage collector.
#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {
namespace {

constexpr const char* nobody = "00000000-0000-0000-0000-000000000000";

secret_content marked(std::string name) {
  secret_content made = secret(std::move(name));
  made.meta.labels["refused"] = "yes";
  return made;
}

secret_content owned(std::string name, std::vector<owner_reference> owners) {
  secret_content made = secret(std::move(name));
  made.meta.owners = std::move(owners);
  return made;
}

void quota(script& on) {
  const auto s = on.create(secret("s"));
  on.port().exhaust_secret_quota();
  on.create(secret("t"));
  on.create(secret("t"), run_kind::dry);
  on.write_secret(writes("t"), run_kind::dry);
  on.write_secret(writes("t"));
  // The quota speaks before the storage does.
  on.write_secret(writes("s"));
  on.create(secret("Not-Valid"));
  secret_write change = changes(s.meta);
  change.data["token"] = bytes("two");
  on.write_secret(change, run_kind::dry);
  on.write_secret(change);
  on.create(account("bot"));
  on.list(kube_kind::secret);
}

void policy_on_creation(script& on, refusal_kind how) {
  on.port().refuse_labelled_secrets(how);
  on.create(marked("s"));
  on.create(marked("s"), run_kind::dry);
  secret_write write = writes("s");
  write.labels["refused"] = "yes";
  on.write_secret(write, run_kind::dry);
  on.write_secret(write);
  on.create(secret("s"));
  on.create(marked("s"));
}

void policy_on_change(script& on) {
  const std::string past = past_version(on);
  const auto s = on.create(secret("s"));
  on.port().refuse_labelled_secrets(refusal_kind::forbidden);
  on.patch(s, labelled("refused", "yes"));
  on.patch(s, labelled("refused", "yes"), run_kind::dry);
  on.update(marked("s"));
  // A condition that does not hold is said first.
  on.patch(s, only_if(labelled("refused", "yes"), {"", past}));
  on.patch(s, labelled("other", "yes"));
  on.get(s);
}

void policy_on_deletion(script& on) {
  const auto s = on.create(marked("s"));
  const auto t =
      on.create(with<secret_content>(marked("t"), [](auto& it) { it.meta.finalizers = {"example.com/a"}; }));
  on.remove(t);
  on.port().refuse_labelled_secrets(refusal_kind::forbidden);
  on.remove(s);
  on.remove(s, {}, run_kind::dry);
  on.remove(s, {nobody, ""});
  on.patch(t, with_finalizers({}));
  on.get(t);
}

void owner_deleted(script& on) {
  const auto holder = on.create(secret("holder"));
  const auto s = on.create(owned("s", {owner(holder)}));
  on.remove(holder);
  on.await_gone(s);
}

void owner_never_was(script& on) {
  const auto s = on.create(owned("s", {{"v1", "Secret", "nobody", nobody, true, false}}));
  on.await_gone(s);
}

void owner_reused(script& on) {
  const auto first = on.create(secret("holder"));
  on.remove(first);
  on.create(secret("holder"));
  const auto s = on.create(owned("s", {owner(first)}));
  on.await_gone(s);
  on.get(first);
}

void one_owner_left(script& on) {
  const auto left = on.create(secret("left"));
  const auto lost = on.create(secret("lost"));
  const auto s = on.create(owned("s", {owner(lost), owner(left)}));
  on.remove(lost);
  on.await_one_owner(s);
  const auto found = on.get(s);
  on.remove(left);
  on.await_gone(found);
}

void account_deleted(script& on) {
  const auto bot = on.create(account("bot"));
  secret_write write = writes("s");
  write.owners = {{owner(bot)}};
  write.owners->front().controller = true;
  on.write_secret(write);
  on.remove(bot);
  on.await_gone(secret("s"));
}

void owner_held(script& on) {
  const auto holder = on.create(
      with<secret_content>(secret("holder"), [](auto& it) { it.meta.finalizers = {"example.com/a"}; }));
  const auto s = on.create(owned("s", {owner(holder)}));
  on.remove(holder);
  // The collector has no reason yet: another object's end shows that it has looked.
  const auto other = on.create(owned("other", {{"v1", "Secret", "nobody", nobody, true, false}}));
  on.await_gone(other);
  on.get(s);
  on.patch(holder, with_finalizers({}));
  on.await_gone(s);
}

void dependent_held(script& on) {
  const auto s = on.create(with<secret_content>(owned("s", {{"v1", "Secret", "nobody", nobody, true, false}}),
                                                [](auto& it) { it.meta.finalizers = {"example.com/a"}; }));
  const bool marked_ = on.port().await_collection(kube_kind::secret, "s", [](const kube_object* it) {
    return it != nullptr && models::meta_of(*it).deleted;
  });
  on.get(s);
  if (marked_) on.patch(s, with_finalizers({}));
  on.get(s);
}

void let_go(script& on) {
  // As an orphan policy does: without its owner a Secret outlives it.
  const auto holder = on.create(secret("holder"));
  const auto s = on.create(owned("s", {owner(holder)}));
  metadata_patch patch;
  patch.owners.emplace();
  on.patch(s, patch);
  on.remove(holder);
  const auto other = on.create(owned("other", {owner(holder)}));
  on.await_gone(other);
  on.get(s);
}

}  // namespace

std::vector<kube_case> cluster_cases() {
  return {
      {"a_full_quota_refuses_new_secrets_and_their_rehearsals",
       {"403 forbidden", "422 invalid", "accepted"},
       quota},
      {"a_policy_refuses_a_creation",
       {"403 forbidden"},
       [](script& on) { policy_on_creation(on, refusal_kind::forbidden); }},
      {"a_policy_may_call_a_creation_invalid",
       {"422 invalid"},
       [](script& on) { policy_on_creation(on, refusal_kind::invalid); }},
      {"a_policy_refuses_a_change", {"403 forbidden", "409 conflict", "labels{other=yes}"}, policy_on_change},
      {"a_policy_refuses_a_deletion_and_a_finalizers_removal",
       {"403 forbidden", "409 conflict"},
       policy_on_deletion},
      {"what_lost_its_owner_is_collected", {"removed"}, owner_deleted},
      {"what_names_an_owner_that_never_was_is_collected", {"removed"}, owner_never_was},
      {"an_owner_is_its_uid_and_not_its_name", {"removed", "u2"}, owner_reused},
      {"one_owner_that_is_left_keeps_its_dependent", {"left one owner", "removed"}, one_owner_left},
      {"an_accounts_secret_is_collected", {"removed"}, account_deleted},
      {"an_owner_that_a_finalizer_holds_keeps_its_dependent", {"get Secret s: s v2", "removed"}, owner_held},
      {"a_dependent_that_a_finalizer_holds_is_marked", {"deleted", "404 not found"}, dependent_held},
      {"a_dependent_that_was_let_go_stays", {"removed", "get Secret s: s"}, let_go},
  };
}

}  // namespace platformer::conformance
