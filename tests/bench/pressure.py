"""A fleet while something is going on: the connection looks for drift, or many objects fail and are tried again."""

import json
import time

import process
from waiting import quiet_process, wait_until

MEBI = 1024
REFUSAL = {
    "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
    "metadata": {"name": "bench-refusal"},
    "spec": {"failurePolicy": "Fail",
             "matchConstraints": {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["secrets"],
                                                     "operations": ["CREATE", "UPDATE"]}]},
             "validations": [{"expression": "!object.metadata.name.startsWith('failing-')", "message": "refused"}]}}
BINDING = {
    "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
    "metadata": {"name": "bench-refusal"},
    "spec": {"policyName": "bench-refusal", "validationActions": ["Deny"]}}


def look_every(cluster, interval):
    cluster.kubectl("patch", "pcc", "default", "--type=merge", "-p", json.dumps({"spec": {"interval": interval}}))


def drift(course, program):
    """The cost of one look at the whole fleet where nothing differs, then single objects while looks follow each other."""
    interval = 5 + course.accounts // 1000
    course.console.forget_calls()
    look_every(course.cluster, f"{interval}s")  # which is a look by itself
    course.until_called("listServiceAccounts", 1)
    quiet_process(program)
    course.audit.mark()
    cpu = process.cpu_milliseconds(program)
    resting = program.memory_kib("VmRSS")
    process.forget_peak(program)
    course.console.forget_calls()
    course.until_called("listServiceAccounts", 1)
    quiet_process(program)
    course.note("drift_cpu_ms", process.cpu_milliseconds(program) - cpu, "ms")
    course.note("drift_requests", sum(course.requests().values()))
    course.note("drift_console_calls_per_account", sum(course.console.calls().values()) / course.accounts)
    course.note("drift_memory_peak_mb", (program.memory_kib("VmHWM") - resting) / MEBI, "MB more")
    course.note("drift_memory_kept_mb", (program.memory_kib("VmRSS") - resting) / MEBI, "MB more")
    look_every(course.cluster, "1s")
    course.console.forget_calls()
    course.fresh("during_drift")
    course.note("fresh_during_drift_listings", course.calls("listServiceAccounts"), "pages meanwhile")
    look_every(course.cluster, "24h")
    quiet_process(program)


def refuse_some(cluster):
    """From now on Secrets named failing-… are refused, as quotas and policies of people do."""
    for each in (REFUSAL, BINDING):
        cluster.kubectl("create", "-f", "-", text=json.dumps(each))

    def in_effect():
        return "refused" in cluster.refusal_of("create", "secret", "generic", "failing-probe", "--dry-run=server")
    wait_until(in_effect, 60, "a policy in effect")


def let_pass(cluster):
    for each in (BINDING, REFUSAL):
        cluster.kubectl("delete", each["kind"], each["metadata"]["name"])


def failing(course, program):
    """Objects whose Secret the apiserver refuses: each rehearsal of it is tried again, further and further apart."""
    count = course.options.failing
    refuse_some(course.cluster)
    course.load("create", count=count, prefix="failing")
    wait_until(lambda: program.metric("platformer_operator_service_accounts", 'ready="false"') >= count, 600,
               f"{count} objects that fail")
    course.audit.mark()
    cpu, started = process.cpu_milliseconds(program), time.monotonic()
    course.fresh("during_failures")
    took = time.monotonic() - started
    made = course.requests()
    course.note("failing_objects", count)
    course.note("failing_dry_runs_per_second", (made.get(("dry-run", "secrets"), 0) - course.options.fresh) / took)
    course.note("failing_cpu_ms_per_second", (process.cpu_milliseconds(program) - cpu) / took, "ms, fresh ones included")
    course.load("delete", count=count, prefix="failing")
    wait_until(lambda: program.metric("platformer_operator_service_accounts", 'ready="false"') == 0, 600, "their end")
    let_pass(course.cluster)
    quiet_process(program)
