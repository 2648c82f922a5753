#include "tests/bench/micro/objects.hpp"

#include <cstdio>
#include <stdexcept>

namespace platformer::bench::micro {
namespace {

// A Ready object as kube-apiserver 1.35 sends it, with the parts that differ between objects marked.
constexpr std::string_view pattern =
    R"json({"apiVersion":"console.platformer.com/v1alpha1","kind":"ServiceAccount","metadata":{"annotations":)json"
    R"json({"console.platformer.com/operation":"{\"callTimeoutMilliseconds\":30000,\"cause\":\"InitialIssue\")json"
    R"json(,\"holder\":\"operator-0_afddda49\",\"id\":\"d32df4733c1cb4aff7ec\",\"kind\":\"create\",\"revision)json"
    R"json(\":1,\"startedAt\":\"2026-11-27T07:44:39Z\"}"},"creationTimestamp":"2026-11-27T07:44:39Z","finaliz)json"
    R"json(ers":["console.platformer.com/finalizer"],"generation":1,"managedFields":[{"apiVersion":"console.p)json"
    R"json(latformer.com/v1alpha1","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{".":{},)json"
    R"json("f:console.platformer.com/operation":{}},"f:finalizers":{".":{},"v:\"console.platformer.com/finali)json"
    R"json(zer\"":{}}},"f:spec":{".":{},"f:adoptionPolicy":{},"f:connectionRef":{".":{},"f:kind":{},"f:name":)json"
    R"json({}},"f:deletionPolicy":{},"f:permissions":{".":{},"v:\"rudder.app.editor\"":{}},"f:project":{},"f:)json"
    R"json(secret":{".":{},"f:onLoss":{},"f:type":{}},"f:suspend":{}}},"manager":"platformer-operator","opera)json"
    R"json(tion":"Update","time":"2026-11-27T07:44:39Z"},{"apiVersion":"console.platformer.com/v1alpha1","fie)json"
    R"json(ldsType":"FieldsV1","fieldsV1":{"f:status":{".":{},"f:accountID":{},"f:conditions":{".":{},"k:{\"t)json"
    R"json(ype\":\"AccountSynced\"}":{".":{},"f:lastTransitionTime":{},"f:message":{},"f:observedGeneration":)json"
    R"json({},"f:reason":{},"f:status":{},"f:type":{}},"k:{\"type\":\"Ready\"}":{".":{},"f:lastTransitionTime)json"
    R"json(":{},"f:message":{},"f:observedGeneration":{},"f:reason":{},"f:status":{},"f:type":{}},"k:{\"type\)json"
    R"json(":\"SecretSynced\"}":{".":{},"f:lastTransitionTime":{},"f:message":{},"f:observedGeneration":{},"f)json"
    R"json(:reason":{},"f:status":{},"f:type":{}},"k:{\"type\":\"TokenValid\"}":{".":{},"f:lastTransitionTime)json"
    R"json(":{},"f:message":{},"f:observedGeneration":{},"f:reason":{},"f:status":{},"f:type":{}}},"f:observe)json"
    R"json(dGeneration":{},"f:organizationID":{},"f:projectID":{},"f:restartedRevision":{},"f:secretName":{},)json"
    R"json("f:token":{".":{},"f:cause":{},"f:fingerprint":{},"f:issuedAt":{},"f:operationID":{},"f:revision":)json"
    R"json({}}}},"manager":"platformer-operator","operation":"Update","subresource":"status","time":"2026-11-)json"
    R"json(27T07:44:39Z"}],"name":"@NAME@","namespace":"bench","resourceVersion":"@VERSION@@","uid":"e6b79733)json"
    R"json(-7914-4276-b5de-@UID@@@@@@@@"},"spec":{"adoptionPolicy":"IfMarked","connectionRef":{"kind":"Consol)json"
    R"json(eConnection","name":"default"},"deletionPolicy":"Delete","permissions":["rudder.app.editor"],"proj)json"
    R"json(ect":"storefront","secret":{"onLoss":"Renew","type":"Opaque"},"suspend":false},"status":{"accountI)json"
    R"json(D":"sirNkTLstWWtVssW5CzB","conditions":[{"lastTransitionTime":"2026-11-27T07:44:39Z","message":"to)json"
    R"json(ken revision 1 (InitialIssue) is in Secret @NAME@-token","observedGeneration":1,"reason":"Issued",)json"
    R"json("status":"True","type":"Ready"},{"lastTransitionTime":"2026-11-27T07:44:39Z","message":"account si)json"
    R"json(rNkTLstWWtVssW5CzB is as the spec says","observedGeneration":1,"reason":"Issued","status":"True",")json"
    R"json(type":"AccountSynced"},{"lastTransitionTime":"2026-11-27T07:44:39Z","message":"Secret @NAME@-token)json"
    R"json( holds revision 1","observedGeneration":1,"reason":"Issued","status":"True","type":"SecretSynced"})json"
    R"json(,{"lastTransitionTime":"2026-11-27T07:44:39Z","message":"fingerprint sha256:efa1c843a841","observe)json"
    R"json(dGeneration":1,"reason":"Issued","status":"True","type":"TokenValid"}],"observedGeneration":1,"org)json"
    R"json(anizationID":"org-acme","projectID":"prj-storefront","restartedRevision":1,"secretName":"@NAME@-to)json"
    R"json(ken","token":{"cause":"InitialIssue","fingerprint":"sha256:efa1c843a841","issuedAt":"2026-11-27T07)json"
    R"json(:44:39Z","operationID":"d32df4733c1cb4aff7ec","revision":1}}})json";

void replace_all(std::string& text, std::string_view mark, std::string_view value) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
    text.replace(at, mark.size(), value);
}

std::string digits(std::uint64_t number, int width) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llu", width, static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

std::string account_name(std::size_t number) {
  return "bot-" + digits(number, 6);
}

std::string version_text(std::uint64_t version) {
  // No leading zero: versions are decimal numbers.
  return digits(1'000'000'000 + version, 10);
}

std::string account_text(std::size_t number, std::uint64_t version) {
  std::string text(pattern);
  replace_all(text, "@VERSION@@", version_text(version));
  replace_all(text, "@NAME@", account_name(number));
  replace_all(text, "@UID@@@@@@@@", digits(number, 12));
  return text;
}

std::string event_text(std::string_view type, std::string_view object) {
  return R"({"type":")" + std::string(type) + R"(","object":)" + std::string(object) + "}\n";
}

std::string initial_events_end(std::uint64_t version) {
  return event_text("BOOKMARK", R"({"kind":"ServiceAccount","apiVersion":"console.platformer.com/v1alpha1",)"
                                R"("metadata":{"resourceVersion":")" +
                                    version_text(version) +
                                    R"(","annotations":{"k8s.io/initial-events-end":"true"}}})");
}

std::string page_text(std::size_t count, std::uint64_t version) {
  std::string text =
      R"({"apiVersion":"console.platformer.com/v1alpha1","kind":"ServiceAccountList","metadata":)"
      R"({"continue":"","resourceVersion":")" +
      version_text(version) + R"("},"items":[)";
  for (std::size_t number = 0; number < count; ++number) {
    if (number != 0) text += ',';
    text += account_text(number, number + 1);
  }
  return text + "]}\n";
}

std::size_t version_position(const std::string& text) {
  constexpr std::string_view key = R"("resourceVersion":")";
  const std::size_t found = text.find(key);
  if (found == std::string::npos) throw std::runtime_error("an object without a version");
  return found + key.size();
}

}  // namespace platformer::bench::micro
