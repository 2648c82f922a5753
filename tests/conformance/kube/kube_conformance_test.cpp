// Every case on the pure model and on the real kube-apiserver: what they answer must be the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/kube/cases.hpp"
#include "tests/conformance/kube/model_port.hpp"
#include "tests/conformance/kube/server_port.hpp"

namespace platformer::conformance {
namespace {

std::string text_of(const transcript& written) {
  std::string text;
  for (const std::string& line : written.lines())
    text += line + "\n";
  return text;
}

class kube : public testing::TestWithParam<kube_case> {};

TEST_P(kube, model_and_server_agree) {
  model_port model;
  script on_model(model);
  GetParam().run(on_model);
  server_port server;
  script on_server(server);
  GetParam().run(on_server);

  const std::string told = text_of(on_server.written());
  for (const std::string& each : GetParam().says)
    EXPECT_THAT(told, testing::HasSubstr(each)) << "the case does not show what it is about";
  EXPECT_EQ(difference(on_model.written(), on_server.written()), "");
}

INSTANTIATE_TEST_SUITE_P(conformance, kube, testing::ValuesIn(all_cases()),
                         [](const auto& which) { return which.param.name; });

}  // namespace
}  // namespace platformer::conformance
