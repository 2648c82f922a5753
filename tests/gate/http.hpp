// HTTP/1.1 as a gate needs it: messages are read as they come and written anew, hop by hop.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/gate/wire.hpp"

namespace platformer::test {

using gate_request = boost::beast::http::request<boost::beast::http::string_body>;
using reply_parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

// A whole request; nothing when the connection ended or brought something else.
boost::asio::awaitable<std::optional<gate_request>> read_request(std::shared_ptr<wire> from);
// For its server: the same head but for what belongs to one connection only, then the body.
std::string forwarded(const gate_request& request);

// A reply on its way: first its head, then its body, piece by piece or as a whole.
class reply_reader {
 public:
  explicit reply_reader(std::shared_ptr<wire> from);

  boost::asio::awaitable<bool> read_head();  // false: the server went away
  // The next piece of the body, "" at its end; nothing when the server went away before that.
  boost::asio::awaitable<std::optional<std::string>> read_piece();
  boost::asio::awaitable<std::optional<std::string>> read_body();

  int status() const { return static_cast<int>(parser_.get().result_int()); }
  bool may_be_followed() const { return parser_.get().keep_alive(); }  // by another on the same connection
  bool is_over() const { return parser_.is_done(); }
  const boost::beast::http::fields& fields() const { return parser_.get(); }

 private:
  boost::asio::awaitable<bool> advance();  // false: broken
  std::shared_ptr<wire> from_;
  reply_parser parser_;
};

// A reply's head for the client, with the empty line at its end. `body_bytes` nullopt: chunked, and the
// connection ends with it.
std::string reply_head(int status, const boost::beast::http::fields& fields,
                       std::optional<std::size_t> body_bytes, bool keep_alive);
std::string reply_head(int status, const std::vector<std::pair<std::string, std::string>>& headers,
                       std::size_t body_bytes, bool keep_alive);
std::string chunk(const std::string& piece);  // of a chunked body; the last one for ""

}  // namespace platformer::test
