// What the load generator does to the n-th object of the benchmark.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "kube/kube_client.hpp"

namespace platformer::bench {

// A failed request, by its exception: a benchmark with failures measures something else.
using action = std::function<boost::asio::awaitable<void>(std::size_t number)>;

struct action_options {
  std::string name;  // "create", "renew", "touch", "delete", "write", "write-without-dry-run"
  std::string ns;
  std::string prefix;   // of the objects' names
  std::string stamp;    // value of the annotation that renew and touch set
  std::string spec;     // of created objects: JSON, "" for the usual one
  unsigned shards = 0;  // created objects bear the label shard=a, shard=b … in turns; 0: none
  std::size_t padding =
      0;  // bytes of labels and annotations that created objects bear beside; as stored, about
};

// As a person does: create, renew, delete, and touch, which changes what is none of our business. As an
// operator does, without an operator: write, which creates the object and then makes the requests that
// issuing its token takes. nullopt: no such action.
std::optional<action> make_action(std::shared_ptr<kube::kube_client> client, action_options options);

// "bot-000042"
std::string object_name(const std::string& prefix, std::size_t number);
nlohmann::json service_account(const action_options& options, std::size_t number);

// What a request gave; throws when it failed.
template <class T>
T must(result<T, api_error> outcome, const char* what) {
  if (!outcome) throw std::runtime_error(std::string(what) + ": " + outcome.error().message);
  return std::move(*outcome);
}

}  // namespace platformer::bench
