#include "kube/kubeconfig_document.hpp"

#include <yaml-cpp/yaml.h>

namespace platformer::kube {
namespace {

constexpr std::size_t extension_depth = 16;
constexpr std::size_t extension_nodes = 10'000;

// Reads fields of one entry; the first field of a wrong shape is what the whole entry fails with.
class fields {
 public:
  explicit fields(const YAML::Node& node) : node_(node) {}

  std::string text(const char* key) {
    const auto value = member(key);
    if (!value.IsDefined() || value.IsNull()) return {};
    if (value.IsScalar()) return value.Scalar();
    complain(key, "must be a string");
    return {};
  }
  std::shared_ptr<const secret_string> secret(const char* key) {
    auto value = text(key);
    if (value.empty()) return nullptr;
    return std::make_shared<const secret_string>(secret_string::take(std::move(value)));
  }
  bool flag(const char* key) {
    const auto value = text(key);
    if (value.empty() || value == "false") return false;
    if (value == "true") return true;
    complain(key, "must be true or false");
    return false;
  }
  YAML::Node list(const char* key) {
    auto value = member(key);
    if (value.IsDefined() && value.IsSequence()) return value;
    if (value.IsDefined() && !value.IsNull()) complain(key, "must be a list");
    return YAML::Node(YAML::NodeType::Sequence);
  }
  YAML::Node map(const char* key) {
    auto value = member(key);
    if (value.IsDefined() && value.IsMap()) return value;
    if (value.IsDefined() && !value.IsNull()) complain(key, "must be a map");
    return {};
  }
  bool has(const char* key) {
    const auto value = member(key);
    return value.IsDefined() && !value.IsNull();
  }
  void complain(std::string_view key, std::string_view what) {
    if (complaint_.empty()) complaint_ = std::string(key) + " " + std::string(what);
  }
  void adopt(const fields& inner) {
    if (complaint_.empty()) complaint_ = inner.complaint_;
  }
  const std::string& complaint() const { return complaint_; }

