#include "kube/request_runner.hpp"
#include "net/system_time.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace platformer::kube {
namespace {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

constexpr std::size_t error_body_bytes = std::size_t{256} * 1024;

duration until(steady::time_point deadline) {
  return std::chrono::duration_cast<duration>(deadline - steady::now());
}

asio::awaitable<void> pause(duration span) {
  if (span <= duration{0}) co_return;
  asio::steady_timer timer(co_await asio::this_coro::executor, span);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

template <class Reply>
api_error explain(const Reply& reply, int status, std::string_view body, const request_plan& plan) {
  const reply_facts facts{status, reply.find("Retry-After"), body, net::system_time()};
  return decode_error(facts, plan.policy, plan.sent);
}

api_error out_of_time() {
  return {api_errc::timeout, 0, "no reply within the request's deadline", std::nullopt};
}

}  // namespace

request_runner::request_runner(std::shared_ptr<net::http_client> http, std::shared_ptr<credentials> auth,
                               kube_client_options options)
    : http_(std::move(http)), auth_(std::move(auth)), options_(std::move(options)) {}

net::http_request request_runner::make_request(const request_plan& plan, authorization_value auth,
                                               duration deadline) const {
  net::http_request request;
  request.method = plan.method;
  request.target = options_.base_path + plan.target;
  request.headers.push_back({"Accept", plan.accept});
  if (!options_.user_agent.empty()) request.headers.push_back({"User-Agent", options_.user_agent});
  request.authorization = std::move(auth);
  if (plan.body) {
    request.content_type = plan.content_type;
    request.body = secret_string(plan.body->reveal());
  }
  request.deadline = deadline;
  request.max_reply_bytes = plan.max_reply_bytes;
  return request;
}

void request_runner::tell(net::http_method method, int status, steady::time_point began) const {
  if (options_.on_request) options_.on_request(method, status, steady::now() - began);
}

asio::awaitable<result<net::http_reply, api_error>> request_runner::send_once(
    std::shared_ptr<const request_plan> plan, authorization_value auth, duration deadline) {
  net::http_request request = make_request(*plan, std::move(auth), deadline);
  const auto began = steady::now();
  result<net::http_reply, api_error> reply = co_await http_->send(std::move(request));
  tell(plan->method, reply ? reply->status : reply.error().http_status, began);
  if (reply)
    if (const auto date = parse_http_date(reply->find("Date"))) server_time_ = date;
  if (!reply || (reply->status >= 200 && reply->status < 300)) co_return std::move(reply);
  co_return tl::unexpected(explain(*reply, reply->status, reply->body.reveal(), *plan));
}

asio::awaitable<result<std::unique_ptr<net::http_stream>, api_error>> request_runner::open_once(
    std::shared_ptr<const request_plan> plan, authorization_value auth, duration deadline) {
  net::http_request request = make_request(*plan, std::move(auth), deadline);
  const auto began = steady::now();
  result<std::unique_ptr<net::http_stream>, api_error> stream = co_await http_->open(std::move(request));
  tell(plan->method, stream ? (*stream)->status() : stream.error().http_status, began);
  if (!stream || (*stream)->status() == 200) co_return std::move(stream);
  std::string body;
  while (body.size() < error_body_bytes) {
    const result<std::string, api_error> piece = co_await (*stream)->read(deadline);
    if (!piece || piece->empty()) break;
    body += *piece;
  }
  co_return tl::unexpected(explain(**stream, (*stream)->status(), body, *plan));
}

template <class Reply>
asio::awaitable<result<Reply, api_error>> request_runner::repeat(std::shared_ptr<const request_plan> plan,
                                                                 attempt<Reply> once) {
  const auto deadline = steady::now() + options_.request_timeout;
  const bool reads = plan->method == net::http_method::get || plan->only_asks;
  retry_state state;
  for (;;) {
    result<authorization_value, api_error> auth = co_await auth_->authorization();
    if (!auth) co_return tl::unexpected(std::move(auth.error()));
    const authorization_value sent = *auth;
    const duration left = until(deadline);
    if (left <= duration{0}) co_return tl::unexpected(out_of_time());
    result<Reply, api_error> reply = co_await (this->*once)(plan, sent, left);
    if (reply) co_return std::move(reply);

    const retry_limits limits{options_.max_retries, until(deadline)};
    const retry_decision decision = decide_retry(state, reply.error(), reads, limits);
    if (decision.next == attempt_next::give_up) co_return std::move(reply);
    if (decision.next == attempt_next::reauthorize) {
      const bool again = co_await auth_->refused(sent);
      if (!again) co_return std::move(reply);
    }
    co_await pause(decision.wait);
  }
}

asio::awaitable<result<net::http_reply, api_error>> request_runner::send(request_plan plan) {
  return repeat<net::http_reply>(std::make_shared<const request_plan>(std::move(plan)),
                                 &request_runner::send_once);
}

asio::awaitable<result<std::unique_ptr<net::http_stream>, api_error>> request_runner::open(
    request_plan plan) {
  return repeat<std::unique_ptr<net::http_stream>>(std::make_shared<const request_plan>(std::move(plan)),
                                                   &request_runner::open_once);
}

}  // namespace platformer::kube
