// A real kube-apiserver behind the port, through the operator's own client, as administrator and in a
// namespace that lives as long as the port.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "kube/connect.hpp"
#include "tests/conformance/kube/kube_port.hpp"

namespace platformer::conformance {

class server_port final : public kube_port {
 public:
  server_port();
  ~server_port() override;  // deletes the namespace without waiting for its end
  server_port(const server_port&) = delete;
  server_port& operator=(const server_port&) = delete;

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
  template <class T>
  T wait(boost::asio::awaitable<T> work);
  // Reads a watch until `is_last` says so of an event.
  kube_answer<std::vector<event>> read_watch(kube_kind kind, kube::watch_options options,
                                             const std::function<bool(const event&)>& is_last);
  kube_answer<nlohmann::json> make(kube::resource what, std::string ns, nlohmann::json body);
  // Until a dry run of creating that Secret is refused.
  void await_refusal(const secret_content& probe);
  object_key key(const std::string& name) const { return {name_space_, name}; }

  boost::asio::io_context io_;
  kube::kube_connection connection_;
  std::string name_space_;
  std::vector<std::pair<kube::resource, object_key>> cluster_wide_;  // to be deleted at the end
};

}  // namespace platformer::conformance
