#include "tests/unit/console_emulator/bench.hpp"

#include <boost/asio/co_spawn.hpp>
#include <cstdlib>
#include <stdexcept>

namespace platformer::emulator {
namespace {

net::endpoint endpoint_of(const std::string& url) {
  const auto host = url.find("://") + 3;
  const auto colon = url.rfind(':');
  net::endpoint target;
  target.tls = url.starts_with("https");
  target.host = url.substr(host, colon - host);
  target.port = static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1)));
  return target;
}

net::http_request make_request(net::http_method method, std::string target,
                               const std::optional<std::string>& body, std::string content_type) {
  net::http_request request;
  request.method = method;
  request.target = std::move(target);
  request.deadline = long_enough;
  if (body) {
    request.content_type = std::move(content_type);
    request.body = secret_string(*body);
  }
  return request;
}

}  // namespace

std::string reply::error() const {
  const auto pointer = json::json_pointer("/errors/message/error");
  return body.is_object() && body.contains(pointer) ? body.at(pointer).get<std::string>() : "";
}

bench::bench(emulator_options options, std::shared_ptr<net::tls_context> trust) {
  options.admin = "127.0.0.1:0";
  if (const char* file = std::getenv("PLATFORMER_EXCHANGES")) options.exchanges_file = file;
  auto started = emulator::start(context_.get_executor(), std::move(options));
  if (!started) throw std::runtime_error(started.error().message);
  emulator_ = std::move(*started);
  gateway_ = std::make_unique<net::http_client>(context_.get_executor(),
                                                endpoint_of(emulator_->gateway_url()), std::move(trust));
  admin_ = std::make_unique<net::http_client>(context_.get_executor(), endpoint_of(emulator_->admin_url()),
                                              nullptr);
  const auto token = emulator_->console().add_credential("test", "org-acme", {"organization.admin"});
  if (!token) throw std::runtime_error(token.error().message);
  credential_ = std::string((*token)->reveal());
}

bench::~bench() {
  gateway_->close();
  admin_->close();
  emulator_->stop();
  context_.restart();
  context_.run_for(long_enough);  // a test that leaves something running takes that long, and shows
}

reply bench::exchange(net::http_client& client, net::http_request request) {
  std::optional<reply> got;
  boost::asio::co_spawn(context_, client.send(std::move(request)),
                        [&](std::exception_ptr failed, result<net::http_reply, api_error> outcome) {
                          if (failed) std::rethrow_exception(failed);
                          auto& out = got.emplace();
                          if (!outcome) {
                            out.failure = outcome.error().code;
                            return;
                          }
                          out.status = outcome->status;
                          out.text = std::string(outcome->body.reveal());
                          out.body = json::parse(out.text, nullptr, false);
                          out.content_type = std::string(outcome->find("content-type"));
                          out.retry_after = std::string(outcome->find("retry-after"));
                        });
  const auto limit = std::chrono::steady_clock::now() + 2 * long_enough;
  while (!got) {
    context_.restart();
    if (context_.run_one_until(limit) == 0) throw std::runtime_error("nothing happens any more");
  }
  return std::move(*got);
}

reply bench::send(net::http_method method, const std::string& path, const std::optional<std::string>& body,
                  const sender& by) {
  auto request = make_request(method, std::string(base_path) + path, body, by.content_type);
  if (!by.anonymous)
    request.authorization = std::make_shared<const secret_string>(by.token.value_or(credential_));
  if (by.organization) request.headers.push_back({"x-organization-id", *by.organization});
  if (by.project) request.headers.push_back({"x-project-id", *by.project});
  request.deadline = by.deadline;
  return exchange(*gateway_, std::move(request));
}

reply bench::get(const std::string& path, const sender& by) {
  return send(net::http_method::get, path, std::nullopt, by);
}

reply bench::post(const std::string& path, const json& body, const sender& by) {
  return send(net::http_method::post, path, body.dump(), by);
}

reply bench::put(const std::string& path, const json& body, const sender& by) {
  return send(net::http_method::put, path, body.dump(), by);
}

reply bench::remove(const std::string& path, const sender& by) {
  return send(net::http_method::del, path, std::nullopt, by);
}

json bench::create(const std::string& name, const sender& by) {
  auto made = post("/serviceaccount/token/create", {{"name", name}, {"expired_in", nullptr}}, by);
  if (made.status != 200) throw std::runtime_error("create: " + made.error());
  return made.body.at("data");
}

bool bench::is_live(const std::string& token) {
  return send(net::http_method::put, "/user/logintime", std::nullopt, with_token(token)).status == 200;
}

reply bench::admin(net::http_method method, const std::string& path, const json& body) {
  return exchange(*admin_,
                  make_request(method, path, body.is_null() ? std::nullopt : std::optional(body.dump()),
                               "application/json"));
}

void bench::order_fault(const json& fault) {
  const auto ordered = admin(net::http_method::post, "/faults", fault);
  if (ordered.status != 200) throw std::runtime_error("fault: " + ordered.error());
}

json bench::accounts() {
  return admin(net::http_method::get, "/accounts").body.at("accounts");
}

}  // namespace platformer::emulator
