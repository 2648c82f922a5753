#!/usr/bin/env python3
"""Where the operator's processor time goes while a fleet is created: perf looks at its stack some thousand times a second
of that time.

  creation_profile.py PROGRAMS FOLDER [--accounts 300] [--svg FILE] [--top 25] [--keep]

Writes a flame graph and prints which functions the time was spent in. perf counts by the processor's clock, as virtual
machines have no hardware counters, and takes stacks from the unwind tables (dwarf), as libraries have no frame pointers.
The operator can't be looked at by others than root (PR_SET_DUMPABLE), so neither can perf.
"""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from programs import Console  # noqa: E402

from call_stacks import demangle, read_stacks, share_of, shares, split  # noqa: E402
from cluster import Cluster  # noqa: E402
from flame_graph import flame_graph  # noqa: E402
from subjects import Ours, load  # noqa: E402
from waiting import quiet_process, wait_until  # noqa: E402

SAMPLES_A_SECOND = 4999  # no divisor of any timer's pace
STACK_BYTES = 16384
CREATE = "createServiceAccount"  # the Console's operation (operator/console/openapi.yaml)

# Whose work a sample is: the first of these that comes from the top of its stack downwards.
PARTS = (
    ("the kernel: sockets, scheduling", r"\(kernel\)$"),
    ("TLS (OpenSSL)", r"^\[lib(ssl|crypto)|^(SSL|BIO|EVP|CRYPTO|OPENSSL)_|^ERR_|ssl::detail::engine"),
    ("JSON read", r"parse_bounded|tree_builder|json_abi.*::(sax_parse|parse|lexer|parser)|^nlohmann::.*::(lexer|parser)"),
    ("JSON written", r"dump_json|nlohmann::.*::(serializer|dump)"),
    ("JSON documents made, copied, destroyed", r"^nlohmann::"),
    ("objects out of JSON", r"^platformer::(decode_|\w*read_)"),
    ("stores and what a change queues", r"^platformer::runtime::store|^platformer::controllers::(on_change|knowledge)"),
    ("decisions", r"^platformer::(accounts|controllers|connections)::"),
    ("metrics", r"^prometheus::|^platformer::app::metrics"),
    ("log lines", r"^spdlog::|^fmt::|^platformer::app::(anonymous::)?log|^platformer::app::logger"),
    ("HTTP", r"^boost::beast::|^platformer::net::"),
    ("requests and watches of Kubernetes", r"^platformer::kube::"),
    ("calls of the Console", r"^platformer::console::"),
    ("our objects copied and destroyed", r"^platformer::(object|service_account|secret|condition|operation)\w*::~?\w+$"),
    ("driver, queue, wiring", r"^platformer::"),
)
# Counted beside that, whosever work it is.
BESIDE = (
    ("memory taken and given back", r"^operator (new|delete)|^(malloc|calloc|realloc|cfree|free)$|^_int_(malloc|free)"),
    ("overwriting memory that is given back", r"explicit_bzero|malloc_usable_size|OPENSSL_cleanse"),
)


def refuse(why):
    print(f"creation_profile.py: {why}", file=sys.stderr)
    sys.exit(1)


def check_perf():
    if shutil.which("perf") is None:
        refuse("perf is missing; on Debian: sudo apt-get install linux-perf")
    if shutil.which("c++filt") is None:
        refuse("c++filt is missing; on Debian: sudo apt-get install binutils")
    if os.geteuid() != 0:
        refuse("only root can look at the operator, which forbids it to others (PR_SET_DUMPABLE): run this by sudo")
    tried = subprocess.run(["perf", "record", "-e", "cpu-clock", "-o", "/dev/null", "true"], capture_output=True, text=True,
                           check=False)
    if tried.returncode != 0:
        refuse("perf may not record here: a container needs CAP_PERFMON (docker run --cap-add=PERFMON, and a seccomp "
               f"profile that allows perf_event_open). It says:\n{tried.stderr}")


class Recording:
    """perf, attached to a process for the time of a block."""

    def __init__(self, pid, file):
        self.command = ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(SAMPLES_A_SECOND), "--call-graph",
                        f"dwarf,{STACK_BYTES}", "-p", str(pid), "-o", str(file)]
        self.process, self.ends = None, ()

    def __enter__(self):
        # It acknowledges "enable" when it counts, so that nothing of the work is missed.
        answers, answering = os.pipe()
        asked, asking = os.pipe()
        self.process = subprocess.Popen([*self.command, "-D", "-1", "--control", f"fd:{asked},{answering}"],
                                        pass_fds=(asked, answering))
        os.close(answering)
        os.close(asked)
        self.ends = (answers, asking)  # perf dies of a pipe that is closed
        os.write(asking, b"enable\n")
        if b"ack" not in os.read(answers, 16):
            refuse("perf could not be attached to the operator")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(120)
        for each in self.ends:
            os.close(each)


def record(options):
    """The file that perf wrote, and the operator's processor time meanwhile in seconds."""
    data = options.folder / "perf.data"
    with Cluster(options.folder / "control-plane") as cluster, Console(options.programs, options.folder) as console:
        subject = Ours(options.programs, cluster, console, options.folder)
        with subject.start() as program:
            subject.prepare(program)
            quiet_process(program)
            before = program.cpu_seconds()
            with Recording(program.pid, data):
                load(options.programs, cluster, "create", count=options.accounts)
                # Not by the operator's metrics: to be asked for them all the time is a tenth of the work.
                wait_until(lambda: console.calls().get(CREATE, 0) >= options.accounts, 600, "all accounts")
                quiet_process(program)
            spent = program.cpu_seconds() - before
    return data, spent


def stacks_of(data):
    script = subprocess.run(["perf", "script", "-i", str(data), "--no-inline", "-F", "comm,ip,sym,dso"], check=True,
                            text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return demangle(read_stacks(script.stdout.splitlines()))


def show(stacks, top):
    by_function = shares(stacks)
    for head, key in (("in the function itself", 1), ("with all that it calls", 2)):
        print(f"\nprocessor time {head}:")
        for name, own, within in sorted(by_function, key=lambda each: (-each[key], each[0]))[:top]:
            print(f"  {100 * own:5.1f} % self {100 * within:5.1f} % in all  {name}")
    print("\nwhose work it is, what it allocates and the like included:")
    for what, share in sorted(split(stacks, PARTS, "event loop and the rest").items(), key=lambda each: -each[1]):
        print(f"  {100 * share:5.1f} %  {what}")
    print("beside that, of all:")
    for what, pattern in BESIDE:
        print(f"  {100 * share_of(stacks, pattern):5.1f} %  {what}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--accounts", type=int, default=300)
    parser.add_argument("--svg", type=pathlib.Path, help="default: profile.svg in the folder")
    parser.add_argument("--top", type=int, default=25, help="functions in each table")
    options = parser.parse_args()
    check_perf()
    options.folder, options.programs = options.folder.resolve(), options.programs.resolve()
    svg = options.svg or options.folder / "profile.svg"
    shutil.rmtree(options.folder, ignore_errors=True)
    os.umask(0o077)
    options.folder.mkdir(parents=True)
    data, spent = record(options)
    stacks = stacks_of(data)
    samples = sum(stacks.values())
    title = (f"Creation of {options.accounts} accounts: {1000 * spent / options.accounts:.2f} ms of the operator's processor "
             f"time each, {samples} samples")
    print(title)
    show(stacks, options.top)
    svg.write_text(flame_graph(stacks, title), encoding="utf-8")
    print(f"\nflame graph: {svg}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
