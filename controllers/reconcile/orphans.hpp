// The inventory of accounts whose ServiceAccount does not exist any more.
#pragma once

#include <vector>

#include "controllers/reconcile/knowledge.hpp"
#include "model/account.hpp"

namespace platformer::controllers {

// Notes which of `listed`, all accounts of the connection's organization as a complete listing shows them,
// bear the marker of an object that does not exist, and since when. Only what this process can know counts:
// objects of namespaces that it watches, and none at all when it sees only some objects of them. A
// ConsoleConnection speaks for its own namespace only.
void note_orphans(knowledge& known, const object_key& connection, const std::vector<account>& listed,
                  time_point now);

// What the last look found, for the connection's decisions: accounts that were found so twice at least, since
// the listing may be older than a deletion that has just ended.
std::vector<connections::orphaned_account> orphans_of(const live_connection& live);

}  // namespace platformer::controllers
