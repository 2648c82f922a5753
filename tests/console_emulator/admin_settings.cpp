// Settings of the Console that the admin API changes.
#include "tests/console_emulator/admin.hpp"
#include "tests/console_emulator/json_codec.hpp"

namespace platformer::emulator {
namespace {

using models::answer;
using models::listing_gap;
using nlohmann::json;

constexpr std::uint64_t list_lag_max_ms = 86'400'000;
constexpr std::uint64_t lifetime_max_seconds = 100ULL * 366 * 24 * 3600;

answer<models::duplicate_names> read_duplicates(const json& value) {
  if (value == "allow") return models::duplicate_names::allow;
  if (value == "refuse") return models::duplicate_names::refuse;
  return bad_request("duplicate_names must be allow or refuse");
}

answer<duration> read_lag(const json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > list_lag_max_ms)
    return bad_request("list_lag_ms must be a whole number of at most a day");
  return duration(value.get<std::int64_t>());
}

answer<listing_gap> read_gap(const json& value) {
  if (value == "none") return listing_gap::none;
  if (value == "last_page_empty") return listing_gap::last_page_empty;
  if (value == "last_page_uncounted") return listing_gap::last_page_uncounted;
  return bad_request("listing_gap must be none, last_page_empty or last_page_uncounted");
}

answer<std::optional<duration>> read_lifetime(const json& value) {
  if (value.is_null()) return std::optional<duration>{};
  if (!value.is_number_unsigned() || value == 0 || value.get<std::uint64_t>() > lifetime_max_seconds)
    return bad_request("longest_lifetime_seconds must be null or a whole number from 1 to 100 years");
  return std::optional<duration>(std::chrono::seconds(value.get<std::int64_t>()));
}

// Reads the field into `into` when it is there.
template <class T, class Read>
answer<void> take(const json& body, std::string_view field, std::optional<T>& into, Read read) {
  const auto found = body.find(field);
  if (found == body.end()) return {};
  auto value = read(*found);
  if (!value) return tl::unexpected(value.error());
  into = std::move(*value);
  return {};
}

}  // namespace

answer<ordered_settings> settings_from_json(const json& body) {
  ordered_settings out;
  if (body.empty()) return bad_request("the body must have at least one field");
  if (auto ok = take(body, "duplicate_names", out.duplicates, read_duplicates); !ok)
    return tl::unexpected(ok.error());
  if (auto ok = take(body, "list_lag_ms", out.list_lag, read_lag); !ok) return tl::unexpected(ok.error());
  if (auto ok = take(body, "listing_gap", out.gap, read_gap); !ok) return tl::unexpected(ok.error());
  if (auto ok = take(body, "longest_lifetime_seconds", out.longest_lifetime, read_lifetime); !ok)
    return tl::unexpected(ok.error());
  return out;
}

answer<outgoing> admin_api::change_settings(const incoming& request, const variables&) {
  const auto body =
      read_object(request.body.reveal(),
                  {.allowed = {"duplicate_names", "list_lag_ms", "listing_gap", "longest_lifetime_seconds"},
                   .required = {}});
  if (!body) return tl::unexpected(body.error());
  const auto ordered = settings_from_json(*body);
  if (!ordered) return tl::unexpected(ordered.error());
  if (ordered->duplicates)
    if (const auto saved = world_.set_duplicates(*ordered->duplicates); !saved)
      return models::refuse(500, saved.error().message);
  auto& model = world_.model();
  if (ordered->list_lag) model.set_list_lag(*ordered->list_lag);
  if (ordered->gap) model.set_listing_gap(*ordered->gap);
  if (ordered->longest_lifetime) model.set_longest_lifetime(*ordered->longest_lifetime);
  return json_reply(200, {{"ok", true}});
}

}  // namespace platformer::emulator
