// A changed secret.name moves the token without minting.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

world a_renamed_secret() {
  world w = a_ready_object();
  w.object.spec.secret.name = "new-name";
  w.edit_spec();
  return w;
}

TEST(move, makes_the_new_secret_first_and_then_removes_the_old_one) {
  world w = a_renamed_secret();
  const std::string token = w.token();
  transcript run(w);
  EXPECT_EQ(run.play(), "read_secret, read_secret, read_account, write_secret, remove_secret, patch_status");
  EXPECT_FALSE(w.has_secret("ci-bot-token"));
  EXPECT_EQ(w.token("new-name"), token);
  EXPECT_EQ(w.revision("new-name"), "1");
  EXPECT_EQ(w.object.status.secret_name, "new-name");
  EXPECT_EQ(play(w), "");
}

TEST(move, survives_a_crash_after_each_step_without_minting) {
  for (int steps = 0; steps < 8; ++steps) {
    world w = a_renamed_secret();
    const std::string token = w.token();
    transcript run(w);
    for (int i = 0; i < steps && !run.ended(); ++i)
      run.ok();
    w.restart();
    EXPECT_EQ(settle(w), 0) << steps;
    EXPECT_EQ(w.token("new-name"), token) << steps;
    EXPECT_FALSE(w.has_secret("ci-bot-token")) << steps;
  }
}

TEST(move, together_with_a_renewal_leaves_one_secret_with_the_live_token) {
  world w = a_renamed_secret();
  w.annotate(names::renew_annotation, "one");
  EXPECT_EQ(settle(w), 1);
  EXPECT_TRUE(w.token_is_live("new-name"));
  EXPECT_EQ(w.revision("new-name"), "2");
  EXPECT_FALSE(w.has_secret("ci-bot-token"));
}

TEST(move, to_a_foreign_secrets_name_touches_neither) {
  world w = a_renamed_secret();
  w.put_secret("new-name");
  EXPECT_EQ(settle(w, 10min), 0);
  EXPECT_EQ(w.reason(), "SecretNotOwned");
  EXPECT_TRUE(w.secret("new-name").data.empty());
  EXPECT_TRUE(w.token_is_live("ci-bot-token"));
}

TEST(move, of_an_emptied_secret_issues_a_new_token_under_the_new_name) {
  world w = a_renamed_secret();
  w.secret().data.clear();
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 1);
  EXPECT_TRUE(w.token_is_live("new-name"));
}

TEST(move, takes_the_latest_revision_where_several_old_secrets_are_left) {
  world w = a_ready_object();
  const secret_content left_over = w.secret();
  w.annotate(names::renew_annotation, "one");
  settle(w);
  w.secrets["a-left-over"] = left_over;
  w.secrets["a-left-over"].meta.name = "a-left-over";
  w.secrets["a-left-over"].meta.uid = "s9";
  w.object.spec.secret.name = "new-name";
  w.edit_spec();
  EXPECT_EQ(settle(w), 0);
  EXPECT_TRUE(w.token_is_live("new-name"));
  EXPECT_EQ(w.secrets.size(), 1U);
}

TEST(move, whose_write_fails_is_tried_again) {
  for (const api_errc code : {api_errc::forbidden, api_errc::timeout, api_errc::server_error}) {
    world w = a_renamed_secret();
    transcript run(w);
    run.until<write_secret>();
    run.fail(code);
    run.play();
    EXPECT_TRUE(w.token_is_live("ci-bot-token"));
    EXPECT_EQ(settle(w), 0);
    EXPECT_TRUE(w.token_is_live("new-name"));
  }
}

}  // namespace
}  // namespace platformer::accounts::test
