#include "kube/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <system_error>
#include <variant>

namespace platformer::kube {
namespace {

namespace asio = boost::asio;
using asio_error = boost::system::error_code;

constexpr auto exit_poll_interval = std::chrono::milliseconds(10);

std::string reason_of(int code) {
  return std::generic_category().message(code);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (auto& each : texts)
    list.push_back(each.data());
  list.push_back(nullptr);
  return list;
}

struct spawn_settings {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
  spawn_settings() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  spawn_settings(const spawn_settings&) = delete;
  spawn_settings& operator=(const spawn_settings&) = delete;
  ~spawn_settings() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
};

// A group of its own, so that it can be killed with its children; signals as a fresh process has them.
int spawn(pid_t& pid, child_command& command, int output) {
  spawn_settings settings;
  posix_spawn_file_actions_addopen(&settings.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&settings.files, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&settings.files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&settings.files, STDERR_FILENO + 1);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&settings.attributes, &none);
  posix_spawnattr_setsigdefault(&settings.attributes, &all);
  posix_spawnattr_setpgroup(&settings.attributes, 0);
  posix_spawnattr_setflags(&settings.attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> texts = command.arguments;
  texts.insert(texts.begin(), command.program);
  const auto arguments = pointers(texts);
  const auto variables = pointers(command.environment);
  return posix_spawnp(&pid, command.program.c_str(), &settings.files, &settings.attributes, arguments.data(),
                      variables.data());
}

// The child and its output; whatever way the coroutine ends, no process is left.
struct child {
  explicit child(const asio::any_io_executor& executor) : output(executor) {}
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child() {
    wipe(collected);
    if (pid <= 0) return;
    kill_group();
    ::waitpid(pid, nullptr, 0);
  }
  void kill_group() const {
    if (::kill(-pid, SIGKILL) != 0) ::kill(pid, SIGKILL);
  }
  // True once it is reaped.
  bool reap() {
    if (pid > 0 && ::waitpid(pid, &status, WNOHANG) == pid) pid = 0;
    return pid == 0;
  }

  pid_t pid = 0;
  int status = 0;
  bool expired = false;  // the time limit is over
  asio::posix::stream_descriptor output;
  std::string collected;
};

result<std::monostate> start(child& process, child_command& command) {
  std::array<int, 2> pipe{-1, -1};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return fail("no pipe: " + reason_of(errno));
  asio_error failure;
  process.output.assign(pipe[0], failure);
  if (failure) {
    ::close(pipe[0]);
    ::close(pipe[1]);
    return fail("no pipe: " + failure.message());
  }
  pid_t pid = 0;
  const int code = spawn(pid, command, pipe[1]);
  ::close(pipe[1]);
  if (code != 0) return fail("can't be started: " + reason_of(code));
  process.pid = pid;
  return std::monostate{};
}

std::string ending(int status) {
  if (WIFEXITED(status)) {
    const int code = WEXITSTATUS(status);
    return code == 127 ? "exited with status 127 (not found?)" : "exited with status " + std::to_string(code);
  }
  return "was ended by signal " + std::to_string(WTERMSIG(status));
}

// Reads until the end of the output; a failure's text, or "".
asio::awaitable<std::string> collect(child& process, std::size_t limit) {
  // The whole capacity at once: growing would leave unwiped copies.
  process.collected.reserve(limit);
  std::array<char, 4096> piece{};
  std::string complaint;
  while (complaint.empty() && !process.expired) {
    asio_error failure;
    const std::size_t got = co_await process.output.async_read_some(
        asio::buffer(piece), asio::redirect_error(asio::use_awaitable, failure));
    if (process.collected.size() + got > limit)
      complaint = "printed more than " + std::to_string(limit) + " bytes";
    else
      process.collected.append(piece.data(), got);
    if (failure) break;
  }
  explicit_bzero(piece.data(), piece.size());
  co_return complaint;
}

}  // namespace

asio::awaitable<result<secret_string>> run_child(asio::any_io_executor executor, child_command command) {
  const auto limit = command.time_limit;
  const auto deadline = std::chrono::steady_clock::now() + limit;
  auto process = std::make_shared<child>(executor);
  if (auto started = start(*process, command); !started) co_return tl::unexpected(started.error());

  asio::steady_timer watchdog(executor, deadline);
  watchdog.async_wait([weak = std::weak_ptr(process)](asio_error failure) {
    const auto alive = weak.lock();
    if (failure || !alive) return;
    alive->expired = true;  // a read that completes at this moment is not cancelled
    asio_error ignored;
    alive->output.cancel(ignored);
  });
  const std::string complaint = co_await collect(*process, command.output_limit);
  watchdog.cancel();
  if (process->expired) co_return fail("took longer than " + format_duration(limit));
  if (!complaint.empty()) co_return fail(complaint);

  // stdout is closed, so it is about to exit.
  while (!process->reap()) {
    if (std::chrono::steady_clock::now() >= deadline)
      co_return fail("took longer than " + format_duration(limit));
    asio::steady_timer pause(executor, exit_poll_interval);
    asio_error ignored;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (process->status != 0) co_return fail(ending(process->status));
  co_return secret_string(process->collected);
}

}  // namespace platformer::kube
