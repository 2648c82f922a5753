#include "kube/secret_codec.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "kube/json_text.hpp"
#include "model/codec.hpp"
#include "model/json_read.hpp"
#include "net/digest.hpp"
#include "runtime/bounded_json.hpp"

namespace platformer::kube {
namespace {

constexpr std::string_view last_applied = "kubectl.kubernetes.io/last-applied-configuration";

// Walks over JSON text without building anything. It checks only what it needs; `ok` turns false at the first
// surprise and stays so.
struct cursor {
  std::string_view text;
  std::size_t at = 0;
  bool ok = true;

  char peek() const { return at < text.size() ? text[at] : '\0'; }
  void blanks() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t'))
      ++at;
  }
  // Skips blanks, then the character if it is there.
  bool accept(char expected) {
    blanks();
    if (peek() != expected) return false;
    ++at;
    return true;
  }
  void expect(char expected) {
    if (!accept(expected)) ok = false;
  }
  // The inside of a string, escapes as they stand.
  std::string_view string() {
    expect('"');
    const std::size_t begin = at;
    while (ok && at < text.size() && text[at] != '"')
      at += text[at] == '\\' ? 2U : 1U;
    if (!ok || at >= text.size()) {
      ok = false;
      return {};
    }
    return text.substr(begin, at++ - begin);
  }
  // A value of any kind, as text without blanks around it.
  std::string_view value() {
    blanks();
    const std::size_t begin = at;
    std::size_t depth = 0;
    while (ok && at < text.size()) {
      const char c = peek();
      if (depth == 0 && ends_scalar(c)) break;
      if (c == '"') {
        string();
      } else {
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        ++at;
      }
      if (depth == 0 && (c == '"' || c == '}' || c == ']')) break;
    }
    if (depth != 0 || at == begin) ok = false;
    return ok ? text.substr(begin, at - begin) : std::string_view();
  }
  static bool ends_scalar(char c) {
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
};

// Calls visit(raw key, value text) for each member of an object.
template <class Visit>
bool each_member(std::string_view object, Visit visit) {
  cursor in{object};
  in.expect('{');
  if (in.ok && in.accept('}')) return true;
  while (in.ok) {
    const auto key = in.string();
    in.expect(':');
    const auto value = in.value();
    if (!in.ok || !visit(key, value)) return false;
    if (in.accept(',')) continue;
    in.expect('}');
    return in.ok;
  }
  return false;
}

// The body with its `data` taken out.
struct split_body {
  std::string_view data = "null";
  std::string rest;
};

std::optional<split_body> split(std::string_view body) {
  split_body parts;
  const char* found = nullptr;
  const bool whole = each_member(body, [&](std::string_view key, std::string_view value) {
    // An escaped key could be "data" in disguise, and a second one would make it unclear which one counts.
    if (key.find('\\') != std::string_view::npos || (key == "data" && found != nullptr)) return false;
    if (key != "data") return true;
    found = value.data();
    parts.data = value;
    return true;
  });
  if (!whole) return std::nullopt;
  if (found == nullptr) {
    parts.rest = body;
    return parts;
  }
  const auto before = static_cast<std::size_t>(found - body.data());
  parts.rest = body.substr(0, before);
  parts.rest.append("null").append(body.substr(before + parts.data.size()));
  return parts;
}

bool is_secret_key(std::string_view key) {
  static constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  return !key.empty() && key.find_first_not_of(allowed) == std::string_view::npos;
}

bool decode_entry(secret_content& content, std::string_view raw_key, std::string_view value) {
  // What a server lets be stored; base64 needs no escapes either.
  if (!is_secret_key(raw_key)) return false;
  if (value == "null") value = "\"\"";
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return false;
  value = value.substr(1, value.size() - 2);
  bool decoded = false;
  auto bytes = net::base64_decode(value, decoded);
  if (!decoded) return false;
  secret_entry entry;
  entry.fingerprint = net::fingerprint(bytes.reveal());
  entry.value = std::make_shared<const secret_string>(std::move(bytes));
  content.data.insert_or_assign(std::string(raw_key), std::move(entry));
  return true;
}

bool decode_data(secret_content& content, std::string_view data) {
  if (data == "null") return true;
  return each_member(
      data, [&](std::string_view key, std::string_view value) { return decode_entry(content, key, value); });
}

nlohmann::json metadata_of(const secret_write& write) {
  nlohmann::json metadata = nlohmann::json::object();
  const auto put = [&](const char* field, const auto& values) {
    nlohmann::json map = nlohmann::json::object();
    for (const auto& [key, value] : values) {
      if (value)
        map[key] = *value;
      else if (!write.creates())
        map[key] = nullptr;
    }
    if (!map.empty()) metadata[field] = std::move(map);
  };
  put("labels", write.labels);
  put("annotations", write.annotations);
  if (write.owners) metadata["ownerReferences"] = encode_owners(*write.owners);
  if (write.creates()) {
    metadata["name"] = write.key.name;
    metadata["namespace"] = write.key.ns;
  } else {
    metadata["resourceVersion"] = write.resource_version;
    if (!write.uid.empty()) metadata["uid"] = write.uid;
  }
  return metadata;
}

std::size_t data_size(const secret_write& write) {
  std::size_t size = 16;
  for (const auto& [key, value] : write.data)
    size += key.size() * 6 + 12 + (value ? net::base64_size(value->size()) : 0);
  return size;
}

void append_data(std::string& body, const secret_write& write) {
  bool first = true;
  body += "\"data\":{";
  for (const auto& [key, value] : write.data) {
    if (!value && write.creates()) continue;
    if (!first) body += ',';
    first = false;
    body += dump_json(key) + ":";
    if (!value) {
      body += "null";
      continue;
    }
    body += '"';
    net::base64_append(body, value->reveal());
    body += '"';
  }
  body += '}';
}

}  // namespace

secret_string encode_secret(const secret_write& write) {
  nlohmann::json head = {{"metadata", metadata_of(write)}};
  if (write.creates()) head.update({{"apiVersion", "v1"}, {"kind", "Secret"}, {"type", write.type}});
  std::string body = dump_json(head);
  // Never grows after this, so no copy of a value is left behind.
  body.reserve(body.size() + data_size(write));
  if (!write.data.empty()) {
    body.back() = ',';
    append_data(body, write);
    body += '}';
  }
  return secret_string::take(std::move(body));
}

result<secret_content> decode_secret(std::string_view body) {
  const auto parts = split(body);
  if (!parts) return fail("the reply is not a Secret");
  auto tree = runtime::parse_bounded(parts->rest, runtime::managed_fields::skip);
  if (!tree || !tree->is_object()) return fail("the reply is not a Secret");
  auto meta = decode_meta(*tree);
  if (!meta) return tl::unexpected(std::move(meta.error()));
  secret_content content;
  content.meta = std::move(*meta);
  content.meta.annotations.erase(std::string(last_applied));
  content.type = read_string(*tree, "type");
  content.immutable = read_bool(*tree, "immutable");
  if (!decode_data(content, parts->data)) return fail("the Secret's data is not base64");
  return content;
}

result<object_meta> decode_secret_meta(std::string_view body) {
  const auto parts = split(body);
  if (!parts) return fail("the reply is not a Secret");
  const auto tree = runtime::parse_bounded(parts->rest, runtime::managed_fields::skip);
  if (!tree || !tree->is_object()) return fail("the reply is not a Secret");
  auto meta = decode_meta(*tree);
  if (meta) meta->annotations.erase(std::string(last_applied));
  return meta;
}

}  // namespace platformer::kube
