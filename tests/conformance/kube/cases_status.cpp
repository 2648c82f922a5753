// The status subresource: merge patches as the operator writes them, and PUTs.
#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {
namespace {

service_account issued(service_account object, std::string id) {
  object.status.account_id = std::move(id);
  object.status.secret_name = "s";
  return object;
}

template <class T>
T unversioned(T object) {
  object.meta.resource_version.clear();
  return object;
}

void own_life(script& on) {
  const auto bot = on.create(account("bot", "text"));
  const auto first = on.patch_status(bot, issued(bot, "a-1"));
  service_account emptied = first;
  emptied.status = {};
  emptied.status.failures = 2;
  on.patch_status(first, emptied);
}

void nothing_new(script& on) {
  const auto bot = on.create(account("bot"));
  const auto first = on.patch_status(bot, issued(bot, "a-1"));
  on.patch_status(first, first);
  on.patch_status(first, unversioned(first));
  // A PUT writes out what the patch left away, so the first one is a change to the storage.
  const auto connected = on.create(connection("default"));
  const auto put =
      on.put_status(with<console_connection>(connected, [](auto& it) { it.status.organization_id = "o-1"; }));
  on.put_status(put);
}

void stale(script& on) {
  const auto bot = on.create(account("bot"));
  on.patch_status(bot, issued(bot, "a-1"));
  on.patch_status(bot, issued(bot, "a-2"));
  on.put_status(issued(bot, "a-3"));
  on.get(bot);
}

void unconditional(script& on) {
  const auto bot = on.create(account("bot"));
  on.patch_status(bot, unversioned(issued(bot, "a-1")));
  on.put_status(unversioned(issued(bot, "a-2")));
  on.get(bot);
}

void other_uid(script& on) {
  const auto bot = on.create(account("bot"));
  service_account other = issued(bot, "a-1");
  other.meta.uid = "00000000-0000-0000-0000-000000000000";
  on.put_status(other);
  on.patch_status(bot, other);
}

// (With the status as it was, the version would move: the server notes in managedFields, which are not
// modelled, that somebody named a label.)
void touches_metadata(script& on) {
  auto bot = on.create(with<service_account>(account("bot"), [](auto& it) { it.meta.labels["kept"] = "1"; }));
  service_account change = issued(bot, "a-1");
  change.meta.labels["a"] = "b";
  change.meta.annotations["c"] = "d";
  change.meta.finalizers = {"example.com/a"};
  bot = on.patch_status(bot, change);
  change = issued(bot, "a-2");
  change.meta.labels.clear();
  on.put_status(change);
  on.get(bot);
}

void touches_spec(script& on) {
  const auto bot = on.create(account("bot"));
  service_account change = issued(bot, "a-1");
  change.spec.description = "by the wrong way";
  on.patch_status(bot, change);
  on.get(bot);
}

void nothing_there(script& on) {
  on.patch_status(account("bot"), issued(account("bot"), "a-1"));
  on.put_status(issued(account("bot"), "a-1"));
  const auto s = on.create(secret("s"));
  on.put_status(s);
}

void while_deleted(script& on) {
  const auto bot = on.create(
      with<service_account>(account("bot"), [](auto& it) { it.meta.finalizers = {"example.com/a"}; }));
  on.remove(bot);
  const auto marked = on.get(bot);
  service_account change = issued(marked, "a-1");
  change.meta.finalizers.clear();
  on.patch_status(marked, change);
  on.get(bot);
}

void rehearsal(script& on) {
  const auto bot = on.create(account("bot"));
  on.patch_status(bot, issued(bot, "a-1"), run_kind::dry);
  on.get(bot);
}

void conditions(script& on) {
  const auto at = time_point(std::chrono::hours(24 * 365 * 56));
  const auto bot = on.create(account("bot"));
  service_account ready = bot;
  ready.status.conditions = {{"Ready", true, "Issued", "text", 1, at}, {"Stalled", true, "x", "y", 1, at}};
  ready = on.patch_status(bot, ready);
  service_account fewer = ready;
  fewer.status.conditions.pop_back();
  fewer.status.conditions[0].status = false;
  on.patch_status(ready, fewer);
}

void connection_status(script& on) {
  const auto found = on.create(connection("default"));
  console_connection change = found;
  change.status.organization_id = "o-1";
  change = on.patch_status(found, change);
  on.update(with<console_connection>(change, [](auto& it) { it.spec.organization = "other"; }));
}

}  // namespace

std::vector<kube_case> status_cases() {
  return {
      {"a_status_moves_the_version_and_not_the_generation",
       {"v2 u1 generation=1", "account=a-1", "failures=2"},
       own_life},
      {"a_status_that_changes_nothing_keeps_the_version", {"v2 u1", "v4 u2"}, nothing_new},
      {"a_status_at_a_version_that_is_past_conflicts", {"409 conflict", "account=a-1"}, stale},
      {"a_patched_status_needs_no_version_and_a_put_one_does", {"account=a-1", "422 invalid"}, unconditional},
      {"a_uid_is_a_condition_of_a_put_status_and_ignored_in_a_patched_one", {"409 conflict"}, other_uid},
      {"a_status_changes_no_metadata", {"labels{kept=1}", "account=a-2"}, touches_metadata},
      {"a_status_changes_no_spec", {"account=a-1"}, touches_spec},
      {"there_is_no_status_without_an_object_or_in_a_secret", {"404 not found"}, nothing_there},
      {"a_status_can_be_written_while_an_object_goes_and_does_not_free_it",
       {"deleted finalizers[example.com/a] account=a-1"},
       while_deleted},
      {"a_rehearsed_status_persists_nothing", {"(dry run)"}, rehearsal},
      {"conditions_are_replaced_as_a_list", {"Ready=True Stalled=True", "Ready=False"}, conditions},
      {"a_connections_status_is_its_own", {"organizationID=o-1", "generation=2"}, connection_status},
  };
}

}  // namespace platformer::conformance
