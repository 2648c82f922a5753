// Where a watch delivers: watch_fsm's item_use, commit and discard as calls. store_sink.hpp is the usual one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "runtime/watch_event.hpp"

namespace platformer::runtime {

// Calls come in the order of the stream, from one thread, and must not throw or wait. An object is whole JSON
// as the server sent it (in lists without apiVersion and kind), not checked beyond being JSON.
class watch_sink {
 public:
  virtual ~watch_sink() = default;

  // An item of a list that is not complete yet; replaces a staged one of the same key.
  virtual void stage(const nlohmann::json& object) = 0;
  virtual void unstage(const nlohmann::json& object) = 0;
  // The list failed: forget what is staged.
  virtual void discard() = 0;
  // The list is complete: what is staged is everything there is at `version`.
  virtual void commit(const std::string& version) = 0;

  // A live event of type added or modified, and of type deleted.
  virtual void apply(watch_event_type type, const nlohmann::json& object) = 0;
  virtual void erase(const nlohmann::json& object) = 0;

  // Everything up to `version` has been told.
  virtual void progress(const std::string& version) = 0;
};

}  // namespace platformer::runtime
