// Inside the probe server only: one connection, request after request.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "app/probe_answers.hpp"

namespace platformer::app {

// How many bytes of replies are under way, counted over all connections (probe_limits::reply_bytes).
class reply_room {
 public:
  explicit reply_room(std::size_t most) : most_(most) {}
  bool has_for(std::size_t bytes) const;
  void take(std::size_t bytes) { taken_ += bytes; }
  void give_back(std::size_t bytes) { taken_ -= bytes; }

 private:
  std::size_t most_;
  std::size_t taken_ = 0;
};

class probe_session {
 public:
  // `tls` is null for a connection without.
  probe_session(boost::asio::ip::tcp::socket socket, probe_limits limits, std::shared_ptr<reply_room> room,
                std::shared_ptr<net::tls_server_context> tls = nullptr);

  // Until either side ends it. `answers` must outlive the call.
  boost::asio::awaitable<void> run(const probe_answers& answers);

  // Ends it now; run() returns soon.
  void abort();
  bool aborted() const { return aborted_; }
  // When what it waits for now, a request or a reply's way out, began.
  std::chrono::steady_clock::time_point waiting_since() const { return since_; }

 private:
  void arm();
  boost::asio::awaitable<bool> shake_hands();
  // True when the connection can go on.
  boost::asio::awaitable<bool> exchange(const probe_answers& answers);
  boost::asio::awaitable<bool> send(probe_reply reply, bool head_only, bool keep_alive);
  boost::asio::awaitable<void> refuse(unsigned status, std::string why);
  boost::asio::awaitable<probe_reply> answer_guarded(const probe_answers& answers, std::string authorization,
                                                     std::string method, std::string target);

  boost::beast::tcp_stream stream_;
  std::shared_ptr<net::tls_server_context> tls_context_;
  std::optional<boost::asio::ssl::stream<boost::beast::tcp_stream&>> tls_;  // over stream_
  boost::beast::flat_buffer buffer_;
  probe_limits limits_;
  std::shared_ptr<reply_room> room_;
  std::chrono::steady_clock::time_point since_;
  bool aborted_ = false;
};

}  // namespace platformer::app
