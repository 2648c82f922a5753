#include "net/reply_reader.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <utility>

namespace platformer::net {
namespace {

namespace http = boost::beast::http;

std::string explain(const boost::beast::error_code& failed) {
  if (failed == http::error::header_limit) return "the reply's header is beyond the limit";
  if (failed == http::error::body_limit) return "the reply's body is beyond the limit";
  return "not an HTTP/1.1 reply: " + failed.message();
}

}  // namespace

reply_reader::reply_reader(std::shared_ptr<connection> from, reply_limits limits)
    : from_(std::move(from)), limits_(limits), buffer_(limits.header_bytes + read_bytes) {
  start_parser();
}

void reply_reader::start_parser() {
  parser_ = std::make_unique<reply_parser>(limits_.header_bytes, limits_.body_bytes);
  parser_->skip(no_body_);
}

void reply_reader::expect_no_body() {
  no_body_ = true;
  parser_->skip(true);
}

result<reply_reader::progress, io_failure> reply_reader::parse() {
  if (buffer_.size() == 0) return progress::needs_bytes;
  boost::beast::error_code failed;
  buffer_.consume(parser_->put(buffer_.data(), failed));
  if (failed == http::error::need_more) return progress::needs_bytes;
  if (failed) return tl::unexpected(io_failure{io_errc::malformed, explain(failed)});
  return progress::made;
}

result<done, io_failure> reply_reader::at_end(io_failure why) {
  if (why.code != io_errc::ended || !parser_->got_some()) return tl::unexpected(std::move(why));
  boost::beast::error_code failed;
  parser_->put_eof(failed);
  if (failed) return tl::unexpected(io_failure{io_errc::lost, "the reply was cut off"});
  return done{};
}

io_result<done> reply_reader::fill() {
  const std::size_t room = std::min(read_bytes, buffer_.max_size() - buffer_.size());
  if (room == 0)
    co_return tl::unexpected(io_failure{io_errc::malformed, "a line of the reply is beyond the limit"});
  const auto got = co_await from_->read_some(buffer_.prepare(room));
  if (!got) co_return at_end(got.error());
  buffer_.commit(*got);
  co_return done{};
}

io_result<done> reply_reader::read_head() {
  for (int replies = 0; replies <= max_interim_replies; ++replies) {
    while (!parser_->is_header_done()) {
      const auto step = parse();
      if (!step) co_return tl::unexpected(step.error());
      if (*step == progress::made) continue;
      auto filled = co_await fill();
      if (!filled) co_return filled;
    }
    if (!parser_->is_interim()) co_return done{};
    start_parser();
  }
  co_return tl::unexpected(io_failure{io_errc::malformed, "too many interim replies"});
}

io_result<done> reply_reader::read_body() {
  while (!parser_->is_done()) {
    const auto step = parse();
    if (!step) co_return tl::unexpected(step.error());
    if (*step == progress::made) continue;
    auto filled = co_await fill();
    if (!filled) co_return filled;
  }
  co_return done{};
}

io_result<done> reply_reader::read_piece(std::chrono::milliseconds idle) {
  while (!parser_->is_done() && parser_->body().empty()) {
    const auto step = parse();
    if (!step) co_return tl::unexpected(step.error());
    if (*step == progress::made) continue;
    from_->arm(std::chrono::steady_clock::now() + idle);
    auto filled = co_await fill();
    if (!filled) co_return filled;
  }
  co_return done{};
}

}  // namespace platformer::net
