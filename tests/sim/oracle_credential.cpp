// A connection's own credential (spec.rotateCredentials): what its Secret holds works at every moment.
#include "model/marker.hpp"
#include "model/names.hpp"
#include "tests/sim/oracle.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using models::kube_kind;

constexpr std::size_t accounts_at_most = 2;

const secret_content* secret_of(const world& in, const console_connection& connection) {
  const auto found = in.all.kube.get(kube_kind::secret, connection.secret_key(connection.spec.credentials));
  return found ? std::get_if<secret_content>(&**found) : nullptr;
}

std::vector<std::string> own_accounts(const world& in) {
  std::vector<std::string> found;
  in.all.console.for_each_account([&](const models::stored_account& each) {
    if (find_credential_marker(each.data.description)) found.push_back(each.data.id);
  });
  return found;
}

}  // namespace

void oracle::check_credential(world& in) const {
  const secret_content* secret = secret_of(in, *credential_of_);
  const auto value = secret == nullptr ? decltype(secret->data.end()){} : secret->data.find("token");
  if (secret == nullptr || value == secret->data.end())
    return in.fail("the operator's own credential is gone from its Secret");
  if (!in.all.console.validate_token(value->second.value->reveal(), in.now))
    in.fail("the operator's own credential in its Secret is dead");
  for (const auto& [key, note] : secret->meta.annotations)
    if (note.find(token_prefix) != std::string::npos) in.fail("invariant 7: a token in annotation " + key);
}

// By the operator, of an account that is nobody's object.
void oracle::on_credential(world& in, const models::account_change& change) {
  if (change.before && change.act == models::account_act::renew)
    in.fail("an account was renewed in place by a connection");
  if (!change.before) {
    const auto mark = find_credential_marker(change.after->data.description);
    if (!mark || mark->cluster != cluster_id) in.fail("an account of a connection does not bear its marker");
    const auto object = in.all.kube.get(kube_kind::console_connection, key_of(credential_of_->meta));
    const auto op = object
                        ? decode_operation(models::meta_of(**object).annotation(names::operation_annotation))
                        : std::nullopt;
    const bool noted = op && change.after->data.description.find(op->id) != std::string::npos;
    // Given up when its call could not be under way any more, and carried out all the same: it has to be
    // found and deleted, beside whatever has been made since.
    if (!noted && overdue_credential_)
      ++overtaken_credentials_;
    else if (!noted)
      in.fail("an account of a connection was made without its intent");
  } else if (!find_credential_marker(change.before->data.description) &&
             !find_marker(change.before->data.description)) {
    in.fail("invariant 1: account " + change.before->data.id + " was changed and bears no marker");
  }
  if (own_accounts(in).size() > accounts_at_most + overtaken_credentials_)
    in.fail("a connection has more than two accounts of its own");
  check_credential(in);
}

void oracle::credential_at_rest(world& in) const {
  check_credential(in);
  const secret_content* secret = secret_of(in, *credential_of_);
  const auto all = own_accounts(in);
  if (all.size() != 1)
    return in.fail("a connection has " + std::to_string(all.size()) + " accounts of its own");
  if (secret->meta.annotation(names::secret_account_id) != all.front())
    in.fail("the Secret does not name the account of the credential that it holds");
}

}  // namespace platformer::sim
