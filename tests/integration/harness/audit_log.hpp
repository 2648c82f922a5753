// What was asked of the apiserver, by whom, in which order: its audit log, read from a mark on.
//
//   audit_log log;                        // from now on
//   …
//   EXPECT_EQ(log.writes_of("operator-it-1"), …);
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace platformer::test {

struct audited_request {
  std::string user;
  std::string verb;         // get list watch create update patch delete deletecollection
  std::string resource;     // "secrets", "serviceaccounts"
  std::string subresource;  // "status" or ""
  std::string name_space;
  std::string name;
  int code = 0;
  bool dry_run = false;

  bool is_write() const { return verb != "get" && verb != "list" && verb != "watch"; }
  // "patch serviceaccounts/status ci-bot 200", with " (dry run)" behind it.
  std::string text() const;
};
std::ostream& operator<<(std::ostream& out, const audited_request& request);

class audit_log {
 public:
  audit_log();  // the mark is the log's present end

  // All that has ended since the mark. Health checks and the control plane's own requests are not logged.
  std::vector<audited_request> requests() const;
  std::vector<audited_request> requests_of(const std::string& user) const;
  // Writes only, without events (they don't count as writes of an issuance), as text().
  std::vector<std::string> writes_of(const std::string& user) const;
  // A request is logged just after its reply: waits until one that this call makes itself is there, so that
  // all earlier ones are too.
  void settle() const;
  void mark();

 private:
  std::size_t from_ = 0;
};

}  // namespace platformer::test
