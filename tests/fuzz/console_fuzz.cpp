// Replies of the Console, each call's: typed values or an error that says which field is wrong; the token is
// lifted out before any parser sees it; refusals become a code, a bounded wait and a clean message.
#include <algorithm>
#include <span>

#include "console/codec.hpp"
#include "console/errors.hpp"
#include "console/identifier.hpp"
#include "console/json_reply.hpp"
#include "console/listing.hpp"
#include "console/reply_body.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using namespace platformer;
using fuzz::check;

template <class T>
void check_result(const result<T>& read) {
  if (!read) fuzz::check_message(read.error().message);
}

void check_account(const account& each) {
  check(console::is_safe_id(each.id), "an account's ID is safe");
  check(each.project_id.empty() || console::is_safe_id(each.project_id), "a project's ID is safe");
  for (const auto& [project, roles] : each.projects)
    check(console::is_safe_id(project), "the projects' IDs are safe");
}

void check_minted(std::string_view body) {
  const auto minted = console::decode_minted(body);
  if (!minted) return fuzz::check_message(minted.error().message);
  check(minted->token && console::is_usable_token(minted->token->reveal()), "a minted token is usable");
  check(minted->account_id.empty() || console::is_safe_id(minted->account_id), "its account's ID is safe");
  // No parser has seen it, wherever the body may have had it. A short one may stand there by chance.
  const auto lifted = console::lift_token(body);
  check(lifted.has_value() && lifted->token && lifted->token->equals(*minted->token),
        "the token is lifted out");
  if (minted->token->reveal() == fuzz::canary) {
    const auto tree = console::parse_body(body);
    check(tree.has_value(), "the rest is JSON");
    const auto member = tree->find("data");
    check(member != tree->end() && member->value("token", "") != fuzz::canary, "without the token");
  }
}

void check_listing(std::string_view body, int limit) {
  auto page = console::decode_account_page(body);
  if (!page) return fuzz::check_message(page.error().message);
  for (const account& each : page->accounts)
    check_account(each);
  constexpr int most = 5;
  console::listing_collector collector(limit, most);
  int asked = 0;
  while (const auto number = collector.next_page()) {
    check(*number == ++asked && asked <= most, "pages are asked for one by one, within the bound");
    collector.add(*page);
  }
  auto listed = collector.finish();
  std::set<std::string> ids;
  for (const account& each : listed.accounts)
    check(ids.insert(each.id).second, "each account is listed once");
}

void check_refusal(fuzz::supply& in, std::string_view body) {
  static constexpr int statuses[] = {400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 302, 0};
  static constexpr std::string_view types[] = {"application/json", "text/html", ""};
  const std::string_view secrets[] = {fuzz::canary};
  console::refusal reply{.status = in.pick(statuses),
                         .body = body,
                         .content_type = in.pick(types),
                         .retry_after = in.take(in.below(32)),
                         .date = in.take(in.below(32))};
  const auto call = static_cast<console::call>(in.below(8));
  const auto failure =
      console::classify(call, reply, secrets, time_point(std::chrono::seconds(1'790'000'000)));
  fuzz::check_message(failure.message);
  check(!failure.retry_after ||
            (failure.retry_after->count() >= 0 && *failure.retry_after <= console::longest_retry_after),
        "a wait has its bounds");
  fuzz::check_no_canary(console::error_text(body, secrets), "the Console's words hold no secret");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::supply in(data, size);
  const std::size_t which = in.below(8);
  const int limit = 1 + static_cast<int>(in.below(3));
  fuzz::supply facts = in;
  if (which == 0) (void)in.take(64);
  const std::string_view body = in.rest();
  switch (which) {
    case 0:
      check_refusal(facts, body);
      break;
    case 1:
      check_minted(body);
      break;
    case 2:
      check_listing(body, limit);
      break;
    case 3: {
      const auto read = console::decode_account(body);
      check_result(read);
      if (read) check_account(*read);
      break;
    }
    case 4:
      check_result(console::decode_organizations(body));
      break;
    case 5:
      check_result(console::decode_projects(body));
      break;
    case 6:
      check_result(console::decode_roles(body));
      break;
    default: {
      const auto done = console::decode_done(body);
      if (!done) fuzz::check_message(done.error().message);
    }
  }
  return 0;
}
