// One blocking request over TLS to a server of ours on loopback, whose certificate is verified: for metrics
// over TLS.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/integration/harness/plain_http.hpp"

namespace platformer::test {

struct tls_reply : plain_reply {
  std::string certificate_serial;  // of the server's certificate, as text; "": there was no handshake
};

// `address` is "127.0.0.1:8443"; `ca_pem` has the authorities that may have signed its certificate. Status 0:
// no handshake, or no reply within 10 s.
tls_reply tls_get(const std::string& address, const std::string& ca_pem, const std::string& target,
                  const std::vector<std::pair<std::string, std::string>>& headers = {});

}  // namespace platformer::test
