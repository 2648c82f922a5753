#include "tests/integration/harness/gated_scenario.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <stdexcept>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/kubeconfig.hpp"
#include "tests/integration/harness/plain_http.hpp"
#include "tests/integration/harness/wait.hpp"
#include "tests/support/process.hpp"

namespace platformer::test {
namespace {

constexpr const char* by_hand = "by-hand";

// In /readyz?verbose.
constexpr const char* leads = "leader, holds lease";
constexpr const char* stands_by = "standby, lease";

std::uint16_t port_of(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

}  // namespace

gated_scenario::gated_scenario(const gated_options& options)
    : it({}, options.label), api(it.name_space), replicas_(options.replicas) {
  const certificate_authority authority;
  const auto user = read_access(read_file(it.operator_kubeconfig()));
  const auto url = gate.open({.name = "kubernetes",
                              .server_port = options.apiserver != 0 ? options.apiserver : user.port,
                              .identity = authority.issue({.names = {"IP:127.0.0.1"}}),
                              .tls = user.tls});
  console_url_ = gate.open({.name = "console", .server_port = port_of(it.console.gateway())});
  kubeconfig_ = it.folder / "through-the-gate.kubeconfig";
  std::ofstream(kubeconfig_) << kubeconfig_through(url, authority.certificate_pem(), user);
  api.create("secrets",
             "apiVersion: v1\nkind: Secret\nmetadata: {name: console-credentials}\nstringData: {token: " +
                 read_file(it.console.credential_file()) + "}\n");
  connect("default");
  if (replicas_) let_elect();
  start_operator();
  api.create("serviceaccounts", service_account_yaml(bystander, never_verified));
  // Asked only when there is something new: many scenarios begin at the same time.
  const auto is_issued = [&] {
    const auto passed = gate.notes().all();
    const bool written = std::ranges::any_of(passed, [](const passage& each) {
      return each.status == 200 && each.path.ends_with(std::string(bystander) + "/status");
    });
    return written && api.find("serviceaccounts", bystander)
                          .value_or(nlohmann::json())
                          .contains(nlohmann::json::json_pointer("/status/token/revision"));
  };
  if (!eventually(2 * usual_wait, is_issued))
    throw std::runtime_error("the bystander did not become Ready:\n" + gate.notes().text(0, always));
  if (replicas_) start_standby();
  make_account_by_hand();
  remember_others();
}

void gated_scenario::let_elect() {
  it.kube.apply(
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: leases}\nrules:\n"
      "- {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}\n---\n"
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: leases}\n"
      "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: leases}\n"
      "subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: " +
      it.user + "}]\n");
}

void gated_scenario::connect(const std::string& name) {
  api.create("consoleconnections",
             "apiVersion: console.platformer.com/v1alpha1\nkind: ConsoleConnection\nmetadata: {name: " +
                 name + "}\nspec: {gateway: '" + console_url_ +
                 "', allowInsecureHTTP: true, timeout: 1s, interval: 24h, organization: " +
                 it.console.organization() + ", credentialsSecretRef: {name: console-credentials}}\n");
}

operator_process gated_scenario::launch() {
  operator_options options{.arguments = {"--log-level", "debug"}};
  if (replicas_)
    options.arguments.insert(
        options.arguments.end(),
        {"--leader-elect", "--leader-election-namespace", it.name_space, "--leader-election-lease-duration",
         "8s", "--leader-election-renew-deadline", "6s", "--leader-election-retry-period", "1s"});
  const auto log = it.folder / ("operator-" + std::to_string(++launched_) + ".log");
  return operator_process(kubeconfig_, it.name_space, log, std::move(options));
}

void gated_scenario::start_operator() {
  started_at_ = std::time(nullptr);
  operator_ = launch();
  pid_ = operator_->program().pid();
}

void gated_scenario::start_standby() {
  standby_ = launch();
  standby_pid_ = standby_->program().pid();
  if (!standby_->program().wait_for_line("standby: lease", 2 * usual_wait))
    throw std::runtime_error("no second operator stands by:\n" + standby_->program().output());
}

