#!/usr/bin/env python3
"""The running operator is closed to other processes of its user, and leaves no core: tried by such a neighbour, first on a
process that is open, so that a refusal is the operator's own doing.

    OPERATOR=build/dev/bin/platformer-operator python3 process_test.py
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
USER = 65532
# Nobody listens there: the operator serves its probes and tries again.
KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: there, user: me}}]
clusters: [{name: there, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: me, user: {token: t}}]
"""


class Process(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        home = pathlib.Path(folder.name)
        home.chmod(0o755)
        (home / "kubeconfig").write_text(KUBECONFIG)
        # Both where that user can read them, whatever the checkout's folder allows.
        shutil.copy(os.environ["OPERATOR"], home / "operator")
        shutil.copy(HERE / "neighbour.py", home)
        command = [sys.executable if os.geteuid() else "/usr/bin/python3", str(home / "neighbour.py"),
                   "probes and metrics are served", str(home / "operator"), "--kubeconfig", str(home / "kubeconfig"),
                   "--bind-address", "127.0.0.1:0", "--log-format", "text"]
        if os.geteuid() == 0:  # root may do all of it to anybody
            command = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--inh-caps=-all",
                       "--no-new-privs", *command]
        said = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=home)
        if said.returncode != 0:
            raise RuntimeError(said.stderr)
        cls.seen = json.loads(said.stdout)
        cls.plain, cls.operator = cls.seen["plain"], cls.seen["other"]

    def test_no_debugger_can_be_attached(self):
        self.assertEqual(self.plain["attach"], "done")
        self.assertEqual(self.operator["attach"], "Operation not permitted")

    def test_its_memory_can_not_be_read(self):
        self.assertEqual((self.plain["read memory"], self.plain["open mem"]), ("Bad address", "done"))
        self.assertEqual((self.operator["read memory"], self.operator["open mem"]),
                         ("Operation not permitted", "Permission denied"))

    def test_neither_environment_nor_addresses_can_be_read(self):
        for name in ("open environ", "open maps", "open auxv"):
            self.assertEqual(self.plain[name], "done")
            self.assertEqual(self.operator[name], "Permission denied")

    def test_its_files_in_proc_are_roots(self):
        self.assertEqual(self.plain["owner"], self.seen["user"])
        self.assertEqual(self.operator["owner"], 0)

    def test_a_crash_leaves_no_core(self):
        self.assertEqual(self.operator["abort"], {"signal": signal.SIGABRT, "core": False, "files": []})
        self.assertEqual(self.operator["core limit"], ["0", "0"])
        # A core_pattern that is a program's or a folder's writes elsewhere.
        if pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip() == "core":
            self.assertTrue(self.plain["abort"]["core"])
            self.assertEqual(len(self.plain["abort"]["files"]), 1)

    def test_files_that_it_makes_are_its_users_alone(self):
        self.assertEqual(self.operator["umask"], "0077")


if __name__ == "__main__":
    unittest.main()
