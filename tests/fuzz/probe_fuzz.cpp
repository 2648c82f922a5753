// The probe server's connection, with the real parsing and answering code: bytes come through a socket pair,
// in pieces. Whatever they are, the session ends, every reply is whole HTTP/1.1 of a known status, and
// nothing of a request's header comes back.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <stdexcept>
#include <vector>

#include "app/probe_session.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using namespace platformer;
using fuzz::check;
namespace asio = boost::asio;

constexpr std::size_t input_max_bytes = 16 * 1024;  // what a socket pair holds, requests and replies

std::size_t asked = 0;

std::vector<app::check_result> ask(bool fails) {
  ++asked;
  return {{.name = "watch serviceaccounts", .failure = fails ? "no\nlist" : "", .note = "synced"}};
}

app::probe_handlers handlers_from(fuzz::supply& in) {
  const bool live_fails = in.flag(), ready_throws = in.rarely(4);
  app::probe_handlers handlers;
  handlers.live = [live_fails] { return ask(live_fails); };
  handlers.ready = [ready_throws] {
    if (ready_throws) throw std::runtime_error("no");
    return ask(false);
  };
  if (in.flag())
    handlers.metrics = [] {
      ++asked;
      return std::string("# TYPE up gauge\nup 1\n");
    };
  return handlers;
}

// Takes one reply off the text.
void take_reply(std::string_view& text, bool& closing) {
  const auto end = text.find("\r\n\r\n");
  check(end != std::string_view::npos, "a reply's header is whole");
  const auto head = text.substr(0, end);
  text.remove_prefix(end + 4);
  check(head.starts_with("HTTP/1.1 "), "a reply is HTTP/1.1");
  static constexpr std::array<std::string_view, 8> known = {"200", "400", "404", "405",
                                                            "413", "431", "500", "503"};
  const auto status = head.substr(9, 3);
  check(std::find(known.begin(), known.end(), status) != known.end(), "a reply's status is one of ours");
  const auto length_at = head.find("Content-Length: ");
  check(length_at != std::string_view::npos, "a reply says its length");
  const std::size_t length = std::strtoull(head.data() + length_at + 16, nullptr, 10);
  // The reply to HEAD has none of the body that it announces.
  const bool has_body = !text.starts_with("HTTP/1.1 ") && !text.empty();
  if (has_body) {
    check(text.size() >= length, "a reply's body is whole");
    text.remove_prefix(length);
  }
  closing = head.find("Connection: close") != std::string_view::npos;
}

std::string read_all(int from) {
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; (got = ::recv(from, piece.data(), piece.size(), MSG_DONTWAIT)) > 0;)
    text.append(piece.data(), static_cast<std::size_t>(got));
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > input_max_bytes) return 0;
  fuzz::supply in(data, size);
  const app::probe_answers answers(handlers_from(in));
  const std::size_t piece = 1 + 16 * std::size_t{in.byte()};
  std::string_view text = in.rest();

  std::array<int, 2> ends{};
  check(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0, "a socket pair");
  asio::io_context io(1);
  app::probe_session session(asio::ip::tcp::socket(io, asio::ip::tcp::v4(), ends[0]), {},
                             std::make_shared<app::reply_room>(1024 * 1024));
  bool ended = false;
  asio::co_spawn(io, session.run(answers), [&ended](const std::exception_ptr& failure) {
    check(failure == nullptr, "a session throws nothing");
    ended = true;
  });
  asked = 0;
  std::string replies;
  while (!text.empty() && !ended) {
    const auto next = text.substr(0, piece);
    text.remove_prefix(next.size());
    (void)::send(ends[1], next.data(), next.size(), MSG_NOSIGNAL);
    io.poll();
    replies += read_all(ends[1]);
  }
  ::shutdown(ends[1], SHUT_WR);
  // Whatever it waits for now is the client's end, which has come.
  for (int i = 0; i < 64 && !ended; ++i) {
    io.poll();
    replies += read_all(ends[1]);
  }
  check(ended, "a session ends with its client");
  replies += read_all(ends[1]);
  ::close(ends[1]);

  std::string_view rest = replies;
  std::size_t count = 0;
  for (bool closing = false; !rest.empty(); ++count) {
    check(!closing, "nothing follows a reply that closes");
    take_reply(rest, closing);
  }
  check(asked <= count, "handlers are asked once a request");
  fuzz::check_no_canary(replies, "nothing of a request comes back");
  return 0;
}
