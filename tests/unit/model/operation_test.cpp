#include "model/operation.hpp"

#include <gtest/gtest.h>

namespace platformer::test {
namespace {

using namespace std::chrono_literals;

operation full() {
  operation op;
  op.id = "op-1";
  op.kind = operation_kind::renew;
  op.revision = 7;
  op.cause = mint_cause::renew_request;
  op.holder = "operator-0";
  op.started_at = time_point(1795435200s);
  op.call_timeout = 30s;
  op.renew_history = {renew_hash("a"), renew_hash("b")};
  op.after_doubt = true;
  op.account = "account-3";
  op.budget = {.automatic = 3,
               .last_automatic = time_point(1795435100s),
               .requested = 2,
               .hour_start = time_point(1795435000s)};
  return op;
}

TEST(operation, comes_back_as_it_was_written) {
  EXPECT_EQ(decode_operation(encode_operation(full())), full());
  operation least;
  least.id = "x";
  EXPECT_EQ(decode_operation(encode_operation(least)), least);
}

// Members in alphabetical order, no blanks: what has been written like this for longer stays readable, and
// the quick reader of our own text depends on it.
TEST(operation, is_written_as_an_object_in_order) {
  EXPECT_EQ(
      encode_operation(full()),
      R"({"account":"account-3","afterDoubt":true,"automatic":{"count":3,"last":"2026-11-23T11:58:20Z"},)"
      R"("callTimeoutMilliseconds":30000,"cause":"RenewRequest","holder":"operator-0","id":"op-1",)"
      R"("kind":"renew","renewHistory":[")" +
          renew_hash("a") + R"(",")" + renew_hash("b") +
          R"("],"requested":{"count":2,"since":"2026-11-23T11:56:40Z"},"revision":7,)"
          R"("startedAt":"2026-11-23T12:00:00Z"})");
}

