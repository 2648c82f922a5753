// The metrics server's certificate: refused at the start when it can't be used, renewed from files while
// running.
#include "app/metrics_certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "net/system_time.hpp"
#include "tests/support/test_certificates.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class metrics_certificate_test : public testing::Test {
 protected:
  metrics_certificate_test() { std::filesystem::create_directories(folder); }
  ~metrics_certificate_test() override { std::filesystem::remove_all(folder); }

  void write(const test::certificate& pair) const {
    std::ofstream(files.certificate) << pair.certificate_pem;
    std::ofstream(files.key) << pair.key_pem;
  }
  std::string failure_to_load() const {
    const auto made = metrics_certificate::load(files, now);
    return made ? "" : made.error().message;
  }
  std::shared_ptr<metrics_certificate> load() {
    auto made = metrics_certificate::load(files, now).value();
    made->on_change([this](const std::string& problem) { told.push_back(problem); });
    return made;
  }
  void later() { now += metrics_certificate::recheck_interval; }

  test::certificate_authority authority;
  std::filesystem::path folder = std::filesystem::path(testing::TempDir()) /
                                 (std::string("metrics_certificate.") + std::to_string(getpid()) +
                                  testing::UnitTest::GetInstance()->current_test_info()->name());
  certificate_files files{folder / "tls.crt", folder / "tls.key"};
  time_point now = net::system_time();
  std::vector<std::string> told;
};

TEST_F(metrics_certificate_test, missing_files_are_named) {
  EXPECT_EQ(failure_to_load(), files.certificate.string() + ": No such file or directory");
  std::ofstream(files.certificate) << authority.issue({}).certificate_pem;
  EXPECT_EQ(failure_to_load(), files.key.string() + ": No such file or directory");
}

TEST_F(metrics_certificate_test, a_pair_that_can_not_be_used_is_named) {
  write({authority.issue({}).certificate_pem, authority.issue({}).key_pem});
  EXPECT_THAT(failure_to_load(), AllOf(HasSubstr(files.certificate.string()), HasSubstr(files.key.string()),
                                       HasSubstr("does not fit")));
  write(authority.issue({.expired = true}));
  EXPECT_THAT(failure_to_load(), HasSubstr("has expired"));
}

TEST_F(metrics_certificate_test, a_large_file_is_not_read) {
  write(authority.issue({}));
  std::ofstream(files.key) << std::string(metrics_certificate::file_max_bytes + 1, 'x');
  EXPECT_THAT(failure_to_load(), HasSubstr("is larger than"));
}

TEST_F(metrics_certificate_test, a_renewed_pair_is_taken_without_a_restart) {
  write(authority.issue({}));
  const auto it = load();
  const auto first = it->current(now);
  write(authority.issue({}));
  later();
  const auto second = it->current(now);
  EXPECT_NE(first, second);
  EXPECT_EQ(it->check(now).failure, "");
  EXPECT_THAT(it->check(now).note, StartsWith("until 20"));
  EXPECT_THAT(told, ElementsAre(""));
}

TEST_F(metrics_certificate_test, files_are_looked_at_once_in_two_seconds) {
  write(authority.issue({}));
  const auto it = load();
  const auto first = it->current(now);
  write(authority.issue({}));
  EXPECT_EQ(it->current(now + metrics_certificate::recheck_interval - 1ms), first);
  EXPECT_NE(it->current(now + metrics_certificate::recheck_interval), first);
}

TEST_F(metrics_certificate_test, files_that_did_not_change_make_no_new_context) {
  write(authority.issue({}));
  const auto it = load();
  const auto first = it->current(now);
  later();
  EXPECT_EQ(it->current(now), first);
  EXPECT_THAT(told, ElementsAre());
}

TEST_F(metrics_certificate_test, a_bad_renewal_leaves_the_old_one_and_fails_the_check_until_it_is_mended) {
  const auto good = authority.issue({});
  write(good);
  const auto it = load();
  const auto first = it->current(now);
  const auto check_after = [&](const std::string& problem) {
    later();
    EXPECT_EQ(it->current(now), first);
    EXPECT_THAT(it->check(now).failure, AllOf(HasSubstr(problem), HasSubstr("stays in use")));
  };
  std::ofstream(files.key) << authority.issue({}).key_pem;
  check_after("does not fit");
  write(authority.issue({.expired = true}));
  check_after("has expired");
  std::filesystem::remove(files.certificate);
  check_after("No such file");
  write(good);
  later();
  EXPECT_EQ(it->current(now), first);
  EXPECT_EQ(it->check(now).failure, "");
  EXPECT_THAT(
      told, ElementsAre(HasSubstr("does not fit"), HasSubstr("has expired"), HasSubstr("No such file"), ""));
}

TEST_F(metrics_certificate_test, one_that_expires_while_in_use_fails_the_check) {
  write(authority.issue({}));
  const auto it = load();
  now += 30 * 24h;
  EXPECT_THAT(it->check(now).failure,
              AllOf(HasSubstr(files.certificate.string()), HasSubstr("has expired at 20")));
  EXPECT_NE(it->current(now), nullptr);
}

}  // namespace
}  // namespace platformer::app
