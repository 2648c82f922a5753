// PUT: conditions, what it replaces and what it leaves.
#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {
namespace {

service_account described(service_account object, std::string text) {
  object.spec.description = std::move(text);
  return object;
}

template <class T>
T unversioned(T object) {
  object.meta.resource_version.clear();
  return object;
}

template <class T>
T bare(T object) {
  object.meta.resource_version.clear();
  object.meta.uid.clear();
  return object;
}

void custom_without_version(script& on) {
  const auto bot = on.create(account("bot"));
  on.update(described(unversioned(bot), "new"));
  on.update(described(bare(bot), "new"));
  on.update(unversioned(on.create(connection("default"))));
}

void custom_stale(script& on) {
  const auto first = on.create(account("bot"));
  const auto second = on.update(described(first, "second"));
  on.update(described(first, "third"));
  // Stale, although it would change nothing.
  on.update(with<service_account>(second,
                                  [&](auto& it) { it.meta.resource_version = first.meta.resource_version; }));
  on.update(described(second, "third"));
}

void secret_overwrites(script& on) {
  secret_content first = secret("s", "one");
  first.data["other"] = {bytes("x"), {}};
  first.meta.labels["a"] = "b";
  first.meta.annotations["c"] = "d";
  first.meta.finalizers = {"example.com/a"};
  on.create(first);
  on.update(secret("s", "two"));
  on.get(first);
}

void secret_stale(script& on) {
  const auto first = on.create(secret("s", "one"));
  on.update(secret("s", "two"));
  on.update(first);
  on.get(first);
}

void uid_condition(script& on) {
  const auto bot = on.create(account("bot"));
  const auto s = on.create(secret("s"));
  const auto other = [](auto object) {
    object.meta.uid = "00000000-0000-0000-0000-000000000000";
    return object;
  };
  on.update(other(described(bot, "new")));
  on.update(other(unversioned(s)));
  on.update(unversioned(s));
  on.update(other(secret("absent")));
  on.update(secret("absent"));
  on.update(other(record("absent")));
  on.update(account("absent"));
}

void nothing_new(script& on) {
  const auto bot = on.create(account("bot", "text"));
  on.update(bot);
  const auto s = on.create(secret("s"));
  on.update(secret("s"));
  on.update(s);
  const auto l = on.create(record("l"));
  on.update(l);
}

void generations(script& on) {
  auto bot = on.create(account("bot"));
  bot = on.update(described(bot, "text"));
  bot = on.update(with<service_account>(bot, [](auto& it) { it.meta.labels["a"] = "b"; }));
  bot = on.update(with<service_account>(bot, [](auto& it) { it.meta.generation = 40; }));
  bot = on.update(with<service_account>(bot, [](auto& it) {
    it.spec.suspend = true;
    it.meta.annotations["c"] = "d";
  }));
  auto s = on.create(secret("s"));
  on.update(secret("s", "two"));
}

void status_ignored(script& on) {
  auto bot = on.create(account("bot"));
  bot = on.patch_status(bot, with<service_account>(bot, [](auto& it) { it.status.account_id = "a-1"; }));
  bot = on.update(with<service_account>(bot, [](auto& it) { it.status.account_id = "forged"; }));
  bot = on.update(with<service_account>(described(bot, "new"), [](auto& it) { it.status = {}; }));
  on.get(bot);
}

void system_fields(script& on) {
  auto bot = on.create(account("bot"));
  bot.meta.created -= std::chrono::hours(24);
  bot.meta.generation = 0;
  bot = on.update(described(bot, "new"));
  bot.meta.deleted = bot.meta.created;
  on.update(described(bot, "newer"));
}

void replaced_as_a_whole(script& on) {
  service_account full = account("bot");
  full.meta.finalizers = {"example.com/a"};
  full.meta.annotations = {{"intent", "x"}};
  full.meta.labels = {{"a", "b"}};
  full = on.create(full);
  service_account plain = account("bot");
  plain.meta.resource_version = full.meta.resource_version;
  on.update(plain);
}

void rehearsal(script& on) {
  const auto bot = on.create(account("bot"));
  on.update(described(bot, "new"), run_kind::dry);
  on.update(described(unversioned(bot), "new"), run_kind::dry);
  const auto s = on.create(secret("s"));
  on.update(secret("s", "two"), run_kind::dry);
  on.get(bot);
  on.get(s);
}

void fixed_fields(script& on) {
  const auto bot = on.create(account("bot"));
  on.update(with<service_account>(bot, [](auto& it) { it.spec.connection = "other"; }));
  on.update(with<service_account>(bot, [](auto& it) { it.spec.project = "shop"; }));
  on.update(with<service_account>(bot, [](auto& it) { it.spec.account_name = "other"; }));
  on.get(bot);
}

void secret_type(script& on) {
  const auto other =
      on.create(with<secret_content>(secret("s"), [](auto& it) { it.type = "example.com/other"; }));
  on.update(with<secret_content>(other, [](auto& it) { it.type = "Opaque"; }));
  on.update(with<secret_content>(other, [](auto& it) { it.type.clear(); }));
}

void immutable_secret(script& on) {
  const auto fixed = on.create(with<secret_content>(secret("s"), [](auto& it) { it.immutable = true; }));
  on.update(with<secret_content>(fixed, [](auto& it) { it.data["token"] = {bytes("two"), {}}; }));
  on.update(with<secret_content>(fixed, [](auto& it) { it.data["more"] = {bytes("x"), {}}; }));
  on.update(with<secret_content>(fixed, [](auto& it) { it.immutable = false; }));
  on.update(with<secret_content>(fixed, [](auto& it) { it.meta.labels["a"] = "b"; }));
  on.remove(fixed);
}

void becomes_immutable(script& on) {
  const auto s = on.create(secret("s"));
  const auto fixed = on.update(with<secret_content>(s, [](auto& it) { it.immutable = true; }));
  on.update(with<secret_content>(fixed, [](auto& it) { it.data.clear(); }));
}

void lease_conflicts(script& on) {
  const lease first = on.create(record("l", "me"));
  lease mine = first;
  mine.spec.renewed_at = time_point(std::chrono::hours(24 * 365 * 56));
  mine = on.update(mine);
  lease yours = first;
  yours.spec.holder = "you";
  on.update(yours);
  on.update(unversioned(yours));
  yours.meta.resource_version = mine.meta.resource_version;
  yours.spec.transitions = 1;
  yours = on.update(yours);
  yours.spec.holder.clear();
  on.update(yours);
  on.update(mine);
}

void lease_by_put(script& on) {
  on.update(record("l", "me"));
  on.update(record("l", "you"));
  on.update(with<lease>(record("m"), [](auto& it) { it.meta.resource_version = "1"; }));
  on.update(record("n"), run_kind::dry);
  on.get(record("n"));
}

void lease_values(script& on) {
  const auto l = on.create(record("l"));
  on.update(with<lease>(l, [](auto& it) { it.spec.lease_duration = duration{0}; }));
  on.update(with<lease>(l, [](auto& it) { it.spec.transitions = -1; }));
}

void lease_taken_twice(script& on) {
  // Two replicas see the same expired record; the storage lets one of them through.
  const lease seen = on.create(record("l", "dead"));
  on.update(with<lease>(seen, [](auto& it) { it.spec.holder = "first"; }));
  on.update(with<lease>(seen, [](auto& it) { it.spec.holder = "second"; }));
  on.get(seen);
}

}  // namespace

