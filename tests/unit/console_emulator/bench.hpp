// An emulator and an HTTP client on one io_context: requests in a line, replies as status and JSON.
//
//   bench console;
//   auto made = console.post("/serviceaccount/token/create", {{"name", "ci"}, {"expired_in", nullptr}});
//   EXPECT_EQ(made.status, 200);
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "net/http_client.hpp"
#include "net/tls.hpp"
#include "tests/console_emulator/emulator.hpp"

namespace platformer::emulator {

using nlohmann::json;

inline constexpr duration long_enough = std::chrono::seconds(10);  // never reached in a test that passes
inline constexpr duration short_time = std::chrono::milliseconds(50);
inline constexpr std::string_view base_path = "/auth/api/v1";

// What is sent besides the method, the path and the body. nullopt: the header is left out.
struct sender {
  std::optional<std::string> token;  // bench's credential when unset and not anonymous
  bool anonymous = false;
  std::optional<std::string> organization = "org-acme";
  std::optional<std::string> project = std::nullopt;
  std::string content_type = "application/json";
  duration deadline = long_enough;
};

struct reply {
  int status = 0;  // 0: none, see failure
  json body;       // discarded when it is not JSON
  std::string text;
  std::string content_type;
  std::string retry_after;
  std::optional<api_errc> failure;

  std::string error() const;  // of the error envelope; "" when there is none
};

inline sender in_project(std::string id) {
  sender by;
  by.project = std::move(id);
  return by;
}

inline sender with_token(std::string token) {
  sender by;
  by.token = std::move(token);
  return by;
}

class bench {
 public:
  explicit bench(emulator_options options = {}, std::shared_ptr<net::tls_context> trust = nullptr);
  ~bench();

  // `path` follows base_path.
  reply send(net::http_method method, const std::string& path, const std::optional<std::string>& body,
             const sender& by = {});
  reply get(const std::string& path, const sender& by = {});
  reply post(const std::string& path, const json& body, const sender& by = {});
  reply put(const std::string& path, const json& body, const sender& by = {});
  reply remove(const std::string& path, const sender& by = {});

  // Creates an account that never expires; the reply's data.
  json create(const std::string& name, const sender& by = {});
  bool is_live(const std::string& token);

  reply admin(net::http_method method, const std::string& path, const json& body = nullptr);
  void order_fault(const json& fault);
  json accounts();

  emulator& server() { return *emulator_; }
  const std::string& credential() const { return credential_; }

 private:
  reply exchange(net::http_client& client, net::http_request request);

  boost::asio::io_context context_{1};
  std::unique_ptr<emulator> emulator_;
  std::unique_ptr<net::http_client> gateway_;
  std::unique_ptr<net::http_client> admin_;
  std::string credential_;
};

}  // namespace platformer::emulator