 private:
  YAML::Node member(const char* key) const {
    if (!node_.IsDefined() || !node_.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
    const auto& readable = node_;
    return readable[key];
  }
  YAML::Node node_;
  std::string complaint_;
};

nlohmann::json scalar_to_json(const YAML::Node& node) {
  const auto& text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text == "true" || text == "false") return text == "true";
  const auto number = nlohmann::json::parse(text, nullptr, false);
  return number.is_number() ? number : nlohmann::json(text);
}

// `budget` bounds what anchors and aliases can blow up to.
nlohmann::json to_json(const YAML::Node& node, std::size_t depth, std::size_t& budget) {
  if (depth == 0 || budget == 0) return nullptr;
  --budget;
  if (node.IsScalar()) return scalar_to_json(node);
  if (node.IsSequence()) {
    auto array = nlohmann::json::array();
    for (const auto& each : node)
      array.push_back(to_json(each, depth - 1, budget));
    return array;
  }
  if (node.IsMap()) {
    auto object = nlohmann::json::object();
    for (const auto& each : node)
      if (each.first.IsScalar()) object[each.first.Scalar()] = to_json(each.second, depth - 1, budget);
    return object;
  }
  return nullptr;
}

cluster_entry read_cluster(fields& in) {
  cluster_entry cluster;
  cluster.server = in.text("server");
  cluster.tls_server_name = in.text("tls-server-name");
  cluster.proxy_url = in.text("proxy-url");
  cluster.insecure_skip_tls_verify = in.flag("insecure-skip-tls-verify");
  cluster.ca = {in.text("certificate-authority"), in.secret("certificate-authority-data")};
  std::size_t budget = extension_nodes;
  for (const auto& each : in.list("extensions")) {
    fields extension(each);
    if (extension.text("name") == "client.authentication.k8s.io/exec")
      cluster.exec_config = to_json(extension.map("extension"), extension_depth, budget);
  }
  return cluster;
}

exec_entry read_exec(fields& in) {
  exec_entry exec;
  exec.api_version = in.text("apiVersion");
  exec.command = in.text("command");
  exec.install_hint = in.text("installHint");
  exec.interactive_mode = in.text("interactiveMode");
  exec.provide_cluster_info = in.flag("provideClusterInfo");
  for (const auto& each : in.list("args")) {
    if (each.IsScalar())
      exec.arguments.push_back(each.Scalar());
    else
      in.complain("exec.args", "must be strings");
  }
  for (const auto& each : in.list("env")) {
    fields variable(each);
    auto name = variable.text("name");
    if (name.empty() || name.find('=') != std::string::npos)
      in.complain("exec.env", "has an entry without a usable name");
    exec.environment.emplace_back(std::move(name), variable.text("value"));
    in.adopt(variable);
  }
  return exec;
}

user_entry read_user(fields& in) {
  user_entry user;
  user.token = in.secret("token");
  user.token_file = in.text("tokenFile");
  user.username = in.text("username");
  user.password = in.secret("password");
  user.certificate = {in.text("client-certificate"), in.secret("client-certificate-data")};
  user.key = {in.text("client-key"), in.secret("client-key-data")};
  if (in.has("exec")) {
    fields exec(in.map("exec"));
    user.exec = read_exec(exec);
    in.adopt(exec);
  }
  for (const char* field : {"as", "as-uid", "as-groups", "as-user-extra", "auth-provider"})
    if (user.unsupported.empty() && in.has(field)) user.unsupported = field;
  return user;
}

context_entry read_context(fields& in) {
  return {{}, in.text("cluster"), in.text("user"), in.text("namespace")};
}

template <class Entry>
result<std::monostate> merge_entries(std::map<std::string, Entry, std::less<>>& entries, fields& root,
                                     const char* list, const char* kind, Entry (*read)(fields&),
                                     const std::filesystem::path& path) {
  for (const auto& each : root.list(list)) {
    fields item(each);
    const auto name = item.text("name");
    fields body(item.map(kind));
    if (name.empty() && item.complaint().empty()) item.complain("name", "is missing");
    Entry entry = read(body);
    item.adopt(body);
    if (!item.complaint().empty())
      return fail(path.string() + ": " + kind + " \"" + name + "\": " + item.complaint());
    entry.origin = path;
    entries.try_emplace(name, std::move(entry));
  }
  if (!root.complaint().empty()) return fail(path.string() + ": " + root.complaint());
  return std::monostate{};
}

result<std::monostate> merge_root(kubeconfig_document& document, const std::filesystem::path& path,
                                  const YAML::Node& node) {
  if (node.IsNull()) return std::monostate{};  // an empty file is a kubeconfig, for kubectl too
  if (!node.IsMap()) return fail(path.string() + ": is not a kubeconfig (no YAML map)");
  fields root(node);
  const auto kind = root.text("kind");
  if (!kind.empty() && kind != "Config") return fail(path.string() + ": is not a kubeconfig but a " + kind);
  if (document.current_context.empty()) document.current_context = root.text("current-context");
  auto merged = merge_entries(document.clusters, root, "clusters", "cluster", &read_cluster, path);
  if (merged) merged = merge_entries(document.users, root, "users", "user", &read_user, path);
  if (merged) merged = merge_entries(document.contexts, root, "contexts", "context", &read_context, path);
  return merged;
}

}  // namespace

result<std::monostate> merge_kubeconfig(kubeconfig_document& document, const std::filesystem::path& path,
                                        std::string_view text) {
  std::string copy(text);
  try {
    const auto node = YAML::Load(copy);
    wipe(copy);
    auto merged = merge_root(document, path, node);
    if (merged) document.files.push_back(path);
    return merged;
  } catch (const YAML::Exception& failure) {
    wipe(copy);
    const auto line = failure.mark.is_null() ? std::string() : ":" + std::to_string(failure.mark.line + 1);
    return fail(path.string() + line + ": is not valid YAML: " + failure.msg);
  }
}

}  // namespace platformer::kube
