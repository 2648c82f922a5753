// The one thread on which all gates of a test program live. There is one only, since this project's Asio is
// built for a single thread (operator/cmake/Dependencies.cmake): no other thread of the program may use Asio
// while this one runs, and nobody may call Asio's objects from outside except through run().
//
//   gate_loop& loop = gate_loop::instance();
//   loop.run([&] { server.emplace(loop.executor(), scripts); });   // on the loop's thread, waits for its end
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

namespace platformer::test {

class gate_loop {
 public:
  // Started by the first call, ended with the program.
  static gate_loop& instance();
  ~gate_loop();
  gate_loop(const gate_loop&) = delete;
  gate_loop& operator=(const gate_loop&) = delete;

  // For whatever is made, used and destroyed within run() or by what runs on the loop already.
  boost::asio::any_io_executor executor() const;
  // Runs `job` on the loop's thread and waits until it has returned; what it throws is thrown here. At once
  // when the caller is on that thread. The job must not block.
  void run(const std::function<void()>& job);

 private:
  struct impl;
  gate_loop();
  std::unique_ptr<impl> impl_;
};

}  // namespace platformer::test
