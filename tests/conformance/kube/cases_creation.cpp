// POST: what the server assigns, ignores and refuses.
#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {
namespace {

using models::meta_of;

constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

// One object each, spoilt in one way.
struct refused_row {
  const char* name;
  std::function<void(object_meta&)> spoil;
};

std::vector<refused_row> refused_metadata() {
  return {
      {"a_name_in_upper_case", [](object_meta& meta) { meta.name = "Bot"; }},
      {"a_name_with_an_underscore", [](object_meta& meta) { meta.name = "a_b"; }},
      {"a_name_with_an_empty_part", [](object_meta& meta) { meta.name = "a..b"; }},
      {"a_name_that_begins_with_a_hyphen", [](object_meta& meta) { meta.name = "-a"; }},
      {"a_name_of_254_characters", [](object_meta& meta) { meta.name = std::string(254, 'a'); }},
      {"a_label_with_a_blank_in_its_value", [](object_meta& meta) { meta.labels["a"] = "b c"; }},
      {"a_label_of_64_characters", [](object_meta& meta) { meta.labels["a"] = std::string(64, 'a'); }},
      {"a_label_key_that_ends_with_a_dot", [](object_meta& meta) { meta.labels["a."] = "b"; }},
      {"a_label_key_with_a_prefix_in_upper_case",
       [](object_meta& meta) { meta.labels["Example.com/a"] = "b"; }},
      {"a_label_that_is_no_text", [](object_meta& meta) { meta.labels["a"] = "b\xff"; }},
      {"an_annotation_key_with_a_blank", [](object_meta& meta) { meta.annotations["a b"] = "c"; }},
      {"annotations_of_more_than_256_kib",
       [](object_meta& meta) { meta.annotations["a"] = std::string(mebibyte / 4, 'x'); }},
      {"a_finalizer_with_two_slashes", [](object_meta& meta) { meta.finalizers = {"a/b/c"}; }},
      {"an_owner_without_a_uid",
       [](object_meta& meta) {
         meta.owners = {{"v1", "Secret", "o", "", false, false}};
       }},
      {"two_controllers",
       [](object_meta& meta) {
         meta.owners = {{"v1", "Secret", "o", "1", true, false}, {"v1", "Secret", "p", "2", true, false}};
       }},
  };
}

void add_refused(std::vector<kube_case>& cases) {
  for (const refused_row& row : refused_metadata())
    cases.push_back({std::string("creation_refuses_") + row.name, {"422 invalid"}, [row](script& on) {
                       for (kube_object object : {kube_object(account("bot")), kube_object(secret("bot"))}) {
                         row.spoil(meta_of(object));
                         std::visit([&](const auto& each) { on.create(each); }, object);
                       }
                     }});
  for (const char* key : {"", ".", "..a", "a/b", "a b"})
    cases.push_back({"creation_refuses_the_data_key_number_" + std::to_string(cases.size()),
                     {"422 invalid"},
                     [key](script& on) {
                       secret_content content = secret("s");
                       content.data[key] = {bytes("x"), {}};
                       on.create(content);
                     }});
}

void system_fields(script& on) {
  on.create(account("bot", "text"));
  on.create(connection("default"));
  on.create(secret("s"));
  on.create(record("l"));
  on.get(account("bot"));
}

void forged_fields(script& on) {
  service_account forged = account("bot");
  forged.meta.uid = "forged";
  forged.meta.generation = 7;
  forged.meta.created = time_point(std::chrono::hours(1));
  forged.meta.deleted = forged.meta.created;
  forged.status.account_id = "forged";
  on.create(forged);
  secret_content content = secret("s");
  content.meta.uid = "forged";
  content.meta.generation = 7;
  on.create(content);
}

void same_name(script& on) {
  on.create(account("bot"));
  on.create(account("bot", "another"));
  on.create(account("bot"), run_kind::dry);
  on.create(secret("bot"));
  on.create(secret("bot"));
  on.get(account("bot"));
}

void name_again(script& on) {
  const auto first = on.create(account("bot"));
  on.update(with<service_account>(first, [](auto& it) { it.spec.suspend = true; }));
  on.remove(first);
  on.create(account("bot"));
}

void rehearsal(script& on) {
  on.create(account("bot"), run_kind::dry);
  on.create(secret("s"), run_kind::dry);
  on.create(record("l"), run_kind::dry);
  on.get(account("bot"));
  on.get(secret("s"));
  on.create(account("Bot"), run_kind::dry);
  on.list(kube_kind::secret);
}

void everything_kept(script& on) {
  const auto holder = on.create(secret("holder"));
  service_account full = account("bot");
  full.meta.finalizers = {"example.com/b", "example.com/a"};
  full.meta.labels = {{"empty", ""}, {"example.com/team", "Red_1.x"}};
  full.meta.annotations = {{"Example.com/Any", "line\nbreak"}, {"empty", ""}};
  full.meta.owners = {owner(holder)};
  full.meta.owners[0].block_owner_deletion = true;
  on.create(full);
  on.get(full);
}

void with_version(script& on) {
  on.create(with<service_account>(account("bot"), [](auto& it) { it.meta.resource_version = "1"; }));
  on.create(with<secret_content>(secret("s"), [](auto& it) { it.meta.resource_version = "1"; }));
}

void secret_types(script& on) {
  on.create(with<secret_content>(secret("plain"), [](auto& it) { it.type.clear(); }));
  on.create(with<secret_content>(secret("other"), [](auto& it) { it.type = "example.com/other"; }));
  on.create(with<secret_content>(secret("fixed"), [](auto& it) { it.immutable = true; }));
  on.create(with<secret_content>(secret("none"), [](auto& it) { it.data.clear(); }));
}

void any_bytes(script& on) {
  secret_content content = secret("s", std::string_view("\x00\xff\xfe\n", 4));
  content.data["empty"] = {bytes(""), {}};
  on.create(content);
  on.get(content);
}

void no_text(script& on) {
  service_account account_ = account("bot");
  account_.meta.annotations["a"] = "caf\xc3\xa9 \xff end";
  on.create(account_);
  on.get(account_);
}

void sizes(script& on) {
  on.create(secret("most", std::string(mebibyte, 'x')));
  on.create(secret("more", std::string(mebibyte + 1, 'x')));
  secret_content two = secret("two", std::string(mebibyte, 'x'));
  two.data["other"] = {bytes("y"), {}};
  on.create(two, run_kind::dry);
  on.create(secret("far-more", std::string(3 * mebibyte, 'x')));
}

void lease_values(script& on) {
  on.create(with<lease>(record("l"), [](auto& it) { it.spec.lease_duration = duration{0}; }));
  on.create(with<lease>(record("l"), [](auto& it) { it.spec.transitions = -1; }));
  on.create(record("l", ""));
}

}  // namespace

