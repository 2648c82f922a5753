// Inside the probe server only: one connection, request after request.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>

#include "app/probe_answers.hpp"

namespace platformer::app {

class probe_session {
 public:
  probe_session(boost::asio::ip::tcp::socket socket, probe_limits limits);

  // Until either side ends it. `answers` must outlive the call.
  boost::asio::awaitable<void> run(const probe_answers& answers);

  // Ends it now; run() returns soon.
  void abort();
  bool aborted() const { return aborted_; }
  // When what it waits for now, a request or a reply's way out, began.
  std::chrono::steady_clock::time_point waiting_since() const { return since_; }

 private:
  void arm();
  // True when the connection can go on.
  boost::asio::awaitable<bool> exchange(const probe_answers& answers);
  boost::asio::awaitable<bool> send(probe_reply reply, bool head_only, bool keep_alive);
  boost::asio::awaitable<void> refuse(unsigned status, std::string why);

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  probe_limits limits_;
  std::chrono::steady_clock::time_point since_;
  bool aborted_ = false;
};

}  // namespace platformer::app
