// Inside net only: makes connections to one host: DNS, TCP to each address in turn, proxy tunnel, TLS.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "net/connection.hpp"
#include "net/http_client.hpp"
#include "net/name_resolver.hpp"

namespace platformer::net {

class dialer : public std::enable_shared_from_this<dialer> {
 public:
  dialer(boost::asio::any_io_executor executor, endpoint target, std::shared_ptr<tls_context> tls);

  // A connection ready for a request, still armed with `deadline`. Every failure is one before a byte of a
  // request.
  io_result<std::shared_ptr<connection>> dial(steady_time deadline);

  void replace_tls(std::shared_ptr<tls_context> tls) { tls_ = std::move(tls); }
  // Aborts every connection that was ever made here and fails all further dials.
  void close();
  bool closed() const { return closed_; }
  std::uint64_t opened() const { return opened_; }

 private:
  io_result<std::shared_ptr<connection>> connect_any(steady_time deadline);
  std::shared_ptr<connection> make_connection();

  boost::asio::any_io_executor executor_;
  endpoint target_;
  std::shared_ptr<tls_context> tls_;
  std::shared_ptr<name_resolver> resolver_;
  std::vector<std::weak_ptr<connection>> live_;
  std::uint64_t opened_ = 0;
  bool closed_ = false;
};

}  // namespace platformer::net
