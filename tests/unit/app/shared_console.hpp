// A connection's client in front of a whole Console, and what its objects share.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/console_sharing.hpp"
#include "tests/console_emulator/emulator.hpp"

namespace platformer::app::testing {

using namespace std::chrono_literals;

// A connection to organization acme: projects storefront and billing, roles deployers (organization) and
// releasers (storefront).
struct shared_console {
  boost::asio::io_context io{1};
  time_point now = *parse_rfc3339("2026-11-24T06:00:00Z");
  std::unique_ptr<emulator::emulator> console = *emulator::emulator::start(io.get_executor(), {});
  std::shared_ptr<console::console_client> client;
  std::unique_ptr<console_sharing> shared;
  std::map<console::call, int> calls;

  shared_console() {
    auto at = *console::parse_gateway(console->gateway_url(), true);
    console::console_settings settings{.at = std::move(at), .routes = {}};
    settings.on_call = [this](console::call made, int, const api_error*, std::chrono::duration<double>) {
      ++calls[made];
    };
    client = std::make_shared<console::console_client>(io.get_executor(), std::move(settings), nullptr);
    client->use_credential(*console->console().add_credential("test", "org-acme", {"organization.admin"}));
    client->use_organization("org-acme");
    shared =
        std::make_unique<console_sharing>(io.get_executor(), client, "cluster-1", [this] { return now; });
  }
  ~shared_console() {
    client->close();
    console->stop();
    io.restart();
    io.run_for(10s);
  }

  // Starts all of them, then runs until each has ended.
  template <class T>
  std::vector<T> run_all(std::vector<boost::asio::awaitable<T>> work) {
    std::vector<T> ended;
    const std::size_t wanted = work.size();
    for (auto& each : work)
      boost::asio::co_spawn(io, std::move(each), [&](std::exception_ptr thrown, T value) {
        if (thrown) std::rethrow_exception(thrown);
        ended.push_back(std::move(value));
      });
    io.restart();
    const auto limit = std::chrono::steady_clock::now() + 20s;
    while (ended.size() < wanted && io.run_one_until(limit) != 0) {
    }
    if (ended.size() < wanted) throw std::runtime_error("nothing happens any more");
    return ended;
  }
  template <class T>
  T run(boost::asio::awaitable<T> work) {
    std::vector<boost::asio::awaitable<T>> one;
    one.push_back(std::move(work));
    return std::move(run_all(std::move(one)).front());
  }

  std::string create(const std::string& name, const std::string& description) {
    account_fields fields;
    fields.name = name;
    fields.description = description;
    fields.roles = string_set{};
    fields.expires_at = std::optional<time_point>();
    return run(client->create_account(std::move(fields), ""))->account_id;
  }
  accounts::response resolve(const accounts::resolve_names& wanted) { return run(shared->resolve(wanted)); }
};

inline std::vector<std::string> ids_of(const result<std::vector<account>, api_error>& found) {
  std::vector<std::string> ids;
  for (const account& each : found.value())
    ids.push_back(each.id);
  return ids;
}

}  // namespace platformer::app::testing
