#include "tests/integration/harness/kube_api.hpp"

#include <stdexcept>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/kubeconfig.hpp"
#include "tests/integration/harness/plain_http.hpp"
#include "tests/support/process.hpp"

namespace platformer::test {
namespace {

// An unrecorded gate with the administrator's certificate, so that plain HTTP will do here.
struct administrator {
  administrator() {
    const auto access = read_access(read_file(the_environment().admin_kubeconfig()));
    const auto url = door.open(
        {.name = "administrator", .server_port = access.port, .tls = access.tls, .recorded = false});
    address = url.substr(url.find("://") + 3);
  }

  gate door;
  std::string address;
};

plain_reply ask(const std::string& method, const std::string& path, const std::string& body = "",
                const std::string& content_type = "") {
  static const administrator as;
  std::vector<std::pair<std::string, std::string>> headers{{"Accept", "application/json"}};
  if (!content_type.empty()) headers.emplace_back("Content-Type", content_type);
  return plain_http(as.address, method, path, body, headers);
}

// For what may be asked twice: a loaded machine's apiserver may take longer than we wait.
plain_reply ask_patiently(const std::string& method, const std::string& path, const std::string& body = "",
                          const std::string& content_type = "") {
  constexpr int tries = 3;
  plain_reply reply;
  for (int i = 0; i < tries && reply.status == 0; ++i)
    reply = ask(method, path, body, content_type);
  return reply;
}

std::string path_of(const std::string& name_space, const std::string& resource,
                    const std::string& name = "") {
  const bool ours = resource == "serviceaccounts" || resource == "consoleconnections";
  const std::string root = ours ? "/apis/console.platformer.com/v1alpha1" : "/api/v1";
  return root + "/namespaces/" + name_space + "/" + resource + (name.empty() ? "" : "/" + name);
}

nlohmann::json must(const plain_reply& reply, const std::string& what) {
  // Of a failure the body is a Status, which has no contents of objects that we asked to be stored.
  if (reply.status / 100 != 2)
    throw std::runtime_error(what + ": " + std::to_string(reply.status) + " " + reply.body);
  return nlohmann::json::parse(reply.body);
}

}  // namespace

nlohmann::json kube_api::create(const std::string& resource, const std::string& yaml) const {
  return must(ask("POST", path_of(namespace_, resource), yaml, "application/yaml"), "create " + resource);
}

nlohmann::json kube_api::merge_patch(const std::string& resource, const std::string& name,
                                     const nlohmann::json& change) const {
  return must(ask_patiently("PATCH", path_of(namespace_, resource, name), change.dump(),
                            "application/merge-patch+json"),
              "patch " + resource + " " + name);
}

void kube_api::remove(const std::string& resource, const std::string& name) const {
  const auto reply = ask_patiently("DELETE", path_of(namespace_, resource, name));
  if (reply.status != 404) must(reply, "delete " + resource + " " + name);
}

std::optional<nlohmann::json> kube_api::find(const std::string& resource, const std::string& name) const {
  const auto reply = ask_patiently("GET", path_of(namespace_, resource, name));
  if (reply.status == 404) return std::nullopt;
  return must(reply, "get " + resource + " " + name);
}

std::string kube_api::secret_value(const std::string& name, const std::string& key) const {
  const auto secret = find("secrets", name);
  if (!secret || !secret->contains("data") || !(*secret)["data"].contains(key)) return {};
  return decode_base64((*secret)["data"][key]);
}

}  // namespace platformer::test
