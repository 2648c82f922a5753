#include "tests/conformance/console/cases.hpp"

namespace platformer::conformance {
namespace {

using models::listing_gap;

// "#1 #2 … #last"
std::string numbers(std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = first; i <= last; ++i)
    text += (text.empty() ? "#" : " #") + std::to_string(i);
  return text;
}

}  // namespace

std::vector<conformance_case> list_cases() {
  return {
      {"an_empty_console_has_one_empty_page",
       {{list{}, "empty, complete"},
        {list_page{}, "empty, page 1 of 1, 0 in all"},
        {in("shop", list{}), "empty, complete"}}},
      {"listings_are_in_order_of_creation",
       {{create{{.name = "c"}}, "made #1 t1"},
        {create{{.name = "a"}}, "made #2 t2"},
        {create{{.name = "b"}}, "made #3 t3"},
        {renew{1}, "made #1 t4"},
        {update{2, {.description = "x"}}, "done"},
        {list{}, "#1 #2 #3, complete"},
        {remove{2}, "removed"},
        {create{{.name = "a"}}, "made #4 t5"},
        {list{}, "#1 #3 #4, complete"}}},
      {"pages_are_cut_as_asked",
       {{create_many{5}, "done"},
        {list_page{1, 2}, "#1 #2, page 1 of 3, 5 in all"},
        {list_page{2, 2}, "#3 #4, page 2 of 3, 5 in all"},
        {list_page{3, 2}, "#5, page 3 of 3, 5 in all"},
        {list_page{1, 5}, "#1 #2 #3 #4 #5, page 1 of 1, 5 in all"}}},
      {"a_page_beyond_the_last_is_empty",
       {{create_many{2}, "done"},
        {list_page{2, 2}, "empty, page 2 of 1, 2 in all"},
        {list_page{999999, 100}, "empty, page 999999 of 1, 2 in all"}}},
      {"a_page_starts_at_1_and_has_1_to_100_accounts",
       {{create_many{1}, "done"},
        {list_page{0, 20}, "400 bad request"},
        {list_page{1, 0}, "400 bad request"},
        {list_page{1, 101}, "400 bad request"},
        {list_page{1, 100}, "#1, page 1 of 1, 1 in all"}}},
      {"the_standard_page_has_20_accounts",
       {{create_many{21}, "done"},
        {list_page{1, 20}, numbers(1, 20) + ", page 1 of 2, 21 in all"},
        {written({.path = "/serviceaccount/list?limit=101"}, list_page{1, 101}), "400 bad request"}}},
      {"more_than_one_page_is_read_as_a_whole",
       {{create_many{103}, "done"}, {list{}, numbers(1, 103) + ", complete"}}},
      {"the_organization_sees_all_levels_and_a_project_its_own",
       {{create{{.name = "top"}}, "made #1 t1"},
        {in("shop", create{{.name = "shop"}}), "made #2 t2"},
        {in("billing", create{{.name = "bill"}}), "made #3 t3"},
        {of("other", by("stranger", create{{.name = "elsewhere"}})), "made #4 t4"},
        {list{}, "#1 #2 #3, complete"},
        {in("shop", list{}), "#2, complete"},
        {of("other", by("stranger", list{})), "#4, complete"}}},
      {"a_lagging_listing_misses_a_new_account_that_reading_finds",
       {{lag_listings{hours(1)}, "done"},
        {create{{.name = "ci"}}, "made #1 t1"},
        {list{}, "empty, complete"},
        {get{1}, "#1 ci"},
        {validate{1}, "live"},
        {advance{hours(1)}, "done"},
        {list{}, "#1, complete"}}},
      {"a_lagging_listing_still_shows_a_removed_account",
       {{lag_listings{hours(2)}, "done"},
        {create{{.name = "ci"}}, "made #1 t1"},
        {advance{hours(3)}, "done"},
        {remove{1}, "removed"},
        {list{}, "#1, complete"},
        {get{1}, "none"},
        {remove{1}, "was gone"},
        {advance{hours(2)}, "done"},
        {list{}, "empty, complete"}}},
      {"a_lag_that_ends_shows_everything_at_once",
       {{create{{.name = "old"}}, "made #1 t1"},
        {lag_listings{hours(1)}, "done"},
        {create{{.name = "new"}}, "made #2 t2"},
        {remove_by_hand{1}, "done"},
        {list{}, "#1, complete"},
        {lag_listings{}, "done"},
        {list{}, "#2, complete"}}},
      {"an_empty_last_page_is_noticed",
       {{create_many{101}, "done"},
        {leave_out{listing_gap::last_page_empty}, "done"},
        {list{}, numbers(1, 100) + ", maybe more"},
        {list_page{2, 100}, "empty, page 2 of 2, 101 in all"},
        {get{101}, "#101 a101"}}},
      {"an_empty_only_page_is_noticed",
       {{create{{.name = "ci"}}, "made #1 t1"},
        {leave_out{listing_gap::last_page_empty}, "done"},
        {list{}, "empty, maybe more"},
        {leave_out{}, "done"},
        {list{}, "#1, complete"}}},
      {"an_uncounted_last_page_is_noticed",
       {{create_many{101}, "done"},
        {leave_out{listing_gap::last_page_uncounted}, "done"},
        {list{}, numbers(1, 100) + ", maybe more"},
        {list_page{2, 100}, "#101, page 2 of 1, 101 in all"}}},
  };
}

}  // namespace platformer::conformance
