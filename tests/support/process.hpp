// Child processes for tests: started, watched and ended with deadlines, without sleeping and without threads.
// Every child dies with the test that started it. Failures to start throw std::system_error: a test can't go
// on.
//
//   process server = process::start({.program = "server", .arguments = {"--port", "0"}}, "server.log");
//   auto line = server.wait_for_line("listening on ", 5s);   // the whole line, or nothing
//   server.signal(SIGTERM);
//   EXPECT_EQ(server.wait_exit(5s), 0);
//
//   finished got = run({.program = "kubectl", .arguments = {"get", "ns"}}, 10s);
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platformer::test {

struct command {
  std::string program;  // found in PATH when it has no slash
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;  // set on top of our own
  std::string input;                                             // its whole standard input; never on disk
};

// exit_code is the program's own, 128 + the signal that ended it, or -1 when the deadline did.
struct finished {
  int exit_code = -1;
  std::string out;
  std::string err;
};

finished run(const command& what, std::chrono::milliseconds deadline);

class process {
 public:
  // Standard output and error go to the file `log`, which is appended to.
  static process start(const command& what, const std::filesystem::path& log);
  process(process&& other) noexcept;
  process& operator=(process&& other) noexcept;
  ~process();  // kills what still runs

  // The first line written since the last one returned that contains `text`. Nothing when the process ends or
  // the deadline passes first.
  std::optional<std::string> wait_for_line(std::string_view text, std::chrono::milliseconds deadline);
  // As finished::exit_code; nothing when it still runs after the deadline.
  std::optional<int> wait_exit(std::chrono::milliseconds deadline);
  bool running();
  void signal(int number) const;
  void kill();  // SIGKILL, and waits
  pid_t pid() const { return pid_; }
  const std::filesystem::path& log() const { return log_; }
  std::string output() const;  // all of the log file

 private:
  process(pid_t pid, int pidfd, std::filesystem::path log, std::size_t read_from);

  pid_t pid_ = -1;
  int pidfd_ = -1;
  std::optional<int> exit_code_;
  std::filesystem::path log_;
  std::size_t read_from_ = 0;  // in the log: after the last line that wait_for_line returned
};

std::string read_file(const std::filesystem::path& path);  // "" when there is none

}  // namespace platformer::test
