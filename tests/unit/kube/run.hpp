// Runs one coroutine to its end on an io_context of its own.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <stdexcept>

namespace platformer::kube::testing {

template <class T>
T run(boost::asio::io_context& context, boost::asio::awaitable<T> work) {
  std::optional<T> outcome;
  std::exception_ptr thrown;
  boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr failure, T value) {
    thrown = failure;
    outcome.emplace(std::move(value));
    context.stop();
  });
  context.restart();
  context.run();
  if (thrown) std::rethrow_exception(thrown);
  if (!outcome) throw std::runtime_error("the coroutine did not end");
  return std::move(*outcome);
}

}  // namespace platformer::kube::testing
