// Every case on the pure model and on the real kube-apiserver: what they answer must be the same. One test a
// case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/kube/cases.hpp"
#include "tests/conformance/kube/model_port.hpp"
#include "tests/conformance/kube/server_port.hpp"

namespace platformer::conformance {
namespace {

transcript transcript_of(const kube_case& which, kube_port& port) {
  script on(port);
  which.run(on);
  return on.written();
}

std::string text_of(const transcript& written) {
  std::string text;
  for (const std::string& line : written.lines())
    text += line + "\n";
  return text;
}

class agreement : public testing::Test {
 public:
  explicit agreement(kube_case which) : which_(std::move(which)) {}

  void TestBody() override {
    model_port model;
    server_port server;
    const transcript by_model = transcript_of(which_, model);
    const transcript by_server = transcript_of(which_, server);
    for (const std::string& each : which_.says)
      EXPECT_THAT(text_of(by_server), testing::HasSubstr(each)) << "the case does not show what it is about";
    const std::string differs = difference(by_model, by_server);
    EXPECT_TRUE(differs.empty()) << differs;
  }

 private:
  kube_case which_;
};

[[maybe_unused]] const bool registered = [] {
  for (const kube_case& each : all_cases())
    testing::RegisterTest("kube_conformance", each.name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [each]() -> testing::Test* { return new agreement(each); });
  return true;
}();

}  // namespace
}  // namespace platformer::conformance
