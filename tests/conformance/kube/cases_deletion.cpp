// DELETE, finalizers and preconditions.
#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {
namespace {

using models::patch_kind;

constexpr const char* nobody = "00000000-0000-0000-0000-000000000000";

template <class T>
T held(T object, std::vector<std::string> finalizers = {"example.com/a"}) {
  object.meta.finalizers = std::move(finalizers);
  return object;
}

void at_once(script& on) {
  for (const auto& each : {on.create(account("bot"))}) {
    on.remove(each);
    on.get(each);
    on.remove(each);
  }
  const auto s = on.create(secret("s"));
  on.remove(s);
  on.remove(s);
  const auto l = on.create(record("l"));
  on.remove(l);
  on.get(l);
}

void conditions(script& on) {
  const auto s = on.create(secret("s"));
  const auto changed = on.update(secret("s", "two"));
  on.remove(s, {nobody, ""});
  on.remove(s, {"", s.meta.resource_version});
  on.remove(s, {s.meta.uid, s.meta.resource_version});
  on.remove(s, {nobody, changed.meta.resource_version});
  on.get(s);
  on.remove(s, {s.meta.uid, changed.meta.resource_version});
  on.remove(s, {s.meta.uid, changed.meta.resource_version});
}

void successor(script& on) {
  const auto first = on.create(secret("s"));
  on.remove(first);
  const auto second = on.create(secret("s", "two"));
  on.remove(first, {first.meta.uid, ""});
  on.get(second);
}

void marks(script& on) {
  const auto bot = on.create(held(account("bot")));
  on.remove(bot);
  const auto marked = on.get(bot);
  on.remove(bot);
  on.remove(bot, {"", bot.meta.resource_version});
  on.remove(bot, {bot.meta.uid, marked.meta.resource_version});
  on.get(bot);
  on.create(account("bot"));
}

void marks_secret(script& on) {
  const auto s = on.create(held(secret("s")));
  on.remove(s);
  on.get(s);
  on.patch(s, with_finalizers({}));
  on.get(s);
}

void last_finalizer(script& on, patch_kind kind) {
  const auto bot = on.create(held(account("bot"), {"example.com/a", "example.com/b"}));
  on.remove(bot);
  on.patch(bot, as(kind, with_finalizers({"example.com/b"})));
  on.patch(bot, as(kind, with_finalizers({})));
  on.get(bot);
  on.patch(bot, as(kind, with_finalizers({})));
}

void last_finalizer_at_version(script& on) {
  const auto bot = on.create(held(account("bot")));
  on.remove(bot);
  // The version from before the mark is past: the operator has to read again.
  on.patch(bot, only_if(with_finalizers({}), {"", bot.meta.resource_version}));
  const auto marked = on.get(bot);
  on.patch(bot, only_if(with_finalizers({}), {"", marked.meta.resource_version}));
  on.get(bot);
}

void by_put(script& on) {
  const auto bot = on.create(held(account("bot")));
  on.remove(bot);
  auto marked = on.get(bot);
  marked.meta.deleted.reset();
  marked.spec.description = "back again";
  marked = on.update(marked);
  marked.meta.finalizers.clear();
  on.update(marked);
  on.get(bot);
}

void no_new_finalizer(script& on) {
  const auto bot = on.create(held(account("bot"), {"example.com/a", "example.com/b"}));
  on.remove(bot);
  on.patch(bot, with_finalizers({"example.com/a", "example.com/b", "example.com/c"}));
  on.patch(bot, with_finalizers({"example.com/c"}));
  on.patch(bot, as(patch_kind::json, with_finalizers({"example.com/a", "example.com/c"})));
  on.patch(bot, with_finalizers({"example.com/b", "example.com/a"}));
  on.patch(bot, annotated("a", "b"));
  on.patch(bot, with_finalizers({"example.com/b"}));
  on.patch(bot, with_finalizers({"example.com/a", "example.com/b"}));
}

void rehearsal(script& on) {
  const auto bot = on.create(held(account("bot")));
  const auto s = on.create(secret("s"));
  on.remove(bot, {}, run_kind::dry);
  on.remove(s, {}, run_kind::dry);
  on.remove(s, {nobody, ""}, run_kind::dry);
  on.remove(secret("absent"), {}, run_kind::dry);
  on.get(bot);
  on.get(s);
  on.remove(bot);
  on.patch(bot, with_finalizers({}), run_kind::dry);
  on.get(bot);
}

void generation_once(script& on) {
  const auto bot = on.create(held(account("bot")));
  on.update(with<service_account>(bot, [](auto& it) { it.spec.suspend = true; }));
  on.remove(bot);
  on.remove(bot);
  const auto marked = on.get(bot);
  on.update(with<service_account>(marked, [](auto& it) { it.spec.suspend = false; }));
}

void finalizer_gone_before(script& on) {
  const auto bot = on.create(held(account("bot")));
  on.patch(bot, with_finalizers({}));
  on.get(bot);
  on.remove(bot);
  on.get(bot);
}

void connection_held(script& on) {
  const auto found = on.create(held(connection("default")));
  on.remove(found);
  on.get(found);
  on.patch(found, with_finalizers({}));
  on.create(connection("default"));
}

}  // namespace

std::vector<kube_case> deletion_cases() {
  return {
      {"without_finalizers_an_object_goes_at_once", {"done", "404 not found"}, at_once},
      {"a_deletion_holds_to_its_preconditions", {"409 conflict", "done", "404 not found"}, conditions},
      {"a_deletion_of_a_uid_spares_its_successor", {"409 conflict", "data{token=two}"}, successor},
      {"a_finalizer_turns_a_deletion_into_a_mark",
       {"generation=2 created deleted", "409 already exists"},
       marks},
      {"a_marked_secret_has_no_generation", {"created deleted", "404 not found"}, marks_secret},
      {"the_last_finalizer_goes_by_a_merge_patch",
       {"404 not found"},
       [](script& on) { last_finalizer(on, patch_kind::merge); }},
      {"the_last_finalizer_goes_by_a_json_patch",
       {"404 not found"},
       [](script& on) { last_finalizer(on, patch_kind::json); }},
      {"a_strategic_patch_takes_no_finalizer_away",
       {"created deleted finalizers[example.com/a]"},
       [](script& on) {
         const auto s = on.create(held(secret("s")));
         on.remove(s);
         on.patch(s, as(patch_kind::strategic, with_finalizers({})));
         on.get(s);
       }},
      {"the_last_finalizer_goes_at_the_marks_version",
       {"409 conflict", "404 not found"},
       last_finalizer_at_version},
      {"a_put_takes_no_deletion_back_and_may_end_it", {"deleted", "404 not found"}, by_put},
      {"a_marked_object_gets_no_new_finalizer",
       {"422 invalid", "finalizers[example.com/b]"},
       no_new_finalizer},
      {"a_rehearsed_deletion_deletes_nothing",
       {"(dry run): done", "409 conflict", "404 not found"},
       rehearsal},
      {"a_mark_counts_as_one_change_of_the_spec", {"generation=3", "generation=4"}, generation_once},
      {"a_finalizer_that_left_in_time_holds_nothing", {"404 not found"}, finalizer_gone_before},
      {"a_connection_is_held_like_an_account", {"deleted", "u2 generation=1"}, connection_held},
  };
}

}  // namespace platformer::conformance
