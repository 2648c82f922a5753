#include <nlohmann/json.hpp>

#include "kube/secret_codec.hpp"
#include "model/base64.hpp"
#include "model/names.hpp"
#include "tests/bench/micro/figures.hpp"
#include "tests/bench/micro/measure.hpp"
#include "tests/bench/micro/objects.hpp"

namespace platformer::bench::micro {
namespace {

using nlohmann::json;

const std::string token(64, 'x');

std::string annotation(std::string_view name) {
  return std::string(names::reserved_prefix) + std::string(name);
}

secret_write write_of_token() {
  secret_write write;
  write.key = {std::string(accounts_namespace), account_name(1) + "-token"};
  write.data["token"] = std::make_shared<const secret_string>(token);
  write.labels[std::string(names::managed_by_label)] = std::string(names::managed_by_value);
  write.annotations[annotation("revision")] = "1";
  write.annotations[annotation("account-id")] = "pg35H6TqIMZ8xSJqiI7p";
  write.annotations[annotation("fingerprint")] = "sha256:efa1c843a841";
  write.owners = {{owner_reference{.api_version = std::string(names::api_version),
                                   .kind = std::string(names::service_account_kind),
                                   .name = account_name(1),
                                   .uid = "e6b79733-7914-4276-b5de-b143b74daa73",
                                   .controller = true}}};
  return write;
}

}  // namespace

void encode_secret(benchmark::State& state) {
  const secret_write write = write_of_token();
  const std::size_t size = kube::encode_secret(write).size();
  measure(state, [&] { return kube::encode_secret(write).size() == size; });
  const secret_string body = kube::encode_secret(write);
  const json document = json::parse(body.reveal());
  std::string sent;
  base64_append(sent, token);
  if (document["data"]["token"] != sent || document["metadata"]["name"] != write.key.name)
    state.SkipWithError(wrong_result);
}

void dump_secret(benchmark::State& state) {
  const json document = json::parse(kube::encode_secret(write_of_token()).reveal());
  const std::size_t size = document.dump().size();
  measure(state, [&] { return document.dump().size() == size; });
}

}  // namespace platformer::bench::micro
