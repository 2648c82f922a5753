// Every scenario again, failing at each of its requests with each error: the protocol's invariants hold in
// that run, and once the fault is over all ends well.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "controllers/service_account/findings.hpp"
#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

struct scenario {
  std::string name;
  std::function<world()> begin;
};

world renamed_object() {
  world w = a_ready_object();
  w.object.meta.uid = "u2";
  w.object.meta.annotations.clear();
  w.object.meta.finalizers.clear();
  w.wipe_status();
  w.restart();
  return w;
}

template <class Change>
scenario after(std::string name, world (*start)(), Change change) {
  return {std::move(name), [start, change] {
            world w = start();
            change(w);
            return w;
          }};
}

std::vector<scenario> scenarios() {
  return {
      after("first issue", a_new_object, [](world&) {}),
      after("first issue, not provably new", a_new_object, [](world& w) { w.provably_new = false; }),
      after("request", a_ready_object, [](world& w) { w.annotate(names::renew_annotation, "one"); }),
      after("secret deleted", a_ready_object, [](world& w) { w.secrets.clear(); }),
      after("account deleted", a_ready_object,
            [](world& w) {
              w.accounts.clear();
              w.annotate(names::reconcile_annotation, "1");
            }),
      after("adoption", renamed_object, [](world&) {}),
      after("adoption of a dead token", renamed_object,
            [](world& w) { w.live_tokens[w.accounts.front().id] = "another"; }),
      after("move", a_ready_object,
            [](world& w) {
              w.object.spec.secret.name = "new-name";
              w.edit_spec();
            }),
      after("move and request", a_ready_object,
            [](world& w) {
              w.object.spec.secret.name = "new-name";
              w.annotate(names::renew_annotation, "one");
              w.edit_spec();
            }),
      after("change", a_ready_object,
            [](world& w) {
              w.object.spec.own.permissions = {"other"};
              w.edit_spec();
            }),
      after("double account", a_ready_object,
            [](world& w) {
              w.put_account("late", w.our_marker());
              w.secrets.clear();
              w.object.status.account_id.clear();
              w.annotate(names::reconcile_annotation, "1");
            }),
      after("deletion", a_ready_object, [](world& w) { w.delete_object(); }),
      after("orphan", a_ready_object,
            [](world& w) {
              w.object.spec.deletion = deletion_policy::orphan;
              w.delete_object();
            }),
      after("deletion of what was never issued", a_new_object,
            [](world& w) {
              transcript run(w);
              run.until<create_account>();
              run.fail_after_doing(api_errc::timeout);
              run.play();
              w.delete_object();
              w.advance(1h);
            }),
  };
}

// Whether the account is ours or our predecessor's to change.
bool is_attributed(const world& w, const std::string& id) {
  return std::any_of(w.accounts.begin(), w.accounts.end(), [&](const account& each) {
    const auto mark = find_marker(each.description);
    return each.id == id && mark && mark->cluster == "c1" && mark->name == w.object.meta.name;
  });
}

bool may_write(const world& w, const std::string& secret) {
  const auto found = w.secrets.find(secret);
  if (found == w.secrets.end()) return true;
  const secret_owner owner = owner_of(found->second.meta, w.object.meta);
  return owner != secret_owner::foreign && owner != secret_owner::nobody;
}

// What must hold for each request at the moment that it is asked.
struct invariants {
  bool intent;  // on the object by this run, or known not to have been used
  bool rehearsed = false;
  bool doubt = false;

  explicit invariants(const world& w) : intent(!w.remembered.refused_id.empty()) {}

