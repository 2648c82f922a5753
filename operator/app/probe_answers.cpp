#include "app/probe_answers.hpp"

#include <algorithm>
#include <exception>

#include "app/scrape_pace.hpp"
#include "model/api_error.hpp"

namespace platformer::app {
namespace {

constexpr unsigned ok = 200, not_found = 404, method_not_allowed = 405, internal_error = 500,
                   unavailable = 503;

namespace asio = boost::asio;

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

bool asks_for_detail(std::string_view query) {
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    if (one.substr(0, one.find('=')) == "verbose") return true;
    query.remove_prefix(std::min(query.size(), one.size() + 1));
  }
  return false;
}

probe_reply report(std::string_view probe, const std::vector<check_result>& checks, bool verbose) {
  const bool good =
      std::all_of(checks.begin(), checks.end(), [](const auto& each) { return each.failure.empty(); });
  if (good && !verbose) return {.status = ok, .body = "ok"};
  std::string lines;
  for (const check_result& each : checks) {
    const std::string name = clean_message(each.name);
    const std::string note = each.note.empty() ? "" : ": " + clean_message(each.note);
    lines += each.failure.empty() ? "[+]" + name + " ok" + note + "\n"
                                  : "[-]" + name + " failed: " + clean_message(each.failure) + "\n";
  }
  lines.append(probe).append(good ? " check passed\n" : " check failed\n");
  return {.status = good ? ok : unavailable, .body = std::move(lines)};
}

}  // namespace

probe_answers::probe_answers(probe_handlers handlers) : handlers_(std::move(handlers)) {
  if (handlers_.metrics) handlers_.metrics = paced(std::move(handlers_.metrics));
}

probe_reply probe_answers::answer(std::string_view method, std::string_view target) const {
  if (closed_) return {.status = unavailable, .body = "shutting down\n"};
  const std::string_view path = path_of(target);
  const std::string_view query = target.substr(std::min(path.size() + 1, target.size()));
  probe_reply reply{.status = internal_error, .body = "internal error\n"};
  try {
    reply = answer_path(path, query);
  } catch (const std::exception&) {
    return reply;
  }
  if (reply.status != not_found && method != "GET" && method != "HEAD")
    return {.status = method_not_allowed, .body = "method not allowed\n", .allow = "GET, HEAD"};
  return reply;
}

probe_reply probe_answers::answer_path(std::string_view path, std::string_view query) const {
  const auto checked = [&](std::string_view name, const std::function<std::vector<check_result>()>& checks) {
    return report(name, checks ? checks() : std::vector<check_result>{}, asks_for_detail(query));
  };
  if (path == "/livez" && !handlers_.only_metrics) return checked("livez", handlers_.live);
  if (path == "/readyz" && !handlers_.only_metrics) return checked("readyz", handlers_.ready);
  if (path == "/metrics" && handlers_.metrics)
    return {.status = ok,
            .body = handlers_.metrics(),
            .content_type = "text/plain; version=0.0.4; charset=utf-8"};
  const char* there_is = handlers_.only_metrics ? "/metrics"
                         : handlers_.metrics    ? "/livez, /readyz and /metrics"
                                                : "/livez and /readyz";
  return {.status = not_found, .body = std::string("not found: there is ") + there_is + "\n"};
}

bool probe_answers::is_guarded(std::string_view target) const {
  return !closed_ && handlers_.guard && path_of(target) == "/metrics";
}

asio::awaitable<std::optional<probe_reply>> probe_answers::refuse(std::string authorization,
                                                                  std::string_view target) const {
  const auto guard = handlers_.guard;  // close() may come meanwhile
  std::string path(path_of(target));
  co_return co_await guard(std::move(authorization), std::move(path));
}

void probe_answers::close() {
  closed_ = true;
  handlers_ = {};
}

}  // namespace platformer::app
