// Puts the pages of an account listing together and knows whether nothing is missing: an account's absence
// from a listing that may be partial proves nothing. Pure.
//
//   listing_collector collector(limit, max_pages);
//   while (auto page = collector.next_page()) collector.add(fetch(*page));
//   account_listing all = collector.finish();
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "console/codec.hpp"

namespace platformer::console {

struct account_listing {
  std::vector<account> accounts;  // each ID once
  bool complete = false;          // false: there may be more than these
};

class listing_collector {
 public:
  // `limit`: accounts that a page was asked for. At most `max_pages` are asked for.
  listing_collector(int limit, int max_pages) : limit_(limit), max_pages_(max_pages) {}

  // The number of the page to ask for, from 1; nullopt when there are no more.
  std::optional<int> next_page() const;
  void add(account_page page);
  account_listing finish();

 private:
  bool is_last(const account_page& page) const;

  int limit_;
  int max_pages_;
  int pages_read_ = 0;
  bool ended_ = false;     // the Console has no further page
  bool doubtful_ = false;  // something shifted or repeated between pages
  std::optional<std::int64_t> total_;
  std::set<std::string, std::less<>> seen_;
  std::vector<account> accounts_;
};

}  // namespace platformer::console
