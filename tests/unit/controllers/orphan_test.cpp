// deletionPolicy Orphan: account and Secret, with its live token, outlive the object (invariant 11).
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

world an_orphan() {
  world w = a_ready_object();
  w.object.spec.deletion = deletion_policy::orphan;
  w.delete_object();
  return w;
}

void expect_let_go(world& w, const std::string& secret = "ci-bot-token") {
  EXPECT_FALSE(w.object_exists);
  ASSERT_EQ(w.accounts.size(), 1U);
  EXPECT_FALSE(find_marker(w.accounts.front().description));
  ASSERT_TRUE(w.has_secret(secret));
  EXPECT_EQ(w.secret(secret).meta.controller(), nullptr);
  EXPECT_FALSE(w.secret(secret).meta.labels.contains(names::managed_by_label));
  EXPECT_TRUE(w.token_is_live(secret));
}

TEST(orphan, releases_secret_and_marker_before_the_finalizer) {
  world w = an_orphan();
  EXPECT_EQ(play(w), "read_account, write_secret, update_account, remove_finalizer");
  expect_let_go(w);
}

TEST(orphan, survives_a_crash_after_each_step) {
  for (int steps = 0; steps < 5; ++steps) {
    world w = an_orphan();
    transcript run(w);
    for (int i = 0; i < steps && !run.ended(); ++i)
      run.ok();
    w.restart();
    if (w.object_exists) settle(w);
    expect_let_go(w);
  }
}

// Of an object that is to be orphaned; `done`: the Console has renewed the token.
world a_doubtful_renewal(bool done, api_errc how) {
  world w = a_ready_object();
  w.object.spec.deletion = deletion_policy::orphan;
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<renew_token>();
  done ? run.fail_after_doing(how) : run.fail(how);
  run.play();
  return w;
}

TEST(orphan, settles_a_renewal_in_doubt_before_the_token_is_left_behind) {
  for (const bool restarted : {false, true}) {
    for (const bool done : {false, true}) {
      world w = a_doubtful_renewal(done, api_errc::connection_lost);
      w.delete_object();
      if (restarted) w.restart();
      EXPECT_EQ(settle(w, 10min), 1) << restarted << done;
      expect_let_go(w);
    }
  }
}

TEST(orphan, settles_a_renewal_in_doubt_into_the_new_place_of_a_secret_that_was_to_move) {
  for (const bool restarted : {false, true}) {
    for (const bool done : {false, true}) {
      world w = a_doubtful_renewal(done, api_errc::server_error);
      w.object.spec.secret.name = "new-name";
      w.edit_spec();
      w.delete_object();
      if (restarted) w.restart();
      EXPECT_EQ(settle(w, 10min), 1) << restarted << done;
      expect_let_go(w, "new-name");
      EXPECT_NE(w.secret("ci-bot-token").meta.controller(), nullptr) << "the old one goes with the object";
    }
  }
}

TEST(orphan, leaves_the_accounts_access_as_it_is_while_a_doubt_is_settled) {
  world w = a_doubtful_renewal(true, api_errc::connection_lost);
  w.object.spec.project = "storefront";
  w.object.status.project_id.clear();
  const string_set roles = w.accounts.front().roles;
  ASSERT_FALSE(roles.empty());
  w.delete_object();
  w.advance(1min);
  transcript run(w);
  run.until<renew_token>();
  EXPECT_EQ(w.accounts.front().roles, roles);
  run.play();
  EXPECT_EQ(w.accounts.front().roles, roles);
  EXPECT_FALSE(w.object_exists);
}

TEST(orphan, leaves_an_expired_token_as_it_is) {
  world w = a_ready_object();
  w.object.spec.deletion = deletion_policy::orphan;
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<renew_token>();
  run.fail(api_errc::connection_lost);
  run.play();
  w.object.spec.token.expires_at = w.now - 1h;
  w.edit_spec();
  w.delete_object();
  EXPECT_EQ(settle(w, 10min), 0);
  EXPECT_FALSE(w.object_exists);
}

TEST(orphan, finds_a_secret_that_lost_its_label) {
  world w = an_orphan();
  w.secret().meta.labels.clear();
  w.touch("ci-bot-token");
  settle(w);
  expect_let_go(w);
}

TEST(orphan, releases_the_secret_that_a_changed_name_has_not_moved_yet) {
  world w = an_orphan();
  w.object.spec.secret.name = "new-name";
  w.edit_spec();
  settle(w);
  expect_let_go(w);
}

TEST(orphan, writes_a_token_that_is_still_in_memory_first) {
  world w = a_ready_object();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<write_secret>();
  run.fail(api_errc::server_error);
  run.play();
  EXPECT_FALSE(w.token_is_live());
  w.object.spec.deletion = deletion_policy::orphan;
  w.delete_object();
  settle(w);
  expect_let_go(w);
}

TEST(orphan, is_not_held_up_for_ever_by_a_token_that_can_not_be_written) {
  world w = a_new_object();
  w.object.spec.deletion = deletion_policy::orphan;
  transcript run(w);
  run.until<write_secret>();
  run.fail(api_errc::forbidden);
  run.play();
  w.delete_object();
  for (int i = 0; i < 20 && w.object_exists; ++i) {
    transcript again(w);
    while (!again.ended()) {
      if (std::holds_alternative<write_secret>(again.wanted()))
        again.fail(api_errc::forbidden);
      else
        again.ok();
    }
    w.advance(1min);
  }
  EXPECT_FALSE(w.object_exists);
}

TEST(orphan, deletes_what_is_double) {
  world w = a_new_object();
  w.object.spec.deletion = deletion_policy::orphan;
  transcript run(w);
  run.until<create_account>();
  run.fail(api_errc::timeout);
  run.play();
  settle(w);
  w.put_account("late", w.our_marker());
  w.delete_object();
  settle(w);
  expect_let_go(w);
}

TEST(orphan, leaves_a_foreign_secret_alone) {
  world w = an_orphan();
  w.secrets.clear();
  const std::string version = w.put_secret("ci-bot-token").meta.resource_version;
  settle(w);
  EXPECT_FALSE(w.object_exists);
  EXPECT_EQ(w.secret().meta.resource_version, version);
}

}  // namespace
}  // namespace platformer::accounts::test
