// What Prometheus sees.
#include "app/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "app/process_metrics.hpp"

namespace platformer::app {
namespace {

using testing::HasSubstr;
using testing::Not;

// The value of a series as it is written, "" when there is none.
std::string value_of(const std::string& text, const std::string& series) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(series + " ")) return line.substr(series.size() + 1);
  return "";
}

std::size_t series_in(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + "{") || line.starts_with(name + " ")) ++count;
  return count;
}

TEST(metrics, the_version_is_told) {
  metrics m("1.2.3-\"x\"");
  EXPECT_EQ(value_of(m.serialize(), R"(platformer_operator_build_info{version="1.2.3-\"x\""})"), "1");
}

TEST(metrics, what_is_known_beforehand_starts_at_zero) {
  metrics m("1");
  const std::string text = m.serialize();
  EXPECT_EQ(value_of(text, R"(platformer_operator_tokens_minted_total{cause="InitialIssue"})"), "0");
  EXPECT_EQ(series_in(text, "platformer_operator_tokens_minted_total"), 8U);
  EXPECT_EQ(value_of(text, R"(platformer_operator_watch_restarts_total{resource="secrets"})"), "0");
  EXPECT_EQ(series_in(text, "controller_runtime_reconcile_total"), 8U);
  EXPECT_EQ(value_of(text, R"(workqueue_depth{name="serviceaccount"})"), "0");
}

TEST(metrics, reconciles_are_counted_and_timed) {
  metrics m("1");
  m.observe_reconcile("serviceaccount", reconcile_result::requeue_after, 0.02);
  m.observe_reconcile("serviceaccount", false, 3);
  m.observe_reconcile("consoleconnection", true, 0);
  const std::string text = m.serialize();
  const auto total = [&](const std::string& controller, const std::string& outcome) {
    for (const std::string& labels : {"controller=\"" + controller + "\",result=\"" + outcome + "\"",
                                      "result=\"" + outcome + "\",controller=\"" + controller + "\""})
      if (const auto value = value_of(text, "controller_runtime_reconcile_total{" + labels + "}");
          !value.empty())
        return value;
    return std::string();
  };
  EXPECT_EQ(total("serviceaccount", "requeue_after"), "1");
  EXPECT_EQ(total("serviceaccount", "error"), "1");
  EXPECT_EQ(total("consoleconnection", "success"), "1");
  EXPECT_EQ(total("consoleconnection", "error"), "0");
  EXPECT_EQ(value_of(text, R"(controller_runtime_reconcile_errors_total{controller="serviceaccount"})"), "1");
  EXPECT_EQ(value_of(text, R"(controller_runtime_reconcile_time_seconds_count{controller="serviceaccount"})"),
            "2");
  EXPECT_THAT(
      text,
      HasSubstr(
          R"(controller_runtime_reconcile_time_seconds_bucket{controller="serviceaccount",le="0.025"} 1)"));
}

TEST(metrics, the_queues_totals_are_taken_over_and_never_fall) {
  metrics m("1");
  runtime::queue_statistics queue;
  queue.levels[0] = {.depth = 2, .adds = 10, .oldest = {}};
  queue.levels[1] = {.depth = 3, .adds = 5, .oldest = {}};
  queue.retries = 4;
  m.set_queue("serviceaccount", {.queue = queue});
  m.set_queue("serviceaccount", {.queue = queue});
  std::string text = m.serialize();
  EXPECT_EQ(value_of(text, R"(workqueue_depth{name="serviceaccount"})"), "5");
  EXPECT_EQ(value_of(text, R"(workqueue_adds_total{name="serviceaccount"})"), "15");
  EXPECT_EQ(value_of(text, R"(workqueue_retries_total{name="serviceaccount"})"), "4");
  queue.levels[0].adds = 12;
  queue.levels[0].depth = 0;
  m.set_queue("serviceaccount", {.queue = queue});
  text = m.serialize();
  EXPECT_EQ(value_of(text, R"(workqueue_depth{name="serviceaccount"})"), "3");
  EXPECT_EQ(value_of(text, R"(workqueue_adds_total{name="serviceaccount"})"), "17");
}

TEST(metrics, requests_are_counted_by_how_they_ended) {
  metrics m("1");
  m.count_kube_request(net::http_method::get, 200, 0.02);
  m.count_kube_request(net::http_method::get, 200, 0.02);
  m.count_kube_request(net::http_method::patch, 0, 15);
  m.count_console_request(console::call::renew_token, 201, 0.3);
  m.count_console_request(console::call::create_account,
                          {.code = api_errc::timeout, .message = {}, .retry_after = {}}, 30);
  m.count_console_request(
      console::call::create_account,
      {.code = api_errc::server_error, .http_status = 503, .message = {}, .retry_after = {}}, 0.1);
  const std::string text = m.serialize();
  for (const char* labels :
       {R"(method="GET")", R"(code="200")", R"(method="PATCH")", R"(code="<error>")",
        R"(operation="renewServiceAccountToken")", R"(code="201")", R"(code="timeout")", R"(code="503")"})
    EXPECT_THAT(text, HasSubstr(labels));
  EXPECT_EQ(series_in(text, "rest_client_requests_total"), 2U);
  EXPECT_EQ(value_of(text, R"(rest_client_request_duration_seconds_sum{verb="PATCH"})"), "15");
  EXPECT_THAT(text, HasSubstr("platformer_operator_console_request_duration_seconds_bucket{operation="
                              "\"renewServiceAccountToken\",le=\"0.5\"} 1"));
  EXPECT_EQ(series_in(text, "platformer_operator_console_requests_total"), 3U);
}

