// The emulator's program as a child process, its admin API, and requests to its gateway that the operator's
// client would not send. Everything runs on one event loop, which turns while something is waited for.
//
//   served_console console(program, seed_yaml);
//   console.admin(net::http_method::post, "/clock/advance", {{"seconds", 3600}});
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "console/gateway.hpp"
#include "net/http_client.hpp"
#include "tests/conformance/console/calls.hpp"
#include "tests/support/process.hpp"

namespace platformer::conformance {

struct plain_reply {
  int status = 0;
  std::string content_type;
  nlohmann::json body;  // discarded when it is not JSON
};

// The headers of a raw request; empty strings: absent.
struct raw_headers {
  std::shared_ptr<const secret_string> authorization;
  std::string organization;
  std::string project;
};

class served_console {
 public:
  // Throws when the program does not come up.
  served_console(const std::string& program, std::string_view seed);
  ~served_console();
  served_console(const served_console&) = delete;
  served_console& operator=(const served_console&) = delete;

  boost::asio::any_io_executor executor() { return loop_.get_executor(); }
  const console::gateway& gateway() const { return gateway_; }

  // A call of the admin API, whatever its status.
  plain_reply admin(net::http_method method, const std::string& path, const nlohmann::json& body = nullptr);
  // A request to the gateway; `path` follows the API's base path. Throws without a reply.
  plain_reply send(const raw_request& request, const raw_headers& headers);

  // Runs an asynchronous call to its end.
  template <class T>
  T run(boost::asio::awaitable<T> call) {
    std::optional<T> outcome;
    std::exception_ptr thrown;
    loop_.restart();
    boost::asio::co_spawn(loop_, std::move(call), [&](std::exception_ptr error, T value) {
      thrown = error;
      outcome.emplace(std::move(value));
    });
    while (!outcome && loop_.run_one() != 0) {
    }
    if (thrown) std::rethrow_exception(thrown);
    return std::move(outcome.value());
  }

 private:
  // A folder of its own, removed at the end.
  struct scratch_folder {
    scratch_folder();
    ~scratch_folder();
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    std::filesystem::path path;
  };

  console::gateway announced(std::string_view key);
  plain_reply exchange(net::http_client& client, net::http_request request);

  boost::asio::io_context loop_{1};
  scratch_folder folder_;
  test::process process_;
  console::gateway gateway_;
  console::gateway admin_;
  net::http_client gateway_client_;
  net::http_client admin_client_;
};

}  // namespace platformer::conformance
