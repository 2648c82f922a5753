// Templates of a Secret's keys: the size that is announced is the size that comes, texts without a dollar
// sign stay as they are, and errors name a place without quoting values.
#include "model/base64.hpp"
#include "model/secret_contents.hpp"
#include "model/secret_template.hpp"
#include "nlohmann/json.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using namespace platformer;
using fuzz::check;

template_values values_from(fuzz::supply& in) {
  template_values values;
  values.token = std::make_shared<const secret_string>(fuzz::canary);
  values.account_id = std::string(in.take(in.below(8)));
  values.organization_id = "org";
  values.project_id = in.flag() ? "prj" : "";
  values.gateway = "https://api.example.com";
  if (in.flag()) values.expires_at = time_point(std::chrono::seconds(in.byte()));
  return values;
}

void check_docker_config(const registry_spec& registry, const secret_string& token) {
  const auto text = docker_config_json(registry, token);
  const auto json = nlohmann::json::parse(text.reveal(), nullptr, false);
  if (json.is_discarded()) {
    // Only bytes that are no UTF-8 can make it so.
    const nlohmann::json plain = {registry.host, registry.username};
    bool is_utf8 = true;
    try {
      (void)plain.dump();
    } catch (const nlohmann::json::exception&) {
      is_utf8 = false;
    }
    return check(!is_utf8, "a Docker configuration is JSON");
  }
  const auto& auth = json.at("auths").at(registry.host);
  check(auth.at("username") == registry.username && auth.at("password") == token.reveal(),
        "a Docker configuration holds what it was given");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::supply in(data, size);
  const template_values values = values_from(in);
  const registry_spec registry{std::string(in.take(in.below(8))), std::string(in.take(in.below(8)))};
  check_docker_config(registry, *values.token);
  const std::string text(in.rest());
  const auto parsed = parse_template(text);
  // A message may quote the text, and the text here may hold what stands for the token.
  const bool quotable = text.find(fuzz::canary) != std::string::npos;
  if (!parsed) {
    check(!parsed.error().message.empty(), "an error has a message");
    if (!quotable) fuzz::check_message(parsed.error().message);
  }
  if (parsed) {
    const secret_string expanded = expand(*parsed, values);
    check(expanded.size() == expanded_size(*parsed, values), "the announced size is the size");
    if (text.find('$') == std::string::npos) check(expanded.reveal() == text, "a text without values stays");
  }
  secret_spec spec;
  spec.templates = {{"a", text}, {"b", text}};
  spec.registry = registry;
  spec.type = (size & 1U) != 0 ? secret_type::docker_config : secret_type::basic_auth;
  const auto contents = secret_contents(spec, values);
  if (!contents) {
    if (!quotable) fuzz::check_message(contents.error().message);
    return 0;
  }
  check(parsed.has_value(), "what can't be parsed is refused");
  std::size_t bytes = 0;
  for (const auto& [key, text_of] : spec.templates)
    bytes += contents->at(key)->size();
  check(bytes <= expanded_limit_bytes, "the texts together have their bound");
  return 0;
}
