#include "controllers/reconcile/gather.hpp"
#include "controllers/service_account/step.hpp"
#include "model/names.hpp"
#include "tests/bench/micro/figures.hpp"
#include "tests/bench/micro/measure.hpp"
#include "tests/unit/controllers/world.hpp"

namespace platformer::bench::micro {
namespace {

// What the operator knows of a world with one Ready object.
struct ready_world {
  accounts::test::world small = accounts::test::a_ready_object();
  controllers::knowledge known;
  object_key key = key_of(small.object.meta);

  explicit ready_world(keeping form) : known({}, form == keeping::packed) {
    known.cluster_id = "c1";
    known.holder = "operator-0";
    known.service_accounts.upsert(small.object, runtime::observed_by::live_added);
    known.secrets.upsert(secret_meta{small.secret().meta}, runtime::observed_by::live_added);
    console_connection connection;
    connection.meta.name = small.connection.name;
    connection.meta.ns = small.object.meta.ns;
    connection.meta.uid = "connection-1";
    connection.meta.resource_version = "1";
    connection.meta.generation = 1;
    connection.meta.finalizers = {std::string(names::finalizer)};
    const object_key connection_key = key_of(connection.meta);
    known.connections.upsert(std::move(connection), runtime::observed_by::live_added);
    controllers::live_connection& live = known.registry.at(connection_key);
    live.in_use = std::make_shared<controllers::connection_client>();
    live.organization_id = small.connection.organization_id;
    live.generation = 1;
    live.attempted = true;
    known.memories[small.object.meta.uid] = small.remembered;
  }

  // As the driver does it (app/account_driver.cpp): whether the first word of `step` is that it is at its
  // end.
  bool is_at_rest() {
    auto seen = controllers::gather_account(known, key, "d32df4733c1cb4aff7ec");
    if (!seen) return false;
    const std::string uid = seen->object->meta.uid;
    accounts::state now = accounts::begin(known.recall(uid));
    accounts::response none;
    const auto next = accounts::step(*seen, now, none, small.now);
    known.remember(key, uid, std::move(now.remembered));
    return std::holds_alternative<accounts::stop>(next.effect) && next.events.empty() && now.end &&
           now.end->view == accounts::outlook::ready;
  }
};

}  // namespace

template <keeping Form>
void step_of_ready_object(benchmark::State& state) {
  ready_world in(Form);
  measure(state, [&] { return in.is_at_rest(); });
}

template void step_of_ready_object<keeping::whole>(benchmark::State&);
template void step_of_ready_object<keeping::packed>(benchmark::State&);

void copy_of_ready_object(benchmark::State& state) {
  const service_account object = accounts::test::a_ready_object().object;
  measure(state, [&] {
    service_account copy = object;
    benchmark::DoNotOptimize(copy);
    return copy.meta.uid == object.meta.uid;
  });
}

}  // namespace platformer::bench::micro
