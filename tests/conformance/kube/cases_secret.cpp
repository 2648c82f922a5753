// The operator's one way to write a Secret.
#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {
namespace {

secret_write change(const object_meta& seen, std::string_view token) {
  secret_write write = changes(seen);
  write.data["token"] = bytes(token);
  return write;
}

void first_and_next(script& on) {
  secret_write write = writes("s");
  write.data["keep"] = bytes("x");
  write.data["drop"] = bytes("y");
  write.labels = {{"a", "b"}, {"gone", std::nullopt}};
  write.annotations = {{"c", "d"}};
  const auto made = on.write_secret(write);
  secret_write next = change(made, "two");
  next.data["drop"] = nullptr;
  next.data["absent"] = nullptr;
  next.labels = {{"a", std::nullopt}, {"e", "f"}, {"absent", std::nullopt}};
  next.annotations = {{"c", "g"}};
  on.write_secret(next);
  on.get(secret("s"));
}

void never_overwrites(script& on) {
  on.create(secret("s", "theirs"));
  on.write_secret(writes("s", "ours"));
  on.write_secret(writes("s", "ours"), run_kind::dry);
  on.get(secret("s"));
}

void stale(script& on) {
  const auto made = on.write_secret(writes("s"));
  const auto next = on.write_secret(change(made, "two"));
  on.write_secret(change(made, "three"));
  on.write_secret(change(made, "three"), run_kind::dry);
  on.write_secret(change(next, "three"));
}

void other_uid(script& on) {
  auto made = on.write_secret(writes("s"));
  made.uid = "00000000-0000-0000-0000-000000000000";
  on.write_secret(change(made, "two"));
  on.get(secret("s"));
}

void came_back(script& on) {
  const auto made = on.write_secret(writes("s"));
  on.remove(secret("s"));
  on.write_secret(change(made, "two"));
  on.write_secret(writes("s", "again"));
  on.write_secret(change(made, "two"));
  on.get(secret("s"));
}

void nothing_new(script& on) {
  secret_write write = writes("s");
  write.annotations["a"] = "b";
  const auto made = on.write_secret(write);
  secret_write same = change(made, "one");
  same.annotations["a"] = "b";
  on.write_secret(same);
  on.write_secret(changes(made));
}

void rehearsal(script& on) {
  on.write_secret(writes("s"), run_kind::dry);
  const auto made = on.write_secret(writes("s"));
  on.write_secret(change(made, "two"), run_kind::dry);
  on.get(secret("s"));
  on.write_secret(change(made, "two"));
}

void owners(script& on) {
  const auto bot = on.create(account("bot"));
  secret_write write = writes("s");
  write.owners = {{owner(bot)}};
  write.owners->front().controller = true;
  const auto made = on.write_secret(write);
  const auto kept = on.write_secret(change(made, "two"));
  secret_write let_go = changes(kept);
  let_go.owners.emplace();
  on.write_secret(let_go);
}

void two_controllers(script& on) {
  const auto first = on.create(account("first"));
  const auto second = on.create(account("second"));
  secret_write write = writes("s");
  write.owners = {{owner(first), owner(second)}};
  for (auto& each : *write.owners)
    each.controller = true;
  on.write_secret(write);
}

void refused(script& on) {
  const auto made = on.write_secret(writes("s"));
  secret_write write = change(made, std::string(std::size_t{1024} * 1024 + 1, 'x'));
  on.write_secret(write);
  on.write_secret(write, run_kind::dry);
  write = changes(made);
  write.data["a/b"] = bytes("x");
  on.write_secret(write);
  write = changes(made);
  write.labels["a"] = "b c";
  on.write_secret(write);
  on.get(secret("s"));
}

void request_too_large(script& on) {
  const auto made = on.write_secret(writes("s"));
  on.write_secret(change(made, std::string(std::size_t{3} * 1024 * 1024, 'x')));
  on.write_secret(writes("t", std::string(std::size_t{3} * 1024 * 1024, 'x')));
}

void immutable_one(script& on) {
  const auto fixed = on.create(with<secret_content>(secret("s"), [](auto& it) { it.immutable = true; }));
  on.write_secret(change(fixed.meta, "two"));
  on.write_secret(change(fixed.meta, "two"), run_kind::dry);
  on.write_secret(change(fixed.meta, "one"));
  secret_write relabelled = changes(fixed.meta);
  relabelled.labels["a"] = "b";
  on.write_secret(relabelled);
}

void no_text(script& on) {
  const auto made = on.write_secret(writes("s"));
  secret_write write = changes(made);
  write.data["raw"] = bytes("\xff\xfe");
  write.annotations["a"] = "b\xff";
  on.write_secret(write);
  on.get(secret("s"));
  write = changes(made);
  write.labels["a"] = "\xff";
  on.write_secret(write);
}

void keeps_the_rest(script& on) {
  secret_content theirs = secret("s");
  theirs.type = "example.com/other";
  theirs.meta.finalizers = {"example.com/a"};
  const auto made = on.create(theirs);
  on.write_secret(change(made.meta, "two"));
  on.get(theirs);
}

void while_deleted(script& on) {
  const auto made =
      on.create(with<secret_content>(secret("s"), [](auto& it) { it.meta.finalizers = {"example.com/a"}; }));
  on.remove(made);
  const auto marked = on.get(made);
  on.write_secret(change(made.meta, "two"));
  on.write_secret(change(marked.meta, "two"));
  on.write_secret(writes("s", "three"));
  on.get(made);
}

void without_uid(script& on) {
  auto made = on.write_secret(writes("s"));
  made.uid.clear();
  on.write_secret(change(made, "two"));
}

void bad_names(script& on) {
  on.write_secret(writes("Upper"));
  on.write_secret(writes("under_score"), run_kind::dry);
}

}  // namespace

