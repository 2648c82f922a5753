// Metrics over TLS by the real program, and whom the real apiserver lets have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/tls_http.hpp"
#include "tests/integration/harness/wait.hpp"
#include "tests/support/test_certificates.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr int bad_options = 2;

std::string binding(const std::string& name, const std::string& role, const std::string& subject) {
  return "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: " + name +
         "}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: " + role +
         "}\nsubjects: [" + subject + "]\n";
}

// An operator with metrics over TLS, and the files of its certificate.
class secured {
 public:
  explicit secured(bool may_review = true) {
    if (may_review)
      cluster.apply(binding(it.name_space + ":reviews", "platformer-operator-metrics",
                            "{apiGroup: rbac.authorization.k8s.io, kind: User, name: " + it.user + "}"));
    else
      it.expect_refusals();
    std::filesystem::create_directory(folder);
    write(issue());
  }

  certificate issue(bool expired = false) const {
    return authority.issue({.names = {"IP:127.0.0.1"}, .expired = expired});
  }
  void write(const certificate& pair) const {
    std::ofstream(folder / "tls.crt") << pair.certificate_pem;
    std::ofstream(folder / "tls.key") << pair.key_pem;
  }
  void start() {
    operator_process& program =
        it.start_operator({.arguments = {"--metrics-secure", "--metrics-bind-address", "127.0.0.1:0",
                                         "--metrics-cert-path", folder.string()}});
    const auto line = program.program().wait_for_line("metrics over TLS are served", 10s);
    std::smatch found;
    ASSERT_TRUE(line && std::regex_search(*line, found, std::regex(R"(127\.0\.0\.1:\d+)")))
        << program.program().output();
    address = found.str();
  }
  // A token of a new service account of that name.
  std::string account(const std::string& name) const {
    it.kube.must({"create", "serviceaccount", name});
    std::string token = it.kube.must({"create", "token", name, "--duration=1h"});
    token.erase(token.find_last_not_of("\n") + 1);
    return token;
  }
  std::string reader_binding(const std::string& name) const {
    return binding(it.name_space + ":" + name, "platformer-operator-metrics-reader",
                   "{kind: ServiceAccount, name: " + name + ", namespace: " + it.name_space + "}");
  }
  tls_reply scrape(const std::string& token) const {
    return tls_get(address, authority.certificate_pem(), "/metrics", {{"Authorization", "Bearer " + token}});
  }
  std::string serial() const {
    return tls_get(address, authority.certificate_pem(), "/metrics").certificate_serial;
  }

  scenario it;
  kubectl cluster{the_environment().admin_kubeconfig()};
  certificate_authority authority;
  std::filesystem::path folder = it.folder / "tls";
  std::string address;
};

TEST(secure_metrics, are_for_whom_the_apiserver_lets_get_them) {
  secured at;
  const std::string reader = at.account("prometheus"), stranger = at.account("stranger");
  at.cluster.apply(at.reader_binding("prometheus"));
  at.start();
  const tls_reply let = at.scrape(reader);
  EXPECT_EQ(let.status, 200) << let.body;
  EXPECT_THAT(let.body, HasSubstr("platformer_operator_build_info"));
  const tls_reply refused = at.scrape(stranger);
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, AllOf(HasSubstr("system:serviceaccount:" + at.it.name_space + ":stranger"),
                                  HasSubstr("nonResourceURL /metrics")));
  EXPECT_EQ(at.scrape("garbage-canary").status, 401);
  EXPECT_EQ(at.scrape(reader.substr(0, reader.size() - 4)).status, 401);
  EXPECT_EQ(tls_get(at.address, at.authority.certificate_pem(), "/metrics").status, 401);
  EXPECT_EQ(plain_http(at.address, "GET", "/metrics").status, 0) << "without TLS";
  // Once revoked, it ends with what is remembered.
  at.cluster.must({"delete", "clusterrolebinding", at.it.name_space + ":prometheus"});
  EXPECT_TRUE(eventually(usual_wait, [&] { return at.scrape(reader).status == 403; }));
  const std::string log = at.it.the_operator().program().output();
  EXPECT_THAT(log, AllOf(Not(HasSubstr("canary")), Not(HasSubstr(reader)), Not(HasSubstr(stranger)),
                         HasSubstr("a scrape was refused")));
}

TEST(secure_metrics, leave_the_probes_as_they_are) {
  secured at;
  at.start();
  operator_process& program = at.it.the_operator();
  ASSERT_TRUE(program.ready());
  EXPECT_EQ(program.get("/livez").status, 200);
  EXPECT_THAT(program.get("/readyz?verbose").body, HasSubstr("[+]metrics certificate ok: until 20"));
  EXPECT_EQ(program.get("/metrics").status, 404);
  EXPECT_EQ(program.stop(), 0);
}