std::vector<kube_case> update_cases() {
  return {
      {"a_put_of_a_custom_resource_needs_a_version", {"422 invalid"}, custom_without_version},
      {"a_put_at_a_version_that_is_past_conflicts", {"409 conflict"}, custom_stale},
      {"a_put_of_a_secret_without_a_version_overwrites_all_of_it", {"data{token=two}"}, secret_overwrites},
      {"a_put_of_a_secret_at_a_version_that_is_past_conflicts",
       {"409 conflict", "data{token=two}"},
       secret_stale},
      {"a_uid_in_a_put_is_a_condition_even_for_what_is_not_there",
       {"409 conflict", "404 not found"},
       uid_condition},
      {"a_put_that_changes_nothing_keeps_the_version", {"bot v1", "s v2", "l v3"}, nothing_new},
      {"a_generation_counts_changes_of_the_spec_only", {"v3 u1 generation=2", "generation=3"}, generations},
      {"a_put_leaves_the_status", {"account=a-1"}, status_ignored},
      {"a_put_changes_no_system_field", {"generation=2 created description", "422 invalid"}, system_fields},
      {"a_put_drops_what_it_does_not_name", {"v2 u1 generation=1 created"}, replaced_as_a_whole},
      {"a_rehearsed_put_persists_nothing", {"description=new", "data{token=two}"}, rehearsal},
      {"the_crds_immutable_fields_stay", {"422 invalid"}, fixed_fields},
      {"a_secrets_type_stays", {"422 invalid"}, secret_type},
      {"an_immutable_secret_changes_its_metadata_only",
       {"422 invalid", "labels{a=b}", "done"},
       immutable_secret},
      {"a_secret_becomes_immutable_for_good", {"immutable", "422 invalid"}, becomes_immutable},
      {"a_lease_is_changed_at_its_version_only",
       {"409 conflict", "422 invalid", "transitions=1"},
       lease_conflicts},
      {"a_lease_is_created_by_a_put", {"l v1", "404 not found"}, lease_by_put},
      {"a_lease_keeps_a_duration_and_a_count", {"422 invalid"}, lease_values},
      {"a_lease_is_taken_by_one_of_two", {"holder=first", "409 conflict"}, lease_taken_twice},
  };
}

}  // namespace platformer::conformance
