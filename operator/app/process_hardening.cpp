#include "app/process_hardening.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "base/secret_memory.hpp"

namespace platformer::app {
namespace {

tl::unexpected<error> last_error(const char* what) {
  return fail(std::string(what) + ": " + std::generic_category().message(errno));
}

}  // namespace

result<void> harden_process() {
  ::umask(S_IRWXG | S_IRWXO);
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) return last_error("can't forbid core files");
  // The limit alone does not keep a core from a program that core_pattern names, nor a debugger out.
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return last_error("can't make the process undumpable");
  rlimit locked{};
  if (::getrlimit(RLIMIT_MEMLOCK, &locked) == 0) {
    locked.rlim_cur = locked.rlim_max;
    ::setrlimit(RLIMIT_MEMLOCK, &locked);  // a process may; where not, swap_warning tells
  }
  return {};
}

swap_warning::swap_warning(logger& log) {
  secret_memory::when_not_locked([&log](std::error_code why) {
    rlimit locked{};
    ::getrlimit(RLIMIT_MEMLOCK, &locked);
    log.log(log_level::warning, "secrets may get into swap: their memory can't be locked",
            {{"reason", why.message()}, {"limit_bytes", locked.rlim_cur}});
  });
}

swap_warning::~swap_warning() {
  secret_memory::when_not_locked({});
}

}  // namespace platformer::app
