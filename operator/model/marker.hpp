// The marker: the last line of an account's description, which says whose account it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace platformer {

// platformer-operator:<cluster-id>/<namespace>/<name>/<uid>
struct marker {
  std::string cluster;
  std::string ns;
  std::string name;
  std::string uid;
  bool operator==(const marker&) const = default;

  std::string to_string() const;
  // Same cluster, namespace and name, another UID: the object that bore this name before.
  bool is_predecessor_of(const marker& current) const;
};

// The same within a description, which it does not outlive.
struct marker_view {
  std::string_view cluster;
  std::string_view ns;
  std::string_view name;
  std::string_view uid;
  // The UID tells most of them apart.
  friend bool operator==(const marker_view& a, const marker_view& b) {
    return a.uid == b.uid && a.name == b.name && a.ns == b.ns && a.cluster == b.cluster;
  }
  // As marker::is_predecessor_of.
  bool is_predecessor_of(const marker_view& current) const {
    return uid != current.uid && name == current.name && ns == current.ns && cluster == current.cluster;
  }
};

// The marker in the description's last line; nullopt when there is none or it is not well-formed.
std::optional<marker> find_marker(std::string_view description);
std::optional<marker_view> view_marker(std::string_view description);

// The marker of an account whose token is a connection's own credential:
// platformer-operator:<cluster-id>/connection/<uid of the connection>
struct credential_marker {
  std::string cluster;
  std::string uid;
  bool operator==(const credential_marker&) const = default;

  std::string to_string() const;
};

// As find_marker; no description has both.
std::optional<credential_marker> find_credential_marker(std::string_view description);

// The description that is sent: the user's text, then the marker on a line of its own.
std::string with_marker(std::string_view description, const marker& mark);
// The user's text of a description, without a marker line.
std::string without_marker(std::string_view description);

}  // namespace platformer
