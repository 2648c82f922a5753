#include "app/options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <memory>

#include "app/option_table.hpp"
#include "base/version.hpp"
#include "model/api_error.hpp"

namespace platformer::app {
namespace {

constexpr const char* program = "platformer-operator";
constexpr std::size_t help_column = 30;
constexpr std::size_t shown_argument_max_bytes = 100;

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

using texts = std::vector<std::vector<std::string>>;  // what was given for each setting

void describe(CLI::App& app, texts& given) {
  const auto formatter = std::make_shared<help_formatter>();
  formatter->column_width(help_column);
  app.formatter(formatter);
  app.set_help_flag();  // again below: groups are shown in the order of their first option
  const auto settings = all_settings();
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
  const auto settings = all_settings();
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

// What is given for a server that is not asked for would be dropped in silence.
result<void> check_metrics_options(const options& wanted) {
  const metrics_options& given = wanted.metrics;
  if (given.secure && given.certificate_folder.empty())
    return fail("--metrics-secure needs --metrics-cert-path, the folder with the server's certificate");
  if (!given.secure && given != metrics_options{})
    return fail(
        "--metrics-bind-address and --metrics-cert-… need --metrics-secure; without it /metrics is on "
        "--bind-address");
  return {};
}

}  // namespace

result<options, early_exit> parse_options(std::vector<std::string> arguments,
                                          const environment_lookup& environment) {
  CLI::App app(
      "Keeps service accounts of the Platformer Console, and their tokens in Secrets, as the ServiceAccount\n"
      "objects of a Kubernetes cluster say.\n",
      program);
  const auto settings = all_settings();
  texts given(settings.size());
  describe(app, given);
  if (auto ok = read_command_line(app, given, std::move(arguments)); !ok) return tl::unexpected(ok.error());
  options wanted;
  for (std::size_t i = 0; i < settings.size(); ++i)
    if (auto ok = apply_setting(settings[i], given[i], environment, wanted); !ok)
      return tl::unexpected(refusal(ok.error().message));
  if (auto ok = check_election_times(wanted.lease_duration, wanted.renew_deadline, wanted.retry_period); !ok)
    return tl::unexpected(refusal(ok.error().message));
  if (auto ok = check_metrics_options(wanted); !ok) return tl::unexpected(refusal(ok.error().message));
  return wanted;
}

}  // namespace platformer::app
