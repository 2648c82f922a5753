// The Console emulator as a whole: the public gateway and, when asked for, the admin API, on one executor.
//
//   auto console = emulator::start(executor, {.admin = "127.0.0.1:0"});
//   auto token = (*console)->console().add_credential("operator", "org-acme", {"organization.admin"});
//   … requests to (*console)->gateway_url() …
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "tests/console_emulator/faults.hpp"
#include "tests/console_emulator/journal.hpp"
#include "tests/console_emulator/seed.hpp"
#include "tests/console_emulator/world.hpp"

namespace platformer::emulator {

time_point system_now();

struct emulator_options {
  std::string listen = "127.0.0.1:0";
  std::optional<std::string> admin = {};  // nullopt: no admin API
  std::filesystem::path state_file = {};  // empty: in memory
  seed start = default_seed();
  std::string tls_certificate_pem = {};  // empty: plain HTTP; the admin API always is
  std::string tls_key_pem = {};
  std::filesystem::path exchanges_file = {};  // empty: none (see exchange_log.hpp)
  std::function<time_point()> clock = system_now;
};

// Must be gone before its executor's context is.
class emulator {
 public:
  // Messages say which option can't be used.
  static result<std::unique_ptr<emulator>> start(boost::asio::any_io_executor executor,
                                                 emulator_options options);
  ~emulator();
  emulator(const emulator&) = delete;
  emulator& operator=(const emulator&) = delete;

  std::string gateway_url() const;
  std::string admin_url() const;  // empty without an admin API
  world& console();
  fault_list& faults();
  journal& calls();

  // Ends all connections, waits and hangs, so that the executor runs out of work.
  void stop();

 private:
  struct core;
  explicit emulator(std::shared_ptr<core> state) : core_(std::move(state)) {}
  std::shared_ptr<core> core_;
};

}  // namespace platformer::emulator
