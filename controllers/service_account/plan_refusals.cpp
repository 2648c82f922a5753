// Why an object is left alone: each names what a person can do about it.
#include "controllers/service_account/plan.hpp"
#include "controllers/service_account/validate.hpp"

namespace platformer::accounts {
namespace {

planned not_owned(const snapshot& seen, state& now) {
  const std::string& name = seen.object->spec.secret.name;
  return stall(
      now, aspect::secret, reason::secret_not_owned,
      "Secret " + name +
          " exists and is not this object's; it is left alone and no token is minted. Choose another " +
          "spec.secret.name, delete that Secret, or let its owner hand it over: kubectl annotate secret " +
          name + " -n " + seen.object->meta.ns +
          " console.platformer.com/take-over=" + seen.object->meta.name,
      back_off{.at_most = unwatched_interval});
}

}  // namespace

planned refuse_secret(const snapshot& seen, state& now) {
  const secret_owner owner = view_secret(seen, now).owner;
  const bool refused =
      owner == secret_owner::foreign ||
      (owner == secret_owner::predecessor && seen.object->spec.adoption == adoption_policy::never);
  return refused ? not_owned(seen, now) : std::nullopt;
}

planned refuse_account(const snapshot& seen, state& now) {
  if (is_elsewhere(seen, now))
    return stall(
        now, aspect::account, reason::organization_changed,
        "the account is in organization " + seen.object->status.organization_id + ", and " +
            connection_title(*seen.object) + " leads to organization " + seen.connection.organization_id +
            ". No account is made there. Put spec.gateway and spec.organization of the connection back, or "
            "delete this object and make it anew",
        back_off{.at_most = unwatched_interval});
  const account_view accounts = view_accounts(seen, now);
  // A Secret that nobody controls and that looks like our predecessor's, but holds somebody else's token.
  if (const secret_view secret = view_secret(seen, now); secret.owner == secret_owner::predecessor &&
                                                         accounts.unmarked != nullptr &&
                                                         accounts.unmarked->id == secret.record->account_id)
    return not_owned(seen, now);
  if (accounts.ours != nullptr) return std::nullopt;
  const std::string way_out = " Nothing was changed there.";
  if (accounts.predecessor != nullptr && seen.object->spec.adoption == adoption_policy::never)
    return stall(now, aspect::account, reason::account_conflict,
                 "account " + accounts.predecessor->id +
                     " was made for an earlier object of this name and adoptionPolicy is Never." + way_out +
                     " Set spec.adoptionPolicy to IfMarked, or delete the account at the Console",
                 back_off{.at_most = unwatched_interval});
  if (accounts.predecessor == nullptr && !accounts.strangers.empty())
    return stall(
        now, aspect::account, reason::account_conflict,
        (accounts.strangers.size() == 1
             ? "account " + accounts.strangers.front()->id + " has the name \"" +
                   clean_message(seen.object->spec.account_name, 128) + "\", and " +
                   connection_title(*seen.object) + " does not allow it to be taken over (spec.adoptable)."
             : std::to_string(accounts.strangers.size()) + " accounts have the name \"" +
                   clean_message(seen.object->spec.account_name, 128) +
                   "\", so none of them is taken over.") +
            way_out + " Have it allowed, remove the account, or use another spec.accountName",
        back_off{.at_most = unwatched_interval});
  if (accounts.predecessor == nullptr && accounts.unmarked != nullptr)
    return stall(now, aspect::account, reason::account_conflict,
                 "account " + accounts.unmarked->id +
                     " does not bear this object's marker in its description." + way_out +
                     " Put the line \"" + seen.mark().to_string() +
                     "\" back at the end of its description, or delete it",
                 back_off{.at_most = unwatched_interval});
  return std::nullopt;
}

planned refuse_to_start(const snapshot& seen, state& now) {
  const service_account& object = *seen.object;
  if (!object.spec_error.empty()) return stall(now, aspect::none, reason::invalid_spec, object.spec_error);
  if (auto problem = find_problem(object.spec))
    return stall(now, aspect::none, reason::invalid_spec, *problem);
  if (object.spec.suspend)
    return stall(now, aspect::none, reason::suspended, "spec.suspend is true; set it to false to go on");
  return refuse_beyond_ceiling(seen, now);
}

planned refuse_without_connection(const snapshot& seen, state& now) {
  const std::string title = connection_title(*seen.object);
  switch (seen.connection.state) {
    case connection_view::standing::ready:
      return std::nullopt;
    case connection_view::standing::unknown:
      return conclude(now, {.why = &reason::progressing, .write_status = false});
    case connection_view::standing::missing:
      return retry(now, aspect::none, reason::connection_not_found,
                   seen.connection.message.empty()
                       ? title + " does not exist; create it, and this object goes on by itself"
                       : title + " can't be used: " + seen.connection.message,
                   finished{});
    case connection_view::standing::closing:
    case connection_view::standing::not_ready:
      break;
  }
  if (seen.connection.suspended)
    return retry(now, aspect::none, reason::suspended,
                 title + " is suspended: nothing is called until its spec.suspend is false", finished{});
  return retry(now, aspect::none, reason::connection_not_ready,
               title + " is not ready: " + seen.connection.message, finished{});
}

}  // namespace platformer::accounts
