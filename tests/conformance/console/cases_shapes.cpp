#include "tests/conformance/console/cases.hpp"

namespace platformer::conformance {
namespace {

using net::http_method;

const std::string create_path = "/serviceaccount/token/create";

call posted(std::string body, action same = wrong_shape{}) {
  return written({.method = http_method::post, .path = create_path, .body = std::move(body)}, call(same));
}

call put(std::string path, std::string body, action same = wrong_shape{}) {
  return written({.method = http_method::put, .path = std::move(path), .body = std::move(body)}, call(same));
}

// A creation that is right but for one field.
step bad_creation(const std::string& field) {
  return {posted(R"({"name": "ci", "expired_in": null, )" + field + "}"), "400 bad request"};
}

}  // namespace

std::vector<conformance_case> shape_cases() {
  return {
      {"a_body_is_one_json_object",
       {{posted("{"), "400 bad request"},
        {posted("[]"), "400 bad request"},
        {posted("\"ci\""), "400 bad request"},
        {posted("", wrong_shape{415}), "415 bad request"},
        {posted("\xff"), "400 bad request"}}},
      {"an_unknown_field_is_refused",
       {bad_creation(R"("x": 1)"),
        {create{{.name = "ci"}}, "made #1 t1"},
        {put("/serviceaccount/{1}", R"({"description": "a", "status": "active"})"), "400 bad request"},
        {put("/serviceaccount/{1}/token/renew", R"({"expired_in": null, "name": "x"})"), "400 bad request"}}},
      {"a_field_of_the_wrong_type_is_refused",
       {bad_creation(R"("description": 1)"),
        bad_creation(R"("roles": "a.b")"),
        bad_creation(R"("roles": [1])"),
        bad_creation(R"("projects": {})"),
        bad_creation(R"("projects": ["shop"])"),
        {posted(R"({"name": 1, "expired_in": null})"), "400 bad request"},
        {posted(R"({"name": "ci", "expired_in": 3600})"), "400 bad request"},
        {posted(R"({"name": "ci", "expired_in": "tomorrow"})"), "400 bad request"}}},
      {"lists_hold_nothing_twice",
       {bad_creation(R"("roles": ["a.b", "a.b"])"),
        bad_creation(
            R"("projects": [{"project_id": "shop", "roles": []}, {"project_id": "shop", "roles": []}])")}},
      {"an_entry_of_projects_has_exactly_its_two_fields",
       {bad_creation(R"("projects": [{"project_id": "shop"}])"),
        bad_creation(R"("projects": [{"project_id": "shop", "roles": [], "x": 1}])")}},
      {"a_creation_says_its_name_and_its_end",
       {{posted(R"({"expired_in": null})", create{}), "400 bad request"},
        {posted(R"({"name": "ci"})"), "400 bad request"},
        {posted(R"({"name": null, "expired_in": null})"), "400 bad request"}}},
      {"a_change_says_something",
       {{create{{.name = "ci"}}, "made #1 t1"},
        {put("/serviceaccount/{1}", "{}"), "400 bad request"},
        {update{1, {}}, "400 bad request"}}},
      {"a_name_can_not_be_changed",
       {{create{{.name = "ci"}}, "made #1 t1"},
        {put("/serviceaccount/{1}", R"({"name": "new"})", update{1, {.name = "new"}}), "400 bad request"},
        {get{1}, "#1 ci"}}},
      {"a_renewal_says_its_end",
       {{create{{.name = "ci"}}, "made #1 t1"},
        {put("/serviceaccount/{1}/token/renew", "{}"), "400 bad request"},
        {validate{1}, "live"}}},
      {"a_body_is_of_type_json",
       {{written({.method = http_method::post,
                  .path = create_path,
                  .body = R"({"name": "ci", "expired_in": null})",
                  .content_type = "text/plain"},
                 wrong_shape{415}),
         "415 bad request"}}},
      {"what_takes_no_body_refuses_one",
       {{create{{.name = "ci"}}, "made #1 t1"},
        {put("/user/logintime", "{}"), "400 bad request"},
        {written({.method = http_method::del, .path = "/serviceaccount/{1}", .body = "{}"}, wrong_shape{}),
         "400 bad request"},
        {get{1}, "#1 ci"}}},
      {"unknown_paths_are_404_and_unknown_methods_405",
       {{written({.path = "/serviceaccounts"}, wrong_shape{404}), "404 not found"},
        {written({.path = "/serviceaccount/a/b"}, wrong_shape{404}), "404 not found"},
        {written({.method = http_method::del, .path = "/organization/list"}, wrong_shape{405}),
         "405 bad request"},
        {written({.method = http_method::patch, .path = "/serviceaccount/a"}, wrong_shape{405}),
         "405 bad request"}}},
      {"unknown_and_unreadable_query_parameters_are_refused",
       {{written({.path = "/serviceaccount/list?size=1"}, wrong_shape{}), "400 bad request"},
        {written({.path = "/serviceaccount/list?page=one"}, wrong_shape{}), "400 bad request"},
        {written({.path = "/serviceaccount/list?page=-1"}, wrong_shape{}), "400 bad request"},
        {written({.path = "/serviceaccount/list?page="}, wrong_shape{}), "400 bad request"},
        {written({.path = "/serviceaccount/list?page=1&page=2"}, wrong_shape{}), "400 bad request"},
        {written({.path = "/organization/list?page=1"}, wrong_shape{}), "400 bad request"}}},
      {"an_id_that_the_client_would_not_send_is_404",
       {{written({.path = "/serviceaccount/a%2Fb"}, get{"a/b"}), "none"},
        {written({.path = "/serviceaccount/a%20b"}, get{"a b"}), "none"},
        {written({.method = http_method::del, .path = "/serviceaccount/%2e%2e"}, remove{".."}), "was gone"}}},
      {"an_unsafe_project_header_is_refused",
       {{in("a b", written({.path = "/serviceaccount/list"}, list{})), "400 bad request"},
        {in("../x", written({.path = "/serviceaccount/list"}, list{})), "400 bad request"}}},
      {"strangers_learn_nothing_from_shapes",
       {{by("nobody", written({.path = "/serviceaccount/list?size=1"}, list{})), "401 unauthorized"},
        {by("nobody", posted("{", create{})), "401 unauthorized"}}},
  };
}

}  // namespace platformer::conformance
