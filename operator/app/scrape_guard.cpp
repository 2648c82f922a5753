#include "app/scrape_guard.hpp"

#include <utility>

#include "model/api_error.hpp"
#include "net/digest.hpp"

namespace platformer::app {
namespace {

namespace asio = boost::asio;

constexpr unsigned unauthorized = 401, forbidden = 403, unavailable = 503;

probe_reply unauthenticated(std::string why) {
  return {.status = unauthorized, .body = std::move(why), .challenge = "Bearer"};
}

scrape_verdict busy() {
  return {.answer = scrape_answer::unavailable, .detail = "too many tokens are being checked"};
}

}  // namespace

std::optional<probe_reply> refusal_of(const scrape_verdict& verdict) {
  switch (verdict.answer) {
    case scrape_answer::allowed:
      return std::nullopt;
    case scrape_answer::unknown_token:
      return unauthenticated("Kubernetes does not know this bearer token, or it has expired\n");
    case scrape_answer::forbidden:
      return probe_reply{.status = forbidden,
                         .body = clean_message(verdict.detail) +
                                 " may not scrape: it needs a ClusterRole with the verb get on the "
                                 "nonResourceURL /metrics\n"};
    case scrape_answer::unavailable:
      break;
  }
  return probe_reply{.status = unavailable,
                     .body = "who may scrape can't be found out: " + verdict.detail + "\n"};
}

scrape_guard::scrape_guard(asio::any_io_executor executor, const kube::kube_client& kube, logger& log,
                           std::function<time_point()> clock, scrape_access_limits limits)
    : kube_(kube.with_timeout(patience)),
      log_(log),
      clock_(std::move(clock)),
      access_(limits),
      changed_(std::move(executor)) {}

void scrape_guard::stop() {
  stopped_ = true;
  changed_.open();
}

asio::awaitable<std::optional<probe_reply>> scrape_guard::refuse(std::string authorization,
                                                                 std::string path) {
  const auto self = shared_from_this();
  const std::string_view bearer = bearer_token(authorization);
  if (bearer.empty()) {
    wipe(authorization);
    co_return unauthenticated("a Kubernetes bearer token is needed: Authorization: Bearer TOKEN\n");
  }
  auto token = std::make_shared<const secret_string>(bearer);
  wipe(authorization);
  const scrape_verdict verdict = co_await verdict_on(std::move(token), std::move(path));
  co_return refusal_of(verdict);
}

asio::awaitable<scrape_verdict> scrape_guard::verdict_on(token_handle token, std::string path) {
  const std::string key = net::sha256_hex(token->reveal());
  const time_point give_up = clock_() + patience;
  while (!stopped_) {
    const time_point now = clock_();
    if (const auto* known = access_.find(key, now)) co_return *known;
    if (now >= give_up) co_return busy();
    const scrape_turn turn = access_.may_ask(key, now);
    if (turn == scrape_turn::busy) co_return busy();
    if (turn == scrape_turn::ask) {
      access_.begin(key);
      scrape_verdict verdict;
      try {
        verdict = co_await ask(std::move(token), std::move(path));
      } catch (const std::exception&) {
        verdict.detail = "internal error";
      }
      access_.learn(key, verdict, clock_());
      changed_.open();
      co_return verdict;
    }
    co_await changed_.wait();
  }
  co_return scrape_verdict{.answer = scrape_answer::unavailable, .detail = "shutting down"};
}

asio::awaitable<scrape_verdict> scrape_guard::ask(token_handle token, std::string path) {
  result<kube::reviewed_user, api_error> user = co_await kube_->review_token(std::move(token));
  if (!user) co_return no_answer("tokenreviews", user.error());
  scrape_verdict verdict{.answer = scrape_answer::unknown_token};
  if (user->name.empty()) co_return verdict;
  verdict.detail = user->name;
  std::string verb = "get";
  const result<bool, api_error> allowed =
      co_await kube_->review_path(std::move(*user), std::move(path), std::move(verb));
  if (!allowed) co_return no_answer("subjectaccessreviews", allowed.error());
  verdict.answer = *allowed ? scrape_answer::allowed : scrape_answer::forbidden;
  if (!*allowed)
    log_.log_limited("scrape refused " + verdict.detail, log_level::warning, "a scrape was refused",
                     {{"user", verdict.detail}, {"lacks", "get on nonResourceURL /metrics"}});
  co_return verdict;
}

scrape_verdict scrape_guard::no_answer(std::string_view question, const api_error& failure) {
  const bool ours = failure.code == api_errc::forbidden;
  const std::string why = ours ? "RBAC must grant the operator the verb create on " + std::string(question)
                               : "Kubernetes does not answer (" + std::string(to_string(failure.code)) + ")";
  log_.log_limited("scrape " + std::string(question), log_level::warning, "who may scrape can't be found out",
                   {{"reason", why}});
  return {.answer = scrape_answer::unavailable, .detail = why};
}

}  // namespace platformer::app
