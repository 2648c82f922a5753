#include "kube/paths.hpp"

#include <gtest/gtest.h>

namespace platformer::kube {
namespace {

TEST(paths, follow_group_namespace_and_subresource) {
  EXPECT_EQ(*collection_path(resources::service_accounts(), "apps"),
            "/apis/console.platformer.com/v1alpha1/namespaces/apps/serviceaccounts");
  EXPECT_EQ(*collection_path(resources::console_connections(), ""),
            "/apis/console.platformer.com/v1alpha1/consoleconnections");
  EXPECT_EQ(*object_path(resources::secrets(), {"apps", "x-token"}),
            "/api/v1/namespaces/apps/secrets/x-token");
  EXPECT_EQ(*object_path(resources::namespaces(), {"", "kube-system"}), "/api/v1/namespaces/kube-system");
  EXPECT_EQ(*object_path(resources::service_accounts(), {"apps", "x"}, "status"),
            "/apis/console.platformer.com/v1alpha1/namespaces/apps/serviceaccounts/x/status");
  EXPECT_EQ(*collection_path(resources::events(), "apps"), "/apis/events.k8s.io/v1/namespaces/apps/events");
}

TEST(paths, encode_what_is_not_plain) {
  EXPECT_EQ(*object_path(resources::secrets(), {"a", "system:x y?#é"}),
            "/api/v1/namespaces/a/secrets/system%3Ax%20y%3F%23%C3%A9");
}

TEST(paths, refuse_names_that_would_lead_elsewhere) {
  for (const char* name : {"", ".", "..", "a/b", "../secrets/x", "a%2fb"}) {
    EXPECT_FALSE(object_path(resources::secrets(), {"a", name})) << name;
    EXPECT_FALSE(object_path(resources::secrets(), {name, "a"})) << name;
  }
  EXPECT_FALSE(object_path(resources::secrets(), {"a", std::string(254, 'x')}));
  EXPECT_FALSE(collection_path(resources::secrets(), ".."));
}

TEST(a_list_query, names_only_what_is_set_and_no_version_beside_a_continue_token) {
  list_options options;
  EXPECT_EQ(list_query(options).text(), "?limit=500");
  options.label_selector = "app=x,env in (a,b)";
  options.resource_version = "0";
  options.resource_version_match = "NotOlderThan";
  EXPECT_EQ(list_query(options).text(),
            "?labelSelector=app%3Dx%2Cenv%20in%20%28a%2Cb%29&limit=500&resourceVersion=0"
            "&resourceVersionMatch=NotOlderThan");
  options.continue_token = "t/+=";
  EXPECT_EQ(list_query(options).text(),
            "?labelSelector=app%3Dx%2Cenv%20in%20%28a%2Cb%29&limit=500&continue=t%2F%2B%3D");
}

TEST(a_watch_query, asks_for_bookmarks_and_a_timeout) {
  watch_options options;
  options.resource_version = "17";
  EXPECT_EQ(watch_query(options).text(),
            "?watch=true&allowWatchBookmarks=true&resourceVersion=17&timeoutSeconds=300");
  options.send_initial_events = true;
  options.resource_version.clear();
  EXPECT_EQ(watch_query(options).text(),
            "?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
            "&timeoutSeconds=300");
}

TEST(a_write_query, names_the_manager_and_the_dry_run) {
  EXPECT_EQ(write_query({}, "me").text(), "?fieldManager=me");
  EXPECT_EQ(write_query({.dry_run = true, .subresource = ""}, "me").text(), "?dryRun=All&fieldManager=me");
}

}  // namespace
}  // namespace platformer::kube
