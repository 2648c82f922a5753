#include "app/console_sharing.hpp"

#include <algorithm>

#include "console/directory.hpp"
#include "model/marker.hpp"

namespace platformer::app {
namespace {

// Projects and roles change rarely; what is missing in an older listing is looked up anew before it is called
// missing.
constexpr duration directory_reuse = std::chrono::minutes(1);
constexpr duration directory_retry = std::chrono::seconds(2);
// Role listings are kept for so many projects of a connection at most.
constexpr std::size_t role_listings_limit = 1000;

// What was found under `id`, by both its names.
template <class Entry>
accounts::known_as both_names(const std::vector<Entry>& among, const std::string& id) {
  const auto found =
      std::find_if(among.begin(), among.end(), [&](const Entry& each) { return each.id == id; });
  return {id, found == among.end() ? std::string() : found->name};
}

void note_roles(const std::vector<console::role>& among, const string_set& ids,
                accounts::names_resolved& names) {
  for (const console::role& each : among) {
    if (!ids.contains(each.id)) continue;
    names.named_roles.push_back({each.id, each.name});
    names.role_permissions.insert(each.permissions.begin(), each.permissions.end());
  }
}

api_error partial_listing() {
  return {.code = api_errc::unreachable,
          .message = "the listing of accounts may be partial (it changed while it was read)"};
}

accounts::names_unresolved unresolved(accounts::names_unresolved::kind what, const error& why) {
  return {what, clean_message(why.message, 512)};
}

}  // namespace

console_sharing::console_sharing(boost::asio::any_io_executor executor,
                                 std::shared_ptr<console::console_client> client, std::string cluster_id,
                                 std::function<time_point()> clock)
    : executor_(executor),
      client_(std::move(client)),
      cluster_id_(std::move(cluster_id)),
      clock_(std::move(clock)),
      accounts_(executor),
      strangers_(executor),
      projects_(executor) {}

void console_sharing::clock_was_set(duration by) {
  accounts_.clock_was_set(by);
  strangers_.clock_was_set(by);
  projects_.clock_was_set(by);
  for (const auto& [project, listing] : roles_)
    listing->clock_was_set(by);
}

boost::asio::awaitable<shared_fetch<marked_accounts>::answer> console_sharing::fetch_accounts(
    time_point not_before) {
  const auto fetch = [this]() -> boost::asio::awaitable<result<marked_accounts, api_error>> {
    const std::string whole_organization;
    auto listing = co_await client_->list_accounts(whole_organization);
    if (!listing) co_return tl::unexpected(listing.error());
    if (!listing->complete) co_return tl::unexpected(partial_listing());
    marked_accounts by_object;
    for (account& each : listing->accounts)
      if (const auto mark = find_marker(each.description); mark && mark->cluster == cluster_id_)
        by_object[mark->ns + "/" + mark->name].push_back(std::move(each));
      else if (const auto own = find_credential_marker(each.description); own && own->cluster == cluster_id_)
        by_object[own->uid].push_back(std::move(each));
    co_return by_object;
  };
  co_return co_await accounts_.get(not_before, clock_, fetch);
}

boost::asio::awaitable<result<std::vector<account>, api_error>> console_sharing::marked(
    object_key key, time_point not_before) {
  auto all = co_await fetch_accounts(not_before);
  if (!all) co_return tl::unexpected(all.error());
  const auto found = (*all)->find(key.ns + "/" + key.name);
  co_return found == (*all)->end() ? std::vector<account>{} : found->second;
}

boost::asio::awaitable<result<std::vector<account>, api_error>> console_sharing::all_marked(
    time_point not_before) {
  auto all = co_await fetch_accounts(not_before);
  if (!all) co_return tl::unexpected(all.error());
  std::vector<account> flat;
  for (const auto& [object, its] : **all)
    flat.insert(flat.end(), its.begin(), its.end());
  co_return flat;
}

boost::asio::awaitable<result<std::vector<account>, api_error>> console_sharing::credentials(
    std::string connection_uid, time_point not_before) {
  auto all = co_await fetch_accounts(not_before);
  if (!all) co_return tl::unexpected(all.error());
  const auto found = (*all)->find(connection_uid);
  co_return found == (*all)->end() ? std::vector<account>{} : found->second;
}

boost::asio::awaitable<shared_fetch<std::vector<account>>::answer> console_sharing::fetch_strangers(
    time_point not_before) {
  const auto fetch = [this]() -> boost::asio::awaitable<result<std::vector<account>, api_error>> {
    const std::string whole_organization;
    auto listing = co_await client_->list_accounts(whole_organization);
    if (!listing) co_return tl::unexpected(listing.error());
    if (!listing->complete) co_return tl::unexpected(partial_listing());
    std::erase_if(listing->accounts, [&](const account& each) {
      const auto mark = find_marker(each.description);
      return (mark && mark->cluster == cluster_id_) || find_credential_marker(each.description);
    });
    co_return std::move(listing->accounts);
  };
  co_return co_await strangers_.get(not_before, clock_, fetch);
}

boost::asio::awaitable<result<std::vector<account>, api_error>> console_sharing::strangers(
    std::string name, std::string project_id, time_point not_before) {
  auto all = co_await fetch_strangers(not_before);
  if (!all) co_return tl::unexpected(all.error());
  std::vector<account> found;
  for (const account& each : **all)
    if (each.name == name && each.project_id == project_id) found.push_back(each);
  co_return found;
}

boost::asio::awaitable<result<std::vector<account>, api_error>> console_sharing::unmarked(
    std::string name, time_point not_before) {
  auto all = co_await fetch_strangers(not_before);
  if (!all) co_return tl::unexpected(all.error());
  std::vector<account> found;
  for (const account& each : **all)
    if (each.name == name && !find_marker(each.description) && !find_credential_marker(each.description))
      found.push_back(each);
  co_return found;
}

boost::asio::awaitable<shared_fetch<console_sharing::projects>::answer> console_sharing::fetch_projects(
    time_point not_before) {
  const auto fetch = [this]() -> boost::asio::awaitable<result<projects, api_error>> {
    co_return co_await client_->list_projects();
  };
  co_return co_await projects_.get(not_before, clock_, fetch);
}

boost::asio::awaitable<shared_fetch<console_sharing::roles>::answer> console_sharing::fetch_roles(
    std::string project_id, time_point not_before) {
  if (roles_.size() >= role_listings_limit && !roles_.contains(project_id)) {
    auto once = co_await client_->list_roles(project_id);
    if (!once) co_return tl::unexpected(once.error());
    co_return std::make_shared<const roles>(std::move(*once));
  }
  auto& listing = roles_[project_id];
  if (!listing) listing = std::make_unique<shared_fetch<roles>>(executor_);
  const auto fetch = [this, project_id]() -> boost::asio::awaitable<result<roles, api_error>> {
    co_return co_await client_->list_roles(project_id);
  };
  co_return co_await listing->get(not_before, clock_, fetch);
}

boost::asio::awaitable<accounts::response> console_sharing::resolve(accounts::resolve_names wanted) {
  const time_point now = clock_();
  auto answer = co_await resolve_from(wanted, now - directory_reuse);
  if (!std::holds_alternative<accounts::names_unresolved>(answer)) co_return answer;
  co_return co_await resolve_from(std::move(wanted), now - directory_retry);
}

boost::asio::awaitable<accounts::response> console_sharing::resolve_from(accounts::resolve_names wanted,
                                                                         time_point not_before) {
  using accounts::names_unresolved;
  accounts::names_resolved names;
  std::shared_ptr<const projects> all_projects;
  if (!wanted.project.empty() || !wanted.project_access.empty()) {
    auto fetched = co_await fetch_projects(not_before);
    if (!fetched) co_return fetched.error();
    all_projects = *fetched;
  }
  if (!wanted.project.empty()) {
    const auto id = console::find_project(*all_projects, wanted.project);
    if (!id) co_return unresolved(names_unresolved::kind::project, id.error());
    names.project_id = *id;
    names.named_projects.push_back(both_names(*all_projects, *id));
  }
  // The account's own level first (under the empty key), then the other projects of an organization-level
  // account.
  std::map<std::string, std::pair<access, string_set*>> levels;
  levels[names.project_id] = {wanted.own, &names.roles};
  for (const auto& [project, its] : wanted.project_access) {
    const auto id = console::find_project(*all_projects, project);
    if (!id) co_return unresolved(names_unresolved::kind::project, id.error());
    if (names.projects.contains(*id))
      co_return unresolved(names_unresolved::kind::project,
                           error{"spec.projectAccess names project " + *id + " twice (by name and by ID)"});
    levels[*id] = {its, &names.projects[*id]};
    names.named_projects.push_back(both_names(*all_projects, *id));
  }
  for (const auto& [project_id, level] : levels) {
    const auto& [wanted_here, into] = level;
    *into = wanted_here.permissions;
    if (wanted_here.custom_roles.empty()) continue;
    auto fetched = co_await fetch_roles(project_id, not_before);
    if (!fetched) co_return fetched.error();
    const auto ids = console::find_roles(**fetched, wanted_here.custom_roles);
    if (!ids) co_return unresolved(names_unresolved::kind::role, ids.error());
    into->insert(ids->begin(), ids->end());
    note_roles(**fetched, *ids, names);
  }
  co_return names;
}

}  // namespace platformer::app