TEST(operation, says_the_same_to_the_quick_reader_and_to_that_of_any_json) {
  operation replacing = full();
  replacing.replaces = "account-9";
  replacing.budget.scheduled = 5;
  replacing.budget.scheduled_start = time_point(1795435000s);
  operation odd = full();
  odd.holder = "a \"quoted\" \\ name, Zürich\n";
  operation beyond = full();
  beyond.call_timeout = 1h;
  beyond.revision = -3;
  operation least;
  least.id = "x";
  for (const operation& each : {full(), replacing, odd, beyond, least}) {
    const std::string text = encode_operation(each);
    const auto read = decode_operation(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(decode_operation(" " + text), read) << text;
    EXPECT_EQ(read->holder, each.holder);
  }
}

TEST(operation, that_is_ours_but_for_one_byte_is_never_taken_for_another) {
  const std::string text = encode_operation(full());
  for (std::size_t i = 0; i < text.size(); ++i)
    for (const char other : {'x', '"', '0', '-', ',', '}', '\\', '\n', '\xff'}) {
      std::string changed = text;
      changed[i] = other;
      EXPECT_EQ(decode_operation(changed), decode_operation(" " + changed)) << changed;
    }
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(decode_operation(text.substr(0, size)));
}

TEST(operation, each_cause_has_a_name_that_is_read_again) {
  for (const auto cause : {mint_cause::initial_issue, mint_cause::renew_request,
                           mint_cause::scheduled_renewal, mint_cause::token_lost, mint_cause::account_lost,
                           mint_cause::adoption, mint_cause::revoked_externally, mint_cause::recovery}) {
    EXPECT_FALSE(to_string(cause).empty());
    EXPECT_EQ(parse_mint_cause(to_string(cause)), cause);
  }
  EXPECT_FALSE(parse_mint_cause(""));
  EXPECT_FALSE(parse_mint_cause("initialissue"));
}

TEST(operation, that_is_not_ours_to_understand_is_none) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("null"), std::string("\"x\""),
        std::string(R"({"id":"","kind":"create","cause":"InitialIssue"})"),
        std::string(R"({"id":"x","kind":"other","cause":"InitialIssue"})"),
        std::string(R"({"id":"x","kind":"create","cause":"Whim"})"),
        std::string(R"({"id":7,"kind":"create","cause":"InitialIssue"})"),
        R"({"id":")" + std::string(65, 'x') + R"(","kind":"create","cause":"InitialIssue"})",
        std::string(100'000, '['), "{\"id\":\"" + std::string(1'000'000, 'x') + "\"}"})
    EXPECT_FALSE(decode_operation(text)) << text.substr(0, 80);
}

TEST(operation, that_is_forged_is_bounded_in_all_it_can_say) {
  const auto op = decode_operation(
      R"({"id":"x","kind":"renew","cause":"Recovery","revision":18446744073709551615,"holder":7,"startedAt":"soon",)"
      R"("callTimeoutMilliseconds":9223372036854775807,"afterDoubt":"yes","renewHistory":[1,"a","0123456789abcdef0"],)"
      R"("automatic":{"count":-5,"last":"x"},"requested":[],"account":")" +
      std::string(129, 'x') + "\"}");
  ASSERT_TRUE(op);
  EXPECT_GE(op->revision, 0);
  EXPECT_LE(op->revision, 1'000'000'000);
  EXPECT_LE(op->call_timeout, 5min);
  EXPECT_GE(op->call_timeout, 0ms);
  EXPECT_FALSE(op->after_doubt);
  EXPECT_EQ(op->account, "");
  EXPECT_EQ(op->renew_history, std::vector<std::string>{"a"});
  EXPECT_EQ(op->budget.automatic, 0);
  EXPECT_FALSE(op->budget.last_automatic);
}

TEST(operation, is_read_past_what_it_does_not_know) {
  const auto op = decode_operation(
      R"({"new":{"id":"y","count":[{"revision":9}]},"id":"x","kind":"renew","cause":"Recovery","revision":3,)"
      R"("renewHistory":[["deeper"],{"id":"z"},"a"],"automatic":[{"count":4}],"requested":{"count":{"count":5}},)"
      R"("replaces":null})");
  ASSERT_TRUE(op);
  operation expected;
  expected.id = "x";
  expected.kind = operation_kind::renew;
  expected.cause = mint_cause::recovery;
  expected.revision = 3;
  expected.renew_history = {"a"};
  EXPECT_EQ(*op, expected);
  EXPECT_FALSE(decode_operation(R"({"id":"x","kind":"renew","cause":"Recovery"} and more)"));
}

TEST(operation, is_never_longer_than_what_is_read_again) {
  operation op = full();
  op.account = op.replaces = std::string(128, 'x');
  op.renew_history.clear();
  for (int i = 0; i < 40; ++i)
    op.renew_history = remember_renew(op.renew_history, renew_hash(std::to_string(i)));
  op.holder = std::string(253, 'h');
  EXPECT_EQ(decode_operation(encode_operation(op)), op);
}

TEST(renew_history, keeps_the_last_sixteen_without_doubles) {
  std::vector<std::string> history;
  for (int i = 0; i < 20; ++i)
    history = remember_renew(history, std::to_string(i));
  EXPECT_EQ(history.size(), renew_history_limit);
  EXPECT_EQ(history.front(), "4");
  history = remember_renew(history, "4");
  EXPECT_EQ(history.size(), renew_history_limit);
  EXPECT_EQ(history.back(), "4");
  EXPECT_EQ(history.front(), "5");
}

TEST(renew_hash, is_sixteen_hex_digits) {
  EXPECT_EQ(renew_hash(""), "cbf29ce484222325");
  EXPECT_EQ(renew_hash(std::string(100'000, 'x')).size(), renew_hash_size);
  EXPECT_NE(renew_hash("a"), renew_hash("b"));
}

}  // namespace
}  // namespace platformer::test
