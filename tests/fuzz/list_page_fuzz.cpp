// Pages of lists: a list or a refusal that quotes nothing; every item reads as a custom resource or fails.
#include "kube/list_page.hpp"
#include "model/codec.hpp"
#include "tests/fuzz/check.hpp"

using namespace platformer;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::supply in(data, size);
  const std::string_view date = in.take(in.below(32));
  const auto page = kube::decode_list_page(200, in.rest(), date);
  if (!page) {
    check(page.error().code == api_errc::malformed, "what is no list is malformed");
    check(page.error().http_status == 200, "and says with which status it came");
    fuzz::check_message(page.error().message);
    return 0;
  }
  for (const auto& each : page->items) {
    const auto meta = decode_meta(each);
    const auto object = decode_service_account(each);
    const auto connection = decode_console_connection(each);
    check(meta.has_value() == object.has_value() && meta.has_value() == connection.has_value(),
          "an item with metadata reads as either kind, one without as none");
    if (!meta) fuzz::check_message(meta.error().message);
  }
  return 0;
}
