// Error replies of the apiserver: a code, a bounded wait, and never a value that was sent.
#include "kube/status_reply.hpp"
#include "tests/fuzz/check.hpp"

using namespace platformer;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::supply in(data, size);
  static constexpr int statuses[] = {400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503, 301, 100, 0, 999};
  kube::reply_facts reply;
  reply.http_status = in.pick(statuses);
  reply.retry_after = in.take(in.below(32));
  reply.now = time_point(std::chrono::seconds(1'790'000'000));
  reply.body = in.rest();
  const kube::sent_values sent{std::make_shared<const secret_string>(fuzz::canary)};
  for (const auto policy :
       {kube::message_policy::full, kube::message_policy::guarded, kube::message_policy::reduced}) {
    const auto failure = kube::decode_error(reply, policy, sent);
    check(!failure.message.empty() || policy != kube::message_policy::reduced, "what is reduced says so");
    check(failure.message.size() <= 512, "a message is bounded");
    for (const char c : failure.message)
      check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a message has no control characters");
    check(!failure.retry_after ||
              (failure.retry_after->count() >= 0 && *failure.retry_after <= kube::longest_retry_after),
          "a wait has its bounds");
    check(failure.http_status == reply.http_status, "the status is kept");
    if (policy != kube::message_policy::full)
      check(!kube::could_quote(failure.message, sent), "no message quotes what was sent");
  }
  return 0;
}
