// What must hold of every run (docs/issuance-protocol.md, "What holds, whatever happens"), as far as one run
// can be judged by what it was shown.
#include <algorithm>
#include <utility>

#include "model/names.hpp"
#include "model/pattern.hpp"
#include "tests/fuzz/step_world.hpp"

namespace platformer::fuzz {
namespace {

void check_no_token(std::string_view text, const char* what) {
  check(text.find(token_prefix) == std::string_view::npos, what);
}

template <class Map>
void check_no_token_in(const Map& notes, const char* what) {
  for (const auto& [key, value] : notes) {
    check_no_token(key, what);
    if (value) check_no_token(*value, what);
  }
}

void check_finalizers(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  for (const std::string& each : before)
    check(each == names::finalizer || std::find(after.begin(), after.end(), each) != after.end(),
          "finalizers of others stay");
  for (const std::string& each : after)
    check(each == names::finalizer || std::find(before.begin(), before.end(), each) != before.end(),
          "no finalizer is invented");
}

void check_status(const service_account_status& status) {
  for (const condition& each : status.conditions) {
    check_no_token(each.message, "no token in a condition");
    check(!each.reason.empty() && !each.type.empty(), "a condition has a type and a reason");
  }
  for (const std::string* each :
       {&status.account_id, &status.secret_name, &status.token.fingerprint, &status.token.cause,
        &status.token.operation_id, &status.last_handled_renew})
    check_no_token(*each, "no token in a status");
}

object_meta none_of(const object_key& key) {
  object_meta none;
  none.name = key.name;
  none.ns = key.ns;
  return none;
}

bool calls_console(const accounts::request& wanted) {
  return std::holds_alternative<accounts::resolve_names>(wanted) ||
         std::holds_alternative<accounts::read_account>(wanted) ||
         std::holds_alternative<accounts::list_accounts>(wanted) ||
         std::holds_alternative<accounts::create_account>(wanted) ||
         std::holds_alternative<accounts::renew_token>(wanted) ||
         std::holds_alternative<accounts::update_account>(wanted) ||
         std::holds_alternative<accounts::delete_account>(wanted) ||
         std::holds_alternative<accounts::verify_token>(wanted) ||
         std::holds_alternative<accounts::check_credential>(wanted);
}

}  // namespace

judge::judge(const accounts::snapshot& seen) : seen_(seen) {
  if (seen.secret) secrets_.push_back(seen.secret->meta);
  for (const auto& each : seen.owned)
    secrets_.push_back(each->meta);
}

const account* judge::shown_account(const std::string& id) const {
  const auto read =
      std::find_if(read_.rbegin(), read_.rend(), [&](const auto& each) { return each.first == id; });
  if (read != read_.rend()) return read->second ? &*read->second : nullptr;
  const auto listed =
      std::find_if(listed_.rbegin(), listed_.rend(), [&](const account& each) { return each.id == id; });
  return listed == listed_.rend() ? nullptr : &*listed;
}

const object_meta* judge::shown_secret(const std::string& uid, const std::string& version) const {
  const auto found = std::find_if(secrets_.begin(), secrets_.end(), [&](const object_meta& each) {
    return each.uid == uid && each.resource_version == version;
  });
  return found == secrets_.end() ? nullptr : &*found;
}

const object_meta* judge::latest_secret(const std::string& name) const {
  const auto found = std::find_if(secrets_.rbegin(), secrets_.rend(),
                                  [&](const object_meta& each) { return each.name == name; });
  return found == secrets_.rend() || found->uid.empty() ? nullptr : &*found;
}

bool judge::may_write(const object_meta& secret) const {
  const object_meta& object = seen_.object->meta;
  const owner_reference* controller = secret.controller();
  const bool recorded =
      secret.labels.contains(names::managed_by_label) && !secret.annotation(names::secret_account_id).empty();
  const bool takes_over = seen_.object->spec.adoption != adoption_policy::never;
  if (controller == nullptr)
    return secret.annotation(names::take_over_annotation) == object.name || (recorded && takes_over);
  if (controller->kind != names::service_account_kind || controller->name != object.name) return false;
  return controller->uid == object.uid || (recorded && takes_over);
}

bool judge::may_change(const account& its) const {
  const auto mark = find_marker(its.description);
  const marker ours = seen_.mark();
  if (mark == ours) return true;
  const auto& spec = seen_.object->spec;
  if (mark && mark->is_predecessor_of(ours)) return spec.adoption != adoption_policy::never;
  if (mark && mark->cluster == ours.cluster) return false;
  return spec.adoption == adoption_policy::always && its.name == spec.account_name &&
         matches(seen_.connection.adoptable, its.name);
}

void judge::check_console_call() const {
  check(seen_.connection.callable() && !seen_.connection.suspended,
        "the Console is called through a usable connection");
}

void judge::check_minting(const accounts::state& now) const {
  check(!called_, "a run asks for one token at most");
  check(intent_.has_value(), "nothing is minted without an intent that this run has written");
  check(now.known.intent == intent_, "and the intent is that of the call");
  check(rehearsed_.has_value(), "nothing is minted without a dry run of the Secret");
  check(rehearsed_->annotations.contains(names::secret_operation_id) &&
            rehearsed_->annotations.at(std::string(names::secret_operation_id)) == intent_->id,
        "and the dry run was of this operation's Secret");
  check(!seen_.object->spec.suspend || seen_.object->meta.deleted.has_value(),
        "nothing is minted while suspended");
  check(seen_.object->spec_error.empty() || seen_.object->meta.deleted.has_value(),
        "nothing is minted for a spec that can't be read");
}

void judge::on_request(const accounts::request& wanted, const accounts::state& now) {
  if (calls_console(wanted)) check_console_call();
  const auto check_secret = [this](const secret_write& write) {
    check_no_token_in(write.labels, "no token in a label");
    check_no_token_in(write.annotations, "no token in an annotation");
    check(write.key.ns == seen_.object->meta.ns, "Secrets are written in the object's namespace");
    if (write.creates())
      return check(write.key == seen_.secret_key(), "a new Secret has the name of the spec");
    // Bound to both, it has no effect on what the Secret has become since.
    const object_meta* before = shown_secret(write.uid, write.resource_version);
    check(before != nullptr, "a Secret that is written was shown at that version");
    check(may_write(*before), "a Secret that is written is ours to write");
  };
  const auto check_account = [this](const std::string& id, const char* what) {
    const account* its = shown_account(id);
    check(its != nullptr, "an account that is changed was shown to this run");
    check(may_change(*its), what);
  };
  if (const auto* patch = std::get_if<accounts::patch_intent>(&wanted)) {
    check(!patch->resource_version.empty(), "the intent is bound to a version");
    check_finalizers(now.known.finalizers.value_or(seen_.object->meta.finalizers), patch->finalizers);
    if (patch->op) {
      check_no_token(encode_operation(*patch->op), "no token in an intent");
      check(decode_operation(encode_operation(*patch->op)).has_value(), "an intent can be read again");
    }
  } else if (const auto* rehearsal = std::get_if<accounts::dry_run_secret>(&wanted)) {
    check_secret(rehearsal->write);
    for (const auto& [key, value] : rehearsal->write.data)
      if (value && key == seen_.object->spec.secret.key)
        check_no_token(value->reveal(), "a dry run holds a dummy");
  } else if (const auto* write = std::get_if<accounts::write_secret>(&wanted)) {
    check_secret(write->write);
  } else if (const auto* removal = std::get_if<accounts::remove_secret>(&wanted)) {
    const object_meta* before = shown_secret(removal->uid, removal->resource_version);
    check(before != nullptr, "a Secret that is removed was shown at that version");
    check(before->controller() != nullptr && before->controller()->uid == seen_.object->meta.uid,
          "a Secret that is removed is controlled by this object");
    const object_meta* named = latest_secret(seen_.object->spec.secret.name);
    check(named != nullptr && named->uid != removal->uid && may_write(*named),
          "and it is not the one that the spec names, which is ours");
  } else if (const auto* status = std::get_if<accounts::patch_status>(&wanted)) {
    check_status(status->to);
  } else if (const auto* freed = std::get_if<accounts::remove_finalizer>(&wanted)) {
    check(seen_.object->meta.deleted.has_value(), "only an object that is being deleted is let go");
    check_finalizers(now.known.finalizers.value_or(seen_.object->meta.finalizers), freed->finalizers);
    check(std::find(freed->finalizers.begin(), freed->finalizers.end(), names::finalizer) ==
              freed->finalizers.end(),
          "and loses our finalizer");
  } else if (const auto* create = std::get_if<accounts::create_account>(&wanted)) {
    check_minting(now);
    check(find_marker(create->fields.description.value_or("")) == seen_.mark(),
          "a new account bears our marker");
    called_ = true;
  } else if (const auto* renewal = std::get_if<accounts::renew_token>(&wanted)) {
    check_minting(now);
    check_account(renewal->id, "an account that is renewed is ours");
    called_ = true;
  } else if (const auto* change = std::get_if<accounts::update_account>(&wanted)) {
    check_account(change->id, "an account that is changed is ours, or ours to adopt");
    check_no_token(change->fields.description.value_or(""), "no token in a description");
  } else if (const auto* gone = std::get_if<accounts::delete_account>(&wanted)) {
    check_account(gone->id, "an account that is deleted is ours");
  }
}

// The Console's clear refusal of a name: nothing was made, and a successor may have another name, once.
bool judge::is_refusal_of_name(const accounts::request& asked, const accounts::response& reply) const {
  const auto* error = std::get_if<api_error>(&reply);
  return error != nullptr && std::holds_alternative<accounts::create_account>(asked) &&
         !intent_->replaces.empty() &&
         (error->code == api_errc::conflict || error->code == api_errc::already_exists);
}

void judge::on_reply(const accounts::request& asked, const accounts::response& reply) {
  if (is_refusal_of_name(asked, reply)) called_ = std::exchange(name_refused_, true);
  if (const auto* read = std::get_if<accounts::secret_read>(&reply))
    secrets_.push_back(read->content ? read->content->meta
                                     : none_of(std::get<accounts::read_secret>(asked).key));
  if (const auto* written = std::get_if<accounts::secret_written>(&reply)) secrets_.push_back(written->meta);
  if (const auto* read = std::get_if<accounts::account_read>(&reply))
    read_.emplace_back(std::get<accounts::read_account>(asked).id, read->found);
  if (const auto* listed = std::get_if<accounts::accounts_listed>(&reply))
    listed_.insert(listed_.end(), listed->found.begin(), listed->found.end());
  if (std::holds_alternative<accounts::account_updated>(reply)) {
    const auto& sent = std::get<accounts::update_account>(asked);
    account its = *shown_account(sent.id);
    if (sent.fields.description) its.description = *sent.fields.description;
    read_.emplace_back(sent.id, std::move(its));
  }
  if (std::holds_alternative<accounts::object_patched>(reply))
    if (const auto* patch = std::get_if<accounts::patch_intent>(&asked); patch != nullptr && patch->op)
      intent_ = patch->op;
  if (std::holds_alternative<accounts::dry_run_passed>(reply))
    rehearsed_ = std::get<accounts::dry_run_secret>(asked).write;
}

void judge::on_event(const accounts::event_note& event) {
  check(!event.reason.empty() && !event.action.empty(), "an event has a reason and an action");
  check_no_token(event.note, "no token in an event");
  check(event.note.size() <= 1024, "an event is as short as Kubernetes wants it");
}

void judge::on_end(const accounts::stop& end, const accounts::state& now, time_point begun) {
  if (const auto* wait = std::get_if<accounts::back_off>(&end))
    check(wait->at_least.count() >= 0 && wait->at_most.count() >= 0, "a back-off has its bounds");
  if (const auto* later = std::get_if<accounts::requeue_at>(&end))
    // What was due before the run, the run has dealt with, or it would be followed by runs without end. One
    // that wrote the token anew, or to its new place, leaves the rest to the next.
    check(later->at >= begun || now.known.committed || now.known.secret_repaired,
          "a look is not asked for at a moment before the run");
}

}  // namespace platformer::fuzz
