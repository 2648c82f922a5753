// What an exec plugin prints: a usable credential or an error that repeats none of it.
#include "kube/authorization_header.hpp"
#include "kube/exec_credential.hpp"
#include "tests/fuzz/check.hpp"

using namespace platformer;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view output(reinterpret_cast<const char*>(data), size);
  kube::exec_plugin plugin;
  plugin.api_version = "client.authentication.k8s.io/v1";
  plugin.command = "/usr/bin/login";
  const auto credential = kube::parse_exec_credential(plugin, output);
  if (!credential) {
    fuzz::check_message(credential.error().message);
    check(credential.error().message.size() < 256, "the message is one of ours");
    return 0;
  }
  check(credential->token != nullptr || credential->key_pem != nullptr, "a credential is there");
  check(!credential->token || kube::is_header_token(credential->token->reveal()), "a token fits a header");
  check(credential->certificate_pem.empty() == (credential->key_pem == nullptr), "a certificate has its key");
  plugin.cluster = {{"server", std::string(output)}};
  check(!kube::exec_info(plugin).empty(), "what a plugin is told can be written, whatever is in it");
  return 0;
}
