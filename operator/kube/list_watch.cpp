#include "kube/list_watch.hpp"

#include <utility>

#include "model/names.hpp"

namespace platformer::kube {
namespace {

class kube_list_watch final : public list_watch {
 public:
  kube_list_watch(kube_client& client, resource res, std::string ns)
      : client_(client), resource_(std::move(res)), ns_(std::move(ns)) {}

  task<list_page> list(list_options options) override {
    return client_.list(resource_, ns_, std::move(options));
  }

  task<std::unique_ptr<net::http_stream>> watch(watch_options options) override {
    return client_.watch(resource_, ns_, std::move(options));
  }

 private:
  kube_client& client_;
  resource resource_;
  std::string ns_;
};

std::string describe_resource(const resource& what, std::string_view ns) {
  std::string text = what.group.empty() ? what.plural : what.plural + "." + what.group;
  if (!ns.empty()) text += " in namespace " + std::string(ns);
  return text;
}

}  // namespace

std::unique_ptr<list_watch> make_list_watch(kube_client& client, resource res, std::string ns) {
  return std::make_unique<kube_list_watch>(client, std::move(res), std::move(ns));
}

std::string explain_watch_failure(const api_error& error, std::string_view verb, const resource& what,
                                  std::string_view ns) {
  const std::string name = describe_resource(what, ns);
  if (error.code == api_errc::not_found && what.group == names::group)
    return "the cluster does not know " + name + ": CRDs not installed, kubectl apply -f crds/";
  if (error.code == api_errc::forbidden)
    return "not allowed to " + std::string(verb) + " " + name + ": RBAC must grant the operator the verb \"" +
           std::string(verb) + "\" on \"" + what.plural + "\" in API group \"" + what.group + "\"" +
           (ns.empty() ? " in all namespaces" : "");
  if (error.code == api_errc::unauthorized)
    return "can't " + std::string(verb) + " " + name +
           ": the cluster does not accept the operator's credentials";
  return "can't " + std::string(verb) + " " + name + ": " + describe(error);
}

}  // namespace platformer::kube
