// platformer-console-emulator: a stand-in for the hosted Platformer Console (see --help).
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/version.hpp"
#include "tests/console_emulator/credential_file.hpp"
#include "tests/console_emulator/emulator.hpp"

namespace {

using platformer::error;
using platformer::fail;
using platformer::result;
namespace emulator = platformer::emulator;

constexpr int exit_bad_options = 2;

struct command_line {
  emulator::emulator_options options;
  std::string admin;
  std::filesystem::path seed_file;
  std::filesystem::path tls_certificate_file;
  std::filesystem::path tls_key_file;
  std::filesystem::path credential_file;
  bool die_with_parent = false;
};

void describe(CLI::App& app, command_line& into) {
  app.set_version_flag("--version", std::string(platformer::version()));
  app.add_option("--listen", into.options.listen, "Address of the gateway; port 0 takes a free one")
      ->capture_default_str();
  app.add_option("--admin", into.admin,
                 "Address of the admin API (faults, calls, clock); without it there is none");
  app.add_option("--state", into.options.state_file,
                 "SQLite file that keeps accounts; without it they live in memory");
  app.add_option("--seed", into.seed_file, "YAML file with organizations, projects and custom roles");
  auto* certificate =
      app.add_option("--tls-cert", into.tls_certificate_file, "PEM certificate chain: serve HTTPS");
  auto* key = app.add_option("--tls-key", into.tls_key_file, "PEM private key");
  certificate->needs(key);
  key->needs(certificate);
  app.add_option(
      "--credential-file", into.credential_file,
      "Write the operator credential there (mode 0600) and print the path; a live one in it is kept");
  app.add_flag("--die-with-parent", into.die_with_parent, "End when the starting process does");
  app.footer(
      "Prints gateway=, admin=, organization=, organization_id= and credential= (or credential_file=) lines "
      "on\n"
      "standard output once it serves. SIGTERM and SIGINT end it.");
}

result<void> read_files(command_line& given) {
  if (!given.seed_file.empty()) {
    auto seed = emulator::load_seed(given.seed_file);
    if (!seed) return tl::unexpected(seed.error());
    given.options.start = std::move(*seed);
  }
  if (!given.tls_certificate_file.empty()) {
    auto certificate = emulator::read_whole_file(given.tls_certificate_file);
    if (!certificate) return tl::unexpected(certificate.error());
    auto key = emulator::read_whole_file(given.tls_key_file);
    if (!key) return tl::unexpected(key.error());
    given.options.tls_certificate_pem = std::move(*certificate);
    given.options.tls_key_pem = std::move(*key);
  }
  if (!given.admin.empty()) given.options.admin = given.admin;
  if (const char* file = std::getenv("PLATFORMER_EXCHANGES")) given.options.exchanges_file = file;
  return {};
}

// The lines that scripts read.
result<void> announce(emulator::emulator& running, const command_line& given) {
  const auto& owner = running.console().model().directory().organizations.front();
  std::cout << "gateway=" << running.gateway_url() << "\n";
  if (!running.admin_url().empty()) std::cout << "admin=" << running.admin_url() << "\n";
  std::cout << "organization=" << owner.name << "\norganization_id=" << owner.id << "\n";
  if (given.credential_file.empty()) {
    const auto token = emulator::add_operator_credential(running.console(), owner.id);
    if (!token) return tl::unexpected(token.error());
    std::cout << "credential=" << (*token)->reveal() << "\n";
  } else {
    const auto kept = emulator::keep_credential_file(running.console(), owner.id, given.credential_file);
    if (!kept) return tl::unexpected(kept.error());
    std::cout << "credential_file=" << given.credential_file.string() << "\n";
  }
  std::cout << std::flush;
  return {};
}

result<void> run(command_line& given) {
  boost::asio::io_context context(1);
  boost::asio::signal_set ending(context, SIGTERM, SIGINT);
  if (auto ok = read_files(given); !ok) return ok;
  auto running = emulator::emulator::start(context.get_executor(), std::move(given.options));
  if (!running) return tl::unexpected(running.error());
  if (auto ok = announce(**running, given); !ok) return ok;
  ending.async_wait([&](boost::system::error_code, int) { (*running)->stop(); });
  context.run();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  command_line given;
  CLI::App app(
      "A stand-in for the hosted Platformer Console: for trying platformer-operator out, for development and "
      "tests.",
      "platformer-console-emulator");
  const pid_t parent = ::getppid();
  describe(app, given);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : exit_bad_options;
  }
  if (given.die_with_parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) return 0;  // it went before we asked
  }
  ::signal(SIGPIPE, SIG_IGN);
  try {
    const auto done = run(given);
    if (done) return 0;
    std::cerr << "platformer-console-emulator: " << done.error().message << "\n";
    return exit_bad_options;
  } catch (const std::exception& problem) {
    std::cerr << "platformer-console-emulator: " << problem.what() << "\n";
    return 1;
  }
}
