"""Debian's promtool and Prometheus for tests; a test that imports this ends with 77 where they can't be had.

    promtool("check", "rules", path)
    with Server(folder, {"operator": "127.0.0.1:1234"}) as server:
        server.query("up")            # [{"metric": {…}, "value": [time, "1"]}, …]
"""

import json
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from programs import Program  # noqa: E402


def _home():
    found = subprocess.run([ROOT / "tests" / "observability" / "prometheus.sh"], capture_output=True, text=True, check=False)
    if found.returncode == 77:
        print(found.stderr.strip())
        sys.exit(77)
    if found.returncode != 0:
        raise RuntimeError(found.stderr)
    return pathlib.Path(found.stdout.strip())


HOME = _home()


def promtool(*arguments, text=None):
    """(exit status, what it said)."""
    done = subprocess.run([HOME / "promtool", *map(str, arguments)], input=text, capture_output=True, text=True,
                          timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


class Server(Program):
    """A Prometheus that scrapes once a second; the folder is its own."""

    def __init__(self, folder, targets, rules=()):
        folder = pathlib.Path(folder)
        jobs = [{"job_name": job, "static_configs": [{"targets": [address]}]} for job, address in targets.items()]
        config = folder / "prometheus.json"  # JSON is YAML
        config.write_text(json.dumps({"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                                      "rule_files": [str(each) for each in rules], "scrape_configs": jobs}))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        super().__init__([str(HOME / "prometheus"), f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}",
                          f"--web.listen-address={self.address}"], folder / "prometheus.log")
        self.line(r"Server is ready to receive web requests")

    def ask(self, path, **parameters):
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as reply:
                return json.load(reply)["data"]
        except urllib.error.HTTPError as refusal:
            raise RuntimeError(f"{parameters}: {refusal.read().decode()}") from refusal

    def query(self, text):
        return self.ask("query", query=text)["result"]

    def eventually(self, text, seconds=30):
        """The answer, as soon as there is one."""
        until = time.monotonic() + seconds
        while not (answer := self.query(text)):
            if time.monotonic() > until:
                raise AssertionError(f"no data within {seconds} s: {text}")
            time.sleep(0.2)
        return answer
