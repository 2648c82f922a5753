#include "tests/conformance/console/cases.hpp"

namespace platformer::conformance {
namespace {

using kind = fault::kind;

fault refusing(int status) {
  return {.what = kind::status, .status = status};
}

// A fault that hits a creation and then a renewal, and what the caller sees; `done`: it happened all the
// same.
conformance_case minting_under(std::string name, const fault& hit, const std::string& seen, bool done) {
  std::vector<step> steps{{hit, "done"}, {create{{.name = "lost"}}, seen}};
  steps.push_back({list{}, done ? "#1, complete" : "empty, complete"});
  steps.push_back({create{{.name = "ci"}}, done ? "made #2 t1" : "made #1 t1"});
  const int account = done ? 2 : 1;
  steps.push_back({hit, "done"});
  steps.push_back({renew{account}, seen});
  steps.push_back({validate{1}, done ? "dead" : "live"});
  steps.push_back({renew{account}, done ? "made #2 t2" : "made #1 t2"});
  steps.push_back({validate{2}, "live"});
  return {std::move(name), std::move(steps)};
}

// The same of a change and a deletion.
conformance_case changing_under(std::string name, const fault& hit, const std::string& seen, bool done) {
  return {std::move(name),
          {{create{{.name = "ci"}}, "made #1 t1"},
           {hit, "done"},
           {update{1, {.description = "new"}}, seen},
           {get{1}, done ? "#1 ci 'new'" : "#1 ci"},
           {hit, "done"},
           {remove{1}, seen},
           {get{1}, done ? "none" : "#1 ci"},
           {remove{1}, done ? "was gone" : "removed"}}};
}

// Every status in place of the reply to `made`.
conformance_case every_status(std::string name, const call& made,
                              const std::vector<std::pair<int, std::string>>& table) {
  conformance_case out{std::move(name), {{create{{.name = "ci"}}, "made #1 t1"}}};
  for (const auto& [status, code] : table) {
    out.steps.push_back({refusing(status), "done"});
    out.steps.push_back({made, std::to_string(status) + " " + code});
  }
  out.steps.push_back({validate{1}, "live"});
  return out;
}

using statuses = std::vector<std::pair<int, std::string>>;

const statuses common_statuses{{400, "bad request"},  {401, "unauthorized"}, {403, "forbidden"},
                               {404, "not found"},    {405, "bad request"},  {408, "unreachable"},
                               {410, "not found"},    {413, "too large"},    {415, "bad request"},
                               {422, "invalid"},      {425, "unreachable"},  {429, "rate limited"},
                               {302, "redirected"},   {307, "redirected"},   {500, "server error"},
                               {502, "server error"}, {503, "server error"}, {504, "server error"}};

}  // namespace

std::vector<conformance_case> fault_cases() {
  statuses of_create = common_statuses;
  of_create.emplace_back(409, "already exists");
  statuses of_renewal = common_statuses;
  of_renewal.emplace_back(409, "conflict");
  const std::string lost = "connection lost";
  const fault committed_500{.what = kind::status_after_commit, .status = 500};
  const fault later{.what = kind::status, .status = 429, .retry_after = std::chrono::seconds(7)};
  return {
      minting_under("minting_cut_before_it_is_done", {.what = kind::cut_before}, lost, false),
      minting_under("minting_cut_after_the_commit", {.what = kind::cut_after_commit}, lost, true),
      minting_under("minting_cut_in_the_middle_of_the_reply", {.what = kind::cut_mid_reply}, lost, true),
      minting_under("minting_that_hangs_before_it_is_done", {.what = kind::hang_before}, "timeout", false),
      minting_under("minting_that_hangs_after_the_commit", {.what = kind::hang_after_commit}, "timeout",
                    true),
      minting_under("minting_with_a_garbage_reply", {.what = kind::garbage}, "200 malformed reply", true),
      minting_under("minting_with_500_and_nothing_done", refusing(500), "500 server error", false),
      minting_under("minting_with_500_after_the_commit", committed_500, "500 server error", true),
      minting_under("minting_that_is_asked_to_wait", later, "429 rate limited, retry after 7s", false),
      changing_under("changing_cut_before_it_is_done", {.what = kind::cut_before}, lost, false),
      changing_under("changing_cut_after_the_commit", {.what = kind::cut_after_commit}, lost, true),
      changing_under("changing_cut_in_the_middle_of_the_reply", {.what = kind::cut_mid_reply}, lost, true),
      changing_under("changing_that_hangs_after_the_commit", {.what = kind::hang_after_commit}, "timeout",
                     true),
      changing_under("changing_with_a_garbage_reply", {.what = kind::garbage}, "200 malformed reply", true),
      changing_under("changing_with_500_after_the_commit", committed_500, "500 server error", true),
      changing_under("changing_that_is_asked_to_wait", later, "429 rate limited, retry after 7s", false),
      every_status("every_status_of_a_creation", create{{.name = "x"}}, of_create),
      every_status("every_status_of_a_renewal", renew{1}, of_renewal),
      {"reading_under_faults_proves_nothing",
       {{create{{.name = "ci"}}, "made #1 t1"},
        {fault{.what = kind::cut_before}, "done"},
        {get{1}, lost},
        {fault{.what = kind::garbage}, "done"},
        {get{1}, "200 malformed reply"},
        {fault{.what = kind::cut_mid_reply}, "done"},
        {list{}, lost},
        {fault{.what = kind::garbage}, "done"},
        {list{}, "200 malformed reply"},
        {refusing(500), "done"},
        {list{}, "500 server error"},
        {fault{.what = kind::cut_before}, "done"},
        {validate{1}, lost},
        {refusing(503), "done"},
        {validate{1}, "503 server error"},
        {validate{1}, "live"}}},
      {"a_404_of_the_console_means_gone_and_one_of_a_web_page_does_not",
       {{create{{.name = "ci"}}, "made #1 t1"},
        {refusing(404), "done"},
        {get{1}, "none"},
        {fault{.what = kind::web_page, .status = 404}, "done"},
        {get{1}, "404 bad request"},
        {fault{.what = kind::web_page, .status = 404}, "done"},
        {remove{1}, "404 bad request"},
        {fault{.what = kind::web_page, .status = 401}, "done"},
        {validate{1}, "401 bad request"},
        {fault{.what = kind::web_page, .status = 403}, "done"},
        {renew{1}, "403 bad request"},
        {fault{.what = kind::web_page, .status = 503}, "done"},
        {renew{1}, "503 server error"},
        {validate{1}, "live"}}},
      {"a_refused_token_is_dead_only_by_401_and_403",
       {{create{{.name = "ci"}}, "made #1 t1"},
        {refusing(401), "done"},
        {validate{1}, "dead"},
        {refusing(403), "done"},
        {validate{1}, "dead"},
        {refusing(429), "done"},
        {validate{1}, "429 rate limited"},
        {validate{1}, "live"}}},
  };
}

}  // namespace platformer::conformance
