#include "app/metrics_certificate.hpp"

#include <utility>

#include "kube/small_file.hpp"
#include "net/digest.hpp"

namespace platformer::app {
namespace {

struct file_pair {
  secret_string certificate;
  secret_string key;
  std::string hash;
};

result<file_pair> read_once(const certificate_files& files) {
  auto certificate = kube::read_small_file(files.certificate, metrics_certificate::file_max_bytes);
  if (!certificate) return tl::unexpected(certificate.error());
  auto key = kube::read_small_file(files.key, metrics_certificate::file_max_bytes);
  if (!key) return tl::unexpected(key.error());
  std::string hash = net::sha256_hex(certificate->reveal()) + net::sha256_hex(key->reveal());
  return file_pair{std::move(*certificate), std::move(*key), std::move(hash)};
}

// Twice the same, so that a certificate does not come with the key of its successor when both are replaced
// between the two readings.
result<file_pair> read_pair(const certificate_files& files) {
  constexpr int attempts = 3;
  auto pair = read_once(files);
  for (int i = 0; i < attempts && pair; ++i) {
    auto again = read_once(files);
    if (again && again->hash == pair->hash) break;
    pair = std::move(again);
  }
  return pair;
}

}  // namespace

result<std::shared_ptr<metrics_certificate>> metrics_certificate::load(certificate_files files,
                                                                       time_point now) {
  std::shared_ptr<metrics_certificate> made(new metrics_certificate(std::move(files)));
  if (auto ok = made->read(now); !ok) return tl::unexpected(ok.error());
  made->looked_ = now;
  return made;
}

result<void> metrics_certificate::read(time_point now) {
  const auto pair = read_pair(files_);
  if (!pair) return tl::unexpected(pair.error());
  if (pair->hash == seen_) return {};
  auto made = net::tls_server_context::make(pair->certificate.reveal(), pair->key, now);
  if (!made)
    return fail(made.error().message + " (" + files_.certificate.string() + ", " + files_.key.string() + ")");
  seen_ = pair->hash;
  in_use_ = std::move(*made);
  return {};
}

void metrics_certificate::look(time_point now) {
  // A clock that was set back counts as due.
  if (now >= looked_ && now - looked_ < recheck_interval) return;
  looked_ = now;
  const auto before = std::exchange(problem_, {});
  const auto used_before = seen_;
  if (auto ok = read(now); !ok) problem_ = ok.error().message;
  if (told_ && (problem_ != before || (problem_.empty() && seen_ != used_before))) told_(problem_);
}

std::shared_ptr<net::tls_server_context> metrics_certificate::current(time_point now) {
  look(now);
  return in_use_;
}

check_result metrics_certificate::check(time_point now) {
  look(now);
  check_result told{.name = "metrics certificate"};
  const std::string ends = format_rfc3339(in_use_->ends_at());
  if (in_use_->ends_at() <= now)
    told.failure = "has expired at " + ends + " (" + files_.certificate.string() + ")";
  else if (!problem_.empty())
    told.failure = "the one until " + ends + " stays in use: " + problem_;
  else
    told.note = "until " + ends;
  return told;
}

}  // namespace platformer::app
