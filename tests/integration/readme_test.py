#!/usr/bin/env python3
"""readme_test.py PROGRAMS FOLDER: the README's kubectl commands, with the emulator and the operator running.

KUBECONFIG and KUBECTL name the control plane. The operator has the identity that the README gives it, and watches the
README's namespace only, so that other tests' objects are left alone.
"""

import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from programs import Console, Operator, with_token  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
KUBECTL = os.environ.get("KUBECTL", "kubectl")


def kubectl(*arguments):
    return subprocess.run([KUBECTL, *arguments], check=True, capture_output=True, text=True, timeout=60).stdout


def main():
    programs, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.umask(0o077)
    token = kubectl("-n", "platformer-system", "create", "token", "platformer-operator", "--duration=1h")
    kubeconfig = folder / "operator.kubeconfig"
    kubeconfig.write_text(with_token(kubectl("config", "view", "--raw", "--minify", "--flatten", "-o", "json"), token))
    with Console(programs, folder) as console, \
         Operator(programs, kubeconfig, folder / "operator.log", ["--watch-namespace", "team-a"]) as operator:
        operator.wait_ready()
        done = subprocess.run([sys.executable, HERE / "docs_commands.py", "--gateway", console.gateway, "--token-file",
                               console.credential_file, "--organization", console.organization], check=False)
        if done.returncode == 0 and operator.stop() != 0:
            print("FAILED the operator's end")
            return 1
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
