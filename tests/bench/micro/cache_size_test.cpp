// What an account takes of this process' memory while nothing happens to it: the object, its Secret's
// metadata, what is remembered of it, and the timer of its next look. A hundred thousand of them are to fit
// into 250 MB.
#include <gtest/gtest.h>
#include <malloc.h>

#include <nlohmann/json.hpp>

#include "controllers/reconcile/knowledge.hpp"
#include "controllers/service_account/secret_record.hpp"
#include "model/codec.hpp"
#include "model/names.hpp"
#include "runtime/work_queue.hpp"
#include "tests/bench/micro/objects.hpp"

namespace platformer::controllers {
namespace {

using namespace std::chrono_literals;
namespace micro = bench::micro;

constexpr std::size_t accounts_count = 1000;
constexpr std::size_t most_bytes = 2300;

std::size_t heap_in_use() {
  const auto now = mallinfo2();
  return now.uordblks + now.hblkhd;
}

secret_meta secret_of(const service_account& object) {
  secret_meta secret;
  secret.meta.name = object.spec.secret.name;
  secret.meta.ns = object.meta.ns;
  secret.meta.uid = "s" + object.meta.uid.substr(1);
  secret.meta.resource_version = object.meta.resource_version;
  secret.meta.labels.emplace(names::managed_by_label, names::managed_by_value);
  secret.meta.owners.push_back({std::string(names::api_version), std::string(names::service_account_kind),
                                object.meta.name, object.meta.uid, true, true});
  accounts::secret_record record;
  record.operation_id = object.status.token.operation_id;
  record.revision = 1;
  record.account_id = object.status.account_id;
  record.issued_at = object.status.token.issued_at;
  record.fingerprint = object.status.token.fingerprint;
  record.cause = object.status.token.cause;
  for (const auto& [key, value] : accounts::record_annotations(record))
    if (value) secret.meta.annotations.emplace(key, *value);
  return secret;
}

TEST(cache_size, an_account_at_rest_takes_little_memory) {
  const std::size_t before = heap_in_use();
  knowledge known({}, true);
  runtime::work_queue<object_key> queue;
  for (std::size_t number = 0; number < accounts_count; ++number) {
    const auto text = nlohmann::json::parse(micro::account_text(number, number + 1));
    const auto object = decode_cached_service_account(text);
    ASSERT_TRUE(object);
    known.secrets.upsert(secret_of(*object), runtime::observed_by::live_added);
    accounts::memory remembered = known.recall(object->meta.uid);
    remembered.checked_secret_version = object->meta.resource_version;
    remembered.minted_account_id = object->status.account_id;
    known.service_accounts.upsert(*object, runtime::observed_by::live_added);
    known.remember(key_of(object->meta), object->meta.uid, std::move(remembered));
    queue.add_after(key_of(object->meta), time_point(24h), time_point());
  }
  ASSERT_EQ(known.service_accounts.size(), accounts_count);
  ASSERT_EQ(known.memories.size(), accounts_count);
  const std::size_t after = heap_in_use();
  if (after == 0) GTEST_SKIP() << "this heap does not tell";  // a sanitizer's
  const std::size_t each = (after - before) / accounts_count;
  std::cout << "memory of an account at rest: " << each << " B (bound " << most_bytes << " B)\n";
  EXPECT_LE(each, most_bytes);
}

}  // namespace
}  // namespace platformer::controllers
