// Which reply a probe gets.
#include "app/probe_answers.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace platformer::app {
namespace {

std::vector<check_result> half_good() {
  return {{.name = "watch serviceaccounts"}, {.name = "permissions", .failure = "secrets is\nforbidden"}};
}
std::vector<check_result> good() {
  return {{.name = "one"}, {.name = "two"}};
}

std::string told(const probe_reply& reply) {
  return std::to_string(reply.status) + " " + reply.body;
}

TEST(probe_answers, all_well_is_one_word) {
  const probe_answers answers({.live = good, .ready = good, .metrics = {}});
  EXPECT_EQ(told(answers.answer("GET", "/livez")), "200 ok");
  EXPECT_EQ(told(answers.answer("GET", "/readyz")), "200 ok");
  EXPECT_EQ(told(answers.answer("HEAD", "/readyz?timeout=1")), "200 ok");
}

TEST(probe_answers, verbose_lists_the_checks) {
  const probe_answers answers({.live = {}, .ready = good, .metrics = {}});
  for (const char* target :
       {"/readyz?verbose", "/readyz?verbose=true", "/readyz?x=1&verbose", "/readyz?&verbose&"})
    EXPECT_EQ(told(answers.answer("GET", target)), "200 [+]one ok\n[+]two ok\nreadyz check passed\n")
        << target;
  EXPECT_EQ(told(answers.answer("GET", "/livez?verbose")), "200 livez check passed\n");
  EXPECT_EQ(told(answers.answer("GET", "/readyz?verbosely")), "200 ok");
}

TEST(probe_answers, a_check_may_have_a_note) {
  const auto noted = [] {
    return std::vector<check_result>{{.name = "one", .note = "a\nnote"}, {.name = "two"}};
  };
  const probe_answers answers({.live = {}, .ready = noted, .metrics = {}});
  EXPECT_EQ(told(answers.answer("GET", "/readyz?verbose")),
            "200 [+]one ok: a note\n[+]two ok\nreadyz check passed\n");
  EXPECT_EQ(told(answers.answer("GET", "/readyz")), "200 ok");
}

TEST(probe_answers, a_failed_check_is_named_in_any_case) {
  const probe_answers answers({.live = good, .ready = half_good, .metrics = {}});
  const std::string expected =
      "503 [+]watch serviceaccounts ok\n[-]permissions failed: secrets is forbidden\nreadyz check failed\n";
  EXPECT_EQ(told(answers.answer("GET", "/readyz")), expected);
  EXPECT_EQ(told(answers.answer("GET", "/readyz?verbose")), expected);
  EXPECT_EQ(told(answers.answer("GET", "/livez")), "200 ok");
}

TEST(probe_answers, metrics_have_prometheus_content_type) {
  const probe_answers answers({.live = {}, .ready = {}, .metrics = [] { return std::string("up 1\n"); }});
  const probe_reply reply = answers.answer("GET", "/metrics");
  EXPECT_EQ(told(reply), "200 up 1\n");
  EXPECT_EQ(reply.content_type, "text/plain; version=0.0.4; charset=utf-8");
}

TEST(probe_answers, other_paths_are_not_found_and_other_methods_not_allowed) {
  const probe_answers answers({});
  for (const char* target :
       {"", "/", "/livez/", "/healthz", "/metrics", "//livez", "http://x/livez", "*", "?verbose"})
    EXPECT_EQ(answers.answer("GET", target).status, 404U) << target;
  EXPECT_EQ(answers.answer("POST", "/nothing").status, 404U);
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "BREW", "get"}) {
    EXPECT_EQ(answers.answer(method, "/livez").status, 405U) << method;
    EXPECT_EQ(answers.answer(method, "/livez").allow, "GET, HEAD");
  }
}

TEST(probe_answers, a_handler_that_throws_is_an_internal_error) {
  const probe_answers answers({.live = {}, .ready = {}, .metrics = []() -> std::string {
                                 throw std::runtime_error("not for others");
                               }});
  EXPECT_EQ(told(answers.answer("GET", "/metrics")), "500 internal error\n");
}

TEST(probe_answers, after_the_end_nothing_is_asked_and_nothing_is_kept) {
  auto kept = std::make_shared<int>(0);
  probe_answers answers({.live =
                             [kept] {
                               ++*kept;
                               return good();
                             },
                         .ready = {},
                         .metrics = {}});
  EXPECT_EQ(answers.answer("GET", "/livez").status, 200U);
  answers.close();
  EXPECT_EQ(answers.answer("GET", "/livez").status, 503U);
  EXPECT_EQ(*kept, 1);
  EXPECT_EQ(kept.use_count(), 1);
}

}  // namespace
}  // namespace platformer::app
