#include "tests/conformance/console/answers.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace platformer::conformance {

std::string vocabulary::number_of(std::string_view id) {
  auto found = std::ranges::find(ids_, id);
  if (found == ids_.end()) found = ids_.insert(ids_.end(), std::string(id));
  return "#" + std::to_string(found - ids_.begin() + 1);
}

std::string vocabulary::id_of(const account_ref& which) const {
  if (!which.id.empty()) return which.id;
  if (which.number == 0 || which.number > ids_.size())
    throw std::out_of_range("the case names account #" + std::to_string(which.number) +
                            ", which nobody has seen yet");
  return ids_[which.number - 1];
}

std::string vocabulary::made(std::string_view id, token_handle token, std::optional<time_point> expires_at) {
  tokens_.push_back(std::move(token));
  std::string text = "made " + number_of(id) + " t" + std::to_string(tokens_.size());
  if (expires_at) text += ", ends " + offset(*expires_at);
  return text;
}

std::string vocabulary::describe(const account& data) {
  std::string text = number_of(data.id) + " " + shortened(data.name);
  if (!data.project_id.empty()) text += " in " + data.project_id;
  if (!data.roles.empty()) text += " [" + joined(data.roles) + "]";
  for (const auto& [id, roles] : data.projects)
    text += " {" + id + ": " + joined(roles) + "}";
  if (!data.description.empty()) text += " '" + shortened(data.description) + "'";
  if (data.expires_at) text += ", ends " + offset(*data.expires_at);
  if (offset(data.created_at) != "+0h") text += ", since " + offset(data.created_at);
  return text;
}

std::string vocabulary::describe(const console::account_listing& listing) {
  return numbers_of(listing.accounts) + (listing.complete ? ", complete" : ", maybe more");
}

std::string vocabulary::describe(const console::account_page& page) {
  const auto number = [](std::optional<std::int64_t> value) { return value ? std::to_string(*value) : "?"; };
  return numbers_of(page.accounts) + ", page " + number(page.meta.page) + " of " + number(page.meta.pages) +
         ", " + number(page.meta.total) + " in all";
}

std::string vocabulary::numbers_of(const std::vector<account>& accounts) {
  std::string text;
  for (const auto& data : accounts)
    text += (text.empty() ? "" : " ") + number_of(data.id);
  return text.empty() ? "empty" : text;
}

std::string vocabulary::describe(const stored_truth& truth, std::optional<std::size_t> token) {
  std::string text = describe(truth.data);
  if (token)
    text += ", t" + std::to_string(*token);
  else
    text += truth.active ? ", a token that nobody has" : ", no live token";
  return text + ", " + std::to_string(truth.tokens_issued) + " issued";
}

std::string vocabulary::offset(time_point at) const {
  const auto whole = std::llround(std::chrono::duration<double, std::ratio<3600>>(at - start_).count());
  return (whole < 0 ? "" : "+") + std::to_string(whole) + "h";
}

std::string code_of(const api_error& error) {
  // Whether a status line got through before a connection broke is nothing that anybody may count on.
  const bool no_status = error.code == api_errc::connection_lost || error.code == api_errc::timeout;
  std::string text = no_status ? std::string() : std::to_string(error.http_status) + " ";
  text += to_string(error.code);
  if (error.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after);
    text += ", retry after " + std::to_string(seconds.count()) + "s";
  }
  return text;
}

std::string shortened(std::string_view text) {
  constexpr std::size_t longest = 40;
  if (text.size() <= longest) return std::string(text);
  std::size_t shown = 3;
  while ((static_cast<unsigned char>(text[shown]) & 0xc0U) == 0x80U)
    --shown;
  return std::string(text.substr(0, shown)) + "… " + std::to_string(text.size()) + " bytes";
}

std::string joined(const string_set& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace platformer::conformance
