// What Prometheus sees of objects: series come and go with them, and their number is bounded.
#include "app/fleet_metrics.hpp"

#include <gmock/gmock.h>

#include <ctime>
#include <iostream>

#include "tests/unit/app/small_world.hpp"

namespace platformer::app::testing {
namespace {

using std::chrono::hours;
using ::testing::HasSubstr;
using ::testing::Not;

service_account issued(const std::string& name, time_point expires_at,
                       const std::string& connection = "default") {
  service_account made = account_named(name);
  made.spec.connection = connection;
  made.status.token.expires_at = expires_at;
  made.status.token.renew_at = expires_at - hours(8);
  made.status.conditions = {{.type = "Ready", .status = true, .reason = "Issued", .message = {}}};
  return made;
}

struct fleet : small_world {
  console_connection connect(const std::string& name) {
    console_connection made = connection_named(name);
    in.connections.upsert(made, runtime::observed_by::live_added);
    return made;
  }
  void put(service_account object) {
    object.meta.resource_version = next_version();
    in.service_accounts.upsert(std::move(object), runtime::observed_by::live_added);
  }
  std::string scrape(bool per_account = false) {
    return meters.serialize(fleet_families(in, {}, per_account));
  }
};

TEST(fleet_metrics, the_earliest_expiry_and_renewal_of_a_connection_are_told) {
  fleet it;
  it.connect("default");
  it.put(issued("one", it.now + hours(24)));
  it.put(issued("two", it.now + hours(48)));
  const std::string text = it.scrape();
  const auto at = [&](hours after) {
    return std::to_string(
        std::chrono::floor<std::chrono::seconds>(it.now + after).time_since_epoch().count());
  };
  EXPECT_THAT(text,
              HasSubstr("earliest_expiry_timestamp_seconds{connection=\"team/default\"} " + at(hours(24))));
  EXPECT_THAT(text,
              HasSubstr("earliest_renewal_timestamp_seconds{connection=\"team/default\"} " + at(hours(16))));
  EXPECT_THAT(text, HasSubstr("connection_service_accounts{connection=\"team/default\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("{account=")));
}

TEST(fleet_metrics, a_token_that_has_ended_is_counted_and_hides_no_other) {
  fleet it;
  it.connect("default");
  it.put(issued("ended", it.now - hours(1)));
  it.put(issued("lives", it.now + hours(5)));
  const std::string text = it.scrape();
  EXPECT_THAT(text, HasSubstr("platformer_operator_tokens_expired{connection=\"team/default\"} 1\n"));
  const auto lives = std::chrono::floor<std::chrono::seconds>(it.now + hours(5)).time_since_epoch().count();
  EXPECT_THAT(text, HasSubstr("earliest_expiry_timestamp_seconds{connection=\"team/default\"} " +
                              std::to_string(lives)));
}

TEST(fleet_metrics, accounts_are_told_one_by_one_on_request) {
  fleet it;
  it.connect("default");
  it.put(issued("ci-bot", it.now + hours(24)));
  const std::string text = it.scrape(true);
  EXPECT_THAT(text,
              HasSubstr("platformer_operator_token_expiry_timestamp_seconds{account=\"team/ci-bot\"} "));
  EXPECT_THAT(text,
              HasSubstr("platformer_operator_token_renewal_timestamp_seconds{account=\"team/ci-bot\"} "));
}

TEST(fleet_metrics, what_was_deleted_is_no_series) {
  fleet it;
  const console_connection connection = it.connect("default");
  service_account object = issued("ci-bot", it.now + hours(24));
  it.put(object);
  EXPECT_THAT(it.scrape(true), HasSubstr("team/"));
  const auto gone = [](object_meta meta) {
    meta.resource_version = next_version();
    return meta;
  };
  it.in.service_accounts.erase(gone(object.meta));
  it.in.connections.erase(gone(connection.meta));
  const std::string text = it.scrape(true);
  EXPECT_THAT(text, Not(HasSubstr("team/")));
  EXPECT_THAT(text, Not(HasSubstr("platformer_operator_service_accounts{")));
}

TEST(fleet_metrics, reasons_that_are_not_ours_are_counted_together) {
  fleet it;
  for (int i = 0; i < 10; ++i) {
    service_account object = issued("bot-" + std::to_string(i), it.now + hours(24));
    object.status.conditions.front().reason = "Forged" + std::to_string(i);
    it.put(object);
  }
  const std::string text = it.scrape();
  EXPECT_THAT(text, HasSubstr(R"(platformer_operator_service_accounts{ready="true",reason="other"} 10)"));
  EXPECT_THAT(text, Not(HasSubstr("Forged")));
}

TEST(fleet_metrics, a_connections_standing_is_told) {
  fleet it;
  console_connection object = it.connect("default");
  object.meta.resource_version = next_version();
  object.status.conditions = {
      {.type = "Ready", .status = false, .reason = "CredentialsRejected", .message = {}},
      {.type = "CredentialRotated", .status = false, .reason = "RotationFailed", .message = {}}};
  object.status.throttled_until = it.now + hours(1);
  object.spec.rotate_credentials.emplace();
  object.status.credential.emplace();
  object.status.credential->expires_at = it.now + hours(2);
  it.in.connections.upsert(object, runtime::observed_by::live_modified);
  const std::string text = it.scrape();
  const std::string of = "{connection=\"team/default\"";
  EXPECT_THAT(text, HasSubstr("connection_ready" + of + ",reason=\"CredentialsRejected\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("connection_rotation_failed" + of + "} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("throttled_until_timestamp_seconds" + of + "} 0\n")));
  EXPECT_THAT(text, HasSubstr("credential_expiry_timestamp_seconds" + of + "} "));
  EXPECT_THAT(text, HasSubstr("connection_breaker_open" + of + "} 0\n"));
  it.now += hours(1);
  EXPECT_THAT(it.scrape(), HasSubstr("throttled_until_timestamp_seconds" + of + "} 0\n"));
}

TEST(fleet_metrics, watches_and_caches_are_told_by_resource) {
  fleet it;
  it.put(issued("ci-bot", it.now + hours(24)));
  const std::string text = it.meters.serialize(
      fleet_families(it.in, {{"serviceaccounts", true, 2}, {"secrets", false, 7}}, false));
  EXPECT_THAT(text, HasSubstr(R"(platformer_operator_cached_objects{resource="serviceaccounts"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(platformer_operator_watch_up{resource="serviceaccounts"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(platformer_operator_watch_up{resource="secrets"} 0)"));
  EXPECT_THAT(text, HasSubstr(R"(platformer_operator_watch_failures_total{resource="secrets"} 7)"));
}

TEST(fleet_metrics, a_scrape_of_100000_accounts_is_small) {
  fleet it;
  constexpr int connections = 100;
  constexpr int accounts = 100000;
  for (int i = 0; i < connections; ++i)
    it.connect("connection-" + std::to_string(i));
  for (int i = 0; i < accounts; ++i)
    it.put(issued("a-service-account-" + std::to_string(i), it.now + hours(24) + std::chrono::seconds(i),
                  "connection-" + std::to_string(i % connections)));
  const std::clock_t began = std::clock();  // of the processor: others may be at work beside us
  const std::string text = it.scrape();
  const double took = 1000.0 * static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  const auto series = std::count(text.begin(), text.end(), '\n');
  std::cout << accounts << " accounts, " << connections << " connections: " << text.size() << " bytes, "
            << series << " lines, " << took << " ms of processor time\n";
  EXPECT_LT(text.size(), 5U * 1000 * 1000 / 10);
  EXPECT_LT(series, 2000);
}

}  // namespace
}  // namespace platformer::app::testing
