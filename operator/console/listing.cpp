#include "console/listing.hpp"

#include <utility>

namespace platformer::console {

std::optional<int> listing_collector::next_page() const {
  if (ended_ || pages_read_ == max_pages_) return std::nullopt;
  return pages_read_ + 1;
}

bool listing_collector::is_last(const account_page& page) const {
  if (page.accounts.empty()) return true;
  if (page.meta.pages) return pages_read_ >= *page.meta.pages;
  if (page.meta.total) return static_cast<std::int64_t>(accounts_.size()) >= *page.meta.total;
  return page.accounts.size() < static_cast<std::size_t>(limit_);
}

void listing_collector::add(account_page page) {
  ++pages_read_;
  // An account created meanwhile moves others to later pages, where they are met again; a deleted one moves
  // others to earlier pages, where they are missed.
  if (page.meta.total && total_ && *page.meta.total < *total_) doubtful_ = true;
  if (page.meta.total) total_ = page.meta.total;
  if (page.meta.page && *page.meta.page != pages_read_) doubtful_ = true;

  bool anything_new = false;
  for (account& each : page.accounts) {
    if (!seen_.insert(each.id).second) continue;
    anything_new = true;
    accounts_.push_back(each);
  }
  ended_ = is_last(page);
  if (!anything_new && !page.accounts.empty()) {  // the Console doesn't know pages, or is beyond its last
    ended_ = true;
    if (!total_) doubtful_ = true;
  }
}

account_listing listing_collector::finish() {
  const bool all_there = !total_ || static_cast<std::int64_t>(accounts_.size()) >= *total_;
  return {std::move(accounts_), ended_ && !doubtful_ && all_there};
}

}  // namespace platformer::console
