// A kube_client in front of a scripted server, and the requests that the server saw, taken apart.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "kube/authorization_header.hpp"
#include "kube/credentials.hpp"
#include "kube/kube_client.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/unit/kube/run.hpp"

namespace platformer::kube::testing {

struct seen_request {
  std::string line;                            // "GET /path HTTP/1.1"
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
};

inline seen_request take_apart(const std::string& text) {
  seen_request seen;
  const auto end = text.find("\r\n\r\n");
  seen.body = text.substr(std::min(end + 4, text.size()));
  std::size_t from = text.find("\r\n");
  seen.line = text.substr(0, from);
  while (from < end) {
    const auto next = text.find("\r\n", from + 2);
    auto name = text.substr(from + 2, text.find(':', from) - from - 2);
    for (auto& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const auto colon = text.find(':', from);
    seen.headers[name] = text.substr(colon + 2, next - colon - 2);
    from = next;
  }
  return seen;
}

// One connection that answers one request after the other.
inline test::script answers(std::vector<std::string> replies) {
  test::script steps;
  for (auto& each : replies) {
    steps.push_back(test::read_request());
    steps.push_back(test::reply(std::move(each)));
  }
  steps.push_back(test::hold());
  return steps;
}

inline std::string json_reply(int status, const std::string& body, const std::string& headers = {}) {
  return test::plain_reply(status, body, "Content-Type: application/json\r\n" + headers);
}

inline std::string failure(int status, const std::string& reason, const std::string& message,
                           const std::string& headers = {}) {
  const nlohmann::json body = {{"kind", "Status"}, {"reason", reason}, {"message", message}};
  return json_reply(status, body.dump(), headers);
}

// Credentials that change their value each time one is refused.
class changing_credentials final : public credentials {
 public:
  boost::asio::awaitable<result<authorization_value, api_error>> authorization() override {
    co_return bearer_value("t" + std::to_string(version));
  }
  boost::asio::awaitable<bool> refused(authorization_value) override {
    ++version;
    co_return true;
  }
  int version = 1;
};

struct scripted_cluster {
  explicit scripted_cluster(std::vector<test::script> scripts, kube_client_options options = {},
                            std::shared_ptr<credentials> auth = fixed_credentials(bearer_value("abc")))
      : server(context.get_executor(), std::move(scripts)) {
    net::endpoint target;
    target.tls = false;
    target.host = "127.0.0.1";
    target.port = server.port();
    http = std::make_shared<net::http_client>(context.get_executor(), target, nullptr);
    client = std::make_shared<kube_client>(http, std::move(auth), std::move(options));
  }

  template <class T>
  result<T, api_error> run(task<T> work) {
    return testing::run(context, std::move(work));
  }
  seen_request seen(std::size_t index = 0) const {
    return index < server.requests().size() ? take_apart(server.requests()[index]) : seen_request{};
  }

  boost::asio::io_context context;
  test::scripted_server server;
  std::shared_ptr<net::http_client> http;
  std::shared_ptr<kube_client> client;
};

}  // namespace platformer::kube::testing
