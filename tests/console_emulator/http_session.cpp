#include "tests/console_emulator/http_session.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

#include "tests/console_emulator/json_codec.hpp"

namespace platformer::emulator {

namespace http = boost::beast::http;

incoming to_incoming(http::request<http::string_body>&& message) {
  incoming request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.authorization = secret_string(message[http::field::authorization]);
  request.organization_id = std::string(message["x-organization-id"]);
  request.project_id = std::string(message["x-project-id"]);
  request.content_type = std::string(message[http::field::content_type]);
  request.traceparent = std::string(message["traceparent"]);
  request.body = secret_string::take(std::move(message.body()));
  return request;
}

std::string reply_head(const outgoing& reply, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " ";
  head += http::obsolete_reason(http::int_to_status(static_cast<unsigned>(reply.status)));
  head += "\r\nServer: platformer-console-emulator\r\nCache-Control: no-store\r\nContent-Type: " +
          reply.content_type;
  for (const auto& [name, value] : reply.headers)
    head += "\r\n" + name + ": " + value;
  head += "\r\nContent-Length: " + std::to_string(reply.body.size());
  head += keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  return head;
}

outgoing unreadable_request(boost::system::error_code why) {
  if (why == http::error::body_limit) return failure({413, "the request body is too large"});
  if (why == http::error::header_limit) return failure({431, "the request header is too large"});
  const bool malformed = why.category() == make_error_code(http::error::bad_method).category() &&
                         why != http::error::end_of_stream && why != http::error::partial_message;
  if (malformed) return failure({400, "the request is not HTTP/1.1"});
  outgoing nothing;
  nothing.status = 0;
  return nothing;
}

}  // namespace platformer::emulator
