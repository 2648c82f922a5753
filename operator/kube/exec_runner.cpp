#include "kube/exec_runner.hpp"

#include "kube/child_process.hpp"
#include "model/api_error.hpp"

namespace platformer::kube {
namespace {

child_command command_of(const exec_plugin& plugin) {
  child_command command;
  command.program = plugin.command;
  command.arguments = plugin.arguments;
  command.environment = plugin.environment;
  std::erase_if(command.environment,
                [](const std::string& each) { return each.starts_with("KUBERNETES_EXEC_INFO="); });
  command.environment.push_back("KUBERNETES_EXEC_INFO=" + exec_info(plugin));
  command.time_limit = exec_time_limit;
  return command;
}

error explain(const exec_plugin& plugin, const std::string& what) {
  std::string message = "the kubeconfig's exec plugin \"" + plugin.command + "\": " + what;
  if (!plugin.install_hint.empty()) message += " (" + clean_message(plugin.install_hint) + ")";
  return {message};
}

}  // namespace

boost::asio::awaitable<result<exec_credential>> run_exec_plugin(boost::asio::any_io_executor executor,
                                                                exec_plugin plugin) {
  child_command command = command_of(plugin);
  const result<secret_string> output = co_await run_child(executor, std::move(command));
  if (!output) co_return tl::unexpected(explain(plugin, output.error().message));
  auto credential = parse_exec_credential(plugin, output->reveal());
  if (!credential) co_return tl::unexpected(explain(plugin, credential.error().message));
  co_return std::move(*credential);
}

}  // namespace platformer::kube
