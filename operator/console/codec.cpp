#include "console/codec.hpp"

#include <nlohmann/json.hpp>

#include "console/identifier.hpp"
#include "console/json_reply.hpp"

namespace platformer::console {
namespace {

using json = nlohmann::json;

constexpr std::size_t max_name_bytes = 1024;
constexpr std::size_t max_description_bytes = 32 * 1024;
constexpr std::size_t max_role_bytes = 256;

json encode_date(std::optional<time_point> at) {
  return at ? json(format_rfc3339(*at)) : json(nullptr);
}

json encode_projects(const std::map<std::string, string_set, std::less<>>& projects) {
  json list = json::array();
  for (const auto& [id, roles] : projects)
    list.push_back({{"project_id", id}, {"roles", roles}});
  return list;
}

// What create and change have in common.
json encode_common(const account_fields& fields) {
  json body = json::object();
  if (fields.description) body["description"] = *fields.description;
  if (fields.roles) body["roles"] = *fields.roles;
  if (fields.projects) body["projects"] = encode_projects(*fields.projects);
  if (fields.expires_at) body["expired_in"] = encode_date(*fields.expires_at);
  return body;
}

// Strings of ours may hold anything that Kubernetes let through; invalid UTF-8 becomes U+FFFD rather than a
// throw.
std::string dump(const json& body) {
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

string_set read_roles(reply_reader& in, const json& object, std::string_view field,
                      const std::string& where) {
  string_set roles;
  for (const json& entry : in.array(object, field, where)) {
    if (!entry.is_string() || entry.get_ref<const std::string&>().size() > max_role_bytes) {
      in.refuse(where + "." + std::string(field) + " is no list of codes and IDs");
      return {};
    }
    roles.insert(entry.get<std::string>());
  }
  return roles;
}

std::string read_id(reply_reader& in, const json& object, std::string_view field, const std::string& where) {
  std::string id = in.text(object, field, where, max_id_bytes);
  if (in.ok() && !is_safe_id(id))
    in.refuse(where + "." + std::string(field) + " is missing or no identifier");
  return id;
}

std::string read_optional_id(reply_reader& in, const json& object, std::string_view field,
                             const std::string& where) {
  std::string id = in.text(object, field, where, max_id_bytes);
  if (!id.empty() && !is_safe_id(id)) in.refuse(where + "." + std::string(field) + " is no identifier");
  return id;
}

account read_account(reply_reader& in, const json& from, const std::string& where) {
  account to;
  to.id = read_id(in, from, "id", where);
  to.name = in.text(from, "name", where, max_name_bytes);
  to.description = in.text(from, "description", where, max_description_bytes);
  to.organization_id = read_optional_id(in, from, "organization_id", where);
  to.project_id = read_optional_id(in, from, "project_id", where);
  to.roles = read_roles(in, from, "roles", where);
  std::size_t index = 0;
  for (const json& entry : in.array(from, "projects", where)) {
    const std::string here = where + ".projects[" + std::to_string(index++) + "]";
    const std::string id = read_id(in, entry, "project_id", here);
    to.projects[id].merge(read_roles(in, entry, "roles", here));
  }
  to.expires_at = in.date(from, "expired_in", where);
  to.created_at = in.date(from, "created_date", where).value_or(time_point{});
  return to;
}

// data as a list of objects that `read` understands one by one.
template <class T, class Read>
std::vector<T> read_list(reply_reader& in, Read read) {
  std::vector<T> list;
  if (in.ok() && !in.data().is_array()) in.refuse("data is no list");
  for (std::size_t i = 0; in.ok() && i < in.data().size(); ++i)
    list.push_back(read(in, in.data()[i], "data[" + std::to_string(i) + "]"));
  return list;
}

template <class T, class Read>
result<std::vector<T>> decode_list(std::string_view body, Read read) {
  reply_reader in(body);
  auto list = read_list<T>(in, read);
  if (!in.ok()) return tl::unexpected(in.failure());
  return list;
}

}  // namespace

std::string encode_create(const account_fields& fields) {
  json body = encode_common(fields);
  body["name"] = fields.name.value_or("");
  body.emplace("expired_in", nullptr);  // unless it is there already
  return dump(body);
}

std::string encode_update(const account_fields& fields) {
  return dump(encode_common(fields));
}

std::string encode_renew(std::optional<time_point> expires_at) {
  return dump(json{{"expired_in", encode_date(expires_at)}});
}

result<std::vector<organization>> decode_organizations(std::string_view body) {
  return decode_list<organization>(body, [](reply_reader& in, const json& from, const std::string& where) {
    return organization{read_id(in, from, "organization_id", where),
                        in.text(from, "name", where, max_name_bytes)};
  });
}

result<std::vector<project>> decode_projects(std::string_view body) {
  return decode_list<project>(body, [](reply_reader& in, const json& from, const std::string& where) {
    return project{read_id(in, from, "project_id", where), in.text(from, "name", where, max_name_bytes)};
  });
}

result<std::vector<role>> decode_roles(std::string_view body) {
  return decode_list<role>(body, [](reply_reader& in, const json& from, const std::string& where) {
    return role{read_id(in, from, "id", where), in.text(from, "name", where, max_name_bytes),
                read_roles(in, from, "permissions", where)};
  });
}

result<account_page> decode_account_page(std::string_view body) {
  reply_reader in(body);
  account_page page;
  page.accounts = read_list<account>(in, read_account);
  page.meta = {in.count(in.meta(), "page"), in.count(in.meta(), "pages"), in.count(in.meta(), "total")};
  if (!in.ok()) return tl::unexpected(in.failure());
  return page;
}

result<account> decode_account(std::string_view body) {
  reply_reader in(body);
  account found;
  if (in.ok()) found = read_account(in, in.data(), "data");
  if (!in.ok()) return tl::unexpected(in.failure());
  return found;
}

result<minted_reply> decode_minted(std::string_view body) {
  reply_reader in(body);
  minted_reply minted;
  minted.token = in.token();
  if (in.ok() && !minted.token) in.refuse("data.token is missing or no usable token");
  if (in.ok()) minted.account_id = read_optional_id(in, in.data(), "id", "data");
  if (!in.ok()) return tl::unexpected(in.failure());
  if (in.data().contains("expired_in")) {
    const auto expiry = in.date(in.data(), "expired_in", "data");
    if (in.ok()) minted.expires_at = expiry;
  }
  return minted;
}

result<void> decode_done(std::string_view body) {
  if (body.empty()) return {};
  const reply_reader in(body, reply_reader::data_is::optional);
  if (!in.ok()) return tl::unexpected(in.failure());
  return {};
}

}  // namespace platformer::console
