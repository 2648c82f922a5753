// What a case is written with: verbs that go to a port and write down what it answered.
//
//   void stale(script& on) {
//     const auto bot = on.create(account("bot"));
//     on.patch(bot, annotated("a", "b"));
//     on.update(bot);                              // the version is not the stored one any more
//   }
#pragma once

#include <string>
#include <utility>

#include "tests/conformance/kube/transcript.hpp"

namespace platformer::conformance {

enum class run_kind : std::uint8_t { real, dry };

class script {
 public:
  explicit script(kube_port& port) : port_(port) {}

  // Each returns the object as answered, or as it was sent when that was refused.
  template <class T>
  T create(T object, run_kind run = run_kind::real) {
    return std::get<T>(create_any(std::move(object), run));
  }
  template <class T>
  T update(T object, run_kind run = run_kind::real) {
    return std::get<T>(update_any(std::move(object), run));
  }
  template <class T>
  T patch_status(const T& from, T to, run_kind run = run_kind::real) {
    return std::get<T>(status_any(from, std::move(to), status_write::merge_patch, run));
  }
  template <class T>
  T put_status(T object, run_kind run = run_kind::real) {
    return std::get<T>(status_any(object, object, status_write::put, run));
  }
  template <class T>
  T patch(const T& object, const metadata_patch& patch, run_kind run = run_kind::real) {
    return std::get<T>(patch_any(object, patch, run));
  }
  template <class T>
  T get(const T& object) {
    return std::get<T>(get_any(object));
  }
  template <class T>
  void remove(const T& object, const preconditions& only_if = {}, run_kind run = run_kind::real) {
    remove_any(object, only_if, run);
  }
  // The verb of the operator; metadata as answered.
  object_meta write_secret(const secret_write& write, run_kind run = run_kind::real);

  page list(kube_kind kind, const selection& which = {});
  // Events since an object's version, or another one.
  void watch(kube_kind kind, const std::string& since, selection which = {});
  void initial_events(kube_kind kind, const selection& which = {});
  void bookmark(kube_kind kind, const std::string& since);
  // Until the collector has removed it.
  void await_gone(const kube_object& object);
  // … or has left it one owner.
  void await_one_owner(const kube_object& object);

  kube_port& port() { return port_; }
  const transcript& written() const { return transcript_; }

 private:
  kube_object create_any(kube_object object, run_kind run);
  kube_object update_any(kube_object object, run_kind run);
  kube_object status_any(const kube_object& from, kube_object to, status_write how, run_kind run);
  kube_object patch_any(const kube_object& object, const metadata_patch& patch, run_kind run);
  kube_object get_any(const kube_object& object);
  void remove_any(const kube_object& object, const preconditions& only_if, run_kind run);
  kube_object note(const std::string& verb, const kube_answer<kube_object>& answer, kube_object sent);
  void note(const std::string& verb, const kube_answer<std::vector<event>>& answer);

  kube_port& port_;
  transcript transcript_;
};

}  // namespace platformer::conformance
