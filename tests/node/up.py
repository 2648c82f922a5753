#!/usr/bin/env python3
"""up.py PAUSE: a cluster with a node for a person (`./dev up --node`), with the operator's image installed by its chart, the
Console emulator in pods, and the sample applied. Stays until Ctrl-C, and takes everything away then.

PLATFORMER_CONTROL_PLANE is the node's folder, PLATFORMER_IMAGE where the images go, PAUSE the program that holds pods.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
NODE = TESTS / "testbed" / "node.sh"
FOLDER, IMAGES = (pathlib.Path(os.environ[f"PLATFORMER_{name}"]) for name in ("CONTROL_PLANE", "IMAGE"))
started = time.monotonic()


def told(text):
    print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)


def do(*command):
    """Ends us when the command fails; it has said why."""
    if subprocess.run([str(each) for each in command], check=False, stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit(f"up --node: {pathlib.Path(command[0]).name} failed")


def set_up(pause):
    do(TESTS / "image" / "build.sh", IMAGES)
    do(TESTS / "node" / "images.sh", IMAGES, pause)
    told("the images are built: operator, Console emulator, and what a node needs")
    do(NODE, "up", FOLDER, "--watch", os.getpid())
    told("the node is Ready: kubelet, containerd, scheduler, proxy and DNS run in namespaces of their own")
    import cluster  # finds a node from here on
    from chart import TOOLS
    cluster.load_images(IMAGES)
    cluster.start_console()
    told(f"the Console emulator runs in namespace console, as {cluster.GATEWAY} for pods")
    cluster.install("install")
    told("helm install --wait: two replicas are ready, one of them leads")
    cluster.connect(cluster.TEAM)
    cluster.apply_sample(cluster.TEAM)
    told("samples/quickstart.yaml is applied: psa/ci-bot is Ready, its token in Secret ci-bot-token")
    address = (FOLDER / "address").read_text().strip()
    print(f"""
Everything runs. In another terminal:
  export KUBECONFIG={FOLDER}/admin.kubeconfig PATH={cluster.CLUSTER / 'bin'}:{TOOLS}:$PATH
  kubectl get pods --all-namespaces
  kubectl -n {cluster.NAMESPACE} logs deployment/{cluster.RELEASE} --follow
  kubectl -n {cluster.TEAM} apply -f tests/node/consumer.yaml
  helm test {cluster.RELEASE} --namespace {cluster.NAMESPACE} --logs
The Console's gateway is http://{address}:30080 here, its admin API http://{address}:30081/accounts.
An image of yours: {NODE} load {FOLDER} ARCHIVE
Ctrl-C ends it all.""", flush=True)


def main():
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        set_up(sys.argv[1])
        while (FOLDER / "supervisor.pid").exists():
            time.sleep(1)
        sys.exit(f"the node ended; its logs are in {FOLDER / 'log'}")
    finally:
        subprocess.run([NODE, "down", FOLDER], check=False)


if __name__ == "__main__":
    main()
