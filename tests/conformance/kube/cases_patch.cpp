// Patches of metadata in their three kinds.
#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {
namespace {

using models::patch_kind;

constexpr const char* nobody = "00000000-0000-0000-0000-000000000000";

service_account full_account() {
  service_account made = account("bot");
  made.meta.finalizers = {"example.com/a", "example.com/b"};
  made.meta.annotations = {{"keep", "1"}, {"drop", "2"}};
  made.meta.labels = {{"keep", "1"}, {"drop", "2"}};
  return made;
}

secret_content full_secret() {
  secret_content made = secret("s");
  made.meta = full_account().meta;
  made.meta.name = "s";
  return made;
}

// What each kind makes of the same wishes, on a custom resource and on a built-in object.
void each_kind(script& on, patch_kind kind, const metadata_patch& patch) {
  const auto bot = on.create(full_account());
  const auto s = on.create(full_secret());
  on.patch(bot, as(kind, patch));
  on.patch(s, as(kind, patch));
}

struct wish_row {
  const char* name;
  metadata_patch patch;
};

std::vector<wish_row> wishes() {
  metadata_patch mixed = with_finalizers({"example.com/c"});
  mixed.annotations = {{"drop", std::nullopt}, {"example.com/add", "3"}};
  mixed.labels = {{"drop", std::nullopt}, {"add", "3"}};
  metadata_patch changed = annotated("keep", "9");
  return {
      {"adds_and_removes", mixed},
      {"changes_one_annotation", changed},
      {"takes_a_finalizer_away", with_finalizers({"example.com/b"})},
      {"empties_the_finalizers", with_finalizers({})},
      {"turns_the_finalizers_round", with_finalizers({"example.com/b", "example.com/a"})},
      {"removes_an_annotation_that_is_not_there", annotated("absent", std::nullopt)},
      {"says_what_is_so_already", annotated("keep", "1")},
      {"asks_for_a_bad_label", labelled("a", "b c")},
      {"asks_for_a_bad_finalizer", with_finalizers({"a/b/c"})},
  };
}

void add_wishes(std::vector<kube_case>& cases) {
  static constexpr std::pair<patch_kind, const char*> kinds[] = {
      {patch_kind::merge, "merge"}, {patch_kind::strategic, "strategic"}, {patch_kind::json, "json"}};
  for (const auto& [kind, word] : kinds)
    for (const wish_row& row : wishes())
      cases.push_back({std::string("a_") + word + "_patch_that_" + row.name,
                       {" patch "},
                       [kind = kind, row](script& on) { each_kind(on, kind, row.patch); }});
}

void nothing_to_add_to(script& on) {
  const auto bot = on.create(account("bot"));
  on.patch(bot, as(patch_kind::json, annotated("a", "b")));
  on.patch(bot, as(patch_kind::json, labelled("a", "b")));
  on.patch(bot, annotated("a", "b"));
  on.patch(bot, as(patch_kind::json, annotated("example.com/c", "d")));
  on.patch(bot, as(patch_kind::json, annotated("a", std::nullopt)));
  on.patch(bot, as(patch_kind::json, annotated("example.com/c", std::nullopt)));
  on.patch(bot, as(patch_kind::json, annotated("a", "b")));
  on.patch(bot, as(patch_kind::json, with_finalizers({"example.com/a"})));
}

void conditions_of(script& on, patch_kind kind) {
  const auto s = on.create(full_secret());
  const auto again = on.patch(s, annotated("x", "1"));
  const std::string past = s.meta.resource_version;
  const std::string now = again.meta.resource_version;
  const auto ask = [&](std::string value, preconditions asked) {
    on.patch(s, only_if(as(kind, annotated("x", std::move(value))), std::move(asked)));
  };
  ask("2", {"", past});
  ask("3", {nobody, ""});
  ask("4", {nobody, past});
  ask("5", {nobody, now});
  ask("6", {s.meta.uid, past});
  ask("7", {s.meta.uid, now});
  ask("8", {s.meta.uid, ""});
}

void conditions_of_custom(script& on) {
  const std::string past = past_version(on);
  const auto bot = on.create(full_account());
  on.patch(bot, only_if(annotated("x", "1"), {"", past}));
  on.patch(bot, only_if(annotated("x", "1"), {nobody, ""}));
  const auto changed = on.patch(bot, only_if(annotated("x", "1"), {bot.meta.uid, bot.meta.resource_version}));
  // The operator's own: everything as it is, at a version that is past.
  on.patch(bot, only_if(annotated("x", "1"), {"", bot.meta.resource_version}));
  on.patch(bot, only_if(as(patch_kind::json, annotated("x", "2")), {"", bot.meta.resource_version}));
  on.patch(bot, only_if(as(patch_kind::json, annotated("x", "2")), {"", changed.meta.resource_version}));
}

void owners(script& on, patch_kind kind) {
  const auto first = on.create(secret("first"));
  const auto second = on.create(secret("second"));
  const auto s =
      on.create(with<secret_content>(secret("s"), [&](auto& it) { it.meta.owners = {owner(first)}; }));
  metadata_patch patch;
  patch.kind = kind;
  patch.owners = {owner(second)};
  on.patch(s, patch);
  patch.owners = {owner(first)};
  patch.owners->front().controller = true;
  on.patch(s, patch);
  patch.owners = {{"v1", "Secret", "x", "", false, false}};
  on.patch(s, patch);
}

void nothing_there(script& on) {
  for (const patch_kind kind : {patch_kind::merge, patch_kind::strategic, patch_kind::json}) {
    on.patch(account("bot"), as(kind, annotated("a", "b")));
    on.patch(secret("s"), as(kind, annotated("a", "b")));
    on.patch(record("l"), as(kind, annotated("a", "b")));
    on.patch(secret("s"), only_if(as(kind, annotated("a", "b")), {nobody, "1"}));
  }
}

void rehearsal(script& on) {
  const std::string past = past_version(on);
  const auto bot = on.create(account("bot"));
  on.patch(bot, annotated("a", "b"), run_kind::dry);
  on.patch(bot, only_if(annotated("a", "b"), {"", past}), run_kind::dry);
  on.patch(bot, with_finalizers({"a/b/c"}), run_kind::dry);
  on.get(bot);
}

void intent(script& on) {
  // As the operator notes an operation: finalizers as a whole, one annotation, at a version.
  const auto bot =
      on.create(with<service_account>(account("bot"), [](auto& it) { it.meta.annotations["mine"] = "x"; }));
  metadata_patch patch =
      only_if(with_finalizers({"console.platformer.com/finalizer"}), {"", bot.meta.resource_version});
  patch.annotations = {{"console.platformer.com/operation", R"({"id":"1","kind":"create"})"}};
  on.patch(bot, patch);
  on.patch(bot, patch);
  on.get(bot);
}

void race(script& on) {
  // Two replicas patch what they both saw: one of them learns that its view is past.
  const auto seen = on.create(account("bot"));
  on.patch(seen, only_if(annotated("by", "first"), {"", seen.meta.resource_version}));
  on.patch(seen, only_if(annotated("by", "second"), {"", seen.meta.resource_version}));
  on.get(seen);
}

void lease_metadata(script& on) {
  const auto l = on.create(record("l"));
  on.patch(l, annotated("a", "b"));
  on.update(l);
}

}  // namespace

