// Conditions and the closed list of reasons. docs/reference.md holds the same table, a test compares them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace platformer {

struct condition {
  std::string type;     // Ready, AccountSynced, SecretSynced, TokenValid, Reconciling, Stalled
  bool status = false;  // True or False; Unknown is never written
  std::string reason;   // one of reason::all
  std::string message;
  std::int64_t observed_generation = 0;
  time_point last_transition{};
  bool operator==(const condition&) const = default;
};

const condition* find_condition(const std::vector<condition>& conditions, std::string_view type);

// What a condition or event is about, why it happens, and what a person does about it.
struct reason_info {
  std::string_view name;
  std::string_view meaning;
  std::string_view remedy;  // "" where nothing is wrong
};

namespace reason {
inline constexpr reason_info issued{"Issued", "The token was issued and lies in the Secret.", ""};
inline constexpr reason_info renewed{"Renewed", "The token was renewed; the previous one is dead.", ""};
inline constexpr reason_info adopted{
    "Adopted", "The account or Secret of this object's predecessor was taken over.", ""};
inline constexpr reason_info updated{
    "Updated", "The account or the Secret was brought in line with the spec; no token was minted.", ""};
inline constexpr reason_info deleted{
    "Deleted", "The account was deleted at the Console, or let go by an orphan policy.", ""};
inline constexpr reason_info progressing{
    "Progressing", "Work is under way or waits for a moment that will come by itself.", ""};
inline constexpr reason_info suspended{"Suspended", "spec.suspend is true: nothing is done but deletion.",
                                       "Set spec.suspend to false."};
inline constexpr reason_info connection_not_found{
    "ConnectionNotFound",
    "The ConsoleConnection that spec.connectionRef names does not exist in this namespace.",
    "Create it, or correct the name (the reference is immutable: recreate the object)."};
inline constexpr reason_info connection_not_ready{"ConnectionNotReady",
                                                  "The ConsoleConnection exists but does not work.",
                                                  "Look at the connection's own Ready condition."};
inline constexpr reason_info organization_changed{
    "OrganizationChanged",
    "The connection leads to another organization than the one that has the accounts; nothing is made there.",
    "Put spec.gateway and spec.organization back; for the other organization make another "
    "ConsoleConnection."};
inline constexpr reason_info invalid_spec{"InvalidSpec", "The spec asks for something that is not possible.",
                                          "Correct the field that the message names."};
inline constexpr reason_info project_not_found{
    "ProjectNotFound", "A project in the spec does not exist in the organization, or its name is not unique.",
    "Correct the name, use the project's ID, or create the project."};
inline constexpr reason_info role_not_found{
    "RoleNotFound",
    "A custom role in the spec does not exist at the account's level, or its name is not unique.",
    "Correct the name, use the role's ID, or create the role."};
inline constexpr reason_info account_conflict{
    "AccountConflict", "The account at the Console is not attributed to this object.",
    "Remove the other account, use another accountName, or loosen adoptionPolicy."};
inline constexpr reason_info secret_not_owned{
    "SecretNotOwned",
    "A Secret of that name exists and is not ours; it is not touched and no token is minted.",
    "Choose another spec.secret.name, delete the Secret, or annotate it with "
    "console.platformer.com/take-over: <object name>."};
inline constexpr reason_info secret_write_refused{
    "SecretWriteRefused", "Kubernetes refuses the Secret (quota, admission webhook, RBAC, immutable Secret).",
    "Remove what the message names; the token is not lost."};
inline constexpr reason_info console_unavailable{
    "ConsoleUnavailable", "The Console does not answer, or answers with an error of its own.",
    "Nothing, unless it lasts: then check the network and the Console's state."};
inline constexpr reason_info console_rate_limited{"ConsoleRateLimited",
                                                  "The Console asks for fewer requests.", ""};
inline constexpr reason_info console_rejected{"ConsoleRejected", "The Console refuses the request for good.",
                                              "Correct what the message names."};
inline constexpr reason_info credentials_rejected{
    "CredentialsRejected", "The Console does not accept the connection's credential.",
    "Put a live token into the Secret that credentialsSecretRef names."};
inline constexpr reason_info expired{"Expired", "The token's fixed end has passed.",
                                     "Move spec.token.expiresAt into the future, or remove it."};
inline constexpr reason_info not_permitted{
    "NotPermitted", "The connection does not allow what the spec asks for, or not from this namespace.",
    "Ask for less, or have the connection's owner raise spec.allowed or spec.allowedNamespaces."};
inline constexpr reason_info token_lost{
    "TokenLost", "The Secret or its token was deleted, and spec.secret.onLoss is Manual.",
    "Put the token back, or set a new console.platformer.com/renew annotation."};
inline constexpr reason_info token_revoked{"TokenRevoked",
                                           "The Console rejects the token in the Secret; its renewal waits.",
                                           "Nothing, unless many accounts say so: then check the Console."};
inline constexpr reason_info renewal_overdue{
    "RenewalOverdue", "The renewal that status.token.renewAt announced has not succeeded for long.",
    "Remove what the message names; the token still works until it ends."};
inline constexpr reason_info too_many_renewals{
    "TooManyRenewals", "Tokens of this object were minted too often; the next one waits.",
    "Find out who keeps changing the renew annotation or deleting the Secret."};
inline constexpr reason_info deletion_blocked{
    "DeletionBlocked", "The object waits for its account to be deleted and that is not possible now.",
    "Repair the connection, or annotate the object with console.platformer.com/orphan-on-delete=true to let "
    "the account go."};
// Of a ConsoleConnection only.
inline constexpr reason_info connected{
    "Connected", "The gateway answers, the credential is live and the organization is known.", ""};
inline constexpr reason_info credentials_not_found{
    "CredentialsNotFound", "The Secret with the credential (or CA), or its key, is missing or empty.",
    "Create it: kubectl create secret generic NAME --from-file=token=FILE."};
inline constexpr reason_info credential_rotated{
    "CredentialRotated", "The operator's own credential was replaced by that of a new account.",
    "After the first time: delete the account, made by hand, that the message names."};
inline constexpr reason_info rotation_failed{
    "RotationFailed", "The operator's own credential is not replaced; the one in the Secret stays in use.",
    "Do what the message says; it is tried again by itself."};
inline constexpr reason_info tokens_rejected{
    "TokensRejected",
    "The Console rejects the tokens of so many accounts that none is renewed for it any more.",
    "Check the Console; renewals go on by themselves, a tenth of the accounts an hour."};
inline constexpr reason_info organization_not_found{
    "OrganizationNotFound",
    "The credential sees no organization of that name or ID, or the name is not unique.",
    "Correct spec.organization, or use a credential of that organization."};

inline constexpr std::array all = {&issued,
                                   &renewed,
                                   &adopted,
                                   &updated,
                                   &deleted,
                                   &progressing,
                                   &suspended,
                                   &connection_not_found,
                                   &connection_not_ready,
                                   &organization_changed,
                                   &invalid_spec,
                                   &project_not_found,
                                   &role_not_found,
                                   &account_conflict,
                                   &secret_not_owned,
                                   &secret_write_refused,
                                   &console_unavailable,
                                   &console_rate_limited,
                                   &console_rejected,
                                   &credentials_rejected,
                                   &expired,
                                   &not_permitted,
                                   &token_lost,
                                   &token_revoked,
                                   &renewal_overdue,
                                   &too_many_renewals,
                                   &deletion_blocked,
                                   &connected,
                                   &credentials_not_found,
                                   &credential_rotated,
                                   &rotation_failed,
                                   &tokens_rejected,
                                   &organization_not_found};
}  // namespace reason

}  // namespace platformer
