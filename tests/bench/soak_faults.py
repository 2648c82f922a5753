"""What goes wrong in a soak test: networks and servers, by the gate (gate/main.cpp), and the operator's process itself."""

import json
import threading
import time

from programs import Program

HELD_SECONDS = 3  # longer than the connection waits for an answer of the Console


class Gate:
    """The gate as a program; an order is answered before the next."""

    def __init__(self, programs, kubeconfig, console, folder):
        self.kubeconfig = folder / "through-the-gate.kubeconfig"
        self.program = Program([programs / "platformer-bench-gate", "--kubeconfig", kubeconfig, "--through", self.kubeconfig,
                                "--console", console.gateway], folder / "gate.log", keep_input=True)
        self.gateway = self.program.line(r"^console=(\S+)")[1][1]
        self.orders, self.lock = 0, threading.Lock()

    def order(self, **told):
        with self.lock:
            self.orders += 1
            self.program.process.stdin.write(json.dumps({**told, "order": self.orders}) + "\n")
            self.program.process.stdin.flush()
        return json.loads(self.program.line(rf'^(.*"order":{self.orders}\b.*)')[1][1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.program.process.stdin.close()
        self.program.__exit__()


class Faults:
    """One at a time, of random kind and place; `lift` ends those that have not met a request."""

    def __init__(self, gate, random):
        self.gate, self.random, self.counts, self.rules = gate, random, {}, []

    def strike(self):
        kind = self.random.choices(["cut", "answer", "hold", "break_watch", "throttle", "connections"], [4, 4, 2, 3, 1, 1])[0]
        server = self.random.choice(["kubernetes", "console"])
        moment = self.random.choice(["before", "after"])
        once = {"server": server, "moment": moment, "nth": self.random.randint(1, 4)}
        if kind == "cut":
            self.impose(act="cut", times=self.random.randint(1, 3), **once)
        elif kind == "answer":
            self.impose(act="answer", status=self.random.choice([500, 502, 503]), times=self.random.randint(1, 3), **once)
        elif kind == "hold":
            rule = self.impose(act="hold", **once)
            timer = threading.Timer(HELD_SECONDS, lambda: self.gate.order(release=rule))
            timer.daemon = True
            timer.start()
        elif kind == "break_watch":
            self.impose(act="break_watch", server="kubernetes", query="watch=", event=self.random.randint(1, 5))
            self.gate.order(cut="kubernetes")  # so that there is a new watch to break
        elif kind == "throttle":
            self.impose(act="answer", status=429, retry_after="1", **{**once, "moment": "before"})
        else:
            self.gate.order(cut=server)
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def impose(self, **rule):
        self.rules.append(self.gate.order(impose=rule)["rule"])
        return self.rules[-1]

    def met(self):
        """How many requests and watches the faults met."""
        return sum(self.gate.order(hits=rule)["hits"] for rule in self.rules)

    def lift(self):
        for rule in self.rules:
            self.gate.order(lift=rule)


def end(program, how):
    """The operator's process ends, killed or told to; how long that took."""
    started = time.monotonic()
    if how == "kill":
        program.process.kill()
        program.process.wait()
    elif program.stop() != 0:
        raise RuntimeError("SIGTERM did not end the operator in order")
    return time.monotonic() - started
