// A console_client whose Console is a script: every call gets the next reply, and what was sent can be looked
// at.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "console/console_client.hpp"
#include "tests/support/scripted_server.hpp"

namespace platformer::console {

inline token_handle token_of(std::string_view text) {
  return std::make_shared<const secret_string>(text);
}

class scripted_console {
 public:
  // The replies in turn, each whole with head and body; beyond the last, connections are closed without one.
  explicit scripted_console(std::vector<std::string> replies, console_settings settings = {});

  console_client& client() { return *client_; }
  const std::vector<std::string>& requests() const { return server_->requests(); }
  // "PUT /path" of the n-th request, from 0.
  std::string line(std::size_t request = 0) const;
  // A header's value, or "<absent>".
  std::string header(const std::string& name, std::size_t request = 0) const;
  std::string body(std::size_t request = 0) const;
  // Has the n-th exchange checked against openapi.yaml.
  void record(std::string_view operation_id, std::size_t request = 0) const;

  // Runs one call to its end.
  template <class T>
  T run(boost::asio::awaitable<T> call) {
    std::optional<T> outcome;
    std::exception_ptr thrown;
    io_.restart();
    boost::asio::co_spawn(io_, std::move(call), [&](std::exception_ptr error, T value) {
      thrown = error;
      outcome.emplace(std::move(value));
    });
    while (!outcome && io_.run_one() != 0) {
    }
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*outcome);
  }

 private:
  boost::asio::io_context io_{1};
  std::vector<std::string> replies_;
  std::optional<test::scripted_server> server_;
  std::optional<console_client> client_;
};

// A reply with the content type that the Console gives.
std::string json_reply(int status, const std::string& body, const std::string& headers = "");

}  // namespace platformer::console
