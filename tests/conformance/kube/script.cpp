#include "tests/conformance/kube/script.hpp"

namespace platformer::conformance {
namespace {

using models::kind_of;
using models::meta_of;

bool is_dry(run_kind run) {
  return run == run_kind::dry;
}

std::string title(const char* verb, kube_kind kind, const std::string& name, run_kind run = run_kind::real) {
  std::string text = std::string(verb) + " " + std::string(models::kind_name(kind));
  if (!name.empty()) text += " " + (name.size() > 60 ? std::to_string(name.size()) + " characters" : name);
  return text + (is_dry(run) ? " (dry run)" : "") + ": ";
}

std::string title(const char* verb, const kube_object& object, run_kind run = run_kind::real) {
  return title(verb, kind_of(object), meta_of(object).name, run);
}

// An object that the selection takes in.
kube_object marker_of(kube_kind kind, const selection& which) {
  object_meta meta;
  meta.name = "the-end";
  if (const auto equals = which.label_selector.find('='); equals != std::string::npos)
    meta.labels[which.label_selector.substr(0, equals)] = which.label_selector.substr(equals + 1);
  switch (kind) {
    case kube_kind::service_account:
      return service_account{
          .meta = meta, .spec = {.account_name = meta.name}, .status = {}, .spec_error = {}};
    case kube_kind::console_connection:
      return console_connection{.meta = meta,
                                .spec = {.organization = "o", .credentials = {"c", "token"}},
                                .status = {},
                                .spec_error = {}};
    case kube_kind::secret:
      return secret_content{.meta = meta, .type = "Opaque", .immutable = false, .data = {}};
    case kube_kind::lease:
      break;
  }
  return lease{.meta = meta, .spec = {.holder = "nobody", .lease_duration = std::chrono::seconds(1)}};
}

}  // namespace

kube_object script::note(const std::string& verb, const kube_answer<kube_object>& answer, kube_object sent) {
  transcript_.add(verb + (answer ? transcript_.describe(*answer) : transcript::describe(answer.error())));
  return answer ? *answer : std::move(sent);
}

void script::note(const std::string& verb, const kube_answer<std::vector<event>>& answer) {
  if (!answer) return transcript_.add(verb + transcript::describe(answer.error()));
  transcript_.add(verb + std::to_string(answer->size()) + " events");
  for (const event& each : *answer)
    transcript_.add("    " + transcript_.describe(each));
}

kube_object script::create_any(kube_object object, run_kind run) {
  return note(title("create", object, run), port_.create(object, is_dry(run)), object);
}

kube_object script::update_any(kube_object object, run_kind run) {
  return note(title("put", object, run), port_.update(object, is_dry(run)), object);
}

kube_object script::status_any(const kube_object& from, kube_object to, status_write how, run_kind run) {
  const char* const verb = how == status_write::put ? "put status of" : "patch status of";
  return note(title(verb, to, run), port_.write_status(from, to, how, is_dry(run)), to);
}

kube_object script::patch_any(const kube_object& object, const metadata_patch& patch, run_kind run) {
  static constexpr const char* verbs[] = {"merge patch", "strategic patch", "json patch"};
  const char* const verb = verbs[static_cast<std::size_t>(patch.kind)];
  return note(title(verb, object, run),
              port_.patch(kind_of(object), meta_of(object).name, patch, is_dry(run)), object);
}

kube_object script::get_any(const kube_object& object) {
  return note(title("get", object), port_.get(kind_of(object), meta_of(object).name), object);
}

void script::remove_any(const kube_object& object, const preconditions& only_if, run_kind run) {
  const auto removed = port_.remove(kind_of(object), meta_of(object).name, only_if, is_dry(run));
  transcript_.add(title("delete", object, run) + (removed ? "done" : transcript::describe(removed.error())));
}

object_meta script::write_secret(const secret_write& write, run_kind run) {
  const auto written = port_.write_secret(write, is_dry(run));
  const char* const verb = write.creates() ? "write new" : "write";
  transcript_.add(title(verb, kube_kind::secret, write.key.name, run) +
                  (!written      ? transcript::describe(written.error())
                   : is_dry(run) ? std::string("accepted")
                                 : transcript_.describe(*written)));
  if (written) return *written;
  object_meta sent;
  sent.name = write.key.name;
  return sent;
}

page script::list(kube_kind kind, const selection& which) {
  const auto listed = port_.list(kind, which);
  transcript_.add(title("list", kind, which.metadata_only ? "metadata" : "") +
                  (listed ? transcript_.describe(*listed, !which.continue_token.empty())
                          : transcript::describe(listed.error())));
  return listed ? *listed : page();
}

void script::watch(kube_kind kind, const std::string& since, selection which) {
  const kube_object marker = marker_of(kind, which);
  const auto made = port_.create(marker, false);
  if (!made) transcript_.add("no marker: " + transcript::describe(made.error()));
  which.resource_version = since;
  note(title("watch", kind, which.label_selector), port_.events(kind, which, meta_of(marker).name));
}

void script::initial_events(kube_kind kind, const selection& which) {
  note(title("streaming list", kind, which.label_selector), port_.initial_events(kind, which));
}

void script::bookmark(kube_kind kind, const std::string& since) {
  selection which;
  which.resource_version = since;
  const auto told = port_.bookmark(kind, which);
  transcript_.add(title("quiet watch", kind, "") +
                  (told ? transcript_.describe(*told) : transcript::describe(told.error())));
}

void script::await_gone(const kube_object& object) {
  const bool gone = port_.await_collection(kind_of(object), meta_of(object).name,
                                           [](const kube_object* found) { return found == nullptr; });
  transcript_.add(title("collector", object) + (gone ? "removed" : "still there"));
}

void script::await_one_owner(const kube_object& object) {
  const bool done = port_.await_collection(
      kind_of(object), meta_of(object).name,
      [](const kube_object* found) { return found != nullptr && meta_of(*found).owners.size() == 1; });
  transcript_.add(title("collector", object) + (done ? "left one owner" : "did not touch the owners"));
}

}  // namespace platformer::conformance
