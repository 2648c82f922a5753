#include "tests/console_emulator/exchange_log.hpp"

#include <nlohmann/json.hpp>

namespace platformer::emulator {
namespace {

using nlohmann::json;

// A body without its token: those only ever are in a reply's data.token.
std::string without_token(std::string_view body) {
  json parsed = json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object() || !parsed.contains("data") || !parsed["data"].is_object() ||
      !parsed["data"].contains("token"))
    return std::string(body);
  wipe(parsed["data"]["token"].get_ref<std::string&>());
  parsed["data"]["token"] = "redacted";
  return parsed.dump();
}

}  // namespace

exchange_log::exchange_log(const std::filesystem::path& file) {
  if (!file.empty()) out_.open(file, std::ios::app | std::ios::binary);
}

void exchange_log::add(std::string_view operation_id, const incoming& request, const outgoing& reply) {
  if (!out_.is_open()) return;
  json headers = json::object();
  if (!request.authorization.empty()) headers["authorization"] = "redacted";
  if (!request.organization_id.empty()) headers["x-organization-id"] = request.organization_id;
  if (!request.project_id.empty()) headers["x-project-id"] = request.project_id;
  if (!request.content_type.empty()) headers["content-type"] = request.content_type;
  json line = {{"source", "emulator"},
               {"request",
                {{"method", request.method},
                 {"path", request.target},
                 {"headers", std::move(headers)},
                 {"body", request.body.reveal()}}},
               {"reply",
                {{"status", reply.status},
                 {"headers", {{"content-type", reply.content_type}}},
                 {"body", without_token(reply.body.reveal())}}}};
  if (operation_id != "unknown") line["operation"] = operation_id;
  // One write a line, so that several programs can append to one file.
  const std::string text = line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  out_.write(text.data(), static_cast<std::streamsize>(text.size()));
  out_.flush();
}

}  // namespace platformer::emulator
