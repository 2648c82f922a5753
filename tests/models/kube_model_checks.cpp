#include "tests/models/kube_model_checks.hpp"

#include <algorithm>

namespace platformer::models {
namespace {

// Sizes as the API server has them.
constexpr std::size_t max_secret_bytes = std::size_t{1024} * 1024;
constexpr std::size_t max_annotation_bytes = std::size_t{256} * 1024;
constexpr std::size_t max_name = 253;
constexpr std::size_t max_label = 63;

bool is_alphanumeric(char each) {
  return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
}

bool is_lower_alphanumeric(char each) {
  return is_alphanumeric(each) && !(each >= 'A' && each <= 'Z');
}

bool is_subdomain(std::string_view name) {
  if (name.empty() || name.size() > max_name) return false;
  char previous = '.';
  for (const char each : name) {
    if (each == '.' ? !is_lower_alphanumeric(previous) : !is_lower_alphanumeric(each) && each != '-')
      return false;
    if (each == '-' && previous == '.') return false;
    previous = each;
  }
  return is_lower_alphanumeric(previous);
}

// The name part of a qualified name, and a label's value.
bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= max_label && is_alphanumeric(text.front()) &&
         is_alphanumeric(text.back()) && std::all_of(text.begin(), text.end(), [](char each) {
           return is_alphanumeric(each) || each == '-' || each == '_' || each == '.';
         });
}

// `known`: a prefix that was found right before, which most names of an object have in common.
bool is_qualified_name(std::string_view text, std::string_view& known, bool any_case_prefix = false) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return is_label(text);
  if (!known.empty() && text.substr(0, slash) == known) return is_label(text.substr(slash + 1));
  std::string prefix(text.substr(0, slash));
  if (any_case_prefix)
    std::transform(prefix.begin(), prefix.end(), prefix.begin(), [](char each) {
      return each >= 'A' && each <= 'Z' ? static_cast<char>(each + 32) : each;
    });
  if (!is_subdomain(prefix)) return false;
  known = text.substr(0, slash);
  return is_label(text.substr(slash + 1));
}

bool is_data_key(std::string_view key) {
  return !key.empty() && key.size() <= max_name && key != "." && !key.starts_with("..") &&
         std::all_of(key.begin(), key.end(), [](char each) {
           return is_alphanumeric(each) || each == '-' || each == '_' || each == '.';
         });
}

// Each check returns what is wrong; nullptr: nothing.
using complaint = const char*;

complaint check_labels(const string_map& labels) {
  std::string_view known;
  for (const auto& [key, value] : labels)
    if (!is_qualified_name(key, known) || !(value.empty() || is_label(value)))
      return "metadata.labels: invalid";
  return nullptr;
}

complaint check_annotations(const string_map& annotations) {
  std::size_t bytes = 0;
  std::string_view known;
  for (const auto& [key, value] : annotations) {
    if (!is_qualified_name(key, known, true)) return "metadata.annotations: invalid";
    bytes += key.size() + value.size();
  }
  return bytes > max_annotation_bytes ? "metadata.annotations: too long" : nullptr;
}

complaint check_owners(const std::vector<owner_reference>& owners) {
  int controllers = 0;
  for (const owner_reference& each : owners) {
    if (each.api_version.empty() || each.kind.empty() || each.name.empty() || each.uid.empty())
      return "metadata.ownerReferences: incomplete";
    controllers += each.controller ? 1 : 0;
  }
  return controllers > 1 ? "metadata.ownerReferences: two controllers" : nullptr;
}

complaint check_finalizers(const object_meta& after, const object_meta* before) {
  std::string_view known;
  for (const std::string& each : after.finalizers) {
    if (!is_qualified_name(each, known)) return "metadata.finalizers: invalid";
    if (before != nullptr && before->deleted && !before->has_finalizer(each))
      return "metadata.finalizers: none can be added to an object that is being deleted";
  }
  return nullptr;
}

// A connection without a namespace is a ClusterConsoleConnection.
complaint check_meta(const object_meta& after, const object_meta* before, kube_kind kind) {
  const bool lacks_namespace = after.ns.empty() && kind != kube_kind::console_connection;
  if (before == nullptr && (!is_subdomain(after.name) || lacks_namespace)) return "metadata.name: invalid";
  complaint found = nullptr;
  if (before == nullptr || after.labels != before->labels) found = check_labels(after.labels);
  if (found == nullptr && (before == nullptr || after.annotations != before->annotations))
    found = check_annotations(after.annotations);
  if (found == nullptr && (before == nullptr || after.owners != before->owners))
    found = check_owners(after.owners);
  if (found == nullptr && (before == nullptr || after.finalizers != before->finalizers))
    found = check_finalizers(after, before);
  return found;
}

