#include "model/lease.hpp"

#include <gtest/gtest.h>

namespace platformer {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

// As kubectl shows a Lease that client-go holds.
const json held = json::parse(R"({
  "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
  "metadata": {"name": "x", "namespace": "ops", "uid": "u", "resourceVersion": "7", "labels": {"a": "b"},
               "annotations": {"c": "d"}},
  "spec": {"holderIdentity": "pod_1", "leaseDurationSeconds": 15, "acquireTime": "2026-11-23T08:00:00.250000Z",
           "renewTime": "2026-11-23T09:00:00.123456Z", "leaseTransitions": 3}})");

TEST(a_lease, is_read) {
  const auto read = decode_lease(held);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->meta.resource_version, "7");
  EXPECT_EQ(read->spec.holder, "pod_1");
  EXPECT_EQ(read->spec.lease_duration, 15s);
  EXPECT_EQ(read->spec.acquired_at, *parse_rfc3339("2026-11-23T08:00:00Z") + 250ms);
  EXPECT_EQ(read->spec.renewed_at, *parse_rfc3339("2026-11-23T09:00:00Z") + 123ms);
  EXPECT_EQ(read->spec.transitions, 3);
}

TEST(a_lease, is_written_as_it_was_read) {
  json expected = held;
  expected["spec"]["renewTime"] = "2026-11-23T09:00:00.123000Z";
  EXPECT_EQ(encode_lease(*decode_lease(held)), expected);
}

TEST(a_lease, that_is_new_names_no_version) {
  lease record;
  record.meta.name = "x";
  record.meta.ns = "ops";
  record.spec.holder = "us";
  record.spec.lease_duration = 15s;
  EXPECT_EQ(encode_lease(record), json::parse(R"({
    "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "x", "namespace": "ops"},
    "spec": {"holderIdentity": "us", "leaseDurationSeconds": 15, "leaseTransitions": 0}})"));
}

TEST(a_lease, that_is_released_names_an_empty_holder) {
  lease record = *decode_lease(held);
  record.spec.holder.clear();
  EXPECT_EQ(encode_lease(record)["spec"]["holderIdentity"], "");
}

TEST(a_lease, keeps_owners_and_finalizers) {
  lease record = *decode_lease(held);
  record.meta.finalizers = {"f"};
  record.meta.owners = {{"v1", "Pod", "p", "pu", true, false}};
  const json written = encode_lease(record)["metadata"];
  EXPECT_EQ(written["finalizers"], json::array({"f"}));
  EXPECT_EQ(written["ownerReferences"][0]["uid"], "pu");
}

TEST(a_lease, with_missing_or_senseless_fields_reads_as_empty) {
  for (
      const char* spec :
      {R"(null)", R"({})", R"("x")", R"([1])",
       R"({"holderIdentity": null, "leaseDurationSeconds": "15", "acquireTime": 7, "renewTime": "yesterday"})",
       R"({"holderIdentity": 5, "leaseDurationSeconds": -1, "leaseTransitions": "many"})"}) {
    json object = held;
    object["spec"] = json::parse(spec);
    const auto read = decode_lease(object);
    ASSERT_TRUE(read) << spec;
    EXPECT_EQ(read->spec, lease_spec{}) << spec;
  }
  json object = held;
  object["spec"]["leaseDurationSeconds"] = std::int64_t{1} << 60;
  EXPECT_EQ(decode_lease(object)->spec.lease_duration, std::chrono::seconds(2'147'483'647));
}

TEST(what_is_no_object, is_no_lease) {
  EXPECT_FALSE(decode_lease(json::array()));
  EXPECT_FALSE(decode_lease(json::object()));
  json object = held;
  object["metadata"].erase("resourceVersion");
  EXPECT_FALSE(decode_lease(object));
}

}  // namespace
}  // namespace platformer
