// Inside net only: DNS with a deadline. Asio's own resolver can't be used: it needs Asio's threads, which the
// project turns off, and a getaddrinfo that hangs can't be cancelled. So a lookup runs in a thread of its own
// that shares no memory with us: it writes the addresses into a socket pair, and a lookup nobody waits for
// any more is simply left behind. At most one lookup runs at a time; whoever asks meanwhile gets its answer.
#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/wait_list.hpp"

namespace platformer::net {

enum class resolve_failure : std::uint8_t {
  not_found,  // no address, or the lookup failed: `detail` of the outcome says why
  timed_out,  // the deadline came first
  closed,     // close() was called
};

struct resolve_error {
  resolve_failure reason = resolve_failure::not_found;
  std::string detail;
};

using addresses = std::vector<boost::asio::ip::address>;  // never empty as a result, at most max_addresses

constexpr std::size_t max_addresses = 16;

// What a lookup's thread writes into the socket pair, in one piece.
struct lookup_answer {
  struct entry {
    bool v6 = false;
    std::uint32_t scope = 0;
    std::array<unsigned char, 16> bytes{};
  };
  int failed = 0;  // of getaddrinfo; 0: fine
  unsigned count = 0;
  std::array<entry, max_addresses> found{};
};

// getaddrinfo, or what a test puts in its place. Runs in the lookup's thread, may block.
using system_lookup = lookup_answer (*)(const std::string& host);
lookup_answer ask_system(const std::string& host);

class name_resolver : public std::enable_shared_from_this<name_resolver> {
 public:
  name_resolver(boost::asio::any_io_executor executor, std::string host, system_lookup ask = ask_system);

  // An IP literal is its own answer. Answers are not kept: the system's resolver is asked for each
  // connection.
  boost::asio::awaitable<result<addresses, resolve_error>> resolve(steady_time deadline);
  void close();

 private:
  struct lookup;
  static boost::asio::awaitable<void> collect(std::shared_ptr<name_resolver> self,
                                              std::shared_ptr<lookup> job);
  std::shared_ptr<lookup> start();

  boost::asio::any_io_executor executor_;
  std::string host_;
  system_lookup ask_;
  std::shared_ptr<lookup> running_;
  bool closed_ = false;
};

}  // namespace platformer::net
