#!/usr/bin/env python3
"""What a process may do to another one of its user. Starts two children, a plain one and the one whose command line it is
given, waits for a line of the latter, tries, and prints what came of it as JSON: {"plain": {…}, "other": {…}}.

    python3 neighbour.py "watching" PROGRAM ARGUMENT…

Both are its children, so that Yama's restrictions, where there are any, don't decide.
"""

import ctypes
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile

LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_ATTACH, PTRACE_DETACH = 16, 17


class IoVec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def outcome(result):
    return "done" if result >= 0 else os.strerror(ctypes.get_errno())


def attach(pid):
    said = outcome(LIBC.ptrace(PTRACE_ATTACH, pid, None, None))
    if said == "done":
        os.waitpid(pid, 0)
        LIBC.ptrace(PTRACE_DETACH, pid, None, None)
    return said


def read_memory(pid):
    """Reads where nothing is: "Bad address" says that it would have been allowed."""
    room = ctypes.create_string_buffer(8)
    here, there = IoVec(ctypes.addressof(room), 8), IoVec(8, 8)
    return outcome(LIBC.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0))


def open_file(pid, name):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            if name != "mem":
                file.read(1)
        return "done"
    except OSError as failure:
        return failure.strerror


def aborted(child):
    """Whether SIGABRT makes the kernel write a core, and which files that left here."""
    child.send_signal(signal.SIGABRT)
    _, status = os.waitpid(child.pid, 0)
    child.returncode = -os.WTERMSIG(status)
    left = sorted(path.name for path in pathlib.Path(".").iterdir())
    for name in left:
        os.unlink(name)
    return {"signal": os.WTERMSIG(status), "core": os.WCOREDUMP(status), "files": left}


def tried(child):
    said = {f"open {name}": open_file(child.pid, name) for name in ("mem", "maps", "environ", "auxv")}
    said |= {"attach": attach(child.pid), "read memory": read_memory(child.pid)}
    said["owner"] = os.stat(f"/proc/{child.pid}/environ").st_uid
    for line in pathlib.Path(f"/proc/{child.pid}/status").read_text().splitlines():
        if line.startswith("Umask:"):
            said["umask"] = line.split()[1]
    for line in pathlib.Path(f"/proc/{child.pid}/limits").read_text().splitlines():
        if line.startswith("Max core file size"):
            said["core limit"] = line.split()[4:6]
    return said | {"abort": aborted(child)}


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        plain = subprocess.Popen(["sleep", "60"])
        other = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = []
        for line in other.stdout:
            lines.append(line)
            if sys.argv[1] in line:
                break
        else:
            sys.exit(f"{sys.argv[2]} never said {sys.argv[1]}: {''.join(lines)}")
        print(json.dumps({"plain": tried(plain), "other": tried(other), "user": os.getuid()}))


if __name__ == "__main__":
    main()
