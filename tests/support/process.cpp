#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>

namespace platformer::test {
namespace {

using clock = std::chrono::steady_clock;

[[noreturn]] void raise_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class unique_fd {
 public:
  explicit unique_fd(int fd, const char* what) : fd_(fd) {
    if (fd < 0) raise_errno(what);
  }
  unique_fd(const unique_fd&) = delete;
  unique_fd& operator=(const unique_fd&) = delete;
  ~unique_fd() { ::close(fd_); }
  int get() const { return fd_; }

 private:
  int fd_;
};

int remaining(clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 3'600'000));
}

// In the child: only calls that are safe after fork.
[[noreturn]] void become(const command& what, std::vector<char*>& argv, int in, int out, int err,
                         pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // it died before the line above
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::syscall(SYS_close_range, 3U, ~0U, 0U);
  for (const auto& [name, value] : what.environment)
    ::setenv(name.c_str(), value.c_str(), 1);
  ::execvp(argv.front(), argv.data());
  constexpr std::string_view message = "cannot execute the program\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, message.data(), message.size());
  ::_exit(127);
}

pid_t spawn(const command& what, int in, int out, int err) {
  std::vector<std::string> words{what.program};
  words.insert(words.end(), what.arguments.begin(), what.arguments.end());
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) raise_errno("fork");
  if (pid == 0) become(what, argv, in, out, err, parent);
  return pid;
}

int open_pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
}

int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) raise_errno("waitpid");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// True when the process behind the pidfd has ended before the deadline.
bool ended(int pidfd, clock::time_point until) {
  pollfd poll_for{pidfd, POLLIN, 0};
  return ::poll(&poll_for, 1, remaining(until)) > 0;
}

std::string contents(int fd) {
  std::string all;
  std::array<char, 65536> block{};
  ::lseek(fd, 0, SEEK_SET);
  for (ssize_t n = 0; (n = ::read(fd, block.data(), block.size())) > 0;) {
    all.append(block.data(), static_cast<std::size_t>(n));
  }
  return all;
}

void fill(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0) raise_errno("write to a memory file");
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  ::lseek(fd, 0, SEEK_SET);
}

}  // namespace

finished run(const command& what, std::chrono::milliseconds deadline) {
  const auto until = clock::now() + deadline;
  const unique_fd in(::memfd_create("in", MFD_CLOEXEC), "memfd_create");
  const unique_fd out(::memfd_create("out", MFD_CLOEXEC), "memfd_create");
  const unique_fd err(::memfd_create("err", MFD_CLOEXEC), "memfd_create");
  fill(in.get(), what.input);
  const pid_t pid = spawn(what, in.get(), out.get(), err.get());
  const unique_fd pidfd(open_pidfd(pid), "pidfd_open");
  const bool in_time = ended(pidfd.get(), until);
  if (!in_time) ::kill(pid, SIGKILL);
  const int code = reap(pid);
  return {.exit_code = in_time ? code : -1, .out = contents(out.get()), .err = contents(err.get())};
}

process process::start(const command& what, const std::filesystem::path& log) {
  const unique_fd in(::memfd_create("in", MFD_CLOEXEC), "memfd_create");
  fill(in.get(), what.input);
  const unique_fd out(::open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600), log.c_str());
  const auto old_size = static_cast<std::size_t>(std::filesystem::file_size(log));
  const pid_t pid = spawn(what, in.get(), out.get(), out.get());
  const int pidfd = open_pidfd(pid);
  if (pidfd < 0) raise_errno("pidfd_open");
  return {pid, pidfd, log, old_size};
}

process::process(pid_t pid, int pidfd, std::filesystem::path log, std::size_t read_from)
    : pid_(pid), pidfd_(pidfd), log_(std::move(log)), read_from_(read_from) {}

process::process(process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::exchange(other.pidfd_, -1)),
      exit_code_(other.exit_code_),
      log_(std::move(other.log_)),
      read_from_(other.read_from_) {}

process& process::operator=(process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(pidfd_, other.pidfd_);
  std::swap(exit_code_, other.exit_code_);
  std::swap(log_, other.log_);
  std::swap(read_from_, other.read_from_);
  return *this;
}

process::~process() {
  if (pidfd_ < 0) return;
  kill();
  ::close(pidfd_);
}

std::optional<std::string> process::wait_for_line(std::string_view text, std::chrono::milliseconds deadline) {
  const auto until = clock::now() + deadline;
  const unique_fd changes(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK), "inotify_init1");
  if (::inotify_add_watch(changes.get(), log_.c_str(), IN_MODIFY) < 0) raise_errno("inotify_add_watch");
  for (;;) {
    // Asked before the file is read, so that nothing written before the end is missed.
    const bool over = !running() || remaining(until) == 0;
    const std::string all = output();
    for (std::size_t end = 0; (end = all.find('\n', read_from_)) != std::string::npos;) {
      std::string line = all.substr(read_from_, end - read_from_);
      read_from_ = end + 1;
      if (line.find(text) != std::string::npos) return line;
    }
    if (over) return std::nullopt;
    std::array<pollfd, 2> wake{pollfd{changes.get(), POLLIN, 0}, pollfd{pidfd_, POLLIN, 0}};
    ::poll(wake.data(), wake.size(), remaining(until));
    std::array<char, 4096> events{};
    while (::read(changes.get(), events.data(), events.size()) > 0) {
    }
  }
}

std::optional<int> process::wait_exit(std::chrono::milliseconds deadline) {
  if (!exit_code_ && pidfd_ >= 0 && ended(pidfd_, clock::now() + deadline)) exit_code_ = reap(pid_);
  return exit_code_;
}

bool process::running() {
  return pidfd_ >= 0 && !wait_exit(std::chrono::milliseconds(0));
}

void process::signal(int number) const {
  if (pidfd_ >= 0 && !exit_code_) ::kill(pid_, number);
}

void process::kill() {
  signal(SIGKILL);
  if (pidfd_ >= 0 && !exit_code_) exit_code_ = reap(pid_);
}

std::string process::output() const {
  return read_file(log_);
}

std::string read_file(const std::filesystem::path& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return file ? text.str() : std::string();
}

}  // namespace platformer::test
