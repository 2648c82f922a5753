// Secrets that are not ours, or not yet.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

void expect_untouched(world& w, const std::string& version) {
  EXPECT_EQ(w.secret().meta.resource_version, version);
  EXPECT_TRUE(w.accounts.empty());
  EXPECT_EQ(w.reason(), "SecretNotOwned");
  EXPECT_NE(w.condition_of("Stalled")->message.find("kubectl"), std::string::npos);
}

TEST(foreign_secret, is_found_by_the_dry_run_and_left_alone) {
  world w = a_new_object();
  const std::string version = w.put_secret("ci-bot-token").meta.resource_version;
  transcript run(w);
  EXPECT_EQ(run.play(), "patch_intent, dry_run_secret, read_secret, patch_status");
  expect_untouched(w, version);
  EXPECT_LE(run.end<back_off>().at_most, 60s);
}

TEST(foreign_secret, that_goes_away_is_followed_by_the_first_issuance_at_once) {
  world w = a_new_object();
  w.put_secret("ci-bot-token");
  play(w);
  w.secrets.clear();
  EXPECT_EQ(play(w), "patch_intent, dry_run_secret, create_account, write_secret, patch_status");
}

TEST(foreign_secret, of_another_controller_is_not_ours_even_with_our_label_and_annotations) {
  world w = a_new_object();
  secret_content& theirs = w.put_secret("ci-bot-token");
  theirs.meta.labels[std::string(names::managed_by_label)] = names::managed_by_value;
  theirs.meta.annotations[std::string(names::secret_account_id)] = "acc-9";
  theirs.meta.annotations[std::string(names::take_over_annotation)] = "ci-bot";
  theirs.meta.owners = {
      {.api_version = "apps/v1", .kind = "Deployment", .name = "ci-bot", .uid = "d1", .controller = true}};
  const std::string version = theirs.meta.resource_version;
  play(w);
  expect_untouched(w, version);
}

TEST(foreign_secret, of_another_living_object_of_our_kind_is_not_ours) {
  world w = a_new_object();
  secret_content& theirs = w.put_secret("ci-bot-token");
  theirs.meta.labels[std::string(names::managed_by_label)] = names::managed_by_value;
  theirs.meta.annotations[std::string(names::secret_account_id)] = "acc-9";
  theirs.meta.owners = {{.api_version = std::string(names::api_version),
                         .kind = "ServiceAccount",
                         .name = "other",
                         .uid = "u9",
                         .controller = true}};
  const std::string version = theirs.meta.resource_version;
  play(w);
  expect_untouched(w, version);
}

TEST(foreign_secret, that_names_another_objects_account_is_not_taken_for_our_predecessors) {
  world w = a_ready_object();
  const std::string ours = w.token();
  account& theirs = w.put_account("acc-b", "platformer-operator:c1/team-a/other/u9");
  w.live_tokens["acc-b"] = "token-b";
  secret_content& secret = w.put_secret("other-token");
  secret.meta.labels[std::string(names::managed_by_label)] = names::managed_by_value;
  secret.meta.annotations = {{std::string(names::secret_account_id), theirs.id},
                             {std::string(names::secret_revision), "7"},
                             {std::string(names::secret_fingerprint), fingerprint_of("token-b")}};
  secret.data["token"] = entry_of("token-b");
  const std::string version = secret.meta.resource_version;
  w.object.spec.secret.name = "other-token";
  w.edit_spec();
  EXPECT_EQ(settle(w, 10min), 0);
  EXPECT_EQ(w.secret("other-token").meta.resource_version, version);
  EXPECT_EQ(w.reason(), "SecretNotOwned");
  EXPECT_EQ(w.token(), ours);
}

TEST(handed_over_secret, is_taken_over_with_the_first_token_and_keeps_its_other_keys) {
  world w = a_new_object();
  secret_content& handed = w.put_secret("ci-bot-token");
  handed.meta.annotations[std::string(names::take_over_annotation)] = "ci-bot";
  handed.data["other"] = entry_of("kept");
  transcript run(w);
  EXPECT_EQ(run.play(),
            "patch_intent, dry_run_secret, read_secret, dry_run_secret, create_account, write_secret, "
            "patch_status");
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.token("ci-bot-token", "other"), "kept");
  EXPECT_EQ(play(w), "");
}

TEST(handed_over_secret, to_another_object_stays_foreign) {
  world w = a_new_object();
  w.put_secret("ci-bot-token").meta.annotations[std::string(names::take_over_annotation)] = "ci-bot-2";
  const std::string version = w.secret().meta.resource_version;
  play(w);
  expect_untouched(w, version);
}

TEST(our_secret, without_its_label_is_found_and_labelled_again) {
  world w = a_ready_object();
  w.secret().meta.labels.clear();
  w.touch("ci-bot-token");
  EXPECT_EQ(play(w), "read_secret, write_secret");
  EXPECT_EQ(w.secret().meta.labels.at(std::string(names::managed_by_label)), names::managed_by_value);
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.revision(), "1");
}

}  // namespace
}  // namespace platformer::accounts::test
