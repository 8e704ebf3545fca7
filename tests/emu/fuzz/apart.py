"""Hostile programs in a process of their own, which may crash or hang without ending the fuzzing.

The process says on a line of its own what came of each seed. Where it dies or goes silent, the next
seed is the one to blame, and another process goes on behind it.
"""

from __future__ import annotations

import subprocess
import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from .hostile import differences

PACKAGE = "tests.emu.fuzz"
ROOT = Path(__file__).parents[3]
SECONDS_EACH = 10
"""What a program may take at most, and then some; most take a twentieth of a second."""


@dataclass
class Outcome:
    programs: int = 0
    failures: list[str] = field(default_factory=list)


def serve(first: int, count: int) -> None:
    """What the process does."""
    for seed in range(first, first + count):
        try:
            found = differences(seed)
        except Exception:
            found = traceback.format_exc().splitlines()
        print(f"{seed} " + " | ".join(found), flush=True)


def run_apart(first: int, count: int) -> Outcome:
    """Programs `first` to `first + count - 1`."""
    result = Outcome()
    last = first + count
    while first < last:
        command = [sys.executable, "-X", "faulthandler", "-m", PACKAGE, "--serve"]
        command += [str(first), str(last - first)]
        limit = SECONDS_EACH + 0.5 * (last - first)
        end = ""
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit)
            output = done.stdout
            if done.returncode:
                end = f"the process died with status {done.returncode}\n{done.stderr}"
        except subprocess.TimeoutExpired as expired:
            output = (expired.stdout or b"").decode()
            end = "the process hung"
        for line in output.splitlines():
            seed, _, found = line.partition(" ")
            first = int(seed) + 1
            result.programs += 1
            if found:
                result.failures.append(f"--hostile --seed {seed}: {found}")
        if end:
            result.failures.append(f"--hostile --seed {first}: {end}")
            first += 1
            result.programs += 1
    return result


