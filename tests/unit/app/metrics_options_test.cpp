// The options of metrics over TLS: none is dropped in silence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/options.hpp"

namespace platformer::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

result<options, early_exit> parse(std::vector<std::string> arguments) {
  return parse_options(std::move(arguments),
                       [](const std::string&) -> std::optional<std::string> { return std::nullopt; });
}

std::string refused(std::vector<std::string> arguments) {
  const auto outcome = parse(std::move(arguments));
  if (outcome) return "";
  EXPECT_EQ(outcome.error().code, exit_bad_options);
  return outcome.error().err;
}

TEST(metrics_options, by_default_metrics_are_beside_the_probes) {
  const options given = parse({}).value();
  EXPECT_EQ(given.metrics, metrics_options{});
  EXPECT_FALSE(given.metrics.secure);
}

TEST(metrics_options, have_the_names_that_kubebuilder_made_customary) {
  const metrics_options plain = parse({"--metrics-secure", "--metrics-cert-path=/tls"}).value().metrics;
  EXPECT_TRUE(plain.secure);
  EXPECT_EQ(plain.certificate_folder, "/tls");
  EXPECT_EQ(plain.certificate_name, "tls.crt");
  EXPECT_EQ(plain.key_name, "tls.key");
  EXPECT_EQ(plain.bind_address, (listen_address{"0.0.0.0", 8443}));
  const metrics_options given =
      parse({"--metrics-secure", "--metrics-cert-path", "/tls", "--metrics-cert-name", "a.pem",
             "--metrics-cert-key", "b.pem", "--metrics-bind-address", "[::1]:0"})
          .value()
          .metrics;
  EXPECT_EQ(given.certificate_name, "a.pem");
  EXPECT_EQ(given.key_name, "b.pem");
  EXPECT_EQ(given.bind_address, (listen_address{"::1", 0}));
}

TEST(metrics_options, tls_needs_a_certificate) {
  EXPECT_THAT(refused({"--metrics-secure"}),
              StartsWith("platformer-operator: --metrics-secure needs --metrics-cert-path"));
  EXPECT_THAT(refused({"--metrics-secure", "--metrics-cert-path", ""}),
              HasSubstr("--metrics-cert-path: \"\""));
}

TEST(metrics_options, without_tls_its_options_are_refused) {
  for (const std::vector<std::string>& given :
       {std::vector<std::string>{"--metrics-bind-address", "0.0.0.0:9443"},
        {"--metrics-cert-path", "/tls"},
        {"--metrics-cert-name", "a.pem"},
        {"--metrics-cert-key", "a.pem"},
        {"--metrics-secure=false", "--metrics-cert-path", "/tls"}})
    EXPECT_THAT(refused(given), HasSubstr("need --metrics-secure")) << given.front();
}

TEST(metrics_options, a_files_name_is_no_path) {
  for (const char* name : {"", ".", "..", "a/b", "/etc/key"})
    EXPECT_THAT(refused({"--metrics-cert-key", name}), HasSubstr("is no file's name")) << name;
}

}  // namespace
}  // namespace platformer::app