TEST(secure_metrics, are_for_nobody_while_the_operator_may_not_ask) {
  secured at(false);
  const std::string reader = at.account("prometheus");
  at.cluster.apply(at.reader_binding("prometheus"));
  at.start();
  const tls_reply got = at.scrape(reader);
  EXPECT_EQ(got.status, 503);
  EXPECT_THAT(got.body, HasSubstr("RBAC must grant the operator the verb create on tokenreviews"));
}

TEST(secure_metrics, have_the_renewed_certificate_without_a_restart) {
  secured at;
  at.start();
  ASSERT_TRUE(at.it.the_operator().ready());
  const std::string first = at.serial();
  ASSERT_NE(first, "");
  at.write(at.issue());
  ASSERT_TRUE(eventually(usual_wait, [&] { return at.serial() != first; }));
  const std::string second = at.serial();
  ASSERT_NE(second, "");

  // One that can't be used leaves the old one, and is told of.
  at.write(at.issue(true));
  EXPECT_TRUE(eventually(usual_wait, [&] {
    const plain_reply probe = at.it.the_operator().get("/readyz");
    return probe.status == 503 && probe.body.find("[-]metrics certificate failed: ") != std::string::npos &&
           probe.body.find("has expired") != std::string::npos;
  })) << at.it.the_operator().get("/readyz").body;
  EXPECT_EQ(at.serial(), second);
  EXPECT_THAT(at.it.the_operator().program().output(), HasSubstr("can't be used; the old one stays in use"));
  at.write(at.issue());
  EXPECT_TRUE(at.it.the_operator().ready());
  EXPECT_TRUE(eventually(usual_wait, [&] { return at.serial() != second; }));
}

class bad_certificate_test : public testing::Test {
 protected:
  // Refused at the start, with one line that holds all of that.
  void expect_refusal(const std::vector<std::string>& named) const {
    std::ofstream(folder / "kubeconfig")
        << "apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts:\n- name: c\n"
           "  context: {cluster: c, user: c}\nclusters:\n- name: c\n"
           "  cluster: {server: \"https://127.0.0.1:1\"}\nusers:\n- name: c\n  user: {token: t}\n";
    const finished got =
        run({.program = (the_environment().programs / "platformer-operator").string(),
             .arguments = {"--kubeconfig", (folder / "kubeconfig").string(), "--bind-address", "127.0.0.1:0",
                           "--metrics-secure", "--metrics-bind-address", "127.0.0.1:0", "--metrics-cert-path",
                           folder.string()},
             .environment = {},
             .input = {}},
            10s);
    EXPECT_EQ(got.exit_code, bad_options) << got.err;
    EXPECT_THAT(got.err, HasSubstr("platformer-operator: the metrics certificate can't be used: "));
    for (const std::string& each : named)
      EXPECT_THAT(got.err, HasSubstr(each));
  }
  void write(const std::string& certificate, const std::string& key) const {
    std::ofstream(folder / "tls.crt") << certificate;
    std::ofstream(folder / "tls.key") << key;
  }

  certificate_authority authority;
  std::filesystem::path folder = fresh_folder(std::string("bad_certificate.") +
                                              testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(bad_certificate_test, a_missing_one_is_named) {
  expect_refusal({(folder / "tls.crt").string() + ": No such file"});
  std::ofstream(folder / "tls.crt") << authority.issue({}).certificate_pem;
  expect_refusal({(folder / "tls.key").string() + ": No such file"});
}

TEST_F(bad_certificate_test, an_unreadable_one_is_named) {
  std::filesystem::create_directory(folder / "tls.crt");
  expect_refusal({(folder / "tls.crt").string() + ": is a directory"});
}

TEST_F(bad_certificate_test, what_is_no_certificate_or_no_key_is_named) {
  const certificate own = authority.issue({});
  write("not PEM\n", own.key_pem);
  expect_refusal({(folder / "tls.crt").string(), "holds no certificate"});
  write(own.certificate_pem, "not PEM\n");
  expect_refusal({(folder / "tls.key").string(), "the private key can't be read"});
}

TEST_F(bad_certificate_test, an_expired_one_is_named_with_its_end) {
  const certificate own = authority.issue({.expired = true});
  write(own.certificate_pem, own.key_pem);
  expect_refusal({(folder / "tls.crt").string(), "has expired at 20"});
}

TEST_F(bad_certificate_test, a_key_of_another_one_is_named) {
  write(authority.issue({}).certificate_pem, authority.issue({}).key_pem);
  expect_refusal({(folder / "tls.crt").string(), (folder / "tls.key").string(), "does not fit"});
}

}  // namespace
}  // namespace platformer::test
