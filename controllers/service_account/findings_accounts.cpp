// Which of the accounts that were seen is this object's, and what the others are to it.
#include <algorithm>
#include <utility>

#include "controllers/service_account/findings.hpp"

namespace platformer::accounts {
namespace {

bool is_deleted_here(const facts& known, const std::string& id) {
  return std::find(known.deleted_accounts.begin(), known.deleted_accounts.end(), id) !=
         known.deleted_accounts.end();
}

// An account that a person or another cluster made and that looks like the one that this object wants.
bool is_stranger_of(const snapshot& seen, const state& now, const account& each,
                    const std::optional<marker_view>& mark) {
  return seen.object->spec.adoption == adoption_policy::always &&
         each.name == seen.object->spec.account_name && each.project_id == project_id(seen, now) &&
         (!mark || mark->cluster != seen.cluster_id) && !find_credential_marker(each.description);
}

}  // namespace

bool may_adopt_strangers(const snapshot& seen) {
  return seen.object->spec.adoption == adoption_policy::always &&
         matches(seen.connection.adoptable, seen.object->spec.account_name);
}

account_view view_accounts(const snapshot& seen, const state& now) {
  account_view view;
  if (!now.known.recorded && !now.known.replaced && !now.known.listed) return view;
  const marker_view mark = seen.mark_view();
  const std::string& recorded_id = recorded_account_id(seen, now);
  std::vector<const account*> all;
  all.reserve(2 + (now.known.listed ? now.known.listed->size() : 0));
  const auto add = [&](const account& each) {
    const bool known =
        std::any_of(all.begin(), all.end(), [&](const account* other) { return other->id == each.id; });
    if (!known && !is_deleted_here(now.known, each.id)) all.push_back(&each);
  };
  const std::string& previous_id = current_record(now).previous_account_id;
  if (now.known.recorded && *now.known.recorded) add(**now.known.recorded);
  if (now.known.replaced && *now.known.replaced) add(**now.known.replaced);
  // What its own reading did not find, an older listing may still show.
  const bool is_gone = now.known.recorded && !*now.known.recorded;
  const bool previous_is_gone = now.known.replaced && !*now.known.replaced;
  if (now.known.listed)
    for (const account& each : *now.known.listed)
      if ((!is_gone || each.id != recorded_id) && (!previous_is_gone || each.id != previous_id)) add(each);
  // The one that the Secret names goes first, then the oldest; the ID makes the order total.
  if (all.size() > 1)
    std::sort(all.begin(), all.end(), [&](const account* a, const account* b) {
      if ((a->id == recorded_id) != (b->id == recorded_id)) return a->id == recorded_id;
      return std::tie(a->created_at, a->id) < std::tie(b->created_at, b->id);
    });
  // A Secret that was taken over names what it named before, with the marker of its object then.
  const auto took_over = [&] {
    return seen.object->spec.adoption != adoption_policy::never &&
           view_secret(seen, now).owner == secret_owner::ours;
  };
  for (const account* each : all) {
    const auto found = view_marker(each->description);
    const bool left = found && found->is_predecessor_of(mark);
    if (each->id == previous_id && each->id != recorded_id && (found == mark || (left && took_over()))) {
      view.previous = each;
    } else if (found == mark) {
      if (view.ours == nullptr)
        view.ours = each;
      else
        view.duplicates.push_back(each);
    } else if (left) {
      if (view.predecessor == nullptr) view.predecessor = each;
    } else {
      if (each->id == recorded_id) view.unmarked = each;
      if (is_stranger_of(seen, now, *each, found)) view.strangers.push_back(each);
    }
  }
  // The new one is lost: what is left is ours again.
  if (view.ours == nullptr && view.previous != nullptr && is_gone) {
    const bool is_ours = view_marker(view.previous->description) == mark;
    (is_ours ? view.ours : view.predecessor) = std::exchange(view.previous, nullptr);
  }
  if (view.ours != nullptr) view.predecessor = nullptr;
  if (view.ours == nullptr && view.predecessor == nullptr && may_adopt_strangers(seen) &&
      view.strangers.size() == 1) {
    view.predecessor = view.strangers.front();
    view.is_stranger = true;
  }
  return view;
}

bool may_have_left_one(const snapshot& seen, const state& now) {
  const operation* op = current_operation(now);
  if (op == nullptr) return current_record(now).revision != 0 || seen.object->status.token.revision != 0;
  // Wiped: what is remembered may come from an older state of the object, and a later one be what is missing.
  const bool is_wiped = !now.known.noted && !now.known.intent;
  return is_wiped || op->after_doubt ||
         (!op->replaces.empty() &&
          (seen.object->meta.deleted || state_of_operation(seen, now) == operation_state::lost));
}

bool is_elsewhere(const snapshot& seen, const state& now) {
  const std::string& home = seen.object->status.organization_id;
  const std::string& here = seen.connection.organization_id;
  return !home.empty() && !here.empty() && home != here && now.known.deleted_accounts.empty() &&
         view_accounts(seen, now).ours == nullptr;
}

}  // namespace platformer::accounts
