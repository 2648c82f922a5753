// What passed the doors of a gate, for people: one line a request, in the order of arrival. It holds no
// header and no body, hence no token.
//
//   17  2.431 s  kubernetes  POST /api/v1/namespaces/it-1/secrets (dry run) -> 201
//   18  2.440 s  console     POST /auth/api/v1/serviceaccount/token/create -> 200, cut after the answer
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace platformer::test {

struct passage {
  std::uint64_t number = 0;         // from 1, over all doors of the gate
  std::chrono::milliseconds at{0};  // since the gate was made
  std::string server;               // the door's name
  std::string method;               // "PATCH"
  std::string path;                 // without the query
  std::string query;                // without '?', as it was sent
  bool dry_run = false;             // dryRun=All
  bool watch = false;               // watch=true
  int status = 0;                   // the server's; 0: it has not answered (yet)
  std::string fate;                 // what became of it on its way; "" when it passed as it was
  bool by_rule = false;             // a rule of the gate acted on it
  std::string text() const;
};

class journal {
 public:
  journal() : began_(std::chrono::steady_clock::now()) {}

  // Gives it its number and its time.
  passage add(passage arrived);
  void set_status(std::uint64_t number, int status);
  void add_fate(std::uint64_t number, const std::string& fate, bool by_rule);  // several are joined by ", "

  std::vector<passage> all() const { return since(0); }
  std::vector<passage> since(std::uint64_t number) const;  // those after it
  std::uint64_t last() const;                              // the number of the latest; 0: none
  // The lines from `first` to `last`, both included; those beyond the ends are left out.
  std::string text(std::uint64_t first, std::uint64_t last) const;
  // The lines around the last request that a rule acted on; the last ones when there is none.
  std::string around_the_fault(std::uint64_t lines_each_side = 25) const;

 private:
  mutable std::mutex mutex_;
  std::chrono::steady_clock::time_point began_;
  std::vector<passage> passed_;  // passed_[i].number == i + 1
};

}  // namespace platformer::test
