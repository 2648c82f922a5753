// Every name that this operator puts into a cluster or the Console, in one place.
#pragma once

#include <string_view>

namespace platformer::names {

inline constexpr std::string_view group = "console.platformer.com";
inline constexpr std::string_view version = "v1alpha1";
inline constexpr std::string_view api_version = "console.platformer.com/v1alpha1";
inline constexpr std::string_view service_account_kind = "ServiceAccount";
inline constexpr std::string_view service_account_plural = "serviceaccounts";
inline constexpr std::string_view console_connection_kind = "ConsoleConnection";
inline constexpr std::string_view console_connection_plural = "consoleconnections";
inline constexpr std::string_view cluster_console_connection_kind = "ClusterConsoleConnection";
inline constexpr std::string_view cluster_console_connection_plural = "clusterconsoleconnections";

// Keeps an object until its account (a connection: until its ServiceAccounts) is dealt with.
inline constexpr std::string_view finalizer = "console.platformer.com/finalizer";

// On a ServiceAccount, written by people.
inline constexpr std::string_view renew_annotation = "console.platformer.com/renew";
inline constexpr std::string_view reconcile_annotation = "console.platformer.com/reconcile";
inline constexpr std::string_view orphan_annotation = "console.platformer.com/orphan-on-delete";
// On a ServiceAccount, written by the operator: the intent (model/operation.hpp).
inline constexpr std::string_view operation_annotation = "console.platformer.com/operation";

// On the Secret, written by the operator together with the token.
inline constexpr std::string_view secret_operation_id = "console.platformer.com/operation-id";
inline constexpr std::string_view secret_revision = "console.platformer.com/revision";
inline constexpr std::string_view secret_account_id = "console.platformer.com/account-id";
inline constexpr std::string_view secret_renew = "console.platformer.com/renew";
inline constexpr std::string_view secret_renew_history = "console.platformer.com/renew-history";
inline constexpr std::string_view secret_issued_at = "console.platformer.com/issued-at";
inline constexpr std::string_view secret_expires_at = "console.platformer.com/expires-at";
inline constexpr std::string_view secret_fingerprint = "console.platformer.com/fingerprint";
inline constexpr std::string_view secret_cause = "console.platformer.com/cause";
// The label and annotation keys that the spec asked for at the last write, so that keys it drops can be
// removed.
inline constexpr std::string_view secret_applied = "console.platformer.com/applied";
// With strategy Replace, during the overlap: the account before, and until when it lives.
inline constexpr std::string_view secret_previous_account_id = "console.platformer.com/previous-account-id";
inline constexpr std::string_view secret_previous_until = "console.platformer.com/previous-until";
// On a Secret that is not ours, written by its owner: hands it over to the named ServiceAccount.
inline constexpr std::string_view take_over_annotation = "console.platformer.com/take-over";

// On the Secret with a connection's credential: its owner's consent to our replacing the credential, and the
// operation that was given up, whose write of the Secret must not come any more.
inline constexpr std::string_view managed_credential_label = "console.platformer.com/managed-credential";
inline constexpr std::string_view secret_abandoned = "console.platformer.com/abandoned-operation";

// On the pod template of a workload in spec.rolloutRestartTargets.
inline constexpr std::string_view pod_secret_revision = "console.platformer.com/secret-revision";

inline constexpr std::string_view managed_by_label = "app.kubernetes.io/managed-by";
inline constexpr std::string_view managed_by_value = "platformer-operator";

// Labels and annotations that a spec may not set on the Secret.
inline constexpr std::string_view reserved_prefix = "console.platformer.com/";

// The Lease by which replicas elect the one that acts; a scope adds to it (app/election.hpp).
inline constexpr std::string_view lease = "platformer-operator";

// Starts the marker line in an account's description (model/marker.hpp).
inline constexpr std::string_view marker_prefix = "platformer-operator:";

}  // namespace platformer::names
