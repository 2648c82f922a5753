"""The operator and the Console emulator as child processes, for tests and benchmarks in Python.

    with Console(bin_folder, folder) as console:          # console.gateway, .admin, .organization, .credential_file
        kubeconfig = with_token(admin_kubeconfig, token)
        with Operator(bin_folder, kubeconfig, folder / "operator.log") as operator:
            operator.wait_ready()

Everything that is started ends with its block, and with this process whatever its end.
"""

import ctypes
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

START_SECONDS = 20


def _die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Program:
    """A child whose output goes to a file, line by line, each with the time of its arrival."""

    def __init__(self, command, log, keep_input=False):
        """With `keep_input` its standard input is process.stdin."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE if keep_input else subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1,
                                        preexec_fn=_die_with_parent)
        self.pid = self.process.pid
        self._lines, self._news, self._ended = [], threading.Condition(), False
        self._log = open(log, "a", encoding="utf-8")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._news:
                self._lines.append((time.monotonic(), line.rstrip("\n")))
                self._news.notify_all()
            self._log.write(line)
            self._log.flush()
        self._log.close()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def line(self, pattern, seconds=START_SECONDS):
        """(seconds since the start, match) of the first line with the pattern."""
        until = time.monotonic() + seconds
        with self._news:
            while True:
                for at, text in self._lines:
                    if found := re.search(pattern, text):
                        return at - self.started, found
                if self._ended or time.monotonic() > until:
                    raise RuntimeError(f"{self.process.args[0]} did not say {pattern}: {self._lines[-3:]}")
                self._news.wait(0.2)

    def stop(self):
        """SIGTERM; its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self._reader.join(1)
        self.process.stdout.close()


class Console(Program):
    def __init__(self, programs, folder):
        self.credential_file = pathlib.Path(folder) / "console-credential"
        super().__init__([f"{programs}/platformer-console-emulator", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                          "--credential-file", str(self.credential_file)], pathlib.Path(folder) / "console.log")
        self.gateway = self.line(r"^gateway=(\S+)")[1][1]
        admin = self.line(r"^admin=(\S+)")[1][1]
        self.admin = admin if "://" in admin else f"http://{admin}"
        self.organization = self.line(r"^organization=(\S+)")[1][1]
        self.line(r"^credential_file=")  # its last line

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.admin + path, method=method,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)

    def calls(self):
        """{operation: how often} since the start or the last forget_calls."""
        return self.ask("GET", "/calls")["counts"]

    def forget_calls(self):
        self.ask("DELETE", "/calls")


class Operator(Program):
    def __init__(self, programs, kubeconfig, log, arguments=()):
        super().__init__([f"{programs}/platformer-operator", "--kubeconfig", str(kubeconfig), "--bind-address",
                          "127.0.0.1:0", *arguments], log)

    def get(self, path):
        address = self.line(r"probes .*\b(127\.0\.0\.1:\d+)")[1][1]
        try:
            with urllib.request.urlopen(f"http://{address}{path}", timeout=10) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def metric(self, name, labels=""):
        """The sum of a metric's samples whose labels contain the text."""
        return sum(float(line.rsplit(" ", 1)[1]) for line in self.get("/metrics")[1].splitlines()
                   if re.match(rf"{name}[ {{]", line) and labels in line)

    def wait_ready(self):
        until = time.monotonic() + START_SECONDS
        while (reply := self.get("/readyz"))[0] != 200:
            if time.monotonic() > until:
                raise RuntimeError(f"the operator is not ready: {reply[1]}")
            time.sleep(0.05)

    def memory_kib(self, field):
        """A field of /proc/PID/status: VmRSS, RssAnon, RssFile."""
        return int(re.search(rf"{field}:\s+(\d+) kB", pathlib.Path(f"/proc/{self.pid}/status").read_text())[1])

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def with_token(kubeconfig_json, token):
    """A kubeconfig (as `kubectl config view -o json` shows it) for the bearer of a token."""
    config = json.loads(kubeconfig_json)
    config["users"] = [{"name": "operator", "user": {"token": token.strip()}}]
    for context in config["contexts"]:
        context["context"]["user"] = "operator"
    return json.dumps(config)
