// A client of the probe server that says and reads raw bytes.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "app/probe_server.hpp"

namespace platformer::app {

// A client whose every operation runs the shared loop until it is done.
class probe_client {
 public:
  probe_client(boost::asio::io_context& io, const probe_server& server) : io_(io), socket_(io) {
    const auto address = boost::asio::ip::make_address(server.address().host);
    socket_.connect({address, server.port()});  // by the kernel: needs no running server
  }

  void send(std::string_view bytes) {
    boost::system::error_code ec;
    boost::asio::write(socket_, boost::asio::buffer(bytes), ec);
  }
  // Everything up to the connection's end.
  std::string read_all() {
    while (read_some()) {
    }
    return std::exchange(received_, {});
  }
  std::string read_until(std::string_view end) {
    while (received_.find(end) == std::string::npos && read_some()) {
    }
    return std::exchange(received_, {});
  }

 private:
  // False at the end.
  bool read_some() {
    std::array<char, 4096> piece{};
    std::optional<std::size_t> got;
    socket_.async_read_some(boost::asio::buffer(piece), [&](boost::system::error_code ec, std::size_t size) {
      last_ = ec;
      got = size;
    });
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!got) {
      io_.restart();
      if (io_.run_one_until(limit) == 0) throw std::runtime_error("nothing happens any more");
    }
    received_.append(piece.data(), *got);
    return !last_;
  }

  boost::asio::io_context& io_;
  boost::asio::ip::tcp::socket socket_;
  std::string received_;
  boost::system::error_code last_;
};

}  // namespace platformer::app
