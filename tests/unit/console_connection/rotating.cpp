#include "tests/unit/console_connection/rotating.hpp"

#include "model/marker.hpp"

namespace platformer::connections {
namespace {

snapshot at_rest() {
  snapshot seen = a_connection();
  run first(seen);
  seen.object.status = first.succeed();
  seen.object.spec.rotate_credentials = credential_rotation{"operator", std::chrono::hours(720)};
  seen.client_is_current = seen.has_client = true;
  seen.organization_id = "org-1";
  seen.check_due = noon + std::chrono::hours(10000);
  seen.credential_version = "3";
  seen.note.consent = true;
  seen.cluster_id = "cluster";
  seen.holder = "test";
  seen.operation_id = "op-new";
  return seen;
}

secret_content stored(const snapshot& seen) {
  secret_content secret = a_secret("console-credentials");
  if (seen.note.consent) secret.meta.labels[std::string(names::managed_credential_label)] = "true";
  if (seen.note.account_id.empty()) return secret;
  credential_in_hand made{.op = {.id = seen.note.operation_id}, .account_id = seen.note.account_id};
  made.fingerprint = secret.data.at("token").fingerprint;
  made.issued_at = *seen.note.issued_at;
  made.expires_at = seen.note.expires_at;
  for (const auto& [key, value] : switch_write(secret, "token", made).annotations)
    if (value) secret.meta.annotations[key] = *value;
  return secret;
}

}  // namespace

snapshot by_hand() {
  return at_rest();
}

snapshot made_by_operator(duration ago) {
  snapshot seen = at_rest();
  seen.note.fits = true;
  seen.note.operation_id = "op-1";
  seen.note.account_id = "second";
  seen.note.issued_at = noon - ago;
  seen.object.status.credential = credential_status{.operation_id = "op-1",
                                                    .account_id = "second",
                                                    .issued_at = noon - ago,
                                                    .replace_at = noon - ago + std::chrono::hours(720)};
  condition told{"CredentialRotated", true, "CredentialRotated", "", 1, noon};
  told.message = "the credential is that of account second; it is replaced at " +
                 format_rfc3339(noon - ago + std::chrono::hours(720));
  seen.object.status.conditions.push_back(told);
  return seen;
}

account account_named(const std::string& name, const std::string& id) {
  account made;
  made.id = id;
  made.name = name;
  made.roles = {"organization.admin"};
  return made;
}

account made_for(const snapshot& seen, const std::string& id, const std::string& operation_id) {
  account made = account_named("operator", id);
  made.description = credential_description(seen.object, {seen.cluster_id, seen.object.meta.uid},
                                            operation{.id = operation_id});
  return made;
}

std::string intent(const std::string& id, time_point started_at) {
  return encode_operation(operation{.id = id, .revision = 1, .holder = "another", .started_at = started_at});
}

rotating::rotating(snapshot at_rest, memory remembered)
    : seen(std::move(at_rest)), secret(stored(seen)), run(seen, std::move(remembered)) {}

void rotating::list(std::vector<account> found) {
  run.expect<read_credential>();
  run.reply(secret_read{secret});
  run.expect<list_credentials>();
  run.reply(credentials_listed{std::move(found)});
}

operation rotating::note_intent() {
  const auto patch = run.expect<patch_operation>();
  EXPECT_EQ(patch.resource_version, seen.object.meta.resource_version);
  EXPECT_EQ(patch.op.id, "op-new");
  object_meta meta = seen.object.meta;
  meta.annotations[std::string(names::operation_annotation)] = encode_operation(patch.op);
  run.reply(object_patched{meta});
  return patch.op;
}

void rotating::pass_dry_run() {
  const secret_write dummy = run.expect<dry_run_secret>().write;
  EXPECT_EQ(dummy.resource_version, secret.meta.resource_version);
  run.reply(dry_run_passed{});
}

void rotating::create() {
  list({account_named("operator", "first")});
  note_intent();
  pass_dry_run();
  run.expect<create_credential>();
  run.reply(credential_made{"second", a_token("new"), "sha256:new", {}});
}

void rotating::apply(const secret_write& write) {
  for (const auto& [key, value] : write.data)
    secret.data[key] = {value, "sha256:" + std::string(value->reveal())};
  for (const auto& [key, value] : write.annotations)
    if (value) secret.meta.annotations[key] = *value;
  secret.meta.resource_version += "0";
}

void rotating::write_secret_as(const secret_write& write) {
  apply(write);
  run.reply(secret_written{secret.meta});
}

void rotating::connect() {
  run.expect<read_secret>();
  run.reply(secret_read{secret});
  run.expect<build_client>();
  run.reply(client_built{});
  EXPECT_FALSE(run.expect<validate_credential>().in_use);
  run.reply(credential_checked{true});
  run.expect<find_organization>();
  run.reply(organization_found{"org-1"});
  EXPECT_TRUE(run.expect<install_client>().note.fits);
  run.reply(client_installed{});
}

}  // namespace platformer::connections
