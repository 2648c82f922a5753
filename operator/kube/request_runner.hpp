// One request, sent as often as it takes: authorization, deadline, retries, and error replies as api_error.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "kube/credentials.hpp"
#include "kube/kube_client.hpp"
#include "kube/retry_policy.hpp"
#include "kube/status_reply.hpp"

namespace platformer::kube {

struct request_plan {
  net::http_method method = net::http_method::get;
  bool only_asks = false;  // changes nothing although it is no GET, so that it may be sent again
  std::string target;      // without the server's base path
  std::string accept;
  std::string content_type;
  std::shared_ptr<const secret_string> body;  // null: none. Shared, since it may be sent again
  std::size_t max_reply_bytes = 0;
  message_policy policy = message_policy::full;
  sent_values sent;  // for message_policy::guarded
};

class request_runner {
 public:
  request_runner(std::shared_ptr<net::http_client> http, std::shared_ptr<credentials> auth,
                 kube_client_options options);

  // A reply with a status of 200 to 299; anything else is an error.
  boost::asio::awaitable<result<net::http_reply, api_error>> send(request_plan plan);
  // A stream with status 200; the plan's deadline ends with the reply's header.
  boost::asio::awaitable<result<std::unique_ptr<net::http_stream>, api_error>> open(request_plan plan);

  // Over the same connections and with the same credential.
  request_runner with(kube_client_options options) const { return {http_, auth_, std::move(options)}; }
  // The Date of the last reply of send() that bore one.
  std::optional<time_point> server_time() const { return server_time_; }

 private:
  template <class Reply>
  using attempt = boost::asio::awaitable<result<Reply, api_error>> (request_runner::*)(
      std::shared_ptr<const request_plan>, authorization_value, duration);

  template <class Reply>
  boost::asio::awaitable<result<Reply, api_error>> repeat(std::shared_ptr<const request_plan> plan,
                                                          attempt<Reply> once);
  boost::asio::awaitable<result<net::http_reply, api_error>> send_once(
      std::shared_ptr<const request_plan> plan, authorization_value auth, duration deadline);
  boost::asio::awaitable<result<std::unique_ptr<net::http_stream>, api_error>> open_once(
      std::shared_ptr<const request_plan> plan, authorization_value auth, duration deadline);
  void tell(net::http_method method, int status, std::chrono::steady_clock::time_point began) const;
  net::http_request make_request(const request_plan& plan, authorization_value auth, duration deadline) const;

  std::shared_ptr<net::http_client> http_;
  std::shared_ptr<credentials> auth_;
  kube_client_options options_;
  std::optional<time_point> server_time_;
};

}  // namespace platformer::kube
