#include "console/gateway.hpp"

#include <gmock/gmock.h>

namespace platformer::console {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string refusal(std::string_view url, bool allow_http = false) {
  const auto parsed = parse_gateway(url, allow_http);
  return parsed ? "accepted as " + parsed->url : parsed.error().message;
}

TEST(Gateway, TheHostedConsole) {
  const auto parsed = parse_gateway("https://api.platformer.com", false);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->target.tls);
  EXPECT_EQ(parsed->target.host, "api.platformer.com");
  EXPECT_EQ(parsed->target.port, 443);
  EXPECT_EQ(parsed->prefix, "");
  EXPECT_EQ(parsed->url, "https://api.platformer.com");
}

TEST(Gateway, PortPrefixAndTrailingSlash) {
  const auto parsed = parse_gateway("HTTPS://Console.Example:8443/platformer/eu/", false);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->target.host, "console.example");
  EXPECT_EQ(parsed->target.port, 8443);
  EXPECT_EQ(parsed->prefix, "/platformer/eu");
  EXPECT_EQ(parsed->url, "https://console.example:8443/platformer/eu");
}

TEST(Gateway, AddressesAndDefaultPorts) {
  EXPECT_EQ(refusal("http://127.0.0.1", true), "accepted as http://127.0.0.1");
  EXPECT_EQ(refusal("http://127.0.0.1:80/", true), "accepted as http://127.0.0.1");
  EXPECT_EQ(refusal("https://[::1]:8443"), "accepted as https://[::1]:8443");
  EXPECT_EQ(parse_gateway("https://[::1]:8443", false)->target.host, "::1");
  EXPECT_EQ(refusal("https://x.example:"), "accepted as https://x.example");
}

TEST(Gateway, PlainHttpNeedsTheOptIn) {
  EXPECT_THAT(refusal("http://api.platformer.com"),
              AllOf(StartsWith("spec.gateway must use https"), HasSubstr("spec.allowInsecureHTTP: true")));
  EXPECT_EQ(refusal("http://api.platformer.com", true), "accepted as http://api.platformer.com");
}

TEST(Gateway, WhatIsNoUrlOfAGatewayIsRefused) {
  EXPECT_THAT(refusal(""), HasSubstr("is empty"));
  EXPECT_THAT(refusal("api.platformer.com"), HasSubstr("is not a URL"));
  EXPECT_THAT(refusal("ftp://api.platformer.com"), HasSubstr("must start with https://"));
  EXPECT_THAT(refusal("https://"), HasSubstr("has no host"));
  EXPECT_THAT(refusal("https:/x"), HasSubstr("has no host"));
  EXPECT_THAT(refusal("https://x.example?y=1"), HasSubstr("query"));
  EXPECT_THAT(refusal("https://x.example#y"), HasSubstr("fragment"));
  EXPECT_THAT(refusal("https://x.example:0"), HasSubstr("port"));
  EXPECT_THAT(refusal("https://x.example:65536"), HasSubstr("port"));
  EXPECT_THAT(refusal("https://x.example:http"), HasSubstr("port"));
  EXPECT_THAT(refusal("https://x.example:443.evil.example"), HasSubstr("port"));
  EXPECT_THAT(refusal("https://x%2eexample"), Not(HasSubstr("%")));
  EXPECT_THAT(refusal("https://x%00.example"), HasSubstr("host"));
  EXPECT_THAT(refusal("https://x\r\n.example"), HasSubstr("is not a URL"));
  EXPECT_THAT(refusal("https://[v1.x]"), HasSubstr("host"));
  EXPECT_THAT(refusal(" https://x.example"), HasSubstr("is not a URL"));
  EXPECT_THAT(refusal("https://x.example/" + std::string(3000, 'a')), HasSubstr("longer than 2048"));
}

TEST(Gateway, APrefixMustBePlainAndWithoutTheApisOwnPath) {
  EXPECT_THAT(refusal("https://x.example/a/../b"), HasSubstr("\"..\""));
  EXPECT_THAT(refusal("https://x.example/a//b"), HasSubstr("empty segment"));
  EXPECT_THAT(refusal("https://x.example/%2e%2e"), HasSubstr("percent-encoded"));
  EXPECT_EQ(refusal("https://x.example/auth/api/v1"),
            "spec.gateway must not end with /auth/api/v1: it is added");
}

TEST(Gateway, APasswordIsRefusedAndNotRepeated) {
  EXPECT_THAT(refusal("https://jane:hunter2@x.example"),
              AllOf(HasSubstr("must not hold a user or password"), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(refusal("https://jane:hunter2@x.example:99999"), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace platformer::console
