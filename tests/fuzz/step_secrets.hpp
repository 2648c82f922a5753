// The apiserver's Secrets in the target of `step`: whatever others do to them, a version has one content.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/api_error.hpp"
#include "model/secret.hpp"
#include "tests/fuzz/check.hpp"

namespace platformer::fuzz {

// Lives as long as an input does. Versions only grow, and a change that is bound to another version than the
// present one is a conflict. So what was once shown may be out of date, and never contradicts itself.
class secret_store {
 public:
  // Somebody else creates, changes, deletes or replaces the Secret of that name.
  void change(supply& in, const std::string& name);

  // nullptr: there is none.
  const secret_content* find(const std::string& name) const;

  // What the operator's cache selects: those with its label.
  std::vector<secret_meta> cached() const;

  // Why the apiserver refuses such a write; nullopt: it takes it.
  std::optional<api_error> refusal(const secret_write& write) const;

  // Carries out a write that is not refused.
  const object_meta& write(const secret_write& write);

  // Removes it if it is still that one; else says why not.
  std::optional<api_error> remove(const object_key& key, const std::string& uid, const std::string& version);

 private:
  std::string next_version() { return std::to_string(++version_); }

  std::map<std::string, secret_content, std::less<>> present_;
  int version_ = 20;
  int created_ = 0;
};

}  // namespace platformer::fuzz
