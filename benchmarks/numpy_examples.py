"""The examples of NumPy's own manual, run as programs: how many print what NumPy prints.

    python benchmarks/numpy_examples.py [NAME ...] [--on emu] [--list] [--markdown]

The examples are read from the docstrings of the installed NumPy, of every name that `fleet numpy`
lists as there. An example counts if CPython runs it here (no plots, no exceptions) and it prints
something, the same each time. A statement that Fleet rejects is taken out of the program, and what
needs it, too. `close`: numbers that differ in their last digits. `--markdown` prints the page
docs/numpy-examples.md.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import doctest
import inspect
import io
import re
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from npbench import are_close

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
SECONDS = 4
"""Of a processor, that a program may take."""
ANY_VALUE = ("numpy.empty", "numpy.empty_like", "numpy.ndarray")
"""Names whose examples print what happened to be in memory."""


@dataclass
class Part:
    """A statement of an example; wanted: what it prints."""

    source: str
    wanted: str
    why: str | None = None
    """Why it is not in the program: what Fleet says."""


@dataclass
class Score:
    """How many examples of a name print the same, or the same but for last digits."""

    owner: str
    name: str
    good: int = 0
    close: int = 0
    all: int = 0
    faults: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="only these, as in `fleet numpy`")
    parser.add_argument("--on", choices=("ast", "emu"), default="ast", help="the executor")
    parser.add_argument("--list", action="store_true", help="say what differs")
    parser.add_argument("--markdown", action="store_true", help="print a page of the manual")
    options = parser.parse_args()
    scores = []
    for one in scored(options.names, options.on):
        scores.append(one)
        if not options.markdown and one.good + one.close < one.all:
            print(f"{one.owner + '.' + one.name:40} {one.good + one.close:3} of {one.all:3}",
                  flush=True)  # fmt: skip
            for fault in one.faults if options.list else ():
                print(f"    {fault}")
    print("\n".join(markdown(scores)) if options.markdown else summary(scores))
    return 0


def scored(names: list[str], on: str) -> Iterator[Score]:
    for entry in (one for entries in numpy_names(library_machine()).values() for one in entries):
        if entry.how == ABSENT or entry.full in ANY_VALUE or (names and entry.name not in names):
            continue
        if isinstance(documented(entry), np.ndarray):  # whose manual is its class's
            continue
        parts = parts_of(entry)
        if any(part.wanted for part in parts):
            yield score(entry, parts, on)


def summary(scores: list[Score]) -> str:
    good, close, every = (sum(getattr(one, name) for one in scores)
                          for name in ("good", "close", "all"))  # fmt: skip
    whole = sum(one.good + one.close == one.all for one in scores)
    return (
        f"{good} of {every} examples print the same ({100 * good / max(every, 1):.1f} %), "
        f"{close} more the same but for last digits ({100 * (good + close) / max(every, 1):.1f} %);"
        f" all examples of {whole} of {len(scores)} names"
    )


def markdown(scores: list[Score]) -> list[str]:
    """The page docs/numpy-examples.md."""
    lines = [
        "# The examples of NumPy's manual", "",
        "What `python benchmarks/numpy_examples.py --markdown` prints: the examples in the "
        f"docstrings of NumPy {np.__version__}, of every name that [is there](numpy.md), run as "
        "programs and compared with what NumPy prints. The manual is read from the installed "
        "NumPy. *Close*: the same but for the last digits of numbers.", "",
        summary(scores) + ".", "",
        "| of | names | examples | the same | close | not |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for owner in dict.fromkeys(one.owner for one in scores):
        own = [one for one in scores if one.owner == owner]
        good, close, every = (sum(getattr(one, name) for one in own)
                              for name in ("good", "close", "all"))  # fmt: skip
        rest = every - good - close
        lines.append(f"| `{owner}` | {len(own)} | {every} | {good} | {close} | {rest} |")
    kinds = Counter(kind_of(fault) for one in scores for fault in one.faults)
    lines += ["", "Why the others do not:", ""]
    lines += [f"- {count} × {kind}" for kind, count in kinds.most_common() if count > 1]
    names = [f"`{one.owner}.{one.name}` {one.all - one.good - one.close} of {one.all}"
             for one in scores if one.good + one.close < one.all]  # fmt: skip
    return [*lines, "", "Names with such: " + ", ".join(names) + "."]


def kind_of(fault: str) -> str:
    """The reason of a fault, without what is of one example only."""
    reason = fault.rpartition("): ")[2] if "): prints" not in fault else "prints something else"
    found = re.search(r"`?numpy\.(\w+)`? is not supported", reason)
    if found:
        return f"needs `numpy.{found[1]}`"
    if "is not defined" in reason:
        return "needs a statement that is refused"
    return reason[:90]


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
    with np.errstate(), np.printoptions():
        first, second = executed(examples, 1), executed(examples, 2)
    return [part if part.wanted == other.wanted else Part(part.source, "")
            for part, other in zip(first, second, strict=True)]  # fmt: skip


def executed(examples: list[doctest.Example], seed: int) -> list[Part]:
    """seed: of what an example draws without a seed of its own."""
    np.random.seed(seed)
    hold = [object() for _ in range(seed)]  # so that addresses differ, too
    scope: dict[str, object] = {"__name__": "__main__", "np": np, "hold": hold}
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


def score(entry: Entry, parts: list[Part], on: str) -> Score:
    found = Score(entry.owner, entry.name, all=sum(bool(part.wanted) for part in parts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "program.py")
        shown: dict[int, str] = {}
        for _ in range(len(parts) + 1):
            lines = write(path, parts)
            shown = {}
            try:
                run(path, on, shown)
                break
            except (FleetError, ProgramError, ProgramExit) as error:
                location = getattr(error, "location", None)
                own = location is not None and Path(location.file) == path
                at = lines.get(location.line if own else 0)
                why = getattr(error, "message", str(error))
            except Exception as error:  # a mistake of Fleet's own, or too long
                at, why = None, f"internal: {type(error).__name__}: {error}"
            if at is None:  # the last that began, else the first
                left = [i for i, part in enumerate(parts) if part.why is None]
                at = max(shown, default=left[0] if left else None)
            if at is None:
                break
            parts[at].why = why
    for i, part in enumerate(parts):
        if not part.wanted:
            continue
        if part.why is None and shown.get(i) == part.wanted:
            found.good += 1
        elif part.why is None and i in shown and are_close(part.wanted, shown[i]):
            found.close += 1
        else:
            reason = part.why or f"prints {shown.get(i)!r}, not {part.wanted!r}"
            source = " ".join(part.source.removeprefix("print(repr((").removesuffix(")))").split())
            found.faults.append(f"({source}): {reason}"[:300])
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


def run(path: Path, on: str, shown: dict[int, str]) -> None:
    """Put what each part prints into `shown`, as far as it comes."""
    host = Host([str(path)], io.StringIO(), io.StringIO(), io.StringIO())
    signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        if on == "ast":
            run_ast(path, [], host)
        else:
            build(str(path), str(path.with_suffix(".elf")))
            emulate(str(path.with_suffix(".elf")), [], vlen=256, host=host)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        for piece in host.stdout.getvalue().split(SEPARATOR)[1:]:
            number, _, text = piece.partition("\n")
            shown[int(number)] = text


def too_long(*_: object) -> None:
    raise TimeoutError(f"more than {SECONDS} seconds")


if __name__ == "__main__":
    sys.exit(main())
