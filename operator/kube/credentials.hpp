// Where the value of Authorization comes from, and when it is asked for again.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "kube/kube_config.hpp"
#include "model/api_error.hpp"
#include "net/tls.hpp"

namespace platformer::kube {

// A whole header value ("Bearer …"); null: the request bears none.
using authorization_value = std::shared_ptr<const secret_string>;

class credentials {
 public:
  virtual ~credentials() = default;
  // The value to send now. Fails with `unauthorized` (no HTTP status) when there is none to be had.
  virtual boost::asio::awaitable<result<authorization_value, api_error>> authorization() = 0;
  // The server answered 401 to `value`. True: there may be a better one now, ask and send again.
  virtual boost::asio::awaitable<bool> refused(authorization_value value) = 0;
  // Empty, or what could not be read or got when it was due last: a token file, a plugin, a TLS file. What
  // was there before is still in use.
  virtual std::string problem() const { return {}; }
};

struct credential_hooks {
  std::function<time_point()> now;
  // New TLS settings to connect with: a rotated CA file, or the exec plugin's client certificate.
  std::function<void(const net::tls_settings&)> replace_tls;
};

// Files are read again once a minute when a request needs them, and after a 401.
inline constexpr duration file_recheck_interval = std::chrono::minutes(1);
// An exec plugin's credential is renewed this long before it expires.
inline constexpr duration exec_expiry_margin = std::chrono::seconds(10);
// After a failure the exec plugin is left alone for so long; requests meanwhile fail with the same message.
inline constexpr duration exec_failure_pause = std::chrono::seconds(5);

std::shared_ptr<credentials> make_credentials(boost::asio::any_io_executor executor,
                                              const kube_config& config, credential_hooks hooks);

// Always the same value; for tests and for servers that ask for none (null).
std::shared_ptr<credentials> fixed_credentials(authorization_value value);

}  // namespace platformer::kube