bool same_data(const secret_content& a, const secret_content& b) {
  return std::equal(a.data.begin(), a.data.end(), b.data.begin(), b.data.end(),
                    [](const auto& x, const auto& y) {
                      return x.first == y.first &&
                             (x.second.value == y.second.value || x.second.value->equals(*y.second.value));
                    });
}

complaint check_kind(const secret_content& after, const secret_content* before) {
  if (before != nullptr && after.type != before->type) return "type: field is immutable";
  const bool same = before != nullptr && same_data(after, *before);
  if (before != nullptr && before->immutable && (!after.immutable || !same))
    return "data: field is immutable when `immutable` is set";
  if (same) return nullptr;
  std::size_t bytes = 0;
  for (const auto& [key, entry] : after.data) {
    if (!is_data_key(key)) return "data: invalid key";
    bytes += entry.value->size();
  }
  return bytes > max_secret_bytes ? "data: too long" : nullptr;
}

// The CRD's transition rules. What a spec may say at all is not modelled.
complaint check_kind(const service_account& after, const service_account* before) {
  if (before == nullptr) return nullptr;
  if (after.spec.connection != before->spec.connection) return "spec.connectionRef is immutable";
  if (after.spec.account_name != before->spec.account_name) return "spec.accountName is immutable";
  if (after.spec.project != before->spec.project) return "spec.project is immutable";
  return nullptr;
}

complaint check_kind(const console_connection&, const console_connection*) {
  return nullptr;
}

complaint check_kind(const lease& after, const lease*) {
  if (after.spec.lease_duration < std::chrono::seconds(1))
    return "spec.leaseDurationSeconds: must be greater than 0";
  return after.spec.transitions < 0 ? "spec.leaseTransitions: must not be negative" : nullptr;
}

bool same(const service_account& a, const service_account& b) {
  return a.spec == b.spec && a.spec_error == b.spec_error;
}
bool same(const console_connection& a, const console_connection& b) {
  return a.spec == b.spec && a.spec_error == b.spec_error;
}
bool same(const secret_content& a, const secret_content& b) {
  return a.type == b.type && a.immutable == b.immutable && same_data(a, b);
}
bool same(const lease& a, const lease& b) {
  return a.spec == b.spec;
}

// Length of the valid UTF-8 sequence at the start of text; 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool beyond = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
  return overlong || beyond ? 0 : length;
}

}  // namespace

api_error refusal(api_errc code, int http_status, kube_kind kind, std::string_view name,
                  std::string_view why) {
  std::string message(kind_name(kind));
  message.append(" ").append(name).append(": ").append(why);
  return {
      .code = code, .http_status = http_status, .message = std::move(message), .retry_after = std::nullopt};
}

std::optional<api_error> check_object(const kube_object& after, const kube_object* before) {
  const object_meta& meta = meta_of(after);
  complaint found = check_meta(meta, before == nullptr ? nullptr : &meta_of(*before), kind_of(after));
  if (found == nullptr)
    found = std::visit(
        [&]<class T>(const T& object) {
          return check_kind(object, before == nullptr ? nullptr : &std::get<T>(*before));
        },
        after);
  if (found == nullptr) return std::nullopt;
  return invalid(kind_of(after), key_of(meta), found);
}

bool same_content(const kube_object& a, const kube_object& b) {
  return std::visit([&]<class T>(const T& object) { return same(object, std::get<T>(b)); }, a);
}

bool same_object(const kube_object& a, const kube_object& b) {
  if (meta_of(a) != meta_of(b) || !same_content(a, b)) return false;
  if (const auto* account = std::get_if<service_account>(&a))
    return account->status == std::get<service_account>(b).status;
  if (const auto* connection = std::get_if<console_connection>(&a))
    return connection->status == std::get<console_connection>(b).status;
  return true;
}

void repair_utf8(std::string& text) {
  if (std::all_of(text.begin(), text.end(),
                  [](char each) { return static_cast<unsigned char>(each) < 0x80; }))
    return;
  std::string repaired;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(std::string_view(text).substr(at));
    repaired += length == 0 ? std::string("\xef\xbf\xbd") : text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  text = std::move(repaired);
}

}  // namespace platformer::models
