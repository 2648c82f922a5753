// Requests that are carried out when nobody waits for them any more.
#include "model/names.hpp"
#include "tests/sim/transcript.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {

// Nobody waits for the answer. What it has undone, or left behind, the next look at the Console shows, for
// which somebody asks.
void world::carry_out_late(const late_request& late) {
  if (const auto* wanted = std::get_if<accounts::request>(&late.wanted))
    return carry_out_late(*wanted, late.who, *late.on_behalf);
  const auto& wanted = std::get<connections::request>(late.wanted);
  note("late: " + describe(wanted) + " is carried out");
  watcher.set_overdue_credential(now >= late.due_at);
  const auto answer = all.perform(wanted, late.who, now);
  watcher.set_overdue_credential(false);
  note("    = " + describe(answer.reply));
}

void world::carry_out_late(const accounts::request& wanted, const caller& who, const actor& on_behalf) {
  const bool noted = is_noted(on_behalf);
  watcher.set_actor(&on_behalf);
  note("late: " + describe(wanted) + " is carried out");
  const auto answer = all.perform(wanted, who, now);
  watcher.set_actor(nullptr);
  if (std::holds_alternative<accounts::restart_workload>(wanted)) ++late_restarts_;
  on_late_change(wanted, on_behalf);
  // What it has made may have no owner any more.
  plan({.at = now + garbage_delay, .kind = event_kind::collect_garbage});
  if (!noted) on_unnoticed(on_behalf, answer.reply);
}

// At worst the account has the access and the text of an earlier spec again, or a marker that nobody looks
// for any more. No fence and no intent can keep that from happening; a look puts it right.
void world::on_late_change(const accounts::request& wanted, const actor& who) {
  if (!std::holds_alternative<accounts::update_account>(wanted)) return;
  crowd.look_later(*this);
  crowd.abandon_if_gone(*this, who.uid);
}

bool world::is_noted(const actor& who) const {
  const auto object = all.kube.get(models::kube_kind::service_account, who.object);
  const std::string id = '"' + who.intent_id + '"';
  return object &&
         models::meta_of(**object).annotation(names::operation_annotation).find(id) != std::string_view::npos;
}

void world::on_unnoticed(const actor& who, const accounts::response& reply) {
  const auto* minted = std::get_if<accounts::token_minted>(&reply);
  if (minted == nullptr) return;
  ++overtaken_;
  watcher.on_unnoticed_mint(*this, who);
  crowd.on_overtaken_call(*this, who.object, who.uid, minted->account_id);
}

}  // namespace platformer::sim
