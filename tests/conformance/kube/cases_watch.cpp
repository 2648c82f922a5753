// Watches: which events, in which order, with which object.
#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {
namespace {

template <class T>
T held(T object) {
  object.meta.finalizers = {"example.com/a"};
  return object;
}

selection labelled_with(std::string selector, bool metadata_only = false) {
  selection which;
  which.label_selector = std::move(selector);
  which.metadata_only = metadata_only;
  return which;
}

// An object of the kind, made before everything that a watch is to see.
std::string now(script& on) {
  return on.create(record("before")).meta.resource_version;
}

void one_life(script& on) {
  const auto since = now(on);
  auto bot = on.create(account("bot"));
  bot = on.patch(bot, annotated("a", "b"));
  bot = on.update(with<service_account>(bot, [](auto& it) { it.spec.suspend = true; }));
  on.remove(bot);
  on.watch(kube_kind::service_account, since);
}

void since_each(script& on) {
  const auto s = on.create(secret("s"));
  const auto second = on.update(secret("s", "two"));
  on.update(secret("s", "three"));
  on.watch(kube_kind::secret, second.meta.resource_version);
}

void nothing_since(script& on) {
  const auto s = on.create(secret("s"));
  on.watch(kube_kind::secret, s.meta.resource_version);
}

void no_event(script& on) {
  const auto bot = on.create(account("bot"));
  on.update(bot);
  on.patch(bot, annotated("absent", std::nullopt));
  on.patch_status(bot, bot);
  on.patch(bot, annotated("a", "b"), run_kind::dry);
  on.update(with<service_account>(bot, [](auto& it) { it.spec.suspend = true; }), run_kind::dry);
  on.remove(bot, {}, run_kind::dry);
  on.create(account("other"), run_kind::dry);
  on.watch(kube_kind::service_account, bot.meta.resource_version);
}

void selector_transitions(script& on, bool metadata_only) {
  const auto since = now(on);
  auto s = on.create(secret("s"));
  on.patch(s, labelled("team", "red"));
  on.patch(s, annotated("a", "b"));
  on.patch(s, labelled("team", "blue"));
  on.patch(s, annotated("a", "c"));
  on.patch(s, labelled("team", "red"));
  on.patch(s, labelled("team", std::nullopt));
  on.create(with<secret_content>(secret("t"), [](auto& it) { it.meta.labels["team"] = "red"; }));
  on.remove(secret("t"));
  on.remove(s);
  on.watch(kube_kind::secret, since, labelled_with("team=red", metadata_only));
}

void custom_transitions(script& on) {
  const auto since = now(on);
  const auto bot = on.create(account("bot"));
  on.patch(bot, labelled("team", "red"));
  on.patch(bot, labelled("team", std::nullopt));
  on.watch(kube_kind::service_account, since, labelled_with("team=red"));
}

void finalizers(script& on) {
  const auto since = now(on);
  const auto bot = on.create(held(account("bot")));
  on.remove(bot);
  on.patch_status(bot, with<service_account>(bot, [](auto& it) {
                    it.meta.resource_version.clear();
                    it.status.failures = 1;
                  }));
  on.patch(bot, with_finalizers({}));
  on.watch(kube_kind::service_account, since);
}

void same_name(script& on) {
  const auto since = now(on);
  const auto s = on.create(secret("s"));
  on.remove(s);
  on.create(secret("s", "two"));
  on.watch(kube_kind::secret, since);
}

void kinds_apart(script& on) {
  const auto since = now(on);
  on.create(secret("s"));
  on.create(account("bot"));
  on.create(connection("default"));
  on.watch(kube_kind::console_connection, since);
  on.watch(kube_kind::secret, since);
}

void metadata_only(script& on) {
  const auto since = now(on);
  const auto s = on.create(secret("s"));
  on.update(secret("s", "two"));
  on.remove(s);
  on.watch(kube_kind::secret, since, labelled_with("", true));
}

void too_old(script& on) {
  const auto bot = on.create(account("bot"));
  on.patch(bot, annotated("a", "b"));
  on.create(connection("default"));
  on.watch(kube_kind::service_account, on.port().ancient_version(kube_kind::service_account));
  on.watch(kube_kind::console_connection, on.port().ancient_version(kube_kind::console_connection));
}

void initial(script& on) {
  on.create(secret("b"));
  on.create(secret("a"));
  on.create(with<secret_content>(secret("c"), [](auto& it) { it.meta.labels["team"] = "red"; }));
  on.initial_events(kube_kind::secret);
  on.initial_events(kube_kind::secret, labelled_with("team=red", true));
  on.initial_events(kube_kind::service_account);
}

void quiet(script& on) {
  const auto s = on.create(secret("s"));
  on.bookmark(kube_kind::secret, s.meta.resource_version);
}

void secret_writes(script& on) {
  const auto since = now(on);
  const auto made = on.write_secret(writes("s"));
  secret_write change = changes(made);
  change.data["token"] = bytes("two");
  on.write_secret(change, run_kind::dry);
  on.write_secret(change);
  on.write_secret(change);
  on.watch(kube_kind::secret, since);
}

void lease_race(script& on) {
  const lease seen = on.create(record("l", "dead"));
  on.update(with<lease>(seen, [](auto& it) { it.spec.holder = "first"; }));
  on.update(with<lease>(seen, [](auto& it) { it.spec.holder = "second"; }));
  on.watch(kube_kind::lease, seen.meta.resource_version);
}

void refused(script& on) {
  const auto since = now(on);
  const auto s = on.create(secret("s"));
  on.create(secret("s"));
  on.update(with<secret_content>(secret("s"), [](auto& it) { it.type = "example.com/other"; }));
  on.remove(s, {"00000000-0000-0000-0000-000000000000", ""});
  on.watch(kube_kind::secret, since);
}

}  // namespace

