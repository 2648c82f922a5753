// What holds a pod's namespaces open: waits for the end, and reaps orphans where pods share their processes.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace {

void end(int) {
  ::_exit(0);
}

void reap(int) {
  const int interrupted = errno;
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  errno = interrupted;
}

void on(int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_NOCLDSTOP;
  ::sigaction(number, &action, nullptr);
}

}  // namespace

int main() {
  on(SIGTERM, end);
  on(SIGINT, end);
  on(SIGCHLD, reap);
  for (;;)
    ::pause();
}
