#include "tests/unit/console/exchange_log.hpp"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "console/reply_body.hpp"

namespace platformer::console {
namespace {

using json = nlohmann::json;

struct message {
  std::string first_line;
  json headers = json::object();
  std::string body;
};

message take_apart(std::string_view text) {
  message parts;
  const auto head_end = text.find("\r\n\r\n");
  std::string_view head = text.substr(0, head_end);
  if (head_end != std::string_view::npos) parts.body = text.substr(head_end + 4);
  for (bool first = true; !head.empty(); first = false) {
    const auto end = head.find("\r\n");
    const auto line = head.substr(0, end);
    if (const auto colon = line.find(": "); !first && colon != std::string_view::npos) {
      std::string name(line.substr(0, colon));
      for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      parts.headers[name] = name == "authorization" ? "redacted" : std::string(line.substr(colon + 2));
    } else if (first) {
      parts.first_line = line;
    }
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
  }
  return parts;
}

}  // namespace

void record_exchange(std::string_view operation_id, std::string_view request, std::string_view reply) {
  const char* const file = std::getenv("PLATFORMER_EXCHANGES");
  if (file == nullptr || *file == '\0') return;
  const message sent = take_apart(request);
  message received = take_apart(reply);
  if (const auto lifted = lift_token(received.body)) received.body = lifted->json;
  const auto path_begin = sent.first_line.find(' ') + 1;
  const auto path_end = sent.first_line.find(' ', path_begin);
  const json line = {{"source", "client"},
                     {"operation", operation_id},
                     {"request",
                      {{"method", sent.first_line.substr(0, path_begin - 1)},
                       {"path", sent.first_line.substr(path_begin, path_end - path_begin)},
                       {"headers", sent.headers},
                       {"body", sent.body}}},
                     {"reply",
                      {{"status", std::stoi(received.first_line.substr(received.first_line.find(' ') + 1))},
                       {"headers", received.headers},
                       {"body", received.body}}}};
  std::ofstream(file, std::ios::app) << line.dump() + "\n";  // one write: tests run at the same time
}

}  // namespace platformer::console
