"""The examples of NumPy's own manual, run as programs: how many print what NumPy prints.

    python benchmarks/numpy_examples.py [NAME ...] [--on emu] [--list]

The examples are read from the docstrings of the installed NumPy, of every name that `fleet numpy`
lists as there. An example counts if CPython runs it here (no plots, no exceptions) and it prints
something. A statement that Fleet rejects is taken out of the program, and what needs it, too.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import doctest
import inspect
import io
import sys
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

import fleet.dialects  # declares what the interpreter executes
from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.driver import build
from fleet.emulation import emulate
from fleet.evaluator.objects.prelude_names import real_module
from fleet.frontend import library_machine, run_ast
from fleet.host import Host
from fleet.library.numpy.names import ABSENT, Entry, numpy_names

assert fleet.dialects
SEPARATOR = "@@"


@dataclass
class Part:
    """A statement of an example; wanted: what it prints."""

    source: str
    wanted: str
    why: str | None = None
    """Why it is not in the program: what Fleet says."""


@dataclass
class Score:
    """How many examples of a name print the same."""

    name: str
    good: int = 0
    all: int = 0
    faults: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="only these, as in `fleet numpy`")
    parser.add_argument("--on", choices=("ast", "emu"), default="ast", help="the executor")
    parser.add_argument("--list", action="store_true", help="say what differs")
    options = parser.parse_args()
    tables = numpy_names(library_machine())
    scores = []
    for entry in (entry for entries in tables.values() for entry in entries):
        if entry.how == ABSENT or (options.names and entry.name not in options.names):
            continue
        parts = parts_of(entry)
        if any(part.wanted for part in parts):
            scores.append(score(entry.full, parts, options.on))
            one = scores[-1]
            if one.good < one.all:
                print(f"{one.name:36} {one.good:3} of {one.all:3}", flush=True)
            for fault in one.faults if options.list else ():
                print(f"    {fault}")
    good, every = sum(one.good for one in scores), sum(one.all for one in scores)
    whole = sum(one.good == one.all for one in scores)
    print(f"{good} of {every} examples ({100 * good / max(every, 1):.1f} %), "
          f"all of {whole} of {len(scores)} names")  # fmt: skip
    return 0


def documented(entry: Entry) -> object:
    """What has the docstring."""
    if entry.owner in ("numpy.ndarray", "numpy.random.Generator"):
        owner = np.ndarray if entry.owner == "numpy.ndarray" else np.random.Generator
        return getattr(owner, entry.name)
    return getattr(real_module(entry.owner), entry.name)


def parts_of(entry: Entry) -> list[Part]:
    """The statements of a name's examples that CPython executes, with what they print."""
    text = inspect.getdoc(documented(entry)) or ""
    try:
        examples = doctest.DocTestParser().get_examples(text)
    except ValueError:
        return []
    scope: dict[str, object] = {"__name__": "__main__", "np": np}
    parts = []
    for example in examples:
        if "+SKIP" in example.source or "plt." in example.source:
            continue
        shown = io.StringIO()
        try:
            tree = ast.parse(example.source)
            if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
                source = printed(example.source.strip(), scope, shown)
            else:
                source = example.source
                with contextlib.redirect_stdout(shown), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    exec(source, scope)  # the manual's own code
        except Exception:  # what CPython cannot do here is no example
            continue
        parts.append(Part(source, shown.getvalue()))
    return parts


def printed(expression: str, scope: dict[str, object], shown: io.StringIO) -> str:
    """An expression as a statement that prints it as the prompt does."""
    with contextlib.redirect_stdout(shown), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = eval(expression, scope)  # the manual's own code
    if value is None:
        return expression
    shown.write(repr(value) + "\n")
    return f"print(repr((\n{expression}\n)))"  # it may end in a comment


def score(name: str, parts: list[Part], on: str) -> Score:
    found = Score(name, all=sum(bool(part.wanted) for part in parts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "program.py")
        shown: dict[int, str] = {}
        for _ in range(len(parts) + 1):
            lines = write(path, parts)
            try:
                shown = run(path, on)
                break
            except (FleetError, ProgramError, ProgramExit) as error:
                location = getattr(error, "location", None)
                at = lines.get(location.line if location is not None else 0)
                if at is None:
                    at = next(i for i, part in enumerate(parts) if part.why is None)
                parts[at].why = getattr(error, "message", str(error))
            except Exception as error:  # a mistake of Fleet's own
                at = next((i for i, part in enumerate(parts) if part.why is None), None)
                if at is None:
                    break
                parts[at].why = f"internal: {type(error).__name__}: {error}"
    for i, part in enumerate(parts):
        if part.wanted and part.why is None and shown.get(i) == part.wanted:
            found.good += 1
        elif part.wanted:
            reason = part.why or f"prints {shown.get(i)!r}, not {part.wanted!r}"
            found.faults.append(f"{part.source.strip()}: {reason}"[:220])
    return found


def write(path: Path, parts: list[Part]) -> dict[int, int]:
    """The program of what is left; line -> which part it belongs to."""
    text, lines = "import numpy as np\n", {}
    for i, part in enumerate(parts):
        if part.why is not None:
            continue
        text += f"print('{SEPARATOR}{i}')\n"
        for line in part.source.rstrip("\n").split("\n"):
            text += line + "\n"
            lines[text.count("\n")] = i
    path.write_text(text, encoding="utf-8")
    return lines


def run(path: Path, on: str) -> dict[int, str]:
    """What each part prints."""
    host = Host([str(path)], io.StringIO(), io.StringIO(), io.StringIO())
    if on == "ast":
        run_ast(path, [], host)
    else:
        build(str(path), path.with_suffix(".elf"))
        emulate(str(path.with_suffix(".elf")), [], vlen=256, host=host)
    found = {}
    for piece in host.stdout.getvalue().split(SEPARATOR)[1:]:
        number, _, text = piece.partition("\n")
        found[int(number)] = text
    return found


if __name__ == "__main__":
    sys.exit(main())
