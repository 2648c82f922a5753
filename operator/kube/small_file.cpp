#include "kube/small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace platformer::kube {
namespace {

struct descriptor {
  int value = -1;
  explicit descriptor(int fd) : value(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (value >= 0) ::close(value);
  }
};

tl::unexpected<error> failed(const std::filesystem::path& path, const std::string& why) {
  return fail(path.string() + ": " + why);
}

std::string reason_of(int code) {
  return std::generic_category().message(code);
}

}  // namespace

result<secret_string> read_small_file(const std::filesystem::path& path, std::size_t limit) {
  // O_NONBLOCK: a FIFO with no writer must not block us for ever.
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.value < 0) return failed(path, reason_of(errno));
  struct stat info {};
  if (::fstat(file.value, &info) != 0) return failed(path, reason_of(errno));
  if (S_ISDIR(info.st_mode)) return failed(path, "is a directory");
  if (info.st_size > static_cast<off_t>(limit))
    return failed(path, "is larger than " + std::to_string(limit) + " bytes");

  // The whole capacity at once, so that no reallocation leaves unwiped bytes behind; a pipe reports size 0.
  const std::size_t expected =
      info.st_size > 0 ? static_cast<std::size_t>(info.st_size) + 1 : std::size_t{64} * 1024;
  std::string bytes(expected, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const auto got = ::read(file.value, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int code = errno;
      wipe(bytes);
      return failed(path, reason_of(code));
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size == bytes.size()) {
    wipe(bytes);
    return failed(path, "changed or grew while it was read");
  }
  secret_string content{std::string_view(bytes).substr(0, size)};
  wipe(bytes);
  return content;
}

result<secret_string> read_token_file(const std::filesystem::path& path) {
  auto content = read_small_file(path, std::size_t{64} * 1024);
  if (!content) return content;
  static constexpr std::string_view blanks = " \t\r\n";
  auto text = content->reveal();
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return failed(path, "is empty");
  text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
  // A line break inside would end the header that the token goes into.
  for (const char each : text)
    if (static_cast<unsigned char>(each) <= 0x20 || each == 0x7f)
      return failed(path, "does not hold one token");
  return secret_string(text);
}

}  // namespace platformer::kube
