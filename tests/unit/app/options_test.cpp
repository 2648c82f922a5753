// The command line, its twin in the environment, and how bad options are refused.
#include "app/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "base/version.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using environment_map = std::map<std::string, std::string>;

result<options, early_exit> parse(std::vector<std::string> arguments,
                                  const environment_map& environment = {}) {
  return parse_options(std::move(arguments), [&](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  });
}

// The one line about what is wrong; "" when nothing is.
std::string refused(std::vector<std::string> arguments, const environment_map& environment = {}) {
  const auto outcome = parse(std::move(arguments), environment);
  if (outcome) return "";
  EXPECT_EQ(outcome.error().code, 2);
  EXPECT_EQ(outcome.error().out, "");
  const std::string prefix = "platformer-operator: ";
  const std::string hint = "\nSee: platformer-operator --help\n";
  const std::string& text = outcome.error().err;
  EXPECT_TRUE(text.starts_with(prefix) && text.ends_with(hint)) << text;
  const std::string line = text.substr(prefix.size(), text.size() - prefix.size() - hint.size());
  EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  return line;
}

TEST(options, without_any_the_defaults_are_as_the_help_says) {
  const options given = parse({}).value();
  EXPECT_EQ(given.kubeconfig, "");
  EXPECT_EQ(given.context, "");
  EXPECT_THAT(given.watch_namespaces, IsEmpty());
  EXPECT_EQ(given.selector, "");
  EXPECT_EQ(given.cluster_id, "");
  EXPECT_EQ(given.workers, 64U);
  EXPECT_EQ(to_string(given.bind_address), "0.0.0.0:8080");
  EXPECT_FALSE(given.leader_elect);
  EXPECT_EQ(given.leader_election_namespace, "");
  EXPECT_EQ(given.lease_duration, 15s);
  EXPECT_EQ(given.renew_deadline, 10s);
  EXPECT_EQ(given.retry_period, 2s);
  EXPECT_EQ(given.level, log_level::info);
  EXPECT_EQ(given.format, log_format::text);
}

TEST(options, each_can_be_given_on_the_command_line) {
  const options given =
      parse({"--kubeconfig", "/etc/kube", "--context", "dev", "--watch-namespace", "b",
             "--watch-namespace=a,c", "--selector", "!legacy,stage in (test,prod)", "--cluster-id", "blue",
             "--workers", "4", "--bind-address", "[::1]:0", "--log-level", "debug", "--log-format", "json"})
          .value();
  EXPECT_EQ(given.kubeconfig, "/etc/kube");
  EXPECT_EQ(given.context, "dev");
  EXPECT_THAT(given.watch_namespaces, ElementsAre("a", "b", "c"));
  EXPECT_EQ(given.selector, "!legacy,stage in (test,prod)");
  EXPECT_EQ(given.cluster_id, "blue");
  EXPECT_EQ(given.workers, 4U);
  EXPECT_EQ(given.bind_address, (listen_address{"::1", 0}));
  EXPECT_EQ(given.level, log_level::debug);
  EXPECT_EQ(given.format, log_format::json);
}

TEST(options, each_has_a_twin_in_the_environment) {
  const options given = parse({}, {{"PLATFORMER_OPERATOR_KUBECONFIG", "/etc/kube"},
                                   {"PLATFORMER_OPERATOR_CONTEXT", "dev"},
                                   {"PLATFORMER_OPERATOR_WATCH_NAMESPACE", "b, a,b"},
                                   {"PLATFORMER_OPERATOR_SELECTOR", "team=a"},
                                   {"PLATFORMER_OPERATOR_CLUSTER_ID", "blue"},
                                   {"PLATFORMER_OPERATOR_WORKERS", "4"},
                                   {"PLATFORMER_OPERATOR_BIND_ADDRESS", "127.0.0.1:1"},
                                   {"PLATFORMER_OPERATOR_LOG_LEVEL", "error"},
                                   {"PLATFORMER_OPERATOR_LOG_FORMAT", "json"}})
                            .value();
  EXPECT_EQ(given.kubeconfig, "/etc/kube");
  EXPECT_EQ(given.context, "dev");
  EXPECT_THAT(given.watch_namespaces, ElementsAre("a", "b"));
  EXPECT_EQ(given.selector, "team=a");
  EXPECT_EQ(given.cluster_id, "blue");
  EXPECT_EQ(given.workers, 4U);
  EXPECT_EQ(given.bind_address, (listen_address{"127.0.0.1", 1}));
  EXPECT_EQ(given.level, log_level::error);
  EXPECT_EQ(given.format, log_format::json);
}

