#include "tests/gate/loop.hpp"

#include <openssl/ssl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstdint>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace platformer::test {

namespace asio = boost::asio;

struct gate_loop::impl {
  impl() : wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    std::promise<void> up;
    thread = std::thread([this, &up] { live(up); });
    up.get_future().wait();
  }

  ~impl() {
    add([this] { io->stop(); });
    thread.join();
    ::close(wake);
  }

  // The thread's whole life; everything of Asio's is made and destroyed here.
  void live(std::promise<void>& up) {
    io.emplace(1);
    {
      asio::posix::stream_descriptor alarm(*io, wake);
      std::uint64_t count = 0;
      await_jobs(alarm, count);
      up.set_value();
      io->run();
      alarm.release();
    }
    io.reset();
  }

  void await_jobs(asio::posix::stream_descriptor& alarm, std::uint64_t& count) {
    alarm.async_read_some(asio::buffer(&count, sizeof count),
                          [this, &alarm, &count](boost::system::error_code failed, std::size_t) {
                            if (failed) return;
                            await_jobs(alarm, count);
                            do_jobs();
                          });
  }

  void do_jobs() {
    for (;;) {
      std::function<void()> job;
      {
        const std::scoped_lock lock(mutex);
        if (jobs.empty()) return;
        job = std::move(jobs.front());
        jobs.pop_front();
      }
      job();
    }
  }

  void add(std::function<void()> job) {
    {
      const std::scoped_lock lock(mutex);
      jobs.push_back(std::move(job));
    }
    const std::uint64_t one = 1;
    if (::write(wake, &one, sizeof one) < 0)
      throw std::system_error(errno, std::generic_category(), "waking the gates' thread");
  }

  int wake;
  std::mutex mutex;
  std::deque<std::function<void()>> jobs;  // by `mutex`
  std::optional<asio::io_context> io;      // the thread's own
  std::thread thread;
};

// OpenSSL is wound up at the program's end in the opposite order of beginnings: it has to begin before the
// loop, or it would be gone when the loop's thread ends and gives back what OpenSSL keeps for each thread.
gate_loop::gate_loop() {
  if (OPENSSL_init_ssl(0, nullptr) != 1) throw std::runtime_error("OpenSSL does not begin");
  impl_ = std::make_unique<impl>();
}

gate_loop::~gate_loop() = default;

gate_loop& gate_loop::instance() {
  static gate_loop only;
  return only;
}

asio::any_io_executor gate_loop::executor() const {
  return impl_->io->get_executor();
}

void gate_loop::run(const std::function<void()>& job) {
  if (std::this_thread::get_id() == impl_->thread.get_id()) return job();
  std::promise<void> done;
  impl_->add([&] {
    try {
      job();
      done.set_value();
    } catch (...) {
      done.set_exception(std::current_exception());
    }
  });
  done.get_future().get();
}

}  // namespace platformer::test
