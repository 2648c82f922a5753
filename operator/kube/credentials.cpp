#include "kube/credentials.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "kube/authorization_header.hpp"
#include "kube/exec_runner.hpp"
#include "kube/small_file.hpp"

namespace platformer::kube {
namespace {

namespace asio = boost::asio;
using answer = result<authorization_value, api_error>;

bool same(const authorization_value& a, const authorization_value& b) {
  if (!a || !b) return a == b;
  return a->equals(*b);
}

api_error no_credential(std::string message) {
  return {api_errc::unauthorized, 0, std::move(message), std::nullopt};
}

class fixed final : public credentials {
 public:
  explicit fixed(authorization_value value) : value_(std::move(value)) {}
  asio::awaitable<answer> authorization() override { co_return value_; }
  asio::awaitable<bool> refused(authorization_value) override { co_return false; }

 private:
  authorization_value value_;
};

// Whether `interval` has passed; a clock that was set back counts as passed.
class interval_gate {
 public:
  explicit interval_gate(duration interval) : interval_(interval) {}
  bool due(time_point now) const { return !last_ || now < *last_ || now - *last_ >= interval_; }
  void pass(time_point now) { last_ = now; }
  void reset() { last_.reset(); }

 private:
  duration interval_;
  std::optional<time_point> last_;
};

// CA, certificate and key files, read again now and then.
class tls_watcher {
 public:
  explicit tls_watcher(const kube_config& config) : files_(config.files), current_(config.tls) {}

  // The new settings when a file's content has changed. A file that can't be read, or that is being replaced
  // at this moment, leaves everything as it is.
  std::optional<net::tls_settings> reload() {
    net::tls_settings next = current_;
    problem_.clear();
    if (!files_.ca.empty()) {
      const auto ca = read_small_file(files_.ca);
      note(ca);
      if (ca && !ca->empty()) next.ca_pem = ca->reveal();
    }
    if (!files_.certificate.empty() && !files_.key.empty()) {
      const auto certificate = read_small_file(files_.certificate);
      auto key = read_small_file(files_.key);
      note(certificate);
      note(key);
      if (certificate && key && !certificate->empty() && !key->empty()) {
        next.certificate_pem = certificate->reveal();
        next.key_pem = std::make_shared<const secret_string>(std::move(*key));
      }
    }
    if (next.ca_pem == current_.ca_pem && next.certificate_pem == current_.certificate_pem &&
        same(next.key_pem, current_.key_pem))
      return std::nullopt;
    current_ = next;
    return current_;
  }
  // Of the last reload: why a file could not be read; empty: none.
  const std::string& problem() const { return problem_; }
  net::tls_settings with_certificate(const exec_credential& credential) {
    current_.certificate_pem = credential.certificate_pem;
    current_.key_pem = credential.key_pem;
    return current_;
  }

 private:
  void note(const result<secret_string>& content) {
    if (!content && problem_.empty()) problem_ = content.error().message;
  }

  tls_files files_;
  net::tls_settings current_;
  std::string problem_;
};

// What kubeconfigs and pods have: a value, a token file or a plugin, beside TLS files.
class configured final : public credentials {
 public:
  configured(asio::any_io_executor executor, const kube_config& config, credential_hooks hooks)
      : executor_(std::move(executor)),
        hooks_(std::move(hooks)),
        tls_(config),
        source_(config.credential),
        plugin_done_(executor_, asio::steady_timer::time_point::max()) {
    gate_.pass(hooks_.now());  // the configuration has just been read
    token_due_ = true;
    if (const auto* value = std::get_if<fixed_authorization>(&source_)) value_ = value->value;
  }

  asio::awaitable<answer> authorization() override {
    const auto now = hooks_.now();
    const bool due = gate_.due(now);
    if (due) {
      gate_.pass(now);
      if (auto changed = tls_.reload()) hooks_.replace_tls(*changed);
    }
    if (const auto* file = std::get_if<token_file>(&source_)) {
      if (due || token_due_) read_token(*file);
      if (!value_) co_return tl::unexpected(no_credential(complaint_));
    }
    if (std::holds_alternative<exec_plugin>(source_)) co_return co_await from_plugin();
    co_return value_;
  }