TEST(options, leader_election_is_given_like_the_others) {
  const options given =
      parse({"--leader-elect", "--leader-election-namespace", "ops", "--leader-election-lease-duration=30s",
             "--leader-election-renew-deadline", "20s", "--leader-election-retry-period", "1500ms"})
          .value();
  EXPECT_TRUE(given.leader_elect);
  EXPECT_EQ(given.leader_election_namespace, "ops");
  EXPECT_EQ(given.lease_duration, 30s);
  EXPECT_EQ(given.renew_deadline, 20s);
  EXPECT_EQ(given.retry_period, 1500ms);
  const options twin = parse({}, {{"PLATFORMER_OPERATOR_LEADER_ELECT", "true"},
                                  {"PLATFORMER_OPERATOR_LEADER_ELECTION_NAMESPACE", "ops"},
                                  {"PLATFORMER_OPERATOR_LEADER_ELECTION_LEASE_DURATION", "30s"}})
                           .value();
  EXPECT_TRUE(twin.leader_elect);
  EXPECT_EQ(twin.leader_election_namespace, "ops");
  EXPECT_EQ(twin.lease_duration, 30s);
}

TEST(options, a_switch_can_be_turned_off) {
  EXPECT_TRUE(parse({"--leader-elect=true"}).value().leader_elect);
  EXPECT_FALSE(
      parse({"--leader-elect=false"}, {{"PLATFORMER_OPERATOR_LEADER_ELECT", "true"}}).value().leader_elect);
  EXPECT_TRUE(parse({"--leader-elect", "--workers", "3"}).value().leader_elect);
  EXPECT_EQ(refused({"--leader-elect=maybe"}), R"(--leader-elect: "maybe" is neither true nor false)");
  EXPECT_EQ(refused({"--leader-elect", "true"}), "unexpected argument true");
  EXPECT_EQ(refused({"--leader-elect", "--leader-elect"}), "--leader-elect is given more than once");
  EXPECT_EQ(refused({}, {{"PLATFORMER_OPERATOR_LEADER_ELECT", "yes"}}),
            R"(PLATFORMER_OPERATOR_LEADER_ELECT: "yes" is neither true nor false)");
}

TEST(options, election_times_have_to_fit_together) {
  EXPECT_EQ(
      refused({"--leader-election-lease-duration", "10s"}),
      "--leader-election-renew-deadline (10s) has to be shorter than --leader-election-lease-duration (10s)");
  EXPECT_EQ(
      refused({"--leader-election-retry-period", "10s"}),
      "--leader-election-retry-period (10s) has to be shorter than --leader-election-renew-deadline (10s)");
  EXPECT_EQ(refused({"--leader-election-lease-duration", "15500ms"}),
            "--leader-election-lease-duration: a Lease counts in whole seconds");
  for (const char* time : {"0s", "99ms", "61m", "15", "soon", "-5s"})
    EXPECT_EQ(refused({"--leader-election-retry-period", time}),
              "--leader-election-retry-period: \"" + std::string(time) +
                  "\" is not a time from 100ms to 1h, written as 15s");
  EXPECT_EQ(refused({"--leader-election-namespace", "a,b"}).substr(0, 34),
            "--leader-election-namespace: \"a,b\"");
}

TEST(options, the_command_line_wins_over_the_environment) {
  const environment_map environment = {{"PLATFORMER_OPERATOR_WORKERS", "nonsense"},
                                       {"PLATFORMER_OPERATOR_WATCH_NAMESPACE", "a"}};
  const options given = parse({"--workers", "7", "--watch-namespace", "b"}, environment).value();
  EXPECT_EQ(given.workers, 7U);
  EXPECT_THAT(given.watch_namespaces, ElementsAre("b"));
}

TEST(options, empty_variables_and_those_of_a_service_are_none) {
  const options given = parse({}, {{"PLATFORMER_OPERATOR_WORKERS", ""},
                                   {"PLATFORMER_OPERATOR_SERVICE_HOST", "10.0.0.7"},
                                   {"PLATFORMER_OPERATOR_PORT", "tcp://10.0.0.7:8080"}})
                            .value();
  EXPECT_EQ(given.workers, 64U);
}

