"""Hostile programs in a process of their own, which may crash or hang without ending the fuzzing.

The process says on a line of its own what came of each seed. Where it dies or goes silent, the next
seed is the one to blame, and another process goes on behind it.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from .hostile import differences

PACKAGE = "tests.emu.fuzz"
ROOT = Path(__file__).parents[3]
SILENCE = 60
"""Seconds after which a program hangs; most take a twentieth of a second."""


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
        lines, end = _listen(first, last - first)
        for line in lines:
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


def _listen(first: int, count: int) -> tuple[list[str], str]:
    """Lines of a process that runs these programs, and what is wrong if they are not all there."""
    command = [sys.executable, "-X", "faulthandler", "-m", PACKAGE]
    command += ["--serve", str(first), str(count)]
    pieces: list[bytes] = []
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        output = process.stdout.fileno()
        end = ""
        while True:
            ready, _, _ = select.select([output], [], [], SILENCE)
            if not ready:
                process.kill()
                end = f"nothing came of it within {SILENCE} seconds"
                break
            piece = os.read(output, 1 << 16)
            if not piece:
                break
            pieces.append(piece)
        if process.wait() and not end:
            errors.seek(0)
            end = f"the process died with status {process.returncode}\n{errors.read().decode()}"
    return b"".join(pieces).decode().splitlines(), end
