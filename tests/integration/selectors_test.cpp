// Operators that share out a namespace's ServiceAccounts by labels, and use one connection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/scenario.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

// Each looks after its ServiceAccount "a" or "b", both of which are Ready.
struct shared_out {
  scenario it;
  std::vector<operator_process> operators;

  shared_out() {
    it.connect("interval: 1s");
    for (const std::string which : {"a", "b"}) {
      operators.emplace_back(it.operator_kubeconfig(), it.name_space,
                             it.folder / ("operator-" + which + ".log"),
                             operator_options{.arguments = {"--selector", "operator=" + which}});
      EXPECT_TRUE(operators.back().ready());
      it.kube.apply(service_account_yaml(which, "", "labels: {operator: " + which + "}"));
    }
    for (const std::string which : {"a", "b"})
      EXPECT_TRUE(it.kube.wait("psa/" + which, "condition=Ready", usual_wait));
  }
  auto holders() const { return it.kube.object("pcc/default")["metadata"]["finalizers"]; }
};

TEST(selectors, each_operator_holds_the_connection_and_none_undoes_what_the_other_wrote) {
  shared_out all;
  EXPECT_THAT(all.holders(), SizeIs(2));
  EXPECT_EQ(all.it.console.accounts().size(), 2U);
  // Several looks of both operators, each of which lists the accounts once.
  const auto looks = [&] { return all.it.console.calls("listServiceAccounts"); };
  ASSERT_TRUE(eventually(usual_wait, [&, first = looks()] { return looks() >= first + 4; }));
  all.it.audit.mark();
  ASSERT_TRUE(eventually(usual_wait, [&, first = looks()] { return looks() >= first + 6; }));
  EXPECT_THAT(all.it.operator_writes(), IsEmpty());
}

TEST(selectors, a_connection_goes_when_no_operator_has_use_for_it) {
  shared_out all;
  const kubectl& kube = all.it.kube;
  kube.must({"delete", "pcc", "default", "--wait=false"});
  kube.must({"delete", "psa", "a", "--timeout=30s"});
  ASSERT_TRUE(eventually(usual_wait, [&] { return all.holders().size() == 1; }));
  EXPECT_EQ(all.it.console.accounts().size(), 1U);
  kube.must({"delete", "psa", "b", "--timeout=30s"});
  EXPECT_TRUE(kube.wait("pcc/default", "delete", usual_wait));
  EXPECT_THAT(all.it.console.accounts(), IsEmpty());
}

}  // namespace
}  // namespace platformer::test
