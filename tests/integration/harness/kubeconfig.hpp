// What tests need of the kubeconfigs that the testbed mints, and kubeconfigs that lead through a gate.
#pragma once

#include <cstdint>
#include <string>

#include "tests/gate/gate.hpp"

namespace platformer::test {

// The apiserver on 127.0.0.1 and a user with a client certificate.
struct cluster_access {
  std::uint16_t port = 0;
  server_tls tls;
};

// `text` is a kubeconfig of the testbed's own making (control-plane.sh); throws when it is another.
cluster_access read_access(const std::string& text);

// Throws when it is none.
std::string decode_base64(const std::string& text);

// The same cluster and user, reached at `url`, whose certificate is of the authority `ca_pem`. The user's own
// certificate stays in it: a gate does not ask for one.
std::string kubeconfig_through(const std::string& url, const std::string& ca_pem, const cluster_access& user);

}  // namespace platformer::test
