// Secrets as the apiserver returns them: errors quote nothing, and what is read can be written.
#include "kube/secret_codec.hpp"
#include "model/names.hpp"
#include "runtime/bounded_json.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using namespace platformer;
using fuzz::check;

void check_write(const secret_content& read) {
  secret_write write;
  write.key = key_of(read.meta);
  write.type = read.type;
  for (const auto& [key, entry] : read.data) {
    check(entry.value != nullptr, "every key has a value");
    write.data[key] = entry.value;
  }
  const auto body = kube::encode_secret(write);
  const auto tree = runtime::parse_bounded(body.reveal());
  check(tree.has_value(), "a Secret is written as JSON");
  // The same values come back from an object that has what only a server gives.
  nlohmann::json stored = *tree;
  stored["metadata"]["resourceVersion"] = "7";
  const auto again = kube::decode_secret(stored.dump());
  check(again.has_value(), "what was written can be read");
  check(again->data.size() == read.data.size(), "with all its keys");
  for (const auto& [key, entry] : again->data)
    check(read.data.contains(key) && read.data.at(key).value->equals(*entry.value), "and their values");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto secret = kube::decode_secret(body);
  const auto meta = kube::decode_secret_meta(body);
  if (!meta) fuzz::check_message(meta.error().message);
  if (!secret) {
    fuzz::check_message(secret.error().message);
    return 0;
  }
  check(meta.has_value() && secret->meta == *meta, "metadata is the same, read with or without contents");
  check_write(*secret);
  return 0;
}
