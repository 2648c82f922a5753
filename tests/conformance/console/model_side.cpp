#include <algorithm>
#include <stdexcept>

#include "console/console_client.hpp"
#include "tests/conformance/console/lost_reply.hpp"
#include "tests/conformance/console/side.hpp"
#include "tests/console_emulator/seed.hpp"
#include "tests/models/console_model.hpp"

namespace platformer::conformance {
namespace {

using models::console_call;

constexpr time_point model_start{std::chrono::days(20'000)};

models::token_digest plain_digest(std::string_view token) {
  models::token_digest digest{};
  std::copy_n(token.begin(), std::min(token.size(), digest.size()), digest.begin());
  return digest;
}

models::token_functions counting_functions() {
  return {.new_id = [](std::uint64_t serial) { return "id-" + std::to_string(serial); },
          .new_token = [](std::uint64_t serial) { return secret_string("token-" + std::to_string(serial)); },
          .digest = plain_digest};
}

models::console_directory directory_of_the_seed() {
  auto seed = emulator::parse_seed(std::string(seed_yaml));
  if (!seed) throw std::runtime_error(seed.error().message);
  return std::move(seed->directory);
}

// As the client reads it off the wire.
console::account_page page_of(const models::account_page& from) {
  console::account_page page;
  for (const auto& view : from.accounts)
    page.accounts.push_back(view.data);
  page.meta = {static_cast<std::int64_t>(from.page), static_cast<std::int64_t>(from.pages),
               static_cast<std::int64_t>(from.total)};
  return page;
}

template <class T>
std::string by_hand(const models::answer<T>& outcome) {
  return outcome ? "done" : std::to_string(outcome.error().status);
}

class model_side : public side {
 public:
  model_side() : console_(directory_of_the_seed(), counting_functions()) {
    for (const auto& each : standard_callers)
      add_caller(each.name, each.organization, {std::string(each.role)}, std::nullopt);
  }

  answer perform(const call& made) override {
    says_.clear();
    auto text = std::visit([&](const auto& it) { return act(it, made.from); }, made.what);
    return {std::move(text), says_};
  }

  std::string truth() override {
    std::string text;
    console_.for_each_account([&](const models::stored_account& stored) {
      std::optional<std::size_t> live;
      for (std::size_t i = 0; i < words_.tokens().size(); ++i)
        if (console_.find_by_token(words_.tokens()[i]->reveal(), now_) == &stored) live = i + 1;
      const stored_truth what{stored.data, stored.is_live(now_), stored.tokens_issued};
      text += (text.empty() ? "" : " | ") + words_.describe(what, live);
    });
    return text.empty() ? "nothing" : text;
  }

 private:
  template <class T>
  using outcome = result<T, api_error>;

  void add_caller(std::string_view name, std::string_view organization, string_set roles,
                  std::optional<time_point> ends) {
    console_.add_credential({.name = std::string(name),
                             .organization_id = std::string(organization),
                             .roles = std::move(roles),
                             .digest = plain_digest(name),
                             .expires_at = ends});
  }

  // A caller's token is its name.
  console_call call_of(const scope& from) const {
    return {.token = from.token == 0 ? std::string_view(from.caller) : words_.token(from.token)->reveal(),
            .organization_id = from.organization,
            .project_id = from.project,
            .now = now_};
  }

  static std::optional<time_point> at(std::optional<hours> offset) {
    return offset ? std::optional<time_point>(model_start + *offset) : std::nullopt;
  }

  // Carries a call out as far as the pending fault lets it. What the caller learns: the value, or an error.
  template <class Do>
  auto reach(Do carry_out, bool of_create = false) -> outcome<typename decltype(carry_out())::value_type> {
    const auto hit = std::exchange(pending_, std::nullopt);
    if (hit && !commits(hit->what)) return tl::unexpected(seen_by_caller(*hit, of_create));
    auto value = carry_out();
    if (hit) return tl::unexpected(seen_by_caller(*hit, of_create));
    if (!value) says_ = value.error().message;
    return std::move(value).map_error(
        [&](const models::refusal& why) { return models::to_api_error(why, of_create); });
  }

  std::string minted(const outcome<models::issued_account>& made) {
    if (!made) return code_of(made.error());
    return words_.made(made->view.data.id, made->token, made->view.data.expires_at);
  }
  template <class T>
  static std::string entries(const outcome<std::vector<T>>& found) {
    return found ? describe_entries(*found) : code_of(found.error());
  }

  std::string act(const create& it, const scope& from) {
    return minted(
        reach([&] { return console_.create(call_of(from), fields_of(it.fields, model_start)); }, true));
  }
  std::string act(const create_many& it, const scope& from) {
    for (std::size_t i = 1; i <= it.count; ++i)
      if (auto text = act(create{{.name = "a" + std::to_string(i)}}, from); !text.starts_with("made"))
        return text;
    return "done";
  }
  std::string act(const list&, const scope& from) {
    console::listing_collector collector(console::accounts_per_page, console::max_account_pages);
    while (const auto number = collector.next_page()) {
      const auto page = reach([&] {
        return console_.list(call_of(from), static_cast<std::uint64_t>(*number), console::accounts_per_page);
      });
      if (!page) return code_of(page.error());
      collector.add(page_of(*page));
    }
    return words_.describe(collector.finish());
  }
  std::string act(const list_page& it, const scope& from) {
    const auto page = reach([&] { return console_.list(call_of(from), it.page, it.limit); });
    return page ? words_.describe(page_of(*page)) : code_of(page.error());
  }
  std::string act(const get& it, const scope& from) {
    const auto found = reach([&] { return console_.get(call_of(from), words_.id_of(it.which)); });
    if (found) return words_.describe(found->data);
    return found.error().code == api_errc::not_found ? "none" : code_of(found.error());
  }
  std::string act(const update& it, const scope& from) {
    const auto fields = fields_of(it.fields, model_start);
    const auto done = reach([&] { return console_.update(call_of(from), words_.id_of(it.which), fields); });
    return done ? "done" : code_of(done.error());
  }
  std::string act(const renew& it, const scope& from) {
    const std::string id = words_.id_of(it.which);
    return minted(reach([&] { return console_.renew(call_of(from), id, std::optional(at(it.ends))); }));
  }
  std::string act(const remove& it, const scope& from) {
    const auto gone = reach([&] { return console_.remove(call_of(from), words_.id_of(it.which)); });
    if (gone) return "removed";
    return gone.error().code == api_errc::not_found ? "was gone" : code_of(gone.error());
  }
  std::string act(const validate& it, const scope&) {
    const auto token = words_.token(it.token);
    const auto live = reach([&] { return console_.validate_token(token->reveal(), now_); });
    if (live) return "live";
    const api_errc code = live.error().code;
    return code == api_errc::unauthorized || code == api_errc::forbidden ? "dead" : code_of(live.error());
  }
  std::string act(const list_organizations&, const scope& from) {
    return entries(reach([&] { return console_.list_organizations(call_of(from)); }));
  }
  std::string act(const list_projects& it, const scope& from) {
    const auto& path = it.organization.empty() ? from.organization : it.organization;
    return entries(reach([&] { return console_.list_projects(call_of(from), path); }));
  }
  std::string act(const list_roles& it, const scope& from) {
    const auto& path = it.organization.empty() ? from.organization : it.organization;
    if (it.project.empty())
      return entries(reach([&] { return console_.list_organization_roles(call_of(from), path); }));
    return entries(reach([&] { return console_.list_project_roles(call_of(from), path, it.project); }));
  }
  static std::string act(const wrong_shape& it, const scope&) {
    return code_of(models::to_api_error({it.status, ""}));
  }

  std::string act(const edit_by_hand& it, const scope&) {
    return by_hand(console_.edit_by_hand(words_.id_of(it.which), fields_of(it.fields, model_start), now_));
  }
  std::string act(const renew_by_hand& it, const scope&) {
    return by_hand(console_.renew_by_hand(words_.id_of(it.which), now_));
  }
  std::string act(const revoke_by_hand& it, const scope&) {
    return by_hand(console_.revoke_by_hand(words_.id_of(it.which), now_));
  }
  std::string act(const remove_by_hand& it, const scope&) {
    return by_hand(console_.remove_by_hand(words_.id_of(it.which), now_));
  }
  std::string act(const add_credential& it, const scope&) {
    add_caller(it.name, "acme", it.roles, at(it.ends));
    return "done";
  }
  std::string act(const remove_credential& it, const scope&) {
    return console_.remove_credential(it.name) ? "done" : "404";
  }
  std::string act(const advance& it, const scope&) {
    now_ += it.span;
    return "done";
  }
  std::string act(const refuse_duplicates& it, const scope&) {
    console_.set_duplicate_names(it.refuse ? models::duplicate_names::refuse
                                           : models::duplicate_names::allow);
    return "done";
  }
  std::string act(const lag_listings& it, const scope&) {
    console_.set_list_lag(it.lag);
    return "done";
  }
  std::string act(const leave_out& it, const scope&) {
    console_.set_listing_gap(it.gap);
    return "done";
  }
  std::string act(const cap_lifetimes& it, const scope&) {
    console_.set_longest_lifetime(it.most);
    return "done";
  }
  std::string act(const fault& it, const scope&) {
    pending_ = it;
    return "done";
  }

  models::console_model console_;
  time_point now_ = model_start;
  std::optional<fault> pending_;
  vocabulary words_{model_start};
  std::string says_;
};

}  // namespace

std::unique_ptr<side> make_model_side() {
  return std::make_unique<model_side>();
}

}  // namespace platformer::conformance
