// The certificate and key of the metrics server, read from files, and again when they change: whoever renews
// them (cert-manager by way of a mounted Secret) need not restart anything. A renewed pair that can't be used
// leaves the old one in service, and is a failed check.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/probe_server.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/tls_server.hpp"

namespace platformer::app {

struct certificate_files {
  std::filesystem::path certificate;  // PEM: the server's own, then its chain
  std::filesystem::path key;          // PEM, without a passphrase
};

class metrics_certificate {
 public:
  // Called when a renewed pair can't be used, and again when a later one can: then with "".
  using report = std::function<void(const std::string& problem)>;

  // Fails with the files' names and what is wrong: missing, unreadable, expired, not matching.
  static result<std::shared_ptr<metrics_certificate>> load(certificate_files files, time_point now);

  // For the next handshake. Looks into the files, at most once in `recheck_interval`.
  std::shared_ptr<net::tls_server_context> current(time_point now);
  // Named "metrics certificate": failed while a renewed pair can't be used, or when the one in use has
  // expired.
  check_result check(time_point now);

  void on_change(report told) { told_ = std::move(told); }

  static constexpr duration recheck_interval = std::chrono::seconds(2);
  static constexpr std::size_t file_max_bytes = 256 * 1024;

 private:
  explicit metrics_certificate(certificate_files files) : files_(std::move(files)) {}

  void look(time_point now);
  result<void> read(time_point now);

  certificate_files files_;
  std::shared_ptr<net::tls_server_context> in_use_;
  std::string seen_;     // a hash of what is in use
  std::string problem_;  // of what they hold now
  time_point looked_{};
  report told_;
};

}  // namespace platformer::app
