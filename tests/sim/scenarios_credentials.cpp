// A connection that replaces its own credential.
#include "model/names.hpp"
#include "tests/sim/scenarios.hpp"

namespace platformer::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr duration look_interval = hours(1);
constexpr std::uint64_t looks_an_hour = 4;
constexpr duration rotation_interval = hours(48);

// A person's account, whose token is in the Secret of a connection; the operator may replace it.
void arrange(world& in) {
  in.expect_looks(looks_an_hour);
  const auto made = in.all.console.create_by_hand(
      organization_id, "", {.name = "operator", .roles = string_set{"organization.admin"}}, in.now);
  in.crowd.arrange_connection(in, true, [](console_connection& connection) {
    connection.spec.interval = look_interval;
    connection.spec.rotate_credentials = credential_rotation{"operator", rotation_interval};
  });
  const object_key secret{in.crowd.subject.ns, "console-credentials"};
  const auto stored = in.all.kube.get(models::kube_kind::secret, secret);
  secret_write write{.key = secret, .uid = models::meta_of(**stored).uid};
  write.resource_version = models::meta_of(**stored).resource_version;
  write.data["token"] = made->token;
  write.labels[std::string(names::managed_credential_label)] = "true";
  (void)in.all.kube.write_secret(write, in.now);
  for (const models::kube_pointer& each : in.all.kube.all(models::kube_kind::console_connection))
    in.watcher.judge_credential_of(std::get<console_connection>(*each));
}

void rotate(world& in) {
  arrange(in);
  in.crowd.create_object(in);
  in.arm();
  in.start_operator();
  in.pass(minutes(30));
}

void rotate_by_schedule(world& in) {
  arrange(in);
  in.start_operator();
  in.crowd.create_object(in);
  in.settle();
  in.pass(rotation_interval - minutes(10));
  in.arm();
  in.pass(hours(1));
}

// The Console has one account of a name at most.
void rotate_unique_names(world& in) {
  in.all.console.set_duplicate_names(models::duplicate_names::refuse);
  rotate(in);
}

void rotate_while_renewing(world& in) {
  arrange(in);
  in.start_operator();
  in.crowd.create_object(in);
  in.settle();
  in.pass(rotation_interval - minutes(2));
  in.arm();
  in.crowd.act(in, fault::ask_renewal);
  in.pass(minutes(5));
}

void rotated(world& in) {
  all_is_well(in);
  in.watcher.credential_at_rest(in);
  bool first_lives = false;
  in.all.console.for_each_account([&](const models::stored_account& each) {
    first_lives = first_lives || (each.data.name == "operator" && each.data.description.empty());
  });
  if (!first_lives) in.fail("the account that a person made for the operator was deleted");
}

constexpr scenario all[] = {
    {"credential", "a connection replaces the credential that a person gave it", rotate, rotated},
    {"credential_by_schedule", "… and two days later its own", rotate_by_schedule, rotated},
    {"credential_unique_names", "… where the Console has one account of a name", rotate_unique_names,
     rotated},
    {"credential_while_renewing", "… while a token is renewed", rotate_while_renewing, rotated},
};

}  // namespace

std::span<const scenario> credential_scenarios() {
  return all;
}

}  // namespace platformer::sim
