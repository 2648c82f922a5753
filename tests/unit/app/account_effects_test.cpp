// Which requests to the Console are made at all.
#include "app/account_effects.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "app/request_log.hpp"
#include "tests/unit/app/small_world.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;

// A connection whose Console refuses every connection: what was tried is `unreachable`, what was not sent is
// `cancelled`.
struct nobody_there : testing::small_world {
  accounts::snapshot seen;
  accounts::state now;

  api_errc code_of(accounts::request wanted) {
    auto at = *console::parse_gateway("http://127.0.0.1:1", true);
    console::console_settings settings{.at = std::move(at), .routes = {}};
    auto client = std::make_shared<console::console_client>(io.get_executor(), std::move(settings), nullptr);
    client->use_credential(std::make_shared<const secret_string>("credential"));
    client->use_organization("acme");
    in.enqueue = [](const work_key&, runtime::queue_priority) {};
    seen.object = testing::account_named("ci");
    account_effects effects(
        in, seen, std::make_shared<console_sharing>(io.get_executor(), client, "cluster-1", in.clock));
    std::optional<api_error> error;
    boost::asio::co_spawn(io, effects.perform(std::move(wanted), now),
                          [&](std::exception_ptr, accounts::response reply) {
                            if (const auto* failed = std::get_if<api_error>(&reply)) error = *failed;
                          });
    io.restart();
    io.run_for(10s);
    EXPECT_TRUE(error);
    return error ? error->code : api_errc::malformed;
  }
};

std::vector<accounts::request> changes() {
  return {accounts::create_account{}, accounts::renew_token{.id = "a"}, accounts::update_account{.id = "a"},
          accounts::delete_account{.id = "a"}};
}
std::vector<accounts::request> reads() {
  return {accounts::read_account{.id = "a"}, accounts::list_accounts{},
          accounts::verify_token{std::make_shared<const secret_string>("token")}};
}

TEST(calls_that_change_accounts, are_not_sent_by_who_does_not_lead) {
  for (const auto& each : changes()) {
    nobody_there it;
    it.in.may_call = [] { return false; };
    EXPECT_EQ(it.code_of(each), api_errc::cancelled) << name_of(each);
  }
}

TEST(calls_that_change_accounts, are_sent_by_the_leader_and_without_election) {
  for (const auto& each : changes()) {
    nobody_there it;
    EXPECT_EQ(it.code_of(each), api_errc::unreachable) << name_of(each);
    it.in.may_call = [] { return true; };
    EXPECT_EQ(it.code_of(each), api_errc::unreachable) << name_of(each);
  }
}

TEST(calls_that_change_nothing, are_sent_by_anybody) {
  for (const auto& each : reads()) {
    nobody_there it;
    it.in.may_call = [] { return false; };
    EXPECT_EQ(it.code_of(each), api_errc::unreachable) << name_of(each);
  }
}

TEST(calls_that_mint, are_not_sent_on_the_way_out) {
  nobody_there it;
  it.in.draining = true;
  EXPECT_EQ(it.code_of(accounts::create_account{}), api_errc::cancelled);
  EXPECT_EQ(it.code_of(accounts::renew_token{.id = "a"}), api_errc::cancelled);
  EXPECT_EQ(it.code_of(accounts::delete_account{.id = "a"}), api_errc::unreachable);
}

}  // namespace
}  // namespace platformer::app