TEST(options, bad_values_are_named_with_where_they_come_from) {
  EXPECT_EQ(refused({"--workers", "0"}), R"(--workers: "0" is not a number from 1 to 256)");
  EXPECT_EQ(refused({}, {{"PLATFORMER_OPERATOR_WORKERS", "x"}}),
            R"(PLATFORMER_OPERATOR_WORKERS: "x" is not a number from 1 to 256)");
  EXPECT_EQ(refused({"--log-level=loud"}),
            R"(--log-level: "loud" is none of trace, debug, info, warning, error)");
  EXPECT_EQ(refused({}, {{"PLATFORMER_OPERATOR_WATCH_NAMESPACE", " , "}}),
            R"(PLATFORMER_OPERATOR_WATCH_NAMESPACE: "," names no namespace)");
  EXPECT_EQ(refused({"--kubeconfig", ""}), R"(--kubeconfig: "" is no value)");
  EXPECT_EQ(refused({"--bind-address", "[::1]"}).substr(0, 14), "--bind-address");
}

TEST(options, what_is_not_known_is_refused) {
  EXPECT_EQ(refused({"--leader"}), "unknown option --leader");
  EXPECT_EQ(refused({"--work", "3"}), "unknown option --work");
  EXPECT_EQ(refused({"-v"}), "unknown option -v");
  EXPECT_EQ(refused({"--unknown=3"}), "unknown option --unknown=3");
  EXPECT_EQ(refused({"run"}), "unexpected argument run");
  EXPECT_EQ(refused({"--workers", "3", "4"}), "unexpected argument 4");
  EXPECT_NE(refused({"--", "x"}), "");
}

TEST(options, a_value_may_not_be_missing_or_given_twice) {
  EXPECT_EQ(refused({"--workers"}), "--workers needs a value");
  EXPECT_EQ(refused({"--watch-namespace", "--workers", "3"}), "--watch-namespace needs a value");
  EXPECT_EQ(refused({"--workers", "3", "--workers", "3"}), "--workers is given more than once");
}

TEST(options, too_many_namespaces_are_refused) {
  std::string names;
  for (std::size_t i = 0; i < namespaces_max; ++i)
    names += "n" + std::to_string(i) + ",";
  EXPECT_EQ(parse({"--watch-namespace", names}).value().watch_namespaces.size(), namespaces_max);
  EXPECT_EQ(refused({"--watch-namespace", names + "more"}),
            "--watch-namespace: more than 256 namespaces; watch all of them instead");
}

TEST(options, version_is_one_line_on_standard_output) {
  const auto outcome = parse({"--version"});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, 0);
  EXPECT_EQ(outcome.error().out, "platformer-operator " + std::string(version()) + "\n");
  EXPECT_EQ(outcome.error().err, "");
}

TEST(options, help_shows_every_option_its_variable_and_its_default) {
  for (const char* flag : {"--help", "-h"}) {
    const auto outcome = parse({flag});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, 0);
    EXPECT_EQ(outcome.error().err, "");
    const std::string& text = outcome.error().out;
    for (const char* name : {"--kubeconfig FILE",
                             "--context NAME",
                             "--watch-namespace NAMESPACE",
                             "--selector LABELS",
                             "--cluster-id ID",
                             "--workers N",
                             "--bind-address ADDR:PORT",
                             "--log-level LEVEL",
                             "--log-format FORMAT",
                             "--leader-elect  ",
                             "--leader-election-namespace NAMESPACE",
                             "--leader-election-lease-duration TIME",
                             "$PLATFORMER_OPERATOR_LEADER_ELECT\n",
                             "Default: 15s",
                             "--version",
                             "--help",
                             "$PLATFORMER_OPERATOR_WATCH_NAMESPACE",
                             "$PLATFORMER_OPERATOR_LOG_FORMAT",
                             "Default: 64",
                             "Default: 0.0.0.0:8080",
                             "Default: info",
                             "Default: text",
                             "\nWhich cluster:\n",
                             "\nHow it runs:\n",
                             "\nSeveral replicas:\n"})
      EXPECT_THAT(text, HasSubstr(name));
    EXPECT_THAT(text, AllOf(Not(HasSubstr(" TEXT")), Not(HasSubstr("(Env:")), Not(HasSubstr("\n\n\n"))));
  }
}

TEST(options, no_line_of_the_help_is_wider_than_a_terminal) {
  std::istringstream lines(parse({"--help"}).error().out);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 100U) << line;
}

TEST(options, help_comes_before_complaints) {
  EXPECT_EQ(parse({"--nonsense", "--help"}).error().code, 0);
}

}  // namespace
}  // namespace platformer::app
