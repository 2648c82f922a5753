#include "net/name_resolver.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

namespace platformer::net {
namespace {

namespace ip = boost::asio::ip;

bool copy_address(const addrinfo& from, lookup_answer::entry& to) {
  if (from.ai_family == AF_INET && from.ai_addrlen >= sizeof(sockaddr_in)) {
    sockaddr_in v4{};
    std::memcpy(&v4, from.ai_addr, sizeof v4);
    std::memcpy(to.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
    return true;
  }
  if (from.ai_family == AF_INET6 && from.ai_addrlen >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, from.ai_addr, sizeof v6);
    std::memcpy(to.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    to.scope = v6.sin6_scope_id;
    to.v6 = true;
    return true;
  }
  return false;
}

void run_lookup(system_lookup ask, const std::string& host, int out) {
  const lookup_answer reply = ask(host);
  // Nobody may be there any more; that is no reason for a SIGPIPE.
  [[maybe_unused]] const ssize_t sent = ::send(out, &reply, sizeof reply, MSG_NOSIGNAL);
  ::close(out);
}

result<addresses, resolve_error> understand(const lookup_answer& reply) {
  if (reply.failed != 0) {
    return tl::unexpected(resolve_error{resolve_failure::not_found, ::gai_strerror(reply.failed)});
  }
  addresses found;
  for (unsigned i = 0; i < reply.count && i < reply.found.size(); ++i) {
    const lookup_answer::entry& entry = reply.found[i];
    if (entry.v6) {
      found.emplace_back(ip::address_v6(entry.bytes, entry.scope));
    } else {
      found.emplace_back(ip::address_v4({entry.bytes[0], entry.bytes[1], entry.bytes[2], entry.bytes[3]}));
    }
  }
  if (found.empty())
    return tl::unexpected(resolve_error{resolve_failure::not_found, "the name has no address"});
  return found;
}

}  // namespace

lookup_answer ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  lookup_answer reply;
  reply.failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  for (const addrinfo* item = list; reply.failed == 0 && item != nullptr; item = item->ai_next) {
    if (reply.count == reply.found.size()) break;
    if (copy_address(*item, reply.found[reply.count])) ++reply.count;
  }
  if (list != nullptr) ::freeaddrinfo(list);
  return reply;
}

struct name_resolver::lookup {
  explicit lookup(const boost::asio::any_io_executor& executor)
      : replies(executor), waiters(executor, [] {}) {}

  boost::asio::local::stream_protocol::socket replies;
  wait_list waiters;
  result<addresses, resolve_error> outcome = tl::unexpected(resolve_error{});
};

name_resolver::name_resolver(boost::asio::any_io_executor executor, std::string host, system_lookup ask)
    : executor_(std::move(executor)), host_(std::move(host)), ask_(ask) {}

std::shared_ptr<name_resolver::lookup> name_resolver::start() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return nullptr;
  auto job = std::make_shared<lookup>(executor_);
  job->replies.assign(boost::asio::local::stream_protocol(), ends[0]);
  try {
    std::thread(run_lookup, ask_, host_, ends[1]).detach();
  } catch (const std::system_error&) {
    ::close(ends[1]);
    return nullptr;
  }
  boost::asio::co_spawn(executor_, collect(shared_from_this(), job), boost::asio::detached);
  return job;
}

boost::asio::awaitable<void> name_resolver::collect(std::shared_ptr<name_resolver> self,
                                                    std::shared_ptr<lookup> job) {
  lookup_answer reply;
  boost::system::error_code failed;
  co_await boost::asio::async_read(job->replies, boost::asio::buffer(&reply, sizeof reply),
                                   boost::asio::redirect_error(boost::asio::use_awaitable, failed));
  if (!failed) {
    job->outcome = understand(reply);
  } else {
    job->outcome = tl::unexpected(resolve_error{
        self->closed_ ? resolve_failure::closed : resolve_failure::not_found, "the lookup was given up"});
  }
  if (self->running_ == job) self->running_.reset();
  job->waiters.grant_all();
}

boost::asio::awaitable<result<addresses, resolve_error>> name_resolver::resolve(steady_time deadline) {
  boost::system::error_code no_literal;
  const ip::address literal = ip::make_address(host_, no_literal);
  if (!no_literal) co_return addresses{literal};
  if (closed_) co_return tl::unexpected(resolve_error{resolve_failure::closed, "closed"});

  const auto self = shared_from_this();
  if (!running_) running_ = start();
  const std::shared_ptr<lookup> job = running_;
  if (!job) co_return tl::unexpected(resolve_error{resolve_failure::not_found, "no thread for the lookup"});
  const bool answered = co_await job->waiters.wait(deadline);
  if (!answered) co_return tl::unexpected(resolve_error{resolve_failure::timed_out, "no answer in time"});
  co_return job->outcome;
}

void name_resolver::close() {
  closed_ = true;
  if (running_) {
    boost::system::error_code ignored;
    running_->replies.close(ignored);
  }
}

}  // namespace platformer::net
