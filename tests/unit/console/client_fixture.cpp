#include "tests/unit/console/client_fixture.hpp"

#include "tests/unit/console/exchange_log.hpp"

namespace platformer::console {

scripted_console::scripted_console(std::vector<std::string> replies, console_settings settings)
    : replies_(std::move(replies)) {
  test::script script;
  for (const auto& each : replies_) {
    script.push_back(test::read_request());
    script.push_back(test::reply(each));
  }
  server_.emplace(io_.get_executor(), std::vector<test::script>{std::move(script), {test::read_request()}});
  settings.at.target.tls = false;
  settings.at.target.host = "127.0.0.1";
  settings.at.target.port = server_->port();
  client_.emplace(io_.get_executor(), std::move(settings), nullptr);
  client_->use_credential(token_of("operator-credential"));
  client_->use_organization("acme");
}

std::string scripted_console::line(std::size_t request) const {
  if (request >= requests().size()) return "<no request>";
  const std::string& text = requests()[request];
  return text.substr(0, text.find(" HTTP/1.1\r\n"));
}

std::string scripted_console::header(const std::string& name, std::size_t request) const {
  if (request >= requests().size()) return "<no request>";
  const std::string& text = requests()[request];
  const auto at = text.substr(0, text.find("\r\n\r\n") + 2).find("\r\n" + name + ": ");
  if (at == std::string::npos) return "<absent>";
  const auto begin = at + name.size() + 4;
  return text.substr(begin, text.find("\r\n", begin) - begin);
}

std::string scripted_console::body(std::size_t request) const {
  if (request >= requests().size()) return "<no request>";
  return requests()[request].substr(requests()[request].find("\r\n\r\n") + 4);
}

void scripted_console::record(std::string_view operation_id, std::size_t request) const {
  record_exchange(operation_id, requests().at(request), replies_.at(request));
}

std::string json_reply(int status, const std::string& body, const std::string& headers) {
  return test::plain_reply(status, body, "Content-Type: application/json\r\n" + headers);
}

}  // namespace platformer::console
