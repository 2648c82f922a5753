#include "app/process_hardening.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

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
  return {};
}

}  // namespace platformer::app
