// Answers as text that two servers can be compared by: no absolute versions, UIDs or times, no server's
// wording.
//
// Versions are named in the order of their first appearance (v1, v2 …), with a mark when a new one is not
// later than all that came before; UIDs likewise (u1, u2 …). Of lists and bookmarks, whose versions move with
// everything else in a cluster, it is only said whether they are as new as what was seen.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/conformance/kube/kube_port.hpp"

namespace platformer::conformance {

class transcript {
 public:
  void add(std::string line) { lines_.push_back(std::move(line)); }
  const std::vector<std::string>& lines() const { return lines_; }

  std::string describe(const kube_object& object);
  std::string describe(const object_meta& meta);
  // `continues`: it was asked for with the token of the page described last.
  std::string describe(const page& listed, bool continues);
  std::string describe(const event& told);
  static std::string describe(const api_error& error);

 private:
  std::string version_name(const std::string& version);
  std::string uid_name(const std::string& uid);
  std::string list_version(const std::string& version);
  std::string owners_of(const object_meta& meta);

  std::vector<std::string> lines_;
  std::map<std::string, std::string> versions_;

  std::map<std::string, std::string> uids_;
  std::string latest_;
  std::string list_;  // the version of the last page
};

// Both side by side, with a mark where they differ; empty when they are equal.
std::string difference(const transcript& model, const transcript& server);

}  // namespace platformer::conformance
