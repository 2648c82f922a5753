// Certificates made at run time, so that no key lies in the repository and none ever expires there.
//
//   const certificate_authority authority;
//   const auto server = authority.issue({.names = {"DNS:localhost", "IP:127.0.0.1"}});
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <vector>

namespace platformer::test {

struct certificate {
  std::string certificate_pem;
  std::string key_pem;
};

struct certificate_request {
  std::string common_name = "test";
  std::vector<std::string> names{};  // as OpenSSL writes alternative names: "DNS:localhost", "IP:::1"
  bool expired = false;
  bool not_yet_valid = false;
  bool self_signed = false;  // by its own key instead of the authority's
};

class certificate_authority {
 public:
  certificate_authority();
  ~certificate_authority();
  certificate_authority(const certificate_authority&) = delete;
  certificate_authority& operator=(const certificate_authority&) = delete;

  const std::string& certificate_pem() const { return pem_; }
  // For servers and clients alike.
  certificate issue(const certificate_request& request) const;

 private:
  struct keys;
  std::unique_ptr<keys> keys_;
  std::string pem_;
};

}  // namespace platformer::test
