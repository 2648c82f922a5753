#include "tests/conformance/console/served_console.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "console/routes.hpp"

namespace platformer::conformance {
namespace {

constexpr duration patience = std::chrono::seconds(20);  // never reached in a test that passes

test::process start(const std::string& program, const std::filesystem::path& folder, std::string_view seed) {
  const auto seed_file = folder / "seed.yaml";
  std::ofstream(seed_file) << seed;
  const test::command what{
      .program = program,
      .arguments = {"--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--seed", seed_file.string(),
                    "--credential-file", (folder / "credential").string(), "--die-with-parent"},
      .environment = {},
      .input = {}};
  return test::process::start(what, folder / "log");
}

net::http_request request_of(net::http_method method, std::string target,
                             const std::optional<std::string>& body, const std::string& content_type) {
  net::http_request request;
  request.method = method;
  request.target = std::move(target);
  request.deadline = patience;
  if (body) {
    request.content_type = content_type;
    request.body = secret_string(*body);
  }
  return request;
}

}  // namespace

served_console::scratch_folder::scratch_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "conformance-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("there is no room for a scratch folder");
  path = name;
}

served_console::scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

// The lines come in the order in which they are read here.
served_console::served_console(const std::string& program, std::string_view seed)
    : process_(start(program, folder_.path, seed)),
      gateway_(announced("gateway=")),
      admin_(announced("admin=")),
      gateway_client_(loop_.get_executor(), gateway_.target, nullptr),
      admin_client_(loop_.get_executor(), admin_.target, nullptr) {}

served_console::~served_console() {
  gateway_client_.close();
  admin_client_.close();
  loop_.restart();
  loop_.run_for(patience);  // ends as soon as nothing is left
}

console::gateway served_console::announced(std::string_view key) {
  const auto line = process_.wait_for_line(key, patience);
  if (!line)
    throw std::runtime_error("the emulator printed no " + std::string(key) + " line:\n" + process_.output());
  auto parsed = console::parse_gateway(line->substr(key.size()), /*allow_insecure_http=*/true);
  if (!parsed) throw std::runtime_error(parsed.error().message);
  return *std::move(parsed);
}

plain_reply served_console::exchange(net::http_client& client, net::http_request request) {
  auto reply = run(client.send(std::move(request)));
  if (!reply) throw std::runtime_error("no reply: " + platformer::describe(reply.error()));
  return {reply->status, std::string(reply->find("Content-Type")),
          nlohmann::json::parse(reply->body.reveal(), nullptr, /*allow_exceptions=*/false)};
}

plain_reply served_console::admin(net::http_method method, const std::string& path,
                                  const nlohmann::json& body) {
  const auto text = body.is_null() ? std::nullopt : std::optional(body.dump());
  return exchange(admin_client_, request_of(method, path, text, "application/json"));
}

plain_reply served_console::send(const raw_request& what, const raw_headers& headers) {
  auto request =
      request_of(what.method, std::string(console::api_base) + what.path, what.body, what.content_type);
  request.authorization = headers.authorization;
  if (!headers.organization.empty()) request.headers.push_back({"x-organization-id", headers.organization});
  if (!headers.project.empty()) request.headers.push_back({"x-project-id", headers.project});
  return exchange(gateway_client_, std::move(request));
}

}  // namespace platformer::conformance
