#include "app/options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <memory>

#include "base/version.hpp"
#include "model/api_error.hpp"

namespace platformer::app {
namespace {

constexpr const char* program = "platformer-operator";
constexpr std::size_t help_column = 30;
constexpr std::size_t shown_argument_max_bytes = 100;

result<void> nonempty(std::string& into, std::string_view text) {
  if (text.empty()) return fail("\"\" is no value");
  into = text;
  return {};
}

// Puts what was read where it belongs, or hands the failure on.
template <class T>
result<void> store(T& into, result<T> read) {
  if (!read) return tl::unexpected(read.error());
  into = std::move(*read);
  return {};
}

result<void> add_namespaces(options& into, std::string_view text) {
  auto names = parse_namespaces(text);
  if (!names) return tl::unexpected(names.error());
  into.watch_namespaces.insert(into.watch_namespaces.end(), names->begin(), names->end());
  std::sort(into.watch_namespaces.begin(), into.watch_namespaces.end());
  const auto repeats = std::unique(into.watch_namespaces.begin(), into.watch_namespaces.end());
  into.watch_namespaces.erase(repeats, into.watch_namespaces.end());
  if (into.watch_namespaces.size() > namespaces_max)
    return fail("more than " + std::to_string(namespaces_max) + " namespaces; watch all of them instead");
  return {};
}

struct setting {
  const char* name;   // without the dashes
  const char* value;  // what the help calls it; empty: a switch, which needs none
  const char* group;
  const char* help;
  bool repeatable;
  result<void> (*apply)(options& into, std::string_view text);
};

// Parser, environment and help are made from this table; the defaults in the texts are those of `options`.
constexpr std::array settings = {
    setting{"kubeconfig", "FILE", "Which cluster",
            "How to reach the cluster. Default: in a pod its service\n"
            "account, else $KUBECONFIG or ~/.kube/config",
            false, [](options& into, std::string_view text) { return nonempty(into.kubeconfig, text); }},
    setting{"context", "NAME", "Which cluster", "The kubeconfig's context. Default: its current one", false,
            [](options& into, std::string_view text) { return nonempty(into.context, text); }},
    setting{
        "cluster-id", "ID", "Which cluster",
        "The cluster's identity in the accounts' marks, for a cluster\n"
        "that was rebuilt. Default: the UID of namespace kube-system",
        false,
        [](options& into, std::string_view text) { return store(into.cluster_id, parse_cluster_id(text)); }},
    setting{"watch-namespace", "NAMESPACE", "Which objects",
            "Look after this namespace only; may be repeated, or several\n"
            "separated by commas. Default: all namespaces",
            true, add_namespaces},
    setting{"selector", "LABELS", "Which objects",
            "Look after ServiceAccounts with these labels only, written as\n"
            "for kubectl (team=a,stage in (test,prod)). Default: all",
            false,
            [](options& into, std::string_view text) { return store(into.selector, parse_selector(text)); }},
    setting{"workers", "N", "How it runs", "Objects worked on at a time, 1 to 256. Default: 32", false,
            [](options& into, std::string_view text) { return store(into.workers, parse_workers(text)); }},
    setting{"bind-address", "ADDR:PORT", "How it runs",
            "Where /metrics, /livez and /readyz are served; port 0 takes a\n"
            "free one. Default: 0.0.0.0:8080",
            false,
            [](options& into, std::string_view text) {
              return store(into.bind_address, parse_listen_address(text));
            }},
    setting{"metrics-per-account", "", "How it runs",
            "Give each account's expiry and renewal as series of its own:\n"
            "some 200 bytes an account at each scrape",
            false,
            [](options& into, std::string_view text) {
              return store(into.metrics_per_account, parse_switch(text));
            }},
    setting{"log-level", "LEVEL", "How it runs", "trace, debug, info, warning or error. Default: info", false,
            [](options& into, std::string_view text) { return store(into.level, parse_log_level(text)); }},
    setting{"log-format", "FORMAT", "How it runs", "text or json (one object a line). Default: text", false,
            [](options& into, std::string_view text) { return store(into.format, parse_log_format(text)); }},
    setting{
        "leader-elect", "", "Several replicas",
        "Act only while holding a Lease, so that several replicas can run", false,
        [](options& into, std::string_view text) { return store(into.leader_elect, parse_switch(text)); }},
    setting{"leader-election-namespace", "NAMESPACE", "Several replicas",
            "Where the Lease is. Default: the pod's namespace, else that of\n"
            "the kubeconfig's context",
            false,
            [](options& into, std::string_view text) {
              return store(into.leader_election_namespace, parse_namespace(text));
            }},
    setting{"leader-election-lease-duration", "TIME", "Several replicas",
            "How long after its last sign of life a leader is replaced,\n"
            "in whole seconds. Default: 15s",
            false,
            [](options& into, std::string_view text) {
              return store(into.lease_duration, parse_election_time(text));
            }},
    setting{"leader-election-renew-deadline", "TIME", "Several replicas",
            "How long a leader tries to renew before it gives up.\n"
            "Default: 10s",
            false,
            [](options& into, std::string_view text) {
              return store(into.renew_deadline, parse_election_time(text));
            }},
    setting{"leader-election-retry-period", "TIME", "Several replicas",
            "How often a leader renews and a standby looks. Default: 2s", false,
            [](options& into, std::string_view text) {
              return store(into.retry_period, parse_election_time(text));
            }},
};

// CLI11's, without the second blank line between groups.
class help_formatter : public CLI::Formatter {
 public:
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> opts) const override {
    return CLI::Formatter::make_group(std::move(group), is_positional, std::move(opts)).substr(1);
  }
  std::string make_usage(const CLI::App* app, std::string name) const override {
    return CLI::Formatter::make_usage(app, std::move(name)) + "\n";
  }
};

std::string option_of(const setting& each) {
  return std::string("--") + each.name;
}

bool is_switch(const setting& each) {
  return *each.value == '\0';
}

std::string variable_of(const setting& each) {
  std::string name = "PLATFORMER_OPERATOR_";
  for (const char* c = each.name; *c != '\0'; ++c)
    name += *c == '-' ? '_' : static_cast<char>(*c - 'a' + 'A');
  return name;
}

early_exit refusal(const std::string& message) {
  const std::string name(program);
  return {.code = exit_bad_options, .err = name + ": " + message + "\nSee: " + name + " --help\n"};
}

using texts = std::array<std::vector<std::string>, settings.size()>;  // what was given for each setting

void describe(CLI::App& app, texts& given) {
  const auto formatter = std::make_shared<help_formatter>();
  formatter->column_width(help_column);
  app.formatter(formatter);
  app.set_help_flag();  // again below: groups are shown in the order of their first option
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const setting& each = settings[i];
    // Not CLI11's own envname: that reads the process' environment and does not name the variable in errors.
    const std::string help = std::string(each.help) + "\n$" + variable_of(each);
    auto* option = is_switch(each) ? app.add_flag(option_of(each), given[i], help)
                                   : app.add_option(option_of(each), given[i], help);
    option->option_text(each.value)->group(each.group)->allow_extra_args(false);
  }
  app.set_version_flag("--version", std::string(program) + " " + std::string(version()),
                       "Print the version and exit")
      ->group("Help");
  app.set_help_flag("-h,--help", "Print this and exit")->group("Help");
  app.footer(
      "Each option can be given by the environment variable below it; the command line wins, and an empty\n"
      "variable counts as none. Exit status: 0 after SIGTERM or SIGINT, --help and --version; 2 for bad\n"
      "options or an unusable kubeconfig; 1 for other failures, among them a lost leadership.");
  app.allow_extras();  // refused in words of our own
}

