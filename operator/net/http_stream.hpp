// Inside net only: the stream that http_client::open gives out.
#pragma once

#include <memory>
#include <string>

#include "net/http_client.hpp"
#include "net/reply_reader.hpp"

namespace platformer::net {

class body_stream final : public http_stream {
 public:
  // The reader stands after the reply's head. `peer` names the server in messages.
  body_stream(std::shared_ptr<connection> from, std::unique_ptr<reply_reader> reader, std::string peer);
  ~body_stream() override;

  int status() const override;
  std::string_view find(std::string_view header_name) const override;
  boost::asio::awaitable<result<std::string, api_error>> read(duration idle_deadline) override;
  void close() override;

 private:
  struct state;  // shared with a pending read, which may outlive the stream
  static boost::asio::awaitable<result<std::string, api_error>> read_next(std::shared_ptr<state> self,
                                                                          duration idle_deadline);
  std::shared_ptr<state> state_;
};

}  // namespace platformer::net
