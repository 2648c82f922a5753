#!/usr/bin/env python3
"""Runs the README's kubectl commands, in order and as they stand, against a real cluster.

  docs_commands.py --gateway URL --token-file FILE [--organization NAME] [--project NAME]
      with a running operator: the whole README, waiting for Ready included
  docs_commands.py --without-operator
      against a bare control plane: what needs an operator is left out

Commands run in a copy of crds/ and samples/, whose quickstart points to the gateway, with a copy of KUBECONFIG (the
README's `kubectl config` commands change it). The README's own namespaces are used; team-a must not exist yet and is
removed. kubectl comes from KUBECTL. Exit status: 0 when every command succeeded. No output contains a token.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
KUBECTL = os.environ.get("KUBECTL", "kubectl")
NAMESPACE = "team-a"
# Need an operator to succeed.
OPERATORS_WORK = (r"kubectl -n team-a wait ", r"kubectl -n team-a get secret ")


def commands_of(page):
    """The lines of a page's ```sh blocks."""
    for block in re.findall(r"^```sh\n(.*?)^```", pathlib.Path(page).read_text(), re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if line.strip() and not line.startswith("#"):
                yield line.strip()


def prepare(folder, options):
    """A working folder as the README's reader has it, and the environment for its commands."""
    shutil.copytree(ROOT / "crds", folder / "crds")
    shutil.copytree(ROOT / "samples", folder / "samples")
    quickstart = folder / "samples" / "quickstart.yaml"
    text = quickstart.read_text()
    if options.gateway:
        text = text.replace("https://api.platformer.com", options.gateway)
        if options.gateway.startswith("http://"):
            text = text.replace("allowInsecureHTTP: false", "allowInsecureHTTP: true")
    text = text.replace("organization: acme", f"organization: {options.organization}")
    quickstart.write_text(text.replace("project: storefront", f"project: {options.project}"))
    token = pathlib.Path(options.token_file).read_text() if options.token_file else "not-a-token"
    (folder / "console-token.txt").write_text(token.strip())
    kubeconfig = folder / "kubeconfig"
    kubeconfig.write_text(subprocess.run([KUBECTL, "config", "view", "--raw", "--flatten"], capture_output=True,
                                         text=True, check=True).stdout)
    kubeconfig.chmod(0o600)
    (folder / "bin").mkdir()
    (folder / "bin" / "kubectl").symlink_to(shutil.which(KUBECTL))
    return {**os.environ, "KUBECONFIG": str(kubeconfig), "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without-operator", action="store_true")
    parser.add_argument("--gateway", help="URL of the Console or its emulator")
    parser.add_argument("--token-file", help="file with the operator's Console token")
    parser.add_argument("--organization", default="acme")
    parser.add_argument("--project", default="storefront")
    options = parser.parse_args()
    if not options.without_operator and not (options.gateway and options.token_file):
        parser.error("--gateway and --token-file are needed, or --without-operator")
    failed = ran = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = prepare(folder, options)
        try:
            for command in commands_of(ROOT / "README.md"):
                left_out = options.without_operator and any(re.match(each, command) for each in OPERATORS_WORK)
                if not command.startswith("kubectl ") or left_out:
                    continue
                # The shell, since the README is written for one.
                done = subprocess.run(["bash", "-euc", command], cwd=folder, env=environment, text=True, timeout=120,
                                      capture_output=True, check=False)
                ran += 1
                failed += done.returncode != 0
                print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {command}")
                if done.returncode != 0:
                    print("       " + done.stderr.strip().replace("\n", "\n       "))
        finally:
            subprocess.run([KUBECTL, "delete", "namespace", NAMESPACE, "--wait=false", "--ignore-not-found"], check=False,
                           stdout=subprocess.DEVNULL)
    print(f"README: {ran - failed} commands succeeded, {failed} failed")
    return 1 if failed or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
