// What a Console has given out: neither a token nor a new account may come twice, or somebody would get
// another's access. A Console that confuses its answers, or a cache before it that repeats them, is noticed
// by that. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace platformer::console {

class issued_tokens {
 public:
  static constexpr std::size_t limit = 4096;  // remembered; the oldest make room

  // A new account and its token: false when either had been given out before.
  bool add_created(std::string_view fingerprint, std::string_view account_id);
  // An account's token was renewed: false when another account had been given the same.
  bool add_renewed(std::string_view fingerprint, std::string_view account_id);

 private:
  void remember(std::size_t token, std::size_t account);

  // Hashes: enough to tell them apart, and a fraction of their size.
  std::unordered_map<std::size_t, std::size_t> account_of_;  // by token
  std::unordered_multiset<std::size_t> accounts_;            // once for each of their tokens
  std::vector<std::size_t> ring_;                            // the tokens, in the order in which they came
  std::size_t oldest_ = 0;
};

}  // namespace platformer::console
