// The emulator's state in a SQLite file. Every write is durable before it returns, so that a reply which was
// sent is never forgotten. Tokens are there as digests only.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "tests/models/console_model.hpp"

struct sqlite3;

namespace platformer::emulator {

struct saved_state {
  std::vector<models::stored_account> accounts;
  std::vector<models::operator_credential> credentials;
  std::uint64_t last_serial = 0;
  duration clock_offset{};
  std::optional<models::duplicate_names> duplicates;  // nullopt: never set, the seed's counts
};

class state_store {
 public:
  // Creates the file (mode 0600) when there is none.
  static result<std::unique_ptr<state_store>> open(const std::filesystem::path& file);
  ~state_store();
  state_store(const state_store&) = delete;
  state_store& operator=(const state_store&) = delete;

  result<saved_state> load();
  result<void> save(const models::stored_account& stored, std::uint64_t last_serial);
  result<void> erase(std::string_view account_id);
  result<void> save(const models::operator_credential& credential);
  result<void> erase_credential(std::string_view name);
  result<void> save_clock_offset(duration offset);
  result<void> save_duplicates(models::duplicate_names rule);

 private:
  explicit state_store(sqlite3* database) : database_(database) {}
  result<void> execute(const char* sql);
  result<void> run(const char* sql, std::initializer_list<std::string_view> values);
  result<std::vector<std::vector<std::string>>> query(const char* sql, int columns);

  sqlite3* database_;
};

}  // namespace platformer::emulator