TEST(metrics, what_workers_are_doing_is_told) {
  metrics m("1");
  m.set_queue("serviceaccount",
              {.queue = {}, .workers = 32, .busy = 3, .unfinished = 7.5, .longest_running = 5});
  m.observe_wait("serviceaccount", 0.5);
  m.observe_phase("serviceaccount", reconcile_phase::console, 0.25);
  const std::string text = m.serialize();
  EXPECT_EQ(value_of(text, R"(controller_runtime_max_concurrent_reconciles{controller="serviceaccount"})"),
            "32");
  EXPECT_EQ(value_of(text, R"(controller_runtime_active_workers{controller="serviceaccount"})"), "3");
  EXPECT_EQ(value_of(text, R"(workqueue_unfinished_work_seconds{name="serviceaccount"})"), "7.5");
  EXPECT_EQ(value_of(text, R"(workqueue_longest_running_processor_seconds{name="serviceaccount"})"), "5");
  EXPECT_EQ(value_of(text, R"(workqueue_queue_duration_seconds_sum{name="serviceaccount"})"), "0.5");
  EXPECT_THAT(text,
              HasSubstr(R"(platformer_operator_reconcile_phase_seconds_sum{controller="serviceaccount",)"
                        R"(phase="console"} 0.25)"));
}

TEST(metrics, events_are_counted_by_type_and_reason) {
  metrics m("1");
  m.count_event(true, "ConsoleUnavailable");
  m.count_event(false, "Issued");
  m.count_event(false, "Issued");
  m.set_events_dropped(4);
  m.set_events_dropped(3);
  const std::string text = m.serialize();
  EXPECT_EQ(value_of(text, R"(platformer_operator_events_total{reason="Issued",type="Normal"})"), "2");
  EXPECT_EQ(value_of(text, R"(platformer_operator_events_total{reason="ConsoleUnavailable",type="Warning"})"),
            "1");
  EXPECT_EQ(value_of(text, "platformer_operator_events_dropped_total"), "4");
}

TEST(metrics, mints_and_restarts_are_counted) {
  metrics m("1");
  m.count_mint(mint_cause::recovery);
  m.count_mint("Recovery");
  m.count_watch_restart("serviceaccounts");
  const std::string text = m.serialize();
  EXPECT_EQ(value_of(text, R"(platformer_operator_tokens_minted_total{cause="Recovery"})"), "2");
  EXPECT_EQ(value_of(text, R"(platformer_operator_watch_restarts_total{resource="serviceaccounts"})"), "1");
}

TEST(metrics, labels_that_are_not_in_the_list_are_other) {
  metrics m("1");
  for (int i = 0; i < 100; ++i) {
    const std::string strange = "strange" + std::to_string(i);
    m.count_mint(strange);
    m.count_watch_restart(strange);
    m.observe_reconcile(strange, true, 1);
    m.count_event(true, strange);
    m.observe_phase(strange, reconcile_phase::console, 1);
    m.observe_wait(strange, 1);
    m.count_console_request(console::call::get_account, i - 50, 0);
  }
  const std::string text = m.serialize();
  EXPECT_THAT(text, Not(HasSubstr("strange")));
  EXPECT_EQ(value_of(text, R"(platformer_operator_tokens_minted_total{cause="other"})"), "100");
  EXPECT_EQ(series_in(text, "platformer_operator_watch_restarts_total"), 6U);
  EXPECT_EQ(series_in(text, "platformer_operator_console_requests_total"), 1U);
  EXPECT_EQ(series_in(text, "platformer_operator_events_total"), 1U);
  EXPECT_EQ(series_in(text, "platformer_operator_reconcile_phase_seconds_count"), 9U);
}

TEST(metrics, who_leads_is_told_only_where_there_is_an_election) {
  metrics m("1");
  EXPECT_EQ(series_in(m.serialize(), "leader_election_master_status"), 0U);
  m.set_leader("platformer-operator", false);
  EXPECT_EQ(value_of(m.serialize(), R"(leader_election_master_status{name="platformer-operator"})"), "0");
  m.set_leader("platformer-operator", true);
  EXPECT_EQ(value_of(m.serialize(), R"(leader_election_master_status{name="platformer-operator"})"), "1");
}

TEST(metrics, the_process_tells_about_itself) {
  metrics m("1");
  const std::string text = m.serialize();
  EXPECT_GT(std::stod(value_of(text, "process_resident_memory_bytes")), 1e6);
  EXPECT_GT(std::stod(value_of(text, "process_start_time_seconds")), 1e9);
  EXPECT_GE(std::stod(value_of(text, "process_open_fds")), 3);
  EXPECT_GT(std::stod(value_of(text, "process_max_fds")), 3);
  EXPECT_GE(std::stod(value_of(text, "process_cpu_seconds_total")), 0);
  EXPECT_GT(std::stod(value_of(text, "process_virtual_memory_bytes")), 1e6);
}

TEST(metrics, two_of_them_share_nothing) {
  metrics one("1");
  metrics two("2");
  one.count_mint(mint_cause::adoption);
  EXPECT_EQ(value_of(two.serialize(), R"(platformer_operator_tokens_minted_total{cause="Adoption"})"), "0");
}

}  // namespace
}  // namespace platformer::app
