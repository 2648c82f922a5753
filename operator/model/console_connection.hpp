// The ConsoleConnection custom resource: one administrator-owned gateway, organization and credential.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/condition.hpp"
#include "model/object_meta.hpp"

namespace platformer {

struct secret_key_ref {
  std::string name;
  std::string key;
  bool operator==(const secret_key_ref&) const = default;
};

// Replaces a Console operation's default; empty fields keep it. The path template is relative to the gateway.
struct route_override {
  std::string method;
  std::string path;
  bool operator==(const route_override&) const = default;
};

struct console_connection_spec {
  std::string gateway = "https://api.platformer.com";
  bool allow_insecure_http = false;
  std::string organization;                     // name or ID
  secret_key_ref credentials;                   // key defaults to "token"
  std::optional<secret_key_ref> ca_bundle;      // key defaults to "ca.crt"
  duration timeout = std::chrono::seconds(30);  // of one Console call
  std::map<std::string, route_override, std::less<>>
      routes;  // by operation name (console/openapi.yaml operationId)
  bool operator==(const console_connection_spec&) const = default;
};

struct console_connection_status {
  std::int64_t observed_generation = 0;
  std::string organization_id;
  std::optional<bool> token_valid;
  std::vector<condition> conditions;
  bool operator==(const console_connection_status&) const = default;
};

struct console_connection {
  object_meta meta;
  console_connection_spec spec;
  console_connection_status status;
  std::string spec_error;  // as service_account::spec_error
};

}  // namespace platformer