  void call() const {
    EXPECT_TRUE(intent) << "a call without an intent";
    EXPECT_TRUE(rehearsed) << "a call without a dry run";
    EXPECT_FALSE(doubt) << "a second call while one is in doubt";
  }
  void before(const world& w, const request& asked) const {
    if (std::holds_alternative<create_account>(asked)) call();
    if (const auto* each = std::get_if<renew_token>(&asked)) {
      call();
      EXPECT_TRUE(is_attributed(w, each->id));
    }
    if (const auto* each = std::get_if<update_account>(&asked)) {
      EXPECT_TRUE(is_attributed(w, each->id));
    }
    if (const auto* each = std::get_if<delete_account>(&asked)) {
      EXPECT_TRUE(is_attributed(w, each->id));
    }
    if (const auto* each = std::get_if<write_secret>(&asked)) {
      EXPECT_TRUE(may_write(w, each->write.key.name));
    }
    if (const auto* each = std::get_if<remove_secret>(&asked)) {
      EXPECT_TRUE(may_write(w, each->key.name));
    }
  }
  void after(const request& asked, bool failed, api_errc code) {
    const bool called =
        std::holds_alternative<create_account>(asked) || std::holds_alternative<renew_token>(asked);
    if (failed && called && may_be_committed(code)) doubt = true;
    if (failed) return;
    if (const auto* each = std::get_if<patch_intent>(&asked); each != nullptr && each->op) intent = true;
    if (std::holds_alternative<dry_run_secret>(asked)) rehearsed = true;
  }
};

// One run that fails at its request number `at`; false when it has fewer.
bool run_failing_at(world& w, int at, api_errc code, bool done) {
  invariants check(w);
  transcript run(w);
  bool reached = false;
  for (int i = 0; !run.ended(); ++i) {
    const request asked = run.wanted();
    const bool held = w.remembered.pending.has_value();
    check.before(w, asked);
    const bool fails = i == at;
    reached = reached || fails;
    if (!fails)
      run.ok();
    else if (done)
      run.fail_after_doing(code);
    else
      run.fail(code);
    check.after(asked, fails, code);
    if (fails && held && !w.object.meta.deleted) {
      EXPECT_TRUE(w.remembered.pending) << "the token was dropped";
    }
  }
  return reached;
}

void expect_a_good_end(world& w) {
  const auto marked = std::count_if(w.accounts.begin(), w.accounts.end(), [](const account& each) {
    return find_marker(each.description).has_value();
  });
  if (!w.object.meta.deleted) {
    EXPECT_EQ(marked, 1);
    EXPECT_TRUE(w.token_is_live(w.object.spec.secret.name));
    EXPECT_EQ(w.secrets.size(), 1U);
    EXPECT_TRUE(w.condition_of("Ready")->status) << w.reason();
    EXPECT_EQ(play(w), "");
    return;
  }
  EXPECT_FALSE(w.object_exists) << w.reason();
  EXPECT_EQ(marked, 0);
  if (w.object.spec.deletion == deletion_policy::orphan) {
    EXPECT_TRUE(w.token_is_live());
    EXPECT_EQ(w.secret().meta.controller(), nullptr);
  }
}

class failing_at_each_step : public testing::TestWithParam<std::size_t> {
 protected:
  void fail_with(api_errc code, bool done, bool restart) {
    const scenario& each = all_[GetParam()];
    const world start = each.begin();
    bool reached = true;
    for (int at = 0; reached && !HasFailure(); ++at) {
      SCOPED_TRACE(each.name + ", request " + std::to_string(at) + " fails with " +
                   std::string(to_string(code)) + (done ? " after it was done" : "") +
                   (restart ? ", then a restart" : ""));
      world w = start;
      ASSERT_NO_THROW(reached = run_failing_at(w, at, code, done));
      if (restart) w.restart();
      ASSERT_NO_THROW(settle(w, 14h));
      expect_a_good_end(w);
    }
  }

 private:
  std::vector<scenario> all_ = scenarios();
};

TEST_P(failing_at_each_step, ends_well_with_each_error) {
  for (int code = 0; code <= static_cast<int>(api_errc::malformed); ++code)
    fail_with(static_cast<api_errc>(code), false, false);
}

TEST_P(failing_at_each_step, ends_well_after_a_restart_with_an_error_of_each_class) {
  for (const api_errc code :
       {api_errc::forbidden, api_errc::conflict, api_errc::rate_limited, api_errc::timeout})
    fail_with(code, false, true);
}

TEST_P(failing_at_each_step, ends_well_when_it_was_done_and_the_answer_got_lost) {
  for (const bool restart : {false, true})
    fail_with(api_errc::timeout, true, restart);
}

std::string name_of_scenario(const testing::TestParamInfo<std::size_t>& info) {
  std::string name = scenarios()[info.param].name;
  std::erase(name, ',');
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(every, failing_at_each_step, testing::Range(std::size_t{0}, scenarios().size()),
                         name_of_scenario);

}  // namespace
}  // namespace platformer::accounts::test
