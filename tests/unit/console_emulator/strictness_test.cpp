// What is refused, with which status, always in the error envelope. Each row is one request that is right but
// for one thing.
#include <gtest/gtest.h>

#include <ostream>

#include "tests/console_emulator/http_server.hpp"
#include "tests/unit/console_emulator/bench.hpp"

namespace platformer::emulator {
namespace {

using net::http_method;

struct wrong_request {
  std::string name;
  http_method method;
  std::string path;
  std::optional<std::string> body;
  sender by;
  int status;
  std::string says;  // part of the error text
};

void PrintTo(const wrong_request& row, std::ostream* out) {
  *out << row.name;
}

const std::string create_path = "/serviceaccount/token/create";
const std::string create_body = R"({"name": "ci", "expired_in": null})";

sender changed(const std::function<void(sender&)>& change) {
  sender by;
  change(by);
  return by;
}

const sender without_organization = changed([](sender& by) { by.organization.reset(); });
const sender of_another_organization = changed([](sender& by) { by.organization = "org-other"; });
const sender anonymous = changed([](sender& by) { by.anonymous = true; });
const sender bearer = changed([](sender& by) { by.token = "Bearer something"; });
const sender plain_text = changed([](sender& by) { by.content_type = "text/plain"; });

const std::vector<wrong_request> wrong_requests{
    {"unknown_path", http_method::get, "/serviceaccounts", {}, {}, 404, "no such path"},
    {"path_too_long", http_method::get, "/organization/list/x", {}, {}, 404, "no such path"},
    {"empty_segment", http_method::get, "/serviceaccount//token", {}, {}, 400, "can't be read"},
    {"wrong_method", http_method::del, "/organization/list", {}, {}, 405, "method"},
    {"no_token", http_method::get, "/organization/list", {}, anonymous, 401, "no token"},
    {"bearer_prefix", http_method::get, "/organization/list", {}, bearer, 401, "not known"},
    {"no_token_beats_bad_body", http_method::post, create_path, "{", anonymous, 401, "no token"},
    {"no_organization",
     http_method::get,
     "/serviceaccount/list",
     {},
     without_organization,
     400,
     "x-organization-id"},
    {"other_organization",
     http_method::get,
     "/serviceaccount/list",
     {},
     of_another_organization,
     403,
     "organization"},
    {"organization_in_path",
     http_method::get,
     "/organization/project/view/list/x",
     {},
     {},
     403,
     "in the path"},
    {"unknown_project", http_method::get, "/serviceaccount/list", {}, in_project("x"), 400, "x-project-id"},
    {"roles_without_project",
     http_method::get,
     "/customroles/project/list/org-acme/prj-billing",
     {},
     {},
     400,
     "x-project-id"},
    {"unknown_query", http_method::get, "/serviceaccount/list?size=1", {}, {}, 400, "size"},
    {"page_zero", http_method::get, "/serviceaccount/list?page=0", {}, {}, 400, "page"},
    {"page_word", http_method::get, "/serviceaccount/list?page=one", {}, {}, 400, "page"},
    {"page_twice", http_method::get, "/serviceaccount/list?page=1&page=2", {}, {}, 400, "can't be read"},
    {"limit_too_large", http_method::get, "/serviceaccount/list?limit=101", {}, {}, 400, "limit"},
    {"unknown_account", http_method::get, "/serviceaccount/nobody", {}, {}, 404, "no such service account"},
    {"body_where_none_belongs", http_method::put, "/user/logintime", "{}", {}, 400, "no body"},
    {"content_type", http_method::post, create_path, create_body, plain_text, 415, "application/json"},
    {"no_json", http_method::post, create_path, "{", {}, 400, "JSON object"},
    {"no_object", http_method::post, create_path, "[]", {}, 400, "JSON object"},
    {"unknown_field",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": null, "x": 1})",
     {},
     400,
     "x"},
    {"no_name", http_method::post, create_path, R"({"expired_in": null})", {}, 400, "name"},
    {"no_expiry", http_method::post, create_path, R"({"name": "a"})", {}, 400, "expired_in"},
    {"name_type", http_method::post, create_path, R"({"name": 1, "expired_in": null})", {}, 400, "name"},
    {"name_empty", http_method::post, create_path, R"({"name": "", "expired_in": null})", {}, 400, "name"},
    {"description_type",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": null, "description": []})",
     {},
     400,
     "description"},
    {"expiry_type",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": 1})",
     {},
     400,
     "expired_in"},
    {"expiry_format",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": "soon"})",
     {},
     400,
     "RFC 3339"},
    {"expiry_past",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": "2001-01-01T00:00:00Z"})",
     {},
     400,
     "past"},
    {"roles_type",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": null, "roles": "x"})",
     {},
     400,
     "roles"},
    {"role_type",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": null, "roles": [1]})",
     {},
     400,
     "roles"},
    {"role_twice",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": null, "roles": ["a.b", "a.b"]})",
     {},
     400,
     "twice"},
    {"role_unknown",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": null, "roles": ["nope"]})",
     {},
     400,
     "nope"},
    {"projects_type",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": null, "projects": {}})",
     {},
     400,
     "projects"},
    {"projects_entry",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": null, "projects": [{"project_id": "prj-billing"}]})",
     {},
     400,
     "project_id"},
    {"projects_unknown",
     http_method::post,
     create_path,
     R"({"name": "a", "expired_in": null, "projects": [{"project_id": "x", "roles": []}]})",
     {},
     400,
     "project: x"},
    {"projects_below_a_project", http_method::post, create_path,
     R"({"name": "a", "expired_in": null, "projects": [{"project_id": "prj-billing", "roles": []}]})",
     in_project("prj-storefront"), 400, "project-level"},
    {"update_of_nothing", http_method::put, "/serviceaccount/a", "{}", {}, 400, "at least one"},
    {"update_of_the_name", http_method::put, "/serviceaccount/a", R"({"name": "b"})", {}, 400, "name"},
    {"renew_without_expiry", http_method::put, "/serviceaccount/a/token/renew", "{}", {}, 400, "expired_in"},
};

class emulator_strictness : public testing::TestWithParam<wrong_request> {};

TEST_P(emulator_strictness, refuses) {
  const auto& row = GetParam();
  bench console;
  const auto refused = console.send(row.method, row.path, row.body, row.by);
  EXPECT_EQ(refused.status, row.status);
  EXPECT_NE(refused.error().find(row.says), std::string::npos) << refused.text;
  EXPECT_EQ(refused.content_type, "application/json");
  EXPECT_TRUE(console.accounts().empty());
}

INSTANTIATE_TEST_SUITE_P(one_thing_wrong, emulator_strictness, testing::ValuesIn(wrong_requests),
                         [](const auto& row) { return row.param.name; });

TEST(emulator_limits, an_oversized_body_is_413) {
  bench console;
  const auto refused =
      console.send(http_method::post, create_path, std::string(request_body_max_bytes + 1, ' '));
  EXPECT_EQ(refused.status, 413);
}

TEST(emulator_limits, a_caller_without_the_right_gets_403) {
  bench console;
  const auto weak = console.server().console().add_credential("weak", "org-acme", {"organization.viewer"});
  const auto by = with_token(std::string((*weak)->reveal()));
  EXPECT_EQ(console.get("/serviceaccount/list", by).status, 200);
  EXPECT_EQ(console.post(create_path, json::parse(create_body), by).status, 403);
}

TEST(emulator_limits, duplicate_names_are_409_when_they_are_refused) {
  bench console;
  console.create("ci");
  EXPECT_EQ(console.post(create_path, json::parse(create_body)).status, 200);
  EXPECT_EQ(console.admin(http_method::post, "/settings", {{"duplicate_names", "refuse"}}).status, 200);
  const auto refused = console.post(create_path, json::parse(create_body));
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(console.accounts().size(), 2U);
}

}  // namespace
}  // namespace platformer::emulator
