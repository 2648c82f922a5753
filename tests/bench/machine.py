"""Which machine and program a benchmark's figures are of."""

import datetime
import os
import pathlib
import platform
import re
import subprocess


def describe(programs):
    version = subprocess.run([programs / "platformer-operator", "--version"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout.strip()
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+) kB", pathlib.Path("/proc/meminfo").read_text())
    return {"date": datetime.date.today().isoformat(), "version": version, "preset": programs.parent.name,
            "processor": processor[1] if processor else platform.machine(), "cores": len(os.sched_getaffinity(0)),
            "memory_gb": round(int(memory[1]) / 1e6, 1), "kernel": platform.release(),
            "load_at_start": round(os.getloadavg()[0], 1)}


def in_words(machine):
    return (f"{machine['date']}, {machine['version']} (preset {machine['preset']}); {machine['processor']}, "
            f"{machine['cores']} cores, {machine['memory_gb']} GB, Linux {machine['kernel']}, "
            f"load {machine['load_at_start']} at the start")