std::vector<kube_case> patch_cases() {
  std::vector<kube_case> cases = {
      {"a_json_patch_needs_what_it_adds_to_or_removes",
       {"422 invalid", "annotations{a=b"},
       nothing_to_add_to},
      {"conditions_of_a_merge_patch",
       {"409 conflict", "422 invalid", "x=8"},
       [](script& on) { conditions_of(on, patch_kind::merge); }},
      {"conditions_of_a_strategic_patch",
       {"409 conflict", "422 invalid", "x=8"},
       [](script& on) { conditions_of(on, patch_kind::strategic); }},
      {"tests_of_a_json_patch",
       {"422 invalid", "x=8"},
       [](script& on) { conditions_of(on, patch_kind::json); }},
      {"conditions_of_a_custom_resources_patch", {"409 conflict", "422 invalid"}, conditions_of_custom},
      {"a_merge_patch_replaces_the_owners",
       {"owners[Secret/second u2]", "422 invalid"},
       [](script& on) { owners(on, patch_kind::merge); }},
      {"a_strategic_patch_merges_the_owners_by_uid",
       {"owners[Secret/second u2,Secret/first u1 controller]"},
       [](script& on) { owners(on, patch_kind::strategic); }},
      {"a_json_patch_replaces_the_owners",
       {"owners[Secret/second u2]"},
       [](script& on) { owners(on, patch_kind::json); }},
      {"there_is_nothing_to_patch_in_what_is_not_there", {"404 not found"}, nothing_there},
      {"a_rehearsed_patch_persists_nothing", {"annotations{a=b}"}, rehearsal},
      {"an_intent_is_noted_once_at_a_version", {"console.platformer.com/operation=", "409 conflict"}, intent},
      {"one_of_two_patches_at_one_version_wins", {"annotations{by=first}", "409 conflict"}, race},
      {"a_patch_of_a_lease_makes_its_version_past", {"409 conflict"}, lease_metadata},
  };
  add_wishes(cases);
  return cases;
}

}  // namespace platformer::conformance
