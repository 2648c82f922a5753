#include "kube/connect.hpp"

#include "net/tls.hpp"

namespace platformer::kube {
namespace {

credential_hooks hooks_for(const std::shared_ptr<net::http_client>& http, const connect_options& options) {
  credential_hooks hooks;
  hooks.now = options.now;
  hooks.replace_tls = [weak = std::weak_ptr(http),
                       on_bad = options.on_bad_tls](const net::tls_settings& settings) {
    auto made = net::tls_context::make(settings);
    if (const auto alive = weak.lock(); alive && made) alive->replace_tls(std::move(*made));
    if (!made && on_bad) on_bad(made.error());
  };
  return hooks;
}

// " (FILE, FILE)": where the PEM came from that can't be used.
std::string files_of(const kube_config& config) {
  std::string text;
  for (const auto* file : {&config.files.ca, &config.files.certificate, &config.files.key})
    if (!file->empty()) text += (text.empty() ? " (" : ", ") + file->string();
  return text.empty() ? text : text + ")";
}

}  // namespace

result<kube_connection> connect(boost::asio::any_io_executor executor, const kube_config& config,
                                connect_options options) {
  std::shared_ptr<net::tls_context> tls;
  if (config.server.tls) {
    auto made = net::tls_context::make(config.tls);
    if (!made) return fail(config.source + files_of(config) + ": " + made.error().message);
    tls = std::move(*made);
  }
  kube_connection connection;
  connection.http =
      std::make_shared<net::http_client>(executor, config.server, std::move(tls), options.limits);
  options.client.base_path = config.base_path;
  auto auth = make_credentials(executor, config, hooks_for(connection.http, options));
  connection.auth = auth;
  connection.client = std::make_shared<kube_client>(connection.http, std::move(auth), options.client);
  return connection;
}

}  // namespace platformer::kube
