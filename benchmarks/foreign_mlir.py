"""How much of other people's MLIR Fleet reads, prints and simplifies as MLIR itself does.

    python benchmarks/foreign_mlir.py DIRECTORY [...] [--cache DIRECTORY] [--list KIND] [--jobs 2]

In: folders of `.mlir` files (MLIR's own test files, say), cut at their `// -----` lines. Each piece
that mlir-opt-19 accepts is given to both. Counted are, of the pieces whose operations Fleet
declares and whose types are not among what it leaves out by design:

- parse:   Fleet reads and verifies the piece,
- custom:  and prints it as `mlir-opt` does,
- generic: likewise with `--mlir-print-op-generic`,
- strong:  after `canonicalize,cse` no more operations are left than mlir-opt leaves,
- equal:   and the same number.

What mlir-opt refuses, Fleet should refuse, too: `refused` counts these. The most frequent reasons
of each failure are listed, so that one knows where to begin; `--list` names the pieces themselves.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import hashlib
import json
import multiprocessing
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import fleet.passes
from fleet.diagnostics import FleetError
from fleet.ir.definition import definition_of
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager

assert fleet.passes  # registers the passes

SPLIT = re.compile(r"^\s*// -----.*$", re.MULTILINE)
OPERATION = re.compile(r'^[^"/]*?"([A-Za-z_][\w$.]*)"\(', re.MULTILINE)
LEFT_OUT = re.compile(
    r"memref<|tensor<\*|![A-Za-z_]\w*[.<]|complex<|tuple<|#sparse_tensor|affine_set"
)
"""What Fleet does not have by design: memory references, tensors without a rank, complex numbers,
tuples and the types of other dialects."""
SECONDS = 20
KINDS = ("parse", "custom", "generic", "strong", "equal", "refused")


@dataclass
class Piece:
    """One piece of a file, and what became of it: failures by kind, with the reason."""

    file: str
    line: int
    text: str
    accepted: bool = False
    eligible: bool = False
    reason: str = ""
    failures: dict[str, str] = field(default_factory=dict)


def pieces(folders: list[Path]) -> Iterator[Piece]:
    """The pieces of all files."""
    for folder in folders:
        for path in sorted(folder.rglob("*.mlir")) if folder.is_dir() else [folder]:
            text = path.read_text(errors="surrogateescape")
            start = 0
            for found in [*SPLIT.finditer(text), None]:
                end = len(text) if found is None else found.start()
                piece = text[start:end]
                if re.sub(r"//[^\n]*", "", piece).strip():
                    yield Piece(str(path), text.count("\n", 0, start) + 1, piece)
                start = end if found is None else found.end()


class Judge:
    """mlir-opt, its answers kept in a folder."""

    def __init__(self, program: str, cache: Path) -> None:
        self.program = program
        self.cache = cache

    def ask(self, text: str, *flags: str) -> str | None:
        """What mlir-opt prints, None when it refuses."""
        raw = text.encode(errors="surrogateescape")
        key = hashlib.sha1(raw + b"\0" + " ".join(flags).encode()).hexdigest()
        path = self.cache / key
        if not path.exists():
            answer = None  # also where it does not come to an end
            with contextlib.suppress(subprocess.TimeoutExpired):
                done = subprocess.run(
                    [self.program, "--allow-unregistered-dialect", *flags],
                    input=raw, capture_output=True, check=False, timeout=SECONDS,
                )  # fmt: skip
                if done.returncode == 0:
                    answer = done.stdout.decode(errors="replace")
            path.write_text(json.dumps(answer))
        return json.loads(path.read_text())


def _operations(generic: str) -> list[str]:
    return OPERATION.findall(generic)


def _why_not(generic: str) -> str:
    """Why a piece is none that Fleet means to read; empty if it is."""
    for name in _operations(generic):
        if definition_of(name) is None:
            return f"operation {name}"
    found = LEFT_OUT.search(generic)
    return "" if found is None else f"type {found[0]}"


def _first_difference(ours: str, theirs: str) -> str:
    for mine, other in zip(ours.splitlines(), theirs.splitlines(), strict=False):
        if mine != other:
            return f"{mine.strip()[:110]}  INSTEAD OF  {other.strip()[:110]}"
    return "another number of lines"


def _normal(message: str) -> str:
    return re.sub(r"[%@^]?\b[a-z_]*\d+\b", "N", message)[:120]


def examine(piece: Piece, judge: Judge) -> Piece:
    """Let both look at a piece."""
    theirs = judge.ask(piece.text)
    if theirs is None:
        try:
            parse_module(piece.text, piece.file)
            piece.failures["refused"] = "accepted"
        except FleetError:
            pass
        except Exception as error:
            piece.failures["refused"] = f"{type(error).__name__}: {error}"
        return piece
    generic = judge.ask(piece.text, "--mlir-print-op-generic")
    piece.accepted = True
    piece.reason = _why_not(generic)
    piece.eligible = not piece.reason
    if not piece.eligible:
        try:
            parse_module(piece.text, piece.file)
        except FleetError:
            pass
        except Exception as error:
            piece.failures["refused"] = f"CRASH {type(error).__name__}: {error}"
        return piece
    best = judge.ask(piece.text, "-canonicalize", "-cse", "--mlir-print-op-generic")
    signal.alarm(SECONDS)
    try:
        _compare(piece, theirs, generic, best)
    except TimeoutError:
        piece.failures["strong"] = piece.failures["equal"] = "takes too long"
    finally:
        signal.alarm(0)
    return piece


def _compare(piece: Piece, custom: str, generic: str, best: str | None) -> None:
    failures = piece.failures
    try:
        module = parse_module(piece.text, piece.file)
    except FleetError as error:
        first = getattr(error, "errors", [error])[0]
        for kind in KINDS[:5]:
            failures[kind] = first.message
        failures["parse"] = f"{first.message} @ {first.location}"
        return
    except Exception as error:
        for kind in KINDS[:5]:
            failures[kind] = f"CRASH {type(error).__name__}: {error}"
        return
    for kind, text, flag in (("custom", custom, False), ("generic", generic, True)):
        ours = print_op(module, generic=flag, hints=False)
        if ours.strip() != text.strip():
            failures[kind] = _first_difference(ours, text)
    if best is None:
        return
    try:
        PassManager("canonicalize,cse").run(module)
    except TimeoutError:
        raise
    except Exception as error:
        failures["strong"] = failures["equal"] = f"CRASH {type(error).__name__}: {error}"
        return
    names = [operation.name for operation in module.walk()]
    more = collections.Counter(names)
    more.subtract(_operations(best))
    balance = sum(more.values())
    listed = ", ".join(f"{n:+} {name}" for name, n in sorted(more.items()) if n)
    if balance > 0:
        failures["strong"] = listed
    if balance:
        failures["equal"] = listed


def _expired(*_: object) -> None:
    raise TimeoutError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, help="where mlir-opt's answers are kept")
    parser.add_argument("--list", choices=KINDS, help="name the pieces that fail so")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--most", type=int, default=12, help="reasons to list")
    options = parser.parse_args()
    program = shutil.which("mlir-opt-19") or shutil.which("mlir-opt")
    if program is None:
        sys.exit("mlir-opt-19 is not installed")
    cache = options.cache or Path(tempfile.mkdtemp(prefix="foreign-mlir-"))
    cache.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGALRM, _expired)
    judge = Judge(program, cache)
    with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
        work = [(piece, judge) for piece in pieces(options.folders)]
        examined = pool.starmap(examine, work, chunksize=8)
    report(examined, options.list, options.most)


def report(examined: list[Piece], listed: str | None, most: int) -> None:
    """Print the counts, and the most frequent reasons."""
    eligible = [piece for piece in examined if piece.eligible]
    accepted = sum(piece.accepted for piece in examined)
    print(f"{len(examined)} pieces, of which mlir-opt accepts {accepted}")
    outside = collections.Counter(p.reason for p in examined if p.accepted and not p.eligible)
    print(f"{len(eligible)} use what Fleet declares; the others, by what they need:")
    print("   ", ", ".join(f"{n} {reason}" for reason, n in outside.most_common(2 * most)))
    for kind in KINDS:
        among = eligible if kind != "refused" else [p for p in examined if not p.accepted]
        failed = [piece for piece in among if kind in piece.failures]
        right = len(among) - len(failed)
        print(f"{kind:8} {right:5} of {len(among):5}  {100 * right / max(1, len(among)):5.1f} %")
        reasons = collections.Counter(_normal(piece.failures[kind]) for piece in failed)
        if listed is None and kind not in ("refused", "equal"):
            for reason, count in reasons.most_common(most):
                print(f"    {count:4}  {reason}")
        elif kind == listed:
            for piece in failed:
                print(f"{piece.file}:{piece.line}: {piece.failures[kind]}")
    for piece in examined:
        for kind, reason in piece.failures.items():
            if "CRASH" in reason:
                print(f"CRASH {piece.file}:{piece.line}: {kind}: {reason}")


if __name__ == "__main__":
    main()
