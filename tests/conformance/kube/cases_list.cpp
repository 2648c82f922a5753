// Lists: order, selectors, pages, versions.
#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {
namespace {

void add_secrets(script& on, const std::vector<std::string>& names) {
  for (const std::string& each : names)
    on.create(
        with<secret_content>(secret(each), [&](auto& it) { it.meta.labels["team"] = each.substr(0, 1); }));
}

selection limited(unsigned limit, std::string continue_token = {}) {
  selection which;
  which.limit = limit;
  which.continue_token = std::move(continue_token);
  return which;
}

selection at(std::string version) {
  selection which;
  which.resource_version = std::move(version);
  return which;
}

selection labelled_with(std::string selector) {
  selection which;
  which.label_selector = std::move(selector);
  return which;
}

void in_order(script& on) {
  on.list(kube_kind::secret);
  add_secrets(on, {"c", "a", "b.a", "b-a"});
  on.list(kube_kind::secret);
  on.list(kube_kind::lease);
  on.create(account("bot"));
  on.create(connection("default"));
  on.create(record("l"));
  on.list(kube_kind::service_account);
  on.list(kube_kind::console_connection);
  on.list(kube_kind::lease);
}

void selectors(script& on) {
  add_secrets(on, {"a1", "a2", "b1"});
  on.patch(secret("a2"), labelled("tier", "x"));
  for (const char* selector : {"team=a", "team=a,tier=x", "team=none", "absent=a"})
    on.list(kube_kind::secret, labelled_with(selector));
}

void metadata_only(script& on) {
  add_secrets(on, {"a"});
  on.create(account("bot", "text"));
  selection bare;
  bare.metadata_only = true;
  on.list(kube_kind::secret, bare);
  on.list(kube_kind::service_account, bare);
  bare.label_selector = "team=a";
  on.list(kube_kind::secret, bare);
}

void pages(script& on) {
  add_secrets(on, {"e", "d", "c", "b", "a"});
  auto page = on.list(kube_kind::secret, limited(2));
  page = on.list(kube_kind::secret, limited(2, page.continue_token));
  on.list(kube_kind::secret, limited(2, page.continue_token));
  on.list(kube_kind::secret, limited(5));
  on.list(kube_kind::secret, limited(9));
}

void pages_hold(script& on) {
  add_secrets(on, {"a", "c", "e"});
  const auto page = on.list(kube_kind::secret, limited(1));
  on.create(secret("d"));
  on.remove(secret("e"));
  on.update(secret("c", "two"));
  on.list(kube_kind::secret, limited(9, page.continue_token));
  on.list(kube_kind::secret);
}

void pages_select(script& on) {
  add_secrets(on, {"a1", "b1", "a2", "b2", "a3"});
  selection which = limited(2);
  which.label_selector = "team=a";
  which.metadata_only = true;
  const auto page = on.list(kube_kind::secret, which);
  which.continue_token = page.continue_token;
  on.list(kube_kind::secret, which);
}

void garbled(script& on) {
  add_secrets(on, {"a", "b"});
  const auto page = on.list(kube_kind::secret, limited(1));
  on.list(kube_kind::secret, limited(1, on.port().damage(page.continue_token, token_damage::garbled)));
  on.list(kube_kind::secret, limited(1, "x"));
}

void expired(script& on) {
  for (const char* name : {"a", "b", "c"})
    on.create(account(name));
  const auto page = on.list(kube_kind::service_account, limited(1));
  on.list(kube_kind::service_account,
          limited(1, on.port().damage(page.continue_token, token_damage::expired)));
  // What the operator does then: everything at once.
  on.list(kube_kind::service_account);
}

void any_version(script& on) {
  add_secrets(on, {"a", "b", "c"});
  // A list of the newest version waits until the cache has it.
  on.list(kube_kind::secret);
  on.list(kube_kind::secret, at("0"));
  selection which = limited(1);
  which.resource_version = "0";
  on.list(kube_kind::secret, which);
}

void not_older(script& on) {
  add_secrets(on, {"a", "b"});
  const auto changed = on.update(secret("a", "two"));
  on.list(kube_kind::secret, at(changed.meta.resource_version));
  on.list(kube_kind::secret, at("1"));
  selection which = at(changed.meta.resource_version);
  which.limit = 1;
  const auto page = on.list(kube_kind::secret, which);
  on.list(kube_kind::secret, limited(1, page.continue_token));
}

void future(script& on) {
  add_secrets(on, {"a"});
  on.list(kube_kind::secret, at("9000000000"));
}

void no_version(script& on) {
  add_secrets(on, {"a"});
  on.list(kube_kind::secret, at("abc"));
  on.list(kube_kind::service_account, at("-1"));
}

void no_custom_match(script& on) {
  on.create(with<service_account>(account("bot"), [](auto& it) { it.meta.labels["a"] = "b"; }));
  on.create(account("other"));
  on.list(kube_kind::service_account, labelled_with("a=b"));
  on.patch(account("bot"), labelled("a", std::nullopt));
  on.list(kube_kind::service_account, labelled_with("a=b"));
}

void marked(script& on) {
  const auto s =
      on.create(with<secret_content>(secret("s"), [](auto& it) { it.meta.finalizers = {"example.com/a"}; }));
  on.remove(s);
  on.list(kube_kind::secret);
}

}  // namespace

std::vector<kube_case> list_cases() {
  return {
      {"a_list_is_in_order_of_names", {"0 items", "4 items", "as new as what was seen, the end"}, in_order},
      {"a_list_is_narrowed_by_labels", {"2 items", "1 items", "0 items"}, selectors},
      {"a_list_of_metadata_has_nothing_else", {"1 items"}, metadata_only},
      {"a_list_comes_in_pages", {"2 items", "more", "1 items", "5 items"}, pages},
      {"pages_show_what_the_first_one_showed",
       {"2 items", "the version of the page before, the end"},
       pages_hold},
      {"pages_are_narrowed_as_a_whole", {"2 items", "1 items"}, pages_select},
      {"a_garbled_continue_token_is_a_bad_request", {"400 bad request"}, garbled},
      {"an_expired_continue_token_is_gone", {"410 gone", "3 items"}, expired},
      {"a_list_of_any_version_has_it_all_once_it_is_quiet", {"3 items"}, any_version},
      {"a_list_is_not_older_than_asked", {"2 items"}, not_older},
      {"a_version_from_the_future_is_not_waited_for_long", {"504 server error"}, future},
      {"a_version_that_is_no_number_is_refused", {"list"}, no_version},
      {"custom_resources_are_narrowed_by_labels", {"1 items", "0 items"}, no_custom_match},
      {"a_marked_object_is_listed", {"deleted"}, marked},
  };
}

}  // namespace platformer::conformance
