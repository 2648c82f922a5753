#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "net/http_client.hpp"
#include "net/tls.hpp"
#include "tests/bench/micro/bare_client.hpp"
#include "tests/bench/micro/figures.hpp"
#include "tests/bench/micro/measure.hpp"
#include "tests/bench/micro/tls_server.hpp"

namespace platformer::bench::micro {
namespace {

namespace asio = boost::asio;
using reply_result = result<net::http_reply, api_error>;

const tls_server* server = nullptr;

// The operator's client, and a loop that it runs in.
struct our_client {
  asio::io_context io{1};
  std::shared_ptr<net::tls_context> tls;
  std::optional<net::http_client> http;

  our_client() {
    auto made = net::tls_context::make({.ca_pem = server->ca_pem()});
    if (made) tls = *made;
    renew();
  }

  // The next request is made on a new connection.
  void renew() {
    http.emplace(io.get_executor(), net::endpoint{.host = "127.0.0.1", .port = server->port()}, tls);
  }

  bool ask() {
    net::http_request request;
    request.target =
        "/apis/console.platformer.com/v1alpha1/namespaces/bench/serviceaccounts/"
        "bot-000001?fieldManager=bench";
    request.headers = {{"Accept", "application/json"}, {"User-Agent", "platformer-bench-micro"}};
    std::optional<reply_result> outcome;
    asio::co_spawn(io, http->send(std::move(request)), [&](std::exception_ptr thrown, reply_result got) {
      if (!thrown) outcome.emplace(std::move(got));
    });
    io.restart();
    while (!outcome && io.run_one() != 0) {
    }
    return outcome && *outcome && (*outcome)->status == 200 &&
           server->reply().ends_with((*outcome)->body.reveal());
  }
};

}  // namespace

void use_server(const tls_server& by) {
  server = &by;
}

void kept_connection(benchmark::State& state) {
  our_client client;
  measure(state, [&] { return client.ask(); });
  if (client.http->stats().connections_opened != 1) state.SkipWithError(wrong_result);
}

void new_connection(benchmark::State& state) {
  our_client client;
  measure(state, [&] {
    client.renew();
    return client.ask();
  });
}

void bare_kept_connection(benchmark::State& state) {
  bare_client client(*server);
  client.connect(false);
  measure(state, [&] { return client.ask(); });
}

void bare_new_connection(benchmark::State& state) {
  bare_client client(*server);
  measure(state, [&] { return client.connect(false) && client.ask(); });
}

void bare_resumed_connection(benchmark::State& state) {
  bare_client client(*server);
  if (!client.connect(false) || !client.ask()) state.SkipWithError(wrong_result);
  measure(state, [&] { return client.connect(true) && client.resumed() && client.ask(); });
}

}  // namespace platformer::bench::micro
