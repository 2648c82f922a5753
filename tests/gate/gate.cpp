#include "tests/gate/gate.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include <utility>

#include "tests/gate/loop.hpp"
#include "tests/gate/session.hpp"

namespace platformer::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::shared_ptr<asio::ssl::context> context_for_clients(const certificate& identity) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->use_certificate_chain(asio::buffer(identity.certificate_pem));
  context->use_private_key(asio::buffer(identity.key_pem), asio::ssl::context::pem);
  return context;
}

std::shared_ptr<asio::ssl::context> context_for_server(const server_tls& wanted) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  context->set_verify_mode(asio::ssl::verify_peer);
  context->add_certificate_authority(asio::buffer(wanted.ca_pem));
  if (!wanted.certificate_pem.empty()) {
    context->use_certificate_chain(asio::buffer(wanted.certificate_pem));
    context->use_private_key(asio::buffer(wanted.key_pem), asio::ssl::context::pem);
  }
  return context;
}

}  // namespace

// For the gates' thread only.
struct gate::door : std::enable_shared_from_this<door> {
  explicit door(std::shared_ptr<door_context> with)
      : context(std::move(with)),
        acceptor(gate_loop::instance().executor(), tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

  void admit(tcp::socket accepted) {
    auto client = std::make_shared<wire>(std::move(accepted));
    auto session = std::make_shared<gate_session>(context, std::move(client), acceptor.get_executor());
    std::erase_if(sessions, [](const auto& each) { return each.expired(); });
    sessions.push_back(session);
    asio::co_spawn(acceptor.get_executor(), session->serve(), asio::detached);
  }

  static asio::awaitable<void> accept(std::shared_ptr<door> self) {
    for (;;) {
      error_code failed;
      tcp::socket accepted =
          co_await self->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failed));
      if (failed == asio::error::operation_aborted || self->is_shut) co_return;
      // Out of descriptors, say. A door that nobody opens any more would look like an operator that hangs.
      if (failed) throw boost::system::system_error(failed, "a door of the gate");
      self->admit(std::move(accepted));
    }
  }

  void cut() {
    for (const auto& each : sessions)
      if (const auto session = each.lock()) session->close();
    sessions.clear();
  }

  // Keeps its port, but refuses whoever comes: bound, and not listening.
  void shut() {
    is_shut = true;
    const auto at = acceptor.local_endpoint();
    acceptor.close();
    acceptor.open(tcp::v4());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(at);
    cut();
  }

  void reopen() {
    is_shut = false;
    acceptor.listen();
    asio::co_spawn(acceptor.get_executor(), accept(shared_from_this()), asio::detached);
  }

  void end() {
    is_shut = true;
    error_code ignored;
    acceptor.close(ignored);
    cut();
    context->idle->clear();
  }

  std::shared_ptr<const door_context> context;
  tcp::acceptor acceptor;
  std::vector<std::weak_ptr<gate_session>> sessions;
  bool is_shut = false;
};

gate::gate() : notes_(std::make_shared<journal>()), rules_(std::make_shared<rule_book>()) {}

gate::~gate() {
  // Sessions that are ending still refer to their door: it goes on the thread that knows Asio, as they do.
  gate_loop::instance().run([this] {
    for (const auto& each : doors_)
      each->end();
    doors_.clear();
  });
}

std::string gate::open(door_options options) {
  auto context = std::make_shared<door_context>();
  context->name = options.name;
  context->recorded = options.recorded;
  context->server_port = options.server_port;
  context->notes = notes_;
  context->rules = rules_;
  std::uint16_t port = 0;
  gate_loop::instance().run([&] {
    if (options.identity) context->client_side = context_for_clients(*options.identity);
    if (options.tls) context->server_side = context_for_server(*options.tls);
    auto made = std::make_shared<door>(context);
    port = made->acceptor.local_endpoint().port();
    asio::co_spawn(made->acceptor.get_executor(), door::accept(made), asio::detached);
    doors_.push_back(std::move(made));
  });
  return (options.identity ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port);
}

gate::door& gate::find(const std::string& name) {
  const auto found = std::find_if(doors_.begin(), doors_.end(),
                                  [&](const auto& each) { return each->context->name == name; });
  if (found == doors_.end()) throw std::invalid_argument("no door is called " + name);
  return **found;
}

void gate::shut(const std::string& name) {
  gate_loop::instance().run([&] { find(name).shut(); });
}

void gate::reopen(const std::string& name) {
  gate_loop::instance().run([&] { find(name).reopen(); });
}

void gate::cut_connections(const std::string& name) {
  gate_loop::instance().run([&] { find(name).cut(); });
}

}  // namespace platformer::test
