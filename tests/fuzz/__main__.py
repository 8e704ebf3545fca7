"""The command: runs random programs, and prints each way in which a layer departs, once.

    python -m tests.fuzz --seed 1 --budget 60
    python -m tests.fuzz --seed 1 --count 500 --on ast,ir
    python -m tests.fuzz --features closure,for_range_n --on ir --budget 60
    python -m tests.fuzz --each --count 60 --on ir

A program runs with one argument, every eighth with three. Programs that Fleet rejects are counted
by reason. Exit status 1 if any did something else than CPython.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from .differential import (
    ARGUMENTS,
    LAYERS,
    Disagreement,
    TooLong,
    at_most,
    by_cpython,
    disagreement,
    random_program,
)
from .enabled import ENABLED
from .minimise import minimise
from .worker import Tried, Worker
from .writer import FEATURES

MINIMISE_SECONDS = 20.0
AROUND = ("if_run_time", "for_range_n", "for_range_small", "for_range_long", "function")
"""What stands around a feature that is run by itself."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz",
        description=__doc__.partition("\n")[0],
        epilog=f"Features: {' '.join(FEATURES)}",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the first program (default: 1)")
    parser.add_argument("--count", type=int, help="how many programs (default: 200)")
    parser.add_argument("--budget", type=float, help="seconds, instead of a count")
    parser.add_argument("--on", type=_names(LAYERS), default=list(LAYERS),
                        help="of ast, ir, emu (default: all)")  # fmt: skip
    parser.add_argument("--features", type=_names(FEATURES),
                        help="only these (default: all)")  # fmt: skip
    parser.add_argument("--without", type=_names(FEATURES), default=[], help="not these")
    parser.add_argument("--enabled", action="store_true", help="only those that the tests take")
    parser.add_argument("--each", action="store_true",
                        help="every feature by itself, in branches and loops")  # fmt: skip
    parser.add_argument("--rejected", action="store_true",
                        help="show programs that are rejected, too")  # fmt: skip
    parser.add_argument("--show", action="store_true", help="print the programs, run nothing")
    parser.add_argument("--whole", action="store_true", help="do not make programs smaller")
    return parser.parse_args()


def _names(known: dict[str, object]) -> object:
    def names(text: str) -> list[str]:
        given = text.split(",")
        for name in given:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(known)}")
        return given

    return names


def seeds(options: argparse.Namespace) -> Iterator[int]:
    begin = time.monotonic()
    for number in itertools.count():
        if options.budget is not None and time.monotonic() - begin > options.budget:
            return
        if number >= (options.count or (200 if options.budget is None else sys.maxsize)):
            return
        yield options.seed + number


def smallest(source: str, found: Disagreement, path: Path) -> str:
    """The program made smaller; it departs in the same way, and CPython ends as before."""

    def ending() -> str | None:
        first, second = (by_cpython(path, [found.argument]) for _ in range(2))
        return first[1].partition(":")[0] if first == second else None

    def still(text: str) -> bool:
        path.write_text(text, encoding="utf-8")
        if ending() not in ("", expected):
            return False
        now = disagreement(path, [found.layer], [found.argument])
        return now is not None and now.signature == found.signature

    expected = ending()
    best = source

    def keep(text: str) -> bool:
        nonlocal best
        if not still(text):
            return False
        best = text
        return True

    try:
        with at_most(MINIMISE_SECONDS):
            return minimise(source, keep)
    except TooLong:
        return best


class Session:
    """What was found so far. Each cause is shown once, by the smallest program."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.texts: set[int] = set()
        self.runs = 0
        self.counts: Counter[tuple[str, str]] = Counter()
        self.rejected: Counter[str] = Counter()
        self.causes: Counter[tuple[str, str, str]] = Counter()

    def run(self, features: Sequence[str]) -> int:
        """How many programs of these features depart."""
        before = self.counts.total()
        worker = Worker(partial(self._try, features))
        for seed in seeds(self.options):
            self._note(seed, worker(seed))
        worker.close()
        return self.counts.total() - before

    def _try(self, features: Sequence[str], seed: int, path: Path) -> Tried:
        source = random_program(seed, features)
        chosen = arguments_of(seed)
        path.write_text(source, encoding="utf-8")
        return Tried(source, disagreement(path, self.options.on, chosen), chosen)

    def _note(self, seed: int, tried: Tried) -> None:
        found = tried.found
        self.texts.add(hash(tried.source))
        self.runs += len(tried.arguments)
        if found is None:
            return
        if found.kind == "rejected" and not self.options.rejected:
            self.rejected[found.signature[2]] += 1
            return
        self.counts[found.layer, found.kind] += 1
        self.causes[found.signature] += 1
        if self.causes[found.signature] > 1:
            return
        source = tried.source
        if not self.options.whole and found.kind not in ("too long", "crash"):
            source = Worker(partial(_smaller, source, found))(seed).source or source
        print(f"--- seed {seed}, argument {found.argument}, {found.layer}: {found.kind}: "
              f"{found.message}\n{source}", flush=True)  # fmt: skip

    def run_each(self, features: Sequence[str]) -> None:
        """Every feature by itself, what it shows not hidden by what another showed before."""
        for name in features:
            self.causes.clear()
            departing = self.run([name, *AROUND])
            print(f"=== {name}: {departing} depart", flush=True)

    def summarise(self) -> None:
        done, departing, rejected = len(self.texts), self.counts.total(), self.rejected.total()
        print(f"programs  {done:,} and {self.runs:,} runs on {', '.join(self.options.on)}: "
              f"{done - departing - rejected:,} agree, {departing:,} depart")  # fmt: skip
        for (layer, kind), count in self.counts.most_common():
            print(f"  {count:5,}  {layer}: {kind}")
            for (its_layer, its_kind, message), number in self.causes.most_common():
                if (its_layer, its_kind) == (layer, kind):
                    print(f"         {number:5,}  {message}")
        print(f"rejected  {rejected:,} ({rejected / max(done, 1):.0%})")
        for message, number in self.rejected.most_common():
            print(f"  {number:5,}  {message}")


def _smaller(source: str, found: Disagreement, seed: int, path: Path) -> Tried:
    return Tried(smallest(source, found, path), found, ())


def arguments_of(seed: int) -> tuple[str, ...]:
    """What a program runs with: all arguments cost three times as much as one."""
    return ARGUMENTS if seed % 8 == 0 else (ARGUMENTS[seed % len(ARGUMENTS)],)


def main() -> int:
    options = arguments()
    features = options.features or (ENABLED if options.enabled else list(FEATURES))
    features = [name for name in features if name not in options.without]
    if options.show:
        for seed in seeds(options):
            print(f"# seed {seed}\n{random_program(seed, features)}")
        return 0
    session = Session(options)
    if options.each:
        session.run_each(features)
    else:
        session.run(features)
        session.summarise()
    return 1 if session.counts else 0


if __name__ == "__main__":
    sys.exit(main())