std::vector<kube_case> secret_cases() {
  return {
      {"a_secret_is_written_and_changed_key_by_key",
       {"data{keep=x,token=two}", "labels{e=f}"},
       first_and_next},
      {"a_write_that_creates_never_overwrites", {"409 already exists", "token=theirs"}, never_overwrites},
      {"a_change_at_a_version_that_is_past_conflicts", {"409 conflict"}, stale},
      {"a_change_of_another_uid_is_refused", {"422 invalid"}, other_uid},
      {"a_secret_that_came_back_is_not_the_one_that_was_seen",
       {"404 not found", "409 conflict", "token=again"},
       came_back},
      {"a_write_that_changes_nothing_keeps_the_version", {"s v1"}, nothing_new},
      {"a_rehearsed_write_is_accepted_and_persists_nothing", {"accepted", "token=one"}, rehearsal},
      {"owners_stay_until_they_are_named", {"controller"}, owners},
      {"a_secret_has_one_controller", {"422 invalid"}, two_controllers},
      {"a_change_that_is_not_valid_changes_nothing", {"422 invalid", "token=one"}, refused},
      {"a_request_beyond_3_mib_is_too_large", {"413 too large"}, request_too_large},
      {"an_immutable_secret_refuses_new_data", {"422 invalid", "labels{a=b}"}, immutable_one},
      {"bytes_go_into_data_and_text_into_metadata",
       {"raw=\\xff\\xfe", "a=b\\xef\\xbf\\xbd", "409 conflict"},
       no_text},
      {"a_change_keeps_type_and_finalizers", {"type=example.com/other"}, keeps_the_rest},
      {"a_secret_that_goes_can_be_changed_but_not_created",
       {"409 conflict", "409 already exists"},
       while_deleted},
      {"a_change_may_do_without_a_uid", {"s v2"}, without_uid},
      {"a_secrets_name_is_checked_by_the_server", {"422 invalid"}, bad_names},
  };
}

}  // namespace platformer::conformance
