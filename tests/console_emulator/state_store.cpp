#include "tests/console_emulator/state_store.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <charconv>
#include <string>

#include "tests/console_emulator/state_record.hpp"

namespace platformer::emulator {
namespace {

constexpr const char* schema =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;"
    "CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS credentials (name TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;";

constexpr const char* save_setting = "INSERT OR REPLACE INTO settings VALUES (?, ?)";

std::int64_t to_number(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

result<std::unique_ptr<state_store>> state_store::open(const std::filesystem::path& file) {
  // SQLite creates its files with the database's mode, so this one call makes all of them private.
  const int created = ::open(file.c_str(), O_CREAT | O_CLOEXEC | O_RDWR, 0600);
  if (created < 0) return fail("can't create the state file " + file.string());
  ::close(created);
  sqlite3* database = nullptr;
  const int status = sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
  std::unique_ptr<state_store> store(new state_store(database));
  if (status != SQLITE_OK) return fail("can't open the state file " + file.string());
  if (auto ok = store->execute(schema); !ok)
    return fail("state file " + file.string() + ": " + ok.error().message);
  return store;
}

state_store::~state_store() {
  sqlite3_close(database_);
}

result<void> state_store::execute(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return fail(sqlite3_errmsg(database_));
  return {};
}

result<void> state_store::run(const char* sql, std::initializer_list<std::string_view> values) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) != SQLITE_OK)
    return fail(sqlite3_errmsg(database_));
  int column = 0;
  for (const auto value : values)
    sqlite3_bind_text(statement, ++column, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
  const int status = sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (status != SQLITE_DONE) return fail(sqlite3_errmsg(database_));
  return {};
}

result<std::vector<std::vector<std::string>>> state_store::query(const char* sql, int columns) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) != SQLITE_OK)
    return fail(sqlite3_errmsg(database_));
  std::vector<std::vector<std::string>> rows;
  int status = sqlite3_step(statement);
  for (; status == SQLITE_ROW; status = sqlite3_step(statement)) {
    auto& row = rows.emplace_back();
    for (int column = 0; column < columns; ++column) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      row.emplace_back(text == nullptr ? "" : text,
                       static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
  }
  sqlite3_finalize(statement);
  if (status != SQLITE_DONE) return fail(sqlite3_errmsg(database_));
  return rows;
}

result<saved_state> state_store::load() {
  saved_state out;
  const auto accounts = query("SELECT record FROM accounts", 1);
  if (!accounts) return tl::unexpected(accounts.error());
  for (const auto& row : *accounts) {
    auto stored = decode_account_record(row[0]);
    if (!stored) return tl::unexpected(stored.error());
    out.accounts.push_back(std::move(*stored));
  }
  const auto credentials = query("SELECT record FROM credentials", 1);
  if (!credentials) return tl::unexpected(credentials.error());
  for (const auto& row : *credentials) {
    auto credential = decode_credential_record(row[0]);
    if (!credential) return tl::unexpected(credential.error());
    out.credentials.push_back(std::move(*credential));
  }
  const auto settings = query("SELECT key, value FROM settings", 2);
  if (!settings) return tl::unexpected(settings.error());
  for (const auto& row : *settings) {
    if (row[0] == "last_serial") out.last_serial = static_cast<std::uint64_t>(to_number(row[1]));
    if (row[0] == "clock_offset_ms") out.clock_offset = duration(to_number(row[1]));
    if (row[0] == "duplicate_names")
      out.duplicates = row[1] == "refuse" ? models::duplicate_names::refuse : models::duplicate_names::allow;
  }
  return out;
}

result<void> state_store::save(const models::stored_account& stored, std::uint64_t last_serial) {
  if (auto ok = execute("BEGIN IMMEDIATE"); !ok) return ok;
  auto done = run("INSERT OR REPLACE INTO accounts VALUES (?, ?)", {stored.data.id, encode_record(stored)});
  if (done) done = run(save_setting, {"last_serial", std::to_string(last_serial)});
  if (done) done = execute("COMMIT");
  if (!done) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
  return done;
}

result<void> state_store::erase(std::string_view account_id) {
  return run("DELETE FROM accounts WHERE id = ?", {account_id});
}

result<void> state_store::save(const models::operator_credential& credential) {
  return run("INSERT OR REPLACE INTO credentials VALUES (?, ?)",
             {credential.name, encode_record(credential)});
}

result<void> state_store::erase_credential(std::string_view name) {
  return run("DELETE FROM credentials WHERE name = ?", {name});
}

result<void> state_store::save_clock_offset(duration offset) {
  return run(save_setting, {"clock_offset_ms", std::to_string(offset.count())});
}

result<void> state_store::save_duplicates(models::duplicate_names rule) {
  return run(save_setting, {"duplicate_names", rule == models::duplicate_names::refuse ? "refuse" : "allow"});
}

}  // namespace platformer::emulator
