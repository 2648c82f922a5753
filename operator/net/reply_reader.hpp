// Inside net only: reads one reply from a connection, within limits. Interim replies (1xx) are skipped.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>

#include "net/connection.hpp"
#include "net/reply_parser.hpp"

namespace platformer::net {

struct reply_limits {
  std::size_t header_bytes = 0;
  std::optional<std::uint64_t> body_bytes;  // nullopt: no limit, the body is taken out piece by piece
};

class reply_reader {
 public:
  static constexpr std::size_t read_bytes = 16U * 1024;  // asked for at a time
  static constexpr int max_interim_replies = 8;

  reply_reader(std::shared_ptr<connection> from, reply_limits limits);

  io_result<done> read_head();
  // Up to the end of the body, which is then in parser().body().
  io_result<done> read_body();
  // Until something of the body is there or it has ended. `idle` bounds each wait for the peer.
  io_result<done> read_piece(std::chrono::milliseconds idle);

  reply_parser& parser() { return *parser_; }
  connection& from() { return *from_; }
  bool finished() const { return parser_->is_done(); }
  // Whether another request may follow on the connection: the reply allows it, and nothing came after it.
  bool reusable() const { return parser_->is_done() && parser_->keep_alive() && !has_surplus(); }
  bool has_surplus() const { return buffer_.size() != 0; }
  // The reply to CONNECT has no body, whatever its header says. Before the first read.
  void expect_no_body();

 private:
  enum class progress : std::uint8_t { made, needs_bytes };

  void start_parser();
  // One step of the parser over the buffered bytes.
  result<progress, io_failure> parse();
  io_result<done> fill();
  result<done, io_failure> at_end(io_failure why);

  std::shared_ptr<connection> from_;
  reply_limits limits_;
  bool no_body_ = false;
  std::unique_ptr<reply_parser> parser_;
  boost::beast::basic_flat_buffer<wiping_allocator<char>> buffer_;
};

}  // namespace platformer::net
