"""What has to be true after a soak test, and how it is found out."""

import base64
import statistics
import time

import process
from soak_people import ACCOUNTS, SECRETS

MEBI = 1024
OURS = "?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dplatformer-operator"


class Samples:
    """Memory and open files of one life of the operator's process, over time."""

    NAMES = ("rss_mb", "files", "sockets")

    def __init__(self):
        self.taken = []

    def take(self, program):
        try:
            self.taken.append((program.memory_kib("VmRSS") / MEBI, *process.open_files(program)))
        except (OSError, TypeError):  # it has just ended
            pass

    def quarters(self):
        """{what: (median of the first quarter, median of the last)}"""
        share = max(1, len(self.taken) // 4)
        return {name: tuple(statistics.median(each[at] for each in part)
                            for part in (self.taken[:share], self.taken[-share:])) for at, name in enumerate(self.NAMES)}

    def growth(self):
        """What grew: 15 % and a little are left to chance, such as what happens to be open at the moment."""
        slack = {"rss_mb": 3, "files": 8, "sockets": 8}
        return [f"{name} grew from {first:.1f} to {last:.1f}" for name, (first, last) in self.quarters().items()
                if last > 1.15 * first + slack[name]]


def condition(thing, name):
    return next((each for each in thing.get("status", {}).get("conditions", []) if each["type"] == name), {})


def unsettled(thing):
    """Why an object is not yet what was asked for; "" when it is."""
    meta, status = thing["metadata"], thing.get("status", {})
    ready = condition(thing, "Ready")
    if ready.get("status") != "True":
        return f"{meta['name']}: {ready.get('reason')}: {ready.get('message')}"
    if status.get("observedGeneration") != meta["generation"]:
        return f"{meta['name']}: its last edit was not seen"
    asked = meta.get("annotations", {}).get("console.platformer.com/renew", "")
    if asked and status.get("lastHandledRenew", "") != asked:
        return f"{meta['name']}: its last renewal was not done"
    wanted = thing["spec"].get("secret", {}).get("name") or f"{meta['name']}-token"
    return "" if status.get("secretName") == wanted else f"{meta['name']}: its Secret was not moved"


def settle(api, expected, seconds):
    """Waits until all objects are what was asked for; what is left to say of those that are not."""
    until = time.monotonic() + seconds
    while True:
        found = api.items(ACCOUNTS)
        waiting = [why for why in map(unsettled, found.values()) if why]
        if set(found) != set(expected):
            waiting.append(f"{len(found)} objects, not {len(expected)}")
        if not waiting or time.monotonic() > until:
            return waiting
        time.sleep(0.5)


def lasting_violations(api, console, seconds=60):
    """Those that are there after so long: Kubernetes takes a while to delete the Secrets of objects that went."""
    until = time.monotonic() + seconds
    while (found := violations(api, console)) and time.monotonic() < until:
        time.sleep(0.5)
    return found


def violations(api, console):
    """Of settled objects: tokens that don't authenticate, accounts and Secrets that are nobody's, or two of one's."""
    objects, secrets = api.items(ACCOUNTS), api.items(SECRETS + OURS)
    accounts = {each["id"]: each for each in console.ask("GET", "/accounts")["accounts"]}
    found = []
    for name, each in objects.items():
        secret = secrets.pop(each["status"]["secretName"], None)
        if secret is None:
            found.append(f"{name} has no Secret")
            continue
        token = base64.b64decode(secret["data"]["token"]).decode()
        verdict = console.ask("POST", "/verify", {"token": token})
        account = accounts.pop(each["status"]["accountID"], None)
        if not verdict["live"] or account is None or verdict["account_id"] != account["id"]:
            found.append(f"the token of {name} does not authenticate as its account")
    found += [f"account {each['name']} is nobody's, or one's second" for each in accounts.values()]
    return found + [f"Secret {name} is nobody's" for name in secrets]


def leftovers(program):
    """What the operator still holds of objects that are gone."""
    return [f"{name}{labels} is {value:g}, not {wanted}" for name, labels, wanted in
            (("platformer_operator_cached_objects", '{resource="serviceaccounts"}', 0), ("workqueue_depth", "", 0),
             ("workqueue_unfinished_work_seconds", "", 0), ("platformer_operator_connection_waiting_calls", "", 0))
            if (value := program.metric(name, labels.strip("{}"))) != wanted]


def summary(found):
    """Lines."""
    changes = ", ".join(f"{count} {what}" for what, count in sorted(found["changes"].items()))
    faults = ", ".join(f"{count} {what}" for what, count in sorted(found["faults"].items()))
    yield f"{found['minutes']:g} minutes, seed {found['seed']}"
    yield f"{sum(found['changes'].values())} changes ({changes})"
    yield f"{sum(found['faults'].values())} faults ({faults}), which met {found['requests_met']} requests"
    yield f"{found['ends']['kill']} times SIGKILL, {found['ends']['term']} times SIGTERM"
    yield f"{found['objects_checked']} objects were right after {found['seconds_to_settle']} s"
    yield f"{len(found['wrong'])} things wrong"
    for name, (first, last) in found["quarters"].items():
        yield f"{name}: {first:.1f} in the first quarter of the last process' life, {last:.1f} in the last"