  asio::awaitable<bool> refused(authorization_value value) override {
    if (const auto* file = std::get_if<token_file>(&source_)) {
      read_token(*file);
      co_return value_ && !same(value_, value);
    }
    if (!std::holds_alternative<exec_plugin>(source_)) co_return false;
    // Another request may have had it renewed already.
    if (!same(value, value_)) co_return true;
    // The server may refuse whatever the plugin gives: then it isn't run for every request.
    if (!accepted_.due(hooks_.now())) co_return false;
    expired_ = true;
    co_return true;
  }

  std::string problem() const override { return complaint_.empty() ? tls_.problem() : complaint_; }

 private:
  void read_token(const token_file& file) {
    const auto token = read_token_file(file.path);
    if (!token) {
      // A value that worked a minute ago is better than none; the server decides.
      complaint_ = "no token for the apiserver: " + token.error().message;
      return;
    }
    token_due_ = false;
    complaint_.clear();
    if (auto next = bearer_value(token->reveal()); !same(next, value_)) value_ = std::move(next);
  }

  // While it lives, other requests wait; its end wakes them, whatever way the run ended.
  struct one_run {
    explicit one_run(configured& owner) : self(owner) { self.running_ = true; }
    one_run(const one_run&) = delete;
    one_run& operator=(const one_run&) = delete;
    ~one_run() {
      self.running_ = false;
      self.plugin_done_.cancel();
    }
    configured& self;
  };

  bool plugin_fresh(time_point now) const { return !expired_ && (!renew_at_ || now < *renew_at_); }

  // Requests that come while the plugin runs wait for that one run.
  asio::awaitable<answer> from_plugin() {
    while (running_) {
      boost::system::error_code ignored;
      co_await plugin_done_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    const auto now = hooks_.now();
    if (!plugin_fresh(now)) {
      if (!failed_.due(now)) co_return tl::unexpected(no_credential(complaint_));
      exec_plugin plugin = std::get<exec_plugin>(source_);
      const one_run run(*this);
      result<exec_credential> credential = co_await run_exec_plugin(executor_, std::move(plugin));
      if (!credential) {
        failed_.pass(hooks_.now());
        complaint_ = credential.error().message;
        co_return tl::unexpected(no_credential(complaint_));
      }
      accept(*credential);
    }
    co_return value_;
  }

  void accept(const exec_credential& credential) {
    const auto now = hooks_.now();
    expired_ = false;
    failed_.reset();
    complaint_.clear();
    accepted_.pass(now);
    renew_at_ = credential.expires_at;
    // One that lives for less than the margin serves for a second, so that not every request runs the plugin.
    if (renew_at_) renew_at_ = std::max(*renew_at_ - exec_expiry_margin, now + std::chrono::seconds(1));
    value_ = credential.token ? bearer_value(credential.token->reveal()) : nullptr;
    if (credential.key_pem) hooks_.replace_tls(tls_.with_certificate(credential));
  }

  asio::any_io_executor executor_;
  credential_hooks hooks_;
  tls_watcher tls_;
  credential_source source_;
  authorization_value value_;
  std::string complaint_;
  interval_gate gate_{file_recheck_interval};
  bool token_due_ = false;

  bool running_ = false;
  bool expired_ = true;  // the plugin has to run before its first use
  std::optional<time_point> renew_at_;
  interval_gate failed_{exec_failure_pause};
  interval_gate accepted_{exec_failure_pause};
  asio::steady_timer plugin_done_;
};

}  // namespace

std::shared_ptr<credentials> make_credentials(asio::any_io_executor executor, const kube_config& config,
                                              credential_hooks hooks) {
  return std::make_shared<configured>(std::move(executor), config, std::move(hooks));
}

std::shared_ptr<credentials> fixed_credentials(authorization_value value) {
  return std::make_shared<fixed>(std::move(value));
}

}  // namespace platformer::kube