std::vector<kube_case> creation_cases() {
  std::vector<kube_case> cases = {
      {"creation_assigns_uid_version_generation_and_time", {"v1 u1 generation=1 created"}, system_fields},
      {"creation_ignores_forged_system_fields_and_status", {"generation=1 created"}, forged_fields},
      {"a_name_is_taken_once_in_a_kind", {"409 already exists"}, same_name},
      {"a_name_that_is_free_again_gets_another_uid", {"v2 u1 generation=2", "u2 generation=1"}, name_again},
      {"a_rehearsed_creation_persists_nothing", {"no version", "404 not found", "0 items"}, rehearsal},
      {"creation_keeps_finalizers_owners_labels_and_annotations",
       {"finalizers[example.com/b,example.com/a]"},
       everything_kept},
      {"creation_with_a_version_is_refused", {"create"}, with_version},
      {"a_secret_has_a_type_whether_it_says_so_or_not", {"type=Opaque", "immutable"}, secret_types},
      {"a_secret_holds_any_bytes", {"\\x00\\xff\\xfe\\x0a"}, any_bytes},
      {"bytes_that_are_no_text_are_replaced_in_an_annotation",
       {"caf\\xc3\\xa9 \\xef\\xbf\\xbd end"},
       no_text},
      {"a_secret_holds_a_mebibyte_and_no_more", {"1048576 bytes", "422 invalid", "413 too large"}, sizes},
      {"a_lease_needs_a_duration_and_a_count", {"422 invalid", "for=15s"}, lease_values},
  };
  add_refused(cases);
  return cases;
}

}  // namespace platformer::conformance
