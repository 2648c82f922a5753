#!/bin/sh
# What `helm test` runs, with the operator's own identity: are the CRDs there, has it the rights that the chart means it
# to have, is it ready, does it give metrics? Changes nothing, neither in the cluster nor at the Console.
#
#   RESOURCES  plurals of the custom resources
#   RIGHTS     lines of: group resource verb name namespace ('-' for none or all)
#   PROBES     URL of /readyz and /metrics; empty: nothing to reach them by
#   METRICS    URL of metrics over TLS; empty: they are plain, beside /readyz
#   PATIENCE   seconds to wait for readiness
#   API        URL of Kubernetes; ACCOUNT  folder with token and ca.crt
set -u
: "${RESOURCES:?}" "${RIGHTS:?}" "${PROBES=}" "${METRICS=}" "${PATIENCE:=60}"
: "${API:=https://kubernetes.default.svc}" "${ACCOUNT:=/var/run/secrets/kubernetes.io/serviceaccount}"
group=console.platformer.com
failures=0

failed() {
  failures=$((failures + 1))
  echo "FAILED  $*"
}

kube() { # CURL-ARGUMENTS…: the token goes through a pipe, where the list of processes does not show it
  printf 'header = "Authorization: Bearer %s"\n' "$(cat "$ACCOUNT/token")" |
    curl -sS --max-time 10 --cacert "$ACCOUNT/ca.crt" --config - "$@"
}

none_if_dash() { [ "$1" = - ] || printf %s "$1"; }

check_crds() {
  served=$(kube "$API/apis/$group/v1alpha1") || served=
  for each in $RESOURCES; do
    if echo "$served" | grep -Eq "\"name\": *\"$each\""; then
      echo "ok      $each.$group is served"
    else
      failed "$each.$group is not served: install the CRDs (crds.enabled=true in one release of the cluster)"
    fi
  done
}

review() { # GROUP RESOURCE VERB NAME NAMESPACE: the body of a SelfSubjectAccessReview
  resource=${2%%/*}
  subresource=${2#"$resource"}
  printf '{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":'
  printf '{"group":"%s","resource":"%s","subresource":"%s","verb":"%s","name":"%s","namespace":"%s"}}}' \
    "$(none_if_dash "$1")" "$resource" "${subresource#/}" "$3" "$(none_if_dash "$4")" "$(none_if_dash "$5")"
}

check_rights() {
  granted=0
  while read -r in_group resource verb name namespace; do
    [ -n "$in_group" ] || continue
    answer=$(kube -H 'Content-Type: application/json' -d "$(review "$in_group" "$resource" "$verb" "$name" "$namespace")" \
      "$API/apis/authorization.k8s.io/v1/selfsubjectaccessreviews") || answer=
    if echo "$answer" | grep -Eq '"allowed": *true'; then
      granted=$((granted + 1))
    else
      failed "may not $verb $resource (group $in_group, name $name, namespace $namespace): set rbac.create=true or grant it"
    fi
  done <<END
$RIGHTS
END
  echo "ok      $granted rights granted"
}

check_readiness() {
  waited=0
  until [ "$(curl -s -o /dev/null -w '%{http_code}' --max-time 5 "$PROBES/readyz")" = 200 ]; do
    if [ "$waited" -ge "$PATIENCE" ]; then
      failed "not ready after $PATIENCE s: $(curl -sS --max-time 5 "$PROBES/readyz" 2>&1)"
      return
    fi
    waited=$((waited + 1))
    sleep 1
  done
  echo "ok      ready"
}

check_metrics() {
  if curl -s --max-time 5 "$PROBES/metrics" | grep -q '^platformer_operator_'; then
    echo "ok      metrics"
  else
    failed "$PROBES/metrics has no metric of the operator"
  fi
}

# Whose certificate it is does not matter here: nothing is sent that needs protection.
check_metrics_are_kept() {
  status=$(curl -sk -o /dev/null -w '%{http_code}' --max-time 5 "$METRICS")
  if [ "$status" = 401 ]; then
    echo "ok      metrics over TLS, for those only who may have them"
  else
    failed "$METRICS answers somebody without a token with status $status, not 401"
  fi
}

check_crds
check_rights
if [ -n "$PROBES" ]; then
  check_readiness
  if [ -n "$METRICS" ]; then check_metrics_are_kept; else check_metrics; fi
else
  echo "skipped readiness and metrics: metrics.service.enabled is false"
fi
[ "$failures" -eq 0 ] || {
  echo "$failures checks failed"
  exit 1
}