std::vector<kube_case> watch_cases() {
  return {
      {"a_watch_tells_a_life_in_order", {"4 events", "DELETED"}, one_life},
      {"a_watch_begins_after_its_version", {"1 events", "token=three"}, since_each},
      {"a_watch_of_the_latest_version_tells_nothing", {"0 events"}, nothing_since},
      {"what_changes_nothing_makes_no_event", {"0 events"}, no_event},
      {"labels_bring_objects_into_a_watch_and_out_of_it",
       {"7 events", "ADDED s", "DELETED t"},
       [](script& on) { selector_transitions(on, false); }},
      {"labels_do_the_same_in_a_watch_of_metadata",
       {"7 events"},
       [](script& on) { selector_transitions(on, true); }},
      {"labels_bring_custom_resources_into_a_watch_and_out_of_it", {"2 events"}, custom_transitions},
      {"a_deletion_shows_the_last_stored_state", {"DELETED bot", "finalizers[example.com/a]"}, finalizers},
      {"a_name_that_is_used_again_is_deleted_and_added", {"3 events"}, same_name},
      {"a_watch_tells_of_its_kind_only", {"1 events"}, kinds_apart},
      {"a_watch_of_metadata_has_nothing_else", {"3 events"}, metadata_only},
      {"a_version_that_is_too_old_is_gone", {"410 gone"}, too_old},
      {"a_streaming_list_ends_with_a_bookmark", {"4 events", "BOOKMARK", "1 events"}, initial},
      {"a_quiet_watch_gets_a_bookmark", {"BOOKMARK"}, quiet},
      {"a_rehearsed_or_refused_write_makes_no_event", {"2 events"}, secret_writes},
      {"a_watch_of_a_lease_tells_who_won", {"1 events", "holder=first"}, lease_race},
      {"what_is_refused_makes_no_event", {"1 events"}, refused},
  };
}

}  // namespace platformer::conformance
