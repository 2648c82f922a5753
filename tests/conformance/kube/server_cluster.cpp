// server_port's surroundings: its namespace, quotas, policies, and the wait for the garbage collector.
#include <cstdlib>
#include <stdexcept>

#include "tests/conformance/kube/server_codec.hpp"
#include "tests/conformance/kube/server_port.hpp"
#include "tests/conformance/kube/server_wait.hpp"
#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::conformance {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

time_point wall_clock() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

kube::kube_connection connect_as_admin(boost::asio::io_context& io) {
  kube::config_request request;
  request.kubeconfig = test::the_environment().admin_kubeconfig().string();
  request.env.get = [](const std::string&) { return std::optional<std::string>(); };
  const auto config = kube::load_kube_config(request);
  if (!config) throw std::runtime_error(config.error().message);
  kube::connect_options options;
  options.now = wall_clock;
  // An answer that is an error is what a case wants to see.
  options.client.max_retries = 0;
  options.client.field_manager = "conformance";
  auto connection = kube::connect(io.get_executor(), *config, std::move(options));
  if (!connection) throw std::runtime_error(connection.error().message);
  return std::move(*connection);
}

kube::resource admission(const char* plural) {
  return {"admissionregistration.k8s.io", "v1", plural, false};
}

json policy(const std::string& name, refusal_kind how) {
  json validation{
      {"expression", "(object == null ? oldObject : object).?metadata.labels.?refused.orValue('') == ''"}};
  if (how == refusal_kind::forbidden) validation["reason"] = "Forbidden";
  const json rule{{"apiGroups", {""}},
                  {"apiVersions", {"v1"}},
                  {"operations", {"CREATE", "UPDATE", "DELETE"}},
                  {"resources", {"secrets"}}};
  return {{"apiVersion", "admissionregistration.k8s.io/v1"},
          {"kind", "ValidatingAdmissionPolicy"},
          {"metadata", {{"name", name}}},
          {"spec",
           {{"matchConstraints", {{"resourceRules", json::array({rule})}}},
            {"validations", json::array({validation})}}}};
}

json binding(const std::string& name) {
  const json here{{"matchLabels", {{"kubernetes.io/metadata.name", name}}}};
  return {{"apiVersion", "admissionregistration.k8s.io/v1"},
          {"kind", "ValidatingAdmissionPolicyBinding"},
          {"metadata", {{"name", name}}},
          {"spec",
           {{"policyName", name},
            {"validationActions", {"Deny"}},
            {"matchResources", {{"namespaceSelector", here}}}}}};
}

secret_content probe(std::string name) {
  secret_content made;
  made.meta.name = std::move(name);
  made.type = "Opaque";
  return made;
}

}  // namespace

server_port::server_port()
    : connection_(connect_as_admin(io_)), name_space_(test::unique_name("conformance")) {
  const auto made = make(kube::resources::namespaces(), "", {{"metadata", {{"name", name_space_}}}});
  if (!made) throw std::runtime_error("no namespace: " + describe(made.error()));
}

server_port::~server_port() {
  cluster_wide_.emplace_back(kube::resources::namespaces(), object_key{"", name_space_});
  for (const auto& [what, name] : cluster_wide_) {
    kube::delete_options options;
    (void)wait(connection_.client->remove(what, name, options));
  }
}

kube_answer<json> server_port::make(kube::resource what, std::string ns, json body) {
  kube::write_options options;
  return wait(connection_.client->create(std::move(what), std::move(ns), std::move(body), options));
}

void server_port::await_refusal(const secret_content& refused) {
  if (!test::eventually(30s, [&] { return !create(refused, true); }))
    throw std::runtime_error("nothing is refused");
}

void server_port::exhaust_secret_quota() {
  const kube::resource quotas{"", "v1", "resourcequotas", true};
  const auto listed = list(kube_kind::secret, {});
  const json amount{{"count/secrets", std::to_string(listed ? listed->items.size() : 0)}};
  (void)make(quotas, name_space_, {{"metadata", {{"name", "full"}}}, {"spec", {{"hard", amount}}}});
  // The quota controller would count what there is; here nobody else does.
  kube::write_options options;
  options.subresource = "status";
  json status{{"status", {{"hard", amount}, {"used", amount}}}};
  const auto counted = wait(
      connection_.client->patch(quotas, key("full"), kube::patch_type::merge, std::move(status), options));
  if (!counted) throw std::runtime_error("no quota: " + describe(counted.error()));
  await_refusal(probe("probe"));
}

void server_port::refuse_labelled_secrets(refusal_kind how) {
  const auto policies = admission("validatingadmissionpolicies");
  const auto bindings = admission("validatingadmissionpolicybindings");
  for (const auto& [what, body] :
       {std::pair(policies, policy(name_space_, how)), {bindings, binding(name_space_)}}) {
    const auto made = make(what, "", body);
    if (!made) throw std::runtime_error("no policy: " + describe(made.error()));
    cluster_wide_.emplace_back(what, object_key{"", name_space_});
  }
  secret_content refused = probe("probe");
  refused.meta.labels["refused"] = "yes";
  await_refusal(refused);
}

bool server_port::await_collection(kube_kind kind, const std::string& name,
                                   const std::function<bool(const kube_object*)>& done) {
  // The collector looks for new kinds every 30 s.
  return test::eventually(50s, [&] {
    const auto found = get(kind, name);
    if (!found && found.error().code != api_errc::not_found) return false;
    return done(found ? &*found : nullptr);
  });
}

}  // namespace platformer::conformance
