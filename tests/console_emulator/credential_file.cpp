#include "tests/console_emulator/credential_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace platformer::emulator {

result<std::string> read_whole_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("can't read " + file.string());
  return std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

result<token_handle> add_operator_credential(world& console, const std::string& organization_id) {
  const auto& all = console.model().credentials();
  std::string name;
  for (std::size_t number = 1;
       name.empty() || std::ranges::find(all, name, &models::operator_credential::name) != all.end();
       ++number)
    name = "operator-" + std::to_string(number);
  return console.add_credential(std::move(name), organization_id, {"organization.admin"});
}

result<void> keep_credential_file(world& console, const std::string& organization_id,
                                  const std::filesystem::path& file) {
  if (auto text = read_whole_file(file)) {
    while (!text->empty() && text->back() == '\n')
      text->pop_back();  // an editor's
    const secret_string held = secret_string::take(std::move(*text));
    const auto* credential = console.model().find_credential(held.reveal());
    if (credential != nullptr && credential->organization_id == organization_id &&
        console.model().validate_token(held.reveal(), console.now()))
      return {};
  }
  const auto token = add_operator_credential(console, organization_id);
  if (!token) return tl::unexpected(token.error());
  const std::string fresh = file.string() + ".new";
  ::unlink(fresh.c_str());
  const int descriptor = ::open(fresh.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail("can't write the credential file " + fresh);
  const auto bytes = (*token)->reveal();
  const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
  ::close(descriptor);
  if (written != static_cast<ssize_t>(bytes.size()) || std::rename(fresh.c_str(), file.c_str()) != 0)
    return fail("can't write the credential file " + file.string());
  return {};
}

}  // namespace platformer::emulator
