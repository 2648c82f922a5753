#include "tests/integration/harness/apiserver_replica.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/gate/gate.hpp"
#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/kubeconfig.hpp"
#include "tests/integration/harness/plain_http.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

constexpr std::chrono::seconds ready_limit{60};

std::vector<std::string> words_of(const std::string& cmdline) {
  std::vector<std::string> words;
  for (std::size_t from = 0, end = 0; (end = cmdline.find('\0', from)) != std::string::npos; from = end + 1)
    words.push_back(cmdline.substr(from, end - from));
  return words;
}

// The command line of the control plane's own apiserver.
std::vector<std::string> first_apiserver() {
  const std::string program = (the_environment().control_plane / "bin" / "kube-apiserver").string();
  for (const auto& each : std::filesystem::directory_iterator("/proc")) {
    const auto words = words_of(read_file(each.path() / "cmdline"));
    if (!words.empty() && words.front() == program) return words;
  }
  throw std::runtime_error("no process runs " + program);
}

void replace_value(std::vector<std::string>& words, const std::string& option, const std::string& value) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == option) words[i + 1] = value;
}

std::string value_of(const std::vector<std::string>& words, const std::string& option) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == option) return words[i + 1];
  throw std::runtime_error("the apiserver was started without " + option);
}

// Bound, and not listening: who connects is refused, the kernel gives the port to nobody else, and a server
// that sets SO_REUSEADDR (as Go's do) may listen there beside it.
int reserve_port(std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API
  const bool bound = ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                     ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0;
  // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
  if (!bound) throw std::runtime_error("no free port");
  port = ntohs(at.sin_port);
  return fd;
}

}  // namespace

apiserver_replica::apiserver_replica(std::filesystem::path folder, std::vector<std::string> arguments)
    : folder_(std::move(folder)), arguments_(first_apiserver()), reserved_(reserve_port(port_)) {
  const std::string etcd = value_of(arguments_, "--etcd-servers");
  etcd_ = etcd.substr(etcd.find("://") + 3);
  replace_value(arguments_, "--secure-port", std::to_string(port_));
  replace_value(arguments_, "--audit-log-path", (folder_ / "replica-audit.log").string());
  arguments_.insert(arguments_.end(), arguments.begin(), arguments.end());
  start();
}

apiserver_replica::~apiserver_replica() {
  ::close(reserved_);
}

void apiserver_replica::start() {
  const command call{.program = arguments_.front(),
                     .arguments = {arguments_.begin() + 1, arguments_.end()},
                     .environment = {},
                     .input = {}};
  process_ = process::start(call, folder_ / "kube-apiserver.log");
  const auto access = read_access(read_file(the_environment().admin_kubeconfig()));
  gate door;
  const auto url = door.open({.name = "replica", .server_port = port_, .tls = access.tls, .recorded = false});
  const auto address = url.substr(url.find("://") + 3);
  const bool ready = eventually(ready_limit, [&] {
    return plain_http(address, "GET", "/readyz").status == 200 || !process_->running();
  });
  if (!ready || !process_->running())
    throw std::runtime_error("the second apiserver is not ready: " + process_->output());
}

void apiserver_replica::kill() {
  process_->kill();
}

void apiserver_replica::freeze() {
  process_->signal(SIGSTOP);
  siginfo_t stopped{};
  ::waitid(P_PID, static_cast<id_t>(process_->pid()), &stopped, WSTOPPED);
}

void apiserver_replica::thaw() {
  process_->signal(SIGCONT);
}

void apiserver_replica::compact_etcd() const {
  const auto ask = [&](const std::string& what, const nlohmann::json& body) {
    const auto reply = plain_http(etcd_, "POST", "/v3/kv/" + what, body.dump());
    if (reply.status != 200) throw std::runtime_error("etcd: " + what + ": " + reply.body);
    return nlohmann::json::parse(reply.body);
  };
  const auto found = ask("range", {{"key", "AA=="}, {"limit", 1}});
  ask("compaction", {{"revision", found["header"]["revision"]}, {"physical", true}});
}

}  // namespace platformer::test
