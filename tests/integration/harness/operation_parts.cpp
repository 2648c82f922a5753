#include "tests/integration/harness/operation_parts.hpp"

#include <stdexcept>

#include "tests/integration/harness/settling.hpp"

namespace platformer::test {

void must(const problems& found, const char* when) {
  if (found.empty()) return;
  std::string text = when;
  for (const auto& each : found)
    text += "; " + each;
  throw std::runtime_error(text);
}

void remember(gated_scenario& at, subject& about, bool replaces) {
  const auto object = at.api.find("serviceaccounts", about.name);
  const auto revision = part_of(object.value_or(nlohmann::json()), "/status/token/revision");
  about.revision = revision.is_number() ? revision.get<std::int64_t>() : 0;
  about.tokens_issued = tokens_issued(at, about, replaces);
}

void apply(gated_scenario& at, const subject& about, const std::string& spec) {
  at.api.create("serviceaccounts", service_account_yaml(about.name, spec));
}

void make_subject_ready(gated_scenario& at, subject& about, const std::string& spec, bool replaces) {
  apply(at, about, spec);
  must(wait_until_settled(at, about, ready_problems), "the subject did not become Ready");
  remember(at, about, replaces);
}

void annotate_renew(gated_scenario& at, const subject& about) {
  at.api.merge_patch("serviceaccounts", about.name,
                     {{"metadata", {{"annotations", {{"console.platformer.com/renew", "please"}}}}}});
}

problems renew_is_handled(gated_scenario& at, const subject& about) {
  const auto object = at.api.find("serviceaccounts", about.name);
  const auto handled = part_of(object.value_or(nlohmann::json()), "/status/lastHandledRenew");
  return handled == "please" ? problems{} : problems{"the renew request is not settled"};
}

}  // namespace platformer::test
