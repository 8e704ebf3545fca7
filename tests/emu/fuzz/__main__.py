"""The command: fuzzes for as long as wanted, shows progress, and ends with a summary.

Exit status 1 if anything differed. Each failure is printed as it is found, with what reproduces it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from fleet.asm.isa.table import encodings
from fleet.emu.machine import EXECUTORS

from .apart import run_apart, serve
from .differential import Differential, Tally
from .harness import is_modern
from .scalars import chosen, differences

QEMU_MOST = 1024
"""The greatest VLEN of qemu."""

HOSTILE_BATCH = 50
SCALARS = 10_000
"""Scalar instructions in a program."""

EVERY = 5.0
"""Seconds between lines of progress."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.emu.fuzz",
        description="Fuzz the vector unit against qemu-riscv64, or with hostile programs.",
    )
    parser.add_argument("--vlen", type=int, nargs="+", default=[128, 256, 512, 1024],
                        help="beyond 1024, executors are compared with each other (default: "
                        "128 256 512 1024)")  # fmt: skip
    parser.add_argument("--executor", nargs="+", choices=EXECUTORS,
                        default=["reference", "native"], help="default: both")  # fmt: skip
    parser.add_argument("--seconds", type=float, default=60, help="how long (default: 60)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, help="run only this batch of a seed")
    parser.add_argument("--wild", type=float, default=0.05,
                        help="share that may be illegal (default: 0.05)")  # fmt: skip
    parser.add_argument("--qemu", default=shutil.which("qemu-riscv64"),
                        help="the judge; 10.0 knows the extensions of RVA23, too")  # fmt: skip
    parser.add_argument("--hostile", action="store_true",
                        help="programs that respect nothing, reference against native executor; "
                        "--seed is that of the first")  # fmt: skip
    parser.add_argument("--scalar", action="store_true",
                        help="scalar instructions of RVA23 against a qemu that knows them")
    parser.add_argument("--serve", type=int, nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


class Progress:
    """Lines on stderr, now and then."""

    def __init__(self) -> None:
        self.begin = self.said = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begin

    def say(self, what: str, done: int, failures: int, *, last: bool = False) -> None:
        now = time.monotonic()
        if last or now - self.said >= EVERY:
            self.said = now
            rate = done / max(self.seconds, 0.001)
            print(
                f"{self.seconds:8.0f} s  {done:,} {what} ({rate:,.0f}/s), {failures} differ",
                file=sys.stderr,
            )


def fuzz_sequences(options: argparse.Namespace) -> list[str]:
    qemu = options.qemu
    progress, total = Progress(), Tally()
    with tempfile.TemporaryDirectory(prefix="fleet-fuzz-") as folder:
        comparisons = []
        for vlen in options.vlen:
            judge = qemu if vlen <= QEMU_MOST else None
            if judge is None and len(options.executor) < 2:
                raise SystemExit(f"error: VLEN {vlen} takes two executors, or qemu-riscv64")
            place = Path(folder) / str(vlen)
            place.mkdir()
            comparisons.append(
                Differential(vlen, options.seed, judge, options.executor, place)
            )
        numbers = count() if options.batch is None else [options.batch]
        for number in _until(numbers, progress, options.seconds):
            for each in comparisons:
                tally = each.batch(number, wild=options.wild)
                for failure in tally.failures:
                    print(failure, flush=True)
                total += tally
                progress.say("instructions", total.executed, len(total.failures))
    progress.say("instructions", total.executed, len(total.failures), last=True)
    summarize(total, options)
    return total.failures


def _until(numbers: Iterator[int], progress: Progress, seconds: float) -> Iterator[int]:
    for number in numbers:
        if number and progress.seconds >= seconds:
            return
        yield number


def summarize(total: Tally, options: argparse.Namespace) -> None:
    known = [name for name, each in encodings().items() if each.is_vector]
    missing = [name for name in known if name not in total.mnemonics]
    print(f"vector instructions executed  {total.executed:,} in {total.sequences:,} sequences")
    print(f"illegal ones                  {total.illegal:,}")
    print(f"encodings met                 {len(known) - len(missing)} of {len(known)}")
    if missing and len(missing) <= 8:
        print("                              not " + ", ".join(missing))
    for name, number in total.skipped.most_common():
        print(f"left out, qemu differs        {number:,}: {name}")
    print(f"failures                      {len(total.failures)} (seed {options.seed})")


def fuzz_hostile(options: argparse.Namespace) -> list[str]:
    progress, failures, done = Progress(), [], 0
    while done == 0 or progress.seconds < options.seconds:
        result = run_apart(options.seed + done, HOSTILE_BATCH)
        for failure in result.failures:
            print(failure, flush=True)
        failures += result.failures
        done += result.programs
        progress.say("programs", done, len(failures))
    progress.say("programs", done, len(failures), last=True)
    print(f"hostile programs  {done:,}")
    print(f"failures          {len(failures)} (seeds {options.seed} to {options.seed + done - 1})")
    return failures


def fuzz_scalars(options: argparse.Namespace) -> list[str]:
    progress, failures, done = Progress(), [], 0
    met: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="fleet-fuzz-") as folder:
        for number in _until(count(), progress, options.seconds):
            for kind in ("integer", "float"):
                mnemonics, found = differences(
                    kind, (options.seed, number), SCALARS, options.qemu, options.executor,
                    Path(folder),
                )  # fmt: skip
                met |= mnemonics
                done += SCALARS
                failures += found
                for failure in found:
                    print(failure, flush=True)
                progress.say("instructions", done, len(failures))
    progress.say("instructions", done, len(failures), last=True)
    known = {e.mnemonic for kind in ("integer", "float") for e in chosen(kind)}
    print(f"scalar instructions  {done:,}")
    print(f"encodings met        {len(met & known)} of {len(known)}")
    print(f"failures             {len(failures)} (seed {options.seed})")
    return failures


def main() -> int:
    options = arguments()
    if options.serve:
        serve(*options.serve)
        return 0
    fuzz = fuzz_hostile if options.hostile else fuzz_sequences
    if options.scalar:
        if options.qemu is None or not is_modern(options.qemu):
            raise SystemExit("error: that takes qemu 10 (--qemu)")
        fuzz = fuzz_scalars
    return 1 if fuzz(options) else 0


if __name__ == "__main__":
    sys.exit(main())
