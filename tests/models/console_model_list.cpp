// Listings of console_model: pages, how far they lag behind, and what they leave out.
#include <algorithm>

#include "tests/models/console_model.hpp"

namespace platformer::models {
namespace {

// Makes the page what a Console with this gap would send.
void leave_out(listing_gap gap, account_page& page) {
  switch (gap) {
    case listing_gap::none:
      return;
    case listing_gap::last_page_empty:
      if (page.page == page.pages) page.accounts.clear();
      return;
    case listing_gap::last_page_uncounted:
      if (page.pages > 1) --page.pages;
      return;
  }
}

}  // namespace

void console_model::set_list_lag(duration lag) {
  state& mine = own();
  mine.list_lag = lag;
  if (lag <= duration::zero()) mine.recent.clear();
}

answer<account_page> console_model::list(const console_call& call, std::uint64_t page,
                                         std::uint64_t limit) const {
  const auto owner = authorize(call, right::read);
  if (!owner) return tl::unexpected(owner.error());
  if (page < 1) return refuse(400, "page starts at 1");
  if (limit < 1 || limit > page_limit_max)
    return refuse(400, "limit must be 1 to " + std::to_string(page_limit_max));
  account_page out;
  out.page = page;
  const std::uint64_t skip_pages = page - 1;
  for_each_listed(call.now, [&](const stored_account& stored) {
    if (stored.data.organization_id != (*owner)->id) return;
    if (!call.project_id.empty() && stored.data.project_id != call.project_id) return;
    if (out.total / limit == skip_pages) out.accounts.push_back(view_of(stored, call.now));
    ++out.total;
  });
  out.pages = std::max<std::uint64_t>(1, (out.total + limit - 1) / limit);
  leave_out(state_->gap, out);
  return out;
}

template <class Visit>
void console_model::for_each_listed(time_point now, Visit visit) const {
  const auto not_shown_yet = [&](const recent_change& change) { return now < change.at + state_->list_lag; };
  if (std::ranges::none_of(state_->recent, not_shown_yet)) return for_each_account(visit);
  std::map<std::uint64_t, const stored_account*> shown;
  for (const auto& [serial, stored] : state_->accounts)
    shown.emplace_hint(shown.end(), serial, stored.get());
  // Backwards, so that the state before the earliest of an account's hidden changes is what remains.
  for (auto change = state_->recent.rbegin(); change != state_->recent.rend(); ++change)
    if (not_shown_yet(*change)) shown[change->serial] = change->before.get();
  for (const auto& [serial, stored] : shown)
    if (stored != nullptr) visit(*stored);
}

}  // namespace platformer::models
