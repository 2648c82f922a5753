// Lets those scrape whom Kubernetes lets: the request's bearer token is put to a TokenReview, its user to a
// SubjectAccessReview for `get` on the path. Answers are remembered for some seconds (app/scrape_access.hpp).
// As long as Kubernetes does not answer nobody scrapes.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/gate.hpp"
#include "app/logging.hpp"
#include "app/probe_answers.hpp"
#include "app/scrape_access.hpp"
#include "kube/kube_client.hpp"

namespace platformer::app {

// What a client is told that may not scrape; nullopt: it may.
std::optional<probe_reply> refusal_of(const scrape_verdict& verdict);

class scrape_guard : public std::enable_shared_from_this<scrape_guard> {
 public:
  // `log` outlives it; `clock` runs evenly.
  scrape_guard(boost::asio::any_io_executor executor, const kube::kube_client& kube, logger& log,
               std::function<time_point()> clock, scrape_access_limits limits = {});

  // The reply to somebody who may not have `path`; nullopt: go on. `authorization` is the header's value, ""
  // when there is none.
  boost::asio::awaitable<std::optional<probe_reply>> refuse(std::string authorization, std::string path);
  // Lets everybody go who waits.
  void stop();

  // How long the apiserver may take for one question, and somebody may wait for their turn.
  static constexpr duration patience = std::chrono::seconds(5);

 private:
  boost::asio::awaitable<scrape_verdict> verdict_on(token_handle token, std::string path);
  boost::asio::awaitable<scrape_verdict> ask(token_handle token, std::string path);
  scrape_verdict no_answer(std::string_view question, const api_error& failure);

  std::shared_ptr<kube::kube_client> kube_;
  logger& log_;
  std::function<time_point()> clock_;
  scrape_access access_;
  gate changed_;  // opened when a question has been answered
  bool stopped_ = false;
};

}  // namespace platformer::app