result<void, early_exit> read_command_line(CLI::App& app, const texts& given,
                                           std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return tl::unexpected(early_exit{.out = app.help()});
  } catch (const CLI::CallForVersion& asked) {
    return tl::unexpected(early_exit{.out = std::string(asked.what()) + "\n"});
  } catch (const CLI::ArgumentMismatch& missing) {
    // "--workers: 1 required … missing": the only one possible, as all options take one value.
    const std::string text = missing.what();
    return tl::unexpected(refusal(text.substr(0, text.find(':')) + " needs a value"));
  } catch (const CLI::ParseError& wrong) {
    return tl::unexpected(refusal(clean_message(wrong.what())));
  }
  // CLI11 takes the next argument whatever it is; no value starts like an option.
  for (std::size_t i = 0; i < settings.size(); ++i)
    for (const std::string& text : given[i])
      if (text.starts_with("--")) return tl::unexpected(refusal(option_of(settings[i]) + " needs a value"));
  if (const auto extras = app.remaining(); !extras.empty()) {
    const std::string& first = extras.front();
    return tl::unexpected(refusal((first.starts_with("-") ? "unknown option " : "unexpected argument ") +
                                  clean_message(first, shown_argument_max_bytes)));
  }
  return {};
}

result<void> apply_setting(const setting& each, const std::vector<std::string>& given,
                           const environment_lookup& environment, options& into) {
  if (given.size() > 1 && !each.repeatable) return fail(option_of(each) + " is given more than once");
  for (const std::string& text : given)
    if (auto ok = each.apply(into, text); !ok) return fail(option_of(each) + ": " + ok.error().message);
  if (!given.empty()) return {};
  const std::string variable = variable_of(each);
  const auto text = environment(variable);
  if (!text || text->empty()) return {};
  if (auto ok = each.apply(into, *text); !ok) return fail(variable + ": " + ok.error().message);
  return {};
}

}  // namespace

result<options, early_exit> parse_options(std::vector<std::string> arguments,
                                          const environment_lookup& environment) {
  CLI::App app(
      "Keeps service accounts of the Platformer Console, and their tokens in Secrets, as the ServiceAccount\n"
      "objects of a Kubernetes cluster say.\n",
      program);
  texts given;
  describe(app, given);
  if (auto ok = read_command_line(app, given, std::move(arguments)); !ok) return tl::unexpected(ok.error());
  options wanted;
  for (std::size_t i = 0; i < settings.size(); ++i)
    if (auto ok = apply_setting(settings[i], given[i], environment, wanted); !ok)
      return tl::unexpected(refusal(ok.error().message));
  if (auto ok = check_election_times(wanted.lease_duration, wanted.renew_deadline, wanted.retry_period); !ok)
    return tl::unexpected(refusal(ok.error().message));
  return wanted;
}

}  // namespace platformer::app
