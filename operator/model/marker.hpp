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

// The marker in the description's last line; nullopt when there is none or it is not well-formed.
std::optional<marker> find_marker(std::string_view description);

// The description that is sent: the user's text, then the marker on a line of its own.
std::string with_marker(std::string_view description, const marker& mark);
// The user's text of a description, without a marker line.
std::string without_marker(std::string_view description);

}  // namespace platformer