void gated_scenario::kill_operator() {
  operator_->program().kill();
}

bool gated_scenario::wait_operator_end() {
  return operator_->program().wait_exit(std::chrono::seconds(10)).has_value();
}

void gated_scenario::freeze_leader() const {
  ::kill(pid_, SIGSTOP);
  siginfo_t stopped{};
  ::waitid(P_PID, static_cast<id_t>(pid_), &stopped, WSTOPPED);
}

bool gated_scenario::wait_standby_leads() {
  return standby_->program().wait_for_line(" leading", 2 * usual_wait).has_value();
}

std::string gated_scenario::thaw_leader() {
  ::kill(pid_, SIGCONT);
  const auto exit_code = operator_->program().wait_exit(usual_wait);
  if (exit_code != 1) return "the operator that leads no more goes on:\n" + operator_->program().output();
  started_at_ = std::time(nullptr);
  operator_ = std::move(standby_);
  pid_ = operator_->program().pid();
  start_standby();
  return {};
}

bool gated_scenario::says(operator_process& one, const std::string& what) {
  try {
    return one.program().running() && one.get("/readyz?verbose").body.find(what) != std::string::npos;
  } catch (const std::exception&) {
    return false;  // it is ending
  }
}

std::string gated_scenario::elect() {
  const auto is_over = [&] {
    for (std::optional<operator_process>* each : {&operator_, &standby_})
      if (!(*each)->program().running()) each->emplace(launch());
    if (says(*standby_, leads)) std::swap(operator_, standby_);
    return says(*operator_, leads) && says(*standby_, stands_by);
  };
  if (!eventually(2 * usual_wait, is_over))
    return "not one of the two leads:\n" + operator_->program().output() + "\n" +
           standby_->program().output();
  pid_ = operator_->program().pid();
  standby_pid_ = standby_->program().pid();
  return {};
}

bool gated_scenario::is_beside_work(const passage& passed) {
  return !is_work(passed) && passed.path.find(bystander) == std::string::npos &&
         passed.path.find("/leases") == std::string::npos;
}

bool gated_scenario::is_work(const passage& passed) {
  if (passed.watch || passed.path.find(bystander) != std::string::npos) return false;
  if (passed.server != "kubernetes") return true;
  const auto ends_with = [&](const std::string& what) { return passed.path.ends_with(what); };
  const bool is_collection =
      ends_with("/secrets") || ends_with("/serviceaccounts") || ends_with("/consoleconnections");
  if (passed.method == "GET" && is_collection) return false;
  return passed.path.find("/events") == std::string::npos && passed.path.find("/leases") == std::string::npos;
}

void gated_scenario::make_account_by_hand() {
  const std::string credential = read_file(it.console.credential_file());
  const auto address = it.console.gateway().substr(it.console.gateway().find("://") + 3);
  const auto made = plain_http(
      address, "POST", "/auth/api/v1/serviceaccount/token/create",
      nlohmann::json({{"name", by_hand}, {"description", "nobody's business"}, {"expired_in", nullptr}})
          .dump(),
      {{"Authorization", credential}, {"X-Organization-Id", it.console.organization_id()}});
  if (made.status != 200) throw std::runtime_error("an account by hand: " + std::to_string(made.status));
}

// The bystander's object and Secret as they are stored, and both accounts that are not to be touched.
nlohmann::json gated_scenario::others() {
  const auto version = [](const std::optional<nlohmann::json>& object) {
    return object ? (*object)["metadata"]["resourceVersion"] : nlohmann::json("gone");
  };
  nlohmann::json all;
  all["object"] = version(api.find("serviceaccounts", bystander));
  all["secret"] = version(api.find("secrets", std::string(bystander) + "-token"));
  for (const auto& account : it.console.accounts())
    if (account["name"] == bystander || account["name"] == by_hand) all["accounts"].push_back(account);
  return all;
}

std::vector<std::string> gated_scenario::harm_done_to_others() {
  const auto now = others();
  if (now == others_before_) return {};
  return {"what was not to be touched has changed; before: " + others_before_.dump() +
          "; now: " + now.dump()};
}

}  // namespace platformer::test
