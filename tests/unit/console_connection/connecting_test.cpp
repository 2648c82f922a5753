// From a spec and a Secret to a client that is proven to work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console_connection/transcript.hpp"

namespace platformer::connections {
namespace {

using testing::HasSubstr;

TEST(connecting, proves_the_credential_and_finds_the_organization_before_accounts_use_it) {
  run story(a_connection());
  const auto status = story.succeed();
  EXPECT_EQ(ready_reason(status), "+Connected");
  EXPECT_EQ(status.organization_id, "org-1");
  EXPECT_EQ(status.token_valid, true);
  ASSERT_EQ(status.conditions.size(), 2U) << "Reconciling and Stalled are absent";
  EXPECT_EQ(status.conditions[1].type, "CredentialValid");
  EXPECT_TRUE(status.conditions[1].status);
  EXPECT_EQ(status.service_accounts, 1);
  EXPECT_TRUE(story.ends<requeue_at>());
}

TEST(connecting, a_connection_at_rest_asks_for_nothing) {
  snapshot seen = a_connection();
  run first(seen);
  seen.object.status = first.succeed();
  seen.client_is_current = true;
  seen.organization_id = "org-1";
  EXPECT_TRUE(run(seen).ends<requeue_at>()) << "until the next look";
}

TEST(connecting, a_restart_connects_anew_and_writes_nothing) {
  snapshot seen = a_connection();
  run first(seen);
  seen.object.status = first.succeed();
  run again(seen);
  again.expect<read_secret>();
  again.reply(secret_read{a_secret("console-credentials")});
  again.reply(client_built{});
  again.reply(credential_checked{true});
  again.reply(organization_found{"org-1"});
  again.expect<install_client>();
  again.reply(client_installed{});
  EXPECT_TRUE(again.ends<requeue_at>());
}

TEST(connecting, a_missing_secret_or_key_is_named_with_the_command_that_makes_it) {
  for (const bool exists : {false, true}) {
    run story(a_connection());
    story.expect<read_secret>();
    story.reply(secret_read{exists ? std::optional(a_secret("console-credentials", "other")) : std::nullopt});
    const auto status = story.write_status();
    EXPECT_EQ(ready_reason(status), "CredentialsNotFound");
    EXPECT_THAT(status.conditions[0].message,
                HasSubstr("kubectl create secret generic console-credentials -n team"));
    EXPECT_NE(find_condition(status.conditions, "Stalled"), nullptr);
    EXPECT_TRUE(story.ends<back_off>()) << "the Secret is not watched: it is looked for again";
  }
}

TEST(connecting, the_ca_is_read_from_its_own_secret) {
  snapshot seen = a_connection();
  seen.object.spec.ca_bundle = secret_key_ref{"console-ca", "ca.crt"};
  run story(seen);
  EXPECT_EQ(story.expect<read_secret>().key.name, "console-credentials");
  story.reply(secret_read{a_secret("console-credentials")});
  EXPECT_EQ(story.expect<read_secret>().key.name, "console-ca");
  story.reply(secret_read{a_secret("console-ca", "ca.crt")});
  EXPECT_NE(story.expect<build_client>().ca_pem, nullptr);
}

TEST(connecting, one_secret_may_hold_credential_and_ca) {
  snapshot seen = a_connection();
  seen.object.spec.ca_bundle = secret_key_ref{"console-credentials", "ca.crt"};
  run story(seen);
  story.expect<read_secret>();
  secret_content both = a_secret("console-credentials");
  both.data["ca.crt"] = both.data["token"];
  story.reply(secret_read{both});
  EXPECT_NE(story.expect<build_client>().ca_pem, nullptr);
}

TEST(connecting, a_bad_gateway_route_or_ca_is_the_specs_fault) {
  run story(a_connection());
  story.reply(secret_read{a_secret("console-credentials")});
  story.reply(client_refused{"spec.gateway must be https"});
  const auto status = story.write_status();
  EXPECT_EQ(ready_reason(status), "InvalidSpec");
  EXPECT_THAT(status.conditions[0].message, HasSubstr("spec.gateway"));
}

TEST(connecting, a_dead_credential_is_rejected_and_the_status_says_so) {
  run story(a_connection());
  story.reply(secret_read{a_secret("console-credentials")});
  story.reply(client_built{});
  story.reply(credential_checked{false});
  const auto status = story.write_status();
  EXPECT_EQ(ready_reason(status), "CredentialsRejected");
  EXPECT_EQ(status.token_valid, false);
}

TEST(connecting, an_unknown_organization_is_named) {
  run story(a_connection());
  story.reply(secret_read{a_secret("console-credentials")});
  story.reply(client_built{});
  story.reply(credential_checked{true});
  story.reply(organization_missing{"organization \"acme\" does not exist"});
  EXPECT_EQ(ready_reason(story.write_status()), "OrganizationNotFound");
}

TEST(connecting, failures_of_the_console_are_told_apart) {
  const std::pair<api_errc, const char*> expected[] = {
      {api_errc::unreachable, "ConsoleUnavailable"},  {api_errc::timeout, "ConsoleUnavailable"},
      {api_errc::server_error, "ConsoleUnavailable"}, {api_errc::malformed, "ConsoleUnavailable"},
      {api_errc::rate_limited, "ConsoleRateLimited"}, {api_errc::unauthorized, "CredentialsRejected"},
      {api_errc::not_found, "ConsoleRejected"},       {api_errc::redirected, "ConsoleRejected"}};
  for (const auto& [code, reason] : expected) {
    run story(a_connection());
    story.reply(secret_read{a_secret("console-credentials")});
    story.reply(client_built{});
    story.reply(api_error{.code = code, .http_status = 0, .message = "why", .retry_after = std::nullopt});
    EXPECT_EQ(ready_reason(story.write_status()), reason);
    EXPECT_TRUE(story.ends<back_off>());
  }
}

TEST(connecting, a_stale_view_is_read_again_without_a_word) {
  snapshot seen = a_connection();
  seen.object.meta.finalizers.clear();
  run story(seen);
  story.expect<patch_finalizers>();
  story.reply(
      api_error{.code = api_errc::conflict, .http_status = 409, .message = "", .retry_after = std::nullopt});
  EXPECT_TRUE(story.ends<read_again>());
}

}  // namespace
}  // namespace platformer::connections
