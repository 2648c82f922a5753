// The pure model behind the port.
#pragma once

#include "tests/conformance/kube/kube_port.hpp"
#include "tests/models/kube_model.hpp"

namespace platformer::conformance {

class model_port final : public kube_port {
 public:
  kube_answer<kube_object> create(kube_object object, bool dry_run) override;
  kube_answer<kube_object> update(kube_object object, bool dry_run) override;
  kube_answer<kube_object> write_status(const kube_object& from, kube_object to, status_write how,
                                        bool dry_run) override;
  kube_answer<kube_object> patch(kube_kind kind, const std::string& name, const metadata_patch& patch,
                                 bool dry_run) override;
  kube_answer<object_meta> write_secret(secret_write write, bool dry_run) override;
  kube_answer<void> remove(kube_kind kind, const std::string& name, const preconditions& only_if,
                           bool dry_run) override;
  kube_answer<kube_object> get(kube_kind kind, const std::string& name) override;
  kube_answer<page> list(kube_kind kind, const selection& which) override;
  kube_answer<std::vector<event>> events(kube_kind kind, const selection& which,
                                         const std::string& last) override;
  kube_answer<std::vector<event>> initial_events(kube_kind kind, const selection& which) override;
  kube_answer<event> bookmark(kube_kind kind, const selection& which) override;
  std::string damage(const std::string& continue_token, token_damage how) override;
  std::string ancient_version(kube_kind kind) override;
  void exhaust_secret_quota() override;
  void refuse_labelled_secrets(refusal_kind how) override;
  bool await_collection(kube_kind kind, const std::string& name,
                        const std::function<bool(const kube_object*)>& done) override;

 private:
  // Each request comes a second after the one before.
  time_point tick() { return now_ += std::chrono::seconds(1); }

  models::kube_model cluster_;
  time_point now_{std::chrono::hours(24 * 365 * 56)};
};

}  // namespace platformer::conformance
