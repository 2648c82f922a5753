#include "model/codec.hpp"

#include "model/codec_read.hpp"

namespace platformer {

using nlohmann::json;

namespace codec_read {

void complain(std::string& spec_error, std::string text) {
  if (spec_error.empty()) spec_error = std::move(text);
}

const json& member_or_empty(const json& object, const char* key) {
  static const json empty = json::object();
  const json* member = read_object(object, key);
  return member == nullptr ? empty : *member;
}

string_set set_of_strings(const json& object, const char* key) {
  string_set values;
  for (auto& each : read_strings(object, key))
    values.insert(std::move(each));
  return values;
}

std::optional<time_point> time_at(const json& object, const char* key) {
  return parse_rfc3339(read_string(object, key));
}

std::optional<duration> duration_at(const json& object, const char* key, const duration_limits& limits,
                                    std::string& spec_error) {
  const std::string text = read_string(object, key);
  if (text.empty()) return std::nullopt;
  const auto span = parse_duration(text);
  if (!span) {
    complain(spec_error, std::string(limits.field) + " is not a duration: " + text);
    return std::nullopt;
  }
  if (*span >= limits.least && *span <= limits.most) return span;
  complain(spec_error, std::string(limits.field) + " must be " + std::string(limits.sentence) + ": " + text);
  return std::nullopt;
}

std::vector<condition> decode_conditions(const json& status) {
  std::vector<condition> conditions;
  const json* array = read_array(status, "conditions");
  if (array == nullptr) return conditions;
  for (const json& each : *array) {
    condition decoded;
    decoded.type = read_string(each, "type");
    decoded.status = read_string(each, "status") == "True";
    decoded.reason = read_string(each, "reason");
    decoded.message = read_string(each, "message");
    decoded.observed_generation = read_integer(each, "observedGeneration");
    decoded.last_transition = time_at(each, "lastTransitionTime").value_or(time_point{});
    conditions.push_back(std::move(decoded));
  }
  return conditions;
}

}  // namespace codec_read

result<object_meta> decode_meta(const json& object) {
  const json* metadata = read_object(object, "metadata");
  if (metadata == nullptr) return fail("not a Kubernetes object: it has no metadata");
  object_meta meta;
  meta.name = read_string(*metadata, "name");
  meta.ns = read_string(*metadata, "namespace");
  meta.uid = read_string(*metadata, "uid");
  meta.resource_version = read_string(*metadata, "resourceVersion");
  if (meta.name.empty() || meta.resource_version.empty())
    return fail("not a Kubernetes object: metadata.name or metadata.resourceVersion is missing");
  meta.generation = read_integer(*metadata, "generation");
  meta.created = codec_read::time_at(*metadata, "creationTimestamp").value_or(time_point{});
  meta.deleted = codec_read::time_at(*metadata, "deletionTimestamp");
  meta.labels = read_string_map(*metadata, "labels");
  meta.annotations = read_string_map(*metadata, "annotations");
  meta.finalizers = read_strings(*metadata, "finalizers");
  if (const json* owners = read_array(*metadata, "ownerReferences"))
    for (const json& each : *owners)
      meta.owners.push_back({read_string(each, "apiVersion"), read_string(each, "kind"),
                             read_string(each, "name"), read_string(each, "uid"),
                             read_bool(each, "controller"), read_bool(each, "blockOwnerDeletion")});
  return meta;
}

}  // namespace platformer
