"""Waiting for what a benchmark measures."""

import time


def wait_until(question, seconds, what):
    until = time.monotonic() + seconds
    while not question():
        if time.monotonic() > until:
            raise RuntimeError(f"not within {seconds} s: {what}")
        time.sleep(0.1)


def idle(operator):
    """Waits until the work queues are empty and have been for a second."""
    last, since = None, time.monotonic()

    def quiet():
        nonlocal last, since
        now = (operator.metric("workqueue_depth"), operator.metric("controller_runtime_reconcile_total"),
               operator.metric("rest_client_requests_total"))
        if now != last or now[0] > 0:
            last, since = now, time.monotonic()
        return time.monotonic() - since > 1.5

    wait_until(quiet, 120, "an idle operator")


def quiet_process(program, seconds=1.5, patience=3600):
    """Waits until a process has used no more than a hundredth of that time of a processor for so long; the seconds from
    now to the beginning of that rest."""
    started = since = time.monotonic()
    used = program.cpu_seconds()
    while time.monotonic() - since < seconds:
        time.sleep(0.1)
        now = program.cpu_seconds()
        if now - used > 0.01 * seconds + 0.005:
            used, since = now, time.monotonic()
        if time.monotonic() - started > patience:
            raise RuntimeError(f"not at rest after {patience} s")
    return since - started
