// Conditions as kstatus has them, and the objects that can't be worked on.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

TEST(conditions, of_a_ready_object_are_true_and_carry_the_generation) {
  world w = a_ready_object();
  for (const char* type : {"Ready", "AccountSynced", "SecretSynced", "TokenValid"}) {
    ASSERT_NE(w.condition_of(type), nullptr) << type;
    EXPECT_TRUE(w.condition_of(type)->status) << type;
    EXPECT_EQ(w.condition_of(type)->observed_generation, 1) << type;
  }
  EXPECT_EQ(w.condition_of("Reconciling"), nullptr);
  EXPECT_EQ(w.condition_of("Stalled"), nullptr);
}

TEST(conditions, move_their_transition_time_only_with_the_status) {
  world w = a_ready_object();
  const time_point issued = w.condition_of("Ready")->last_transition;
  w.advance(1h);
  w.annotate(names::renew_annotation, "one");
  settle(w);
  EXPECT_EQ(w.reason(), "Renewed");
  EXPECT_EQ(w.condition_of("Ready")->last_transition, issued);
  w.object.spec.suspend = true;
  w.edit_spec();
  play(w);
  EXPECT_EQ(w.condition_of("Ready")->last_transition, std::chrono::floor<std::chrono::seconds>(w.now));
}

TEST(conditions, a_failure_that_repeats_is_written_once_and_noted_once) {
  world w = a_new_object();
  transcript first(w);
  first.until<create_account>();
  first.fail(api_errc::rate_limited);
  first.play();
  EXPECT_EQ(first.event_names(), "Warning ConsoleRateLimited");
  for (int i = 0; i < 3; ++i) {
    transcript again(w);
    again.until<create_account>();
    again.fail(api_errc::rate_limited);
    EXPECT_EQ(again.play(), "");
    EXPECT_EQ(again.event_names(), "");
  }
  EXPECT_EQ(w.remembered.failures, 4);
  settle(w);
  EXPECT_EQ(w.remembered.failures, 0);
  EXPECT_EQ(w.object.status.failures, 0);
}

TEST(conditions, a_status_that_can_not_be_written_is_tried_again) {
  for (const api_errc code :
       {api_errc::conflict, api_errc::server_error, api_errc::forbidden, api_errc::timeout}) {
    world w = a_new_object();
    transcript run(w);
    run.until<patch_status>();
    run.fail(code);
    EXPECT_TRUE(run.ended());
    EXPECT_FALSE(run.ended_with<finished>());
    EXPECT_EQ(play(w), "read_secret, read_account, patch_status");
    EXPECT_EQ(w.reason(), "Issued");
  }
}

TEST(suspended, nothing_is_asked_but_the_status) {
  world w = a_new_object();
  w.object.spec.suspend = true;
  EXPECT_EQ(play(w), "patch_status");
  EXPECT_EQ(w.reason(), "Suspended");
  EXPECT_EQ(play(w), "");
}

TEST(connection, that_is_missing_not_ready_or_closing_starts_nothing) {
  for (const auto state : {connection_view::standing::missing, connection_view::standing::not_ready,
                           connection_view::standing::closing}) {
    world w = a_new_object();
    w.connection.state = state;
    EXPECT_EQ(play(w), "patch_status");
    EXPECT_EQ(w.reason(),
              state == connection_view::standing::missing ? "ConnectionNotFound" : "ConnectionNotReady");
    EXPECT_NE(w.condition_of("Reconciling"), nullptr);
    w.connection.state = connection_view::standing::ready;
    EXPECT_EQ(settle(w), 1);
  }
}

TEST(invalid_spec, stalls_with_the_field_that_is_wrong_and_asks_nothing) {
  const std::vector<std::pair<std::string, void (*)(service_account&)>> cases = {
      {"spec.x", [](service_account& o) { o.spec_error = "spec.x is nonsense"; }},
      {"spec.accountName", [](service_account& o) { o.spec.account_name = ""; }},
      {"spec.accountName", [](service_account& o) { o.spec.account_name = " a"; }},
      {"spec.accountName", [](service_account& o) { o.spec.account_name = "a\nb"; }},
      {"spec.accountName", [](service_account& o) { o.spec.account_name = std::string(129, 'a'); }},
      {"spec.description", [](service_account& o) { o.spec.description = "platformer-operator:c1/a/b/c"; }},
      {"spec.description", [](service_account& o) { o.spec.description = std::string(1025, 'a'); }},
      {"spec.description", [](service_account& o) { o.spec.description = "a\rb"; }},
      {"spec.projectAccess",
       [](service_account& o) {
         o.spec.project = "p";
         o.spec.project_access["q"] = {};
       }},
      {"spec.token",
       [](service_account& o) {
         o.spec.token = {start_of_time + 1h, 1h};
       }},
      {"spec.token.lifetime", [](service_account& o) { o.spec.token.lifetime = 9min; }},
      {"spec", [](service_account& o) { o.spec.own.permissions = {""}; }},
      {"spec.projectAccess", [](service_account& o) { o.spec.project_access[""] = {}; }},
      {"spec.secret.key", [](service_account& o) { o.spec.secret.key = ""; }},
      {"spec.secret.labels",
       [](service_account& o) { o.spec.secret.labels["app.kubernetes.io/managed-by"] = "x"; }},
      {"spec.secret.labels",
       [](service_account& o) { o.spec.secret.annotations["console.platformer.com/revision"] = "x"; }}};
  for (const auto& [field, spoil] : cases) {
    world w = a_new_object();
    spoil(w.object);
    EXPECT_EQ(play(w), "patch_status") << field;
    EXPECT_EQ(w.reason(), "InvalidSpec") << field;
    ASSERT_NE(w.condition_of("Stalled"), nullptr);
    EXPECT_TRUE(w.condition_of("Stalled")->message.starts_with(field)) << w.condition_of("Stalled")->message;
  }
}

TEST(reasons, all_that_a_status_can_carry_are_in_the_table) {
  EXPECT_EQ(std::set<const reason_info*>(reason::all.begin(), reason::all.end()).size(), reason::all.size());
  std::set<std::string_view> names;
  for (const reason_info* each : reason::all) {
    names.insert(each->name);
    EXPECT_FALSE(each->meaning.empty()) << each->name;
  }
  EXPECT_EQ(names.size(), reason::all.size());
}

}  // namespace
}  // namespace platformer::accounts::test
