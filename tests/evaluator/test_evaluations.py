"""The innermost body of a nest is evaluated a number of times that grows by a constant a level.

Each level of a nest may go around a few times before it has settled, but what is inside starts from
what it had found before: nesting costs a sum, not a product, and whatever the loops' counts are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.diagnostics import FleetError
from fleet.evaluator.objects.modules import Module
from fleet.frontend import build_ir
from tests.fuzz.differential import TooLong, at_most

DEEPEST = 8
MOST_PER_LEVEL = 4
"""Evaluations of the innermost body that one more level may cost."""
FREE = 256
"""Iterations, with their copies, that are evaluated where they emit nothing."""
SECONDS = 60.0
"""For one build."""

MARK = "math.tau"
"""Stands in the innermost body. Looking it up is counted."""

HEAD = "import math\nimport sys\nimport numpy as np\nn = int(sys.argv[1])\nx = 0\n"


def nest(level: str, body: str = "x = (x + 1) % 7") -> Callable[[int], str]:
    """A program with this level in the place of `...` in this level … and the body in the last.

    `{d}` in a level is its number.
    """

    def program(depth: int) -> str:
        text = "...\nprint(x)"
        for number in range(depth):
            text = _fill(text, level.format(d=number))
        return HEAD + _fill(text, f"{MARK}\n{body}") + "\n"

    return program


def _fill(text: str, inside: str) -> str:
    """The text with something in the place of its line `...`, indented as that is."""
    before, _, after = text.partition("...")
    margin = before.rpartition("\n")[2]
    return before + inside.replace("\n", f"\n{margin}") + after


def row(part: str, last: str = "return x") -> Callable[[int], str]:
    """A function with this part so many times, one after the other, and then the body."""

    def program(depth: int) -> str:
        parts = "\n".join(part.format(d=level) for level in range(depth))
        body = "\n".join(_indented(f"{parts}\n{MARK}\n{last}", 1))
        return f"{HEAD}def f(x):\n{body}\nprint(f(n))\n"

    return program


def functions(body: str) -> Callable[[int], str]:
    """f1 calls f0 in the place of `{call}`, f2 calls f1, …"""

    def program(depth: int) -> str:
        parts = [f"def f0(x):\n    {MARK}\n    return (x + 1) % 7"]
        for level in range(depth):
            text = body.format(call=f"f{level}(x)", d=level)
            parts.append("\n".join([f"def f{level + 1}(x):", *_indented(text, 1)]))
        return HEAD + "\n".join(parts) + f"\nprint(f{depth}(n))\n"

    return program


def _indented(text: str, depth: int) -> list[str]:
    return ["    " * depth + line for line in text.splitlines()]


def loop(header: str, after: str = "", body: str = "x = (x + 1) % 7") -> Callable[[int], str]:
    """A nest of blocks with this header, the next level in them, and then something else."""
    return nest("\n".join([header, *_indented(f"...\n{after}", 1)]), body)


NESTS: dict[str, Callable[[int], str]] = {
    "for over range(n)": loop("for i{d} in range(n):"),
    "for over range(20)": loop("for i{d} in range(20):"),
    "for over range(1000)": loop("for i{d} in range(1000):"),
    "for over range(n - x)": loop("for i{d} in range(n - x):"),
    "for over an array": loop("for i{d} in np.arange(20):"),
    "for over a long array": loop("for i{d} in np.arange(200):"),
    "for over a run-time array": loop("for i{d} in np.arange(n):"),
    "for over enumerate": loop("for i{d}, j{d} in enumerate(range(n)):"),
    "for over zip": loop("for i{d}, j{d} in zip(range(n), range(20)):"),
    "while": loop("w{d} = 0\nwhile w{d} < n:", "w{d} += 1"),
    "while to 20": loop("w{d} = 0\nwhile w{d} < 20:", "w{d} += 1"),
    "while True": loop("w{d} = 0\nwhile True:", "w{d} += 1\nif w{d} > n:\n    break"),
    "for and while": nest("for i{d} in range(n):\n    w{d} = i{d}\n    while w{d} < n:\n"
                          "        w{d} += 1\n        ..."),
    "for and if": nest("for i{d} in range(n):\n    if x > i{d}:\n        ...\n    x += 1"),
    "for and try": nest("for i{d} in range(n):\n    try:\n        ...\n        int('x')\n"
                        "    except ValueError:\n        x += 1"),
    "for with break": loop("for i{d} in range(n):", "if x > {d}:\n    break"),
    "for with continue": nest("for i{d} in range(n):\n    if i{d} == x:\n        continue\n"
                              "    ..."),
    "for with else": loop("for i{d} in range(n):", "if x == 3:\n    break\nelse:\n    x += 1"),
    "for that writes an array": loop("if {d} == 0: a = np.zeros(5)\nfor i{d} in range(n):",
                                     body="a[x % 5] += 1\nx += 1"),
    "for that writes a list": loop("if {d} == 0: xs = [1, 2, 3]\nfor i{d} in range(n):",
                                   body="xs[0] += 1"),
    "for that appends": loop("xs = [1, 2, 3]\nfor i{d} in range(n):", body="xs.append(x)"),
    "for that appends at each level": loop("xs{d} = []\nfor i{d} in range(n):",
                                           "xs{d}.append(x)"),
    "for whose accumulator becomes a float": loop("for i{d} in range(n):", body="x = x + 0.5"),
    "for whose accumulators become floats": loop("s{d} = 0\nfor i{d} in range(n):",
                                                 "s{d} += 0.5"),
    "for whose variable is an int, then a float": loop("for i{d} in range(n):", "x = x / 2",
                                                       "x = x + 1"),
    "for whose variables settle one after the other": loop(
        "if {d} == 0: p = q = r = 0\nfor i{d} in range(n):", "r = q\nq = p", "p = 0.5"),
    "for that draws": loop("for i{d} in range(n):", body="x += np.random.rand()"),
    "if": loop("if n > {d}:"),
    "if and else": loop("if n > {d}:\n    x += 1\nelse:"),
    "if with more after it": loop("if n > {d}:", "x += 1"),
    "calls": functions("return {call}"),
    "calls in for": functions("for i in range(n):\n    x = {call}\nreturn x"),
    "calls in for over range(20)": functions("for i in range(20):\n    x = {call}\nreturn x"),
    "calls in while": functions("while x < 5:\n    x = {call} + 1\nreturn x"),
    "calls in if": functions("if x > {d}:\n    x = {call}\nreturn x"),
    "calls in comprehensions": functions("return sum([{call} for i in range(n)])"),
    "early returns in a row": row("if x > {d}:\n    return {d}"),
    "early returns under two branches in a row":
        row("if x > {d}:\n    if n > {d}:\n        return {d}"),
    "early returns from loops in a row":
        row("for i in range(n):\n    if i + x > {d}:\n        return {d}"),
    "branches in a row": row("if x > {d}:\n    x += 1\nelse:\n    x -= 1"),
    "loops in a row": row("for i in range(n):\n    x += i"),
}  # fmt: skip
"""Programs by depth."""

KNOWN_TO_FAIL: set[str] = set()
"""Nests that take a product of evaluations today, too long, or are rejected."""

KNOWN_TO_DEPEND: set[str] = set()
"""Loops that are evaluated the more often the more often they run."""


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that were looked up in modules."""
    names: list[str] = []
    get = Module.get

    def counted(module: Module, name: str) -> object:
        names.append(f"{module.name}.{name}")
        return get(module, name)

    monkeypatch.setattr(Module, "get", counted)
    return names


def evaluations(source: str, path: Path, looked_up: list[str]) -> int:
    """How often the innermost body is evaluated while the program is built."""
    path.write_text(source, encoding="utf-8")
    looked_up.clear()
    with at_most(SECONDS):
        build_ir(path)
    return looked_up.count(MARK)


def _free(name: str) -> int:
    """Evaluations that nests of known loops may take besides."""
    return FREE if "20" in name or "True" in name else 0


def problem(name: str, path: Path, looked_up: list[str]) -> str | None:
    """What is wrong with the evaluations of a nest, if anything."""
    counts: list[int] = []
    for depth in range(1, DEEPEST + 1):
        try:
            counts.append(evaluations(NESTS[name](depth), path, looked_up))
        except TooLong:
            return f"{counts}, then over {SECONDS} s and {looked_up.count(MARK)} evaluations"
        except FleetError as error:
            return f"{counts}, then {error.message}"
        if not 1 <= counts[-1] <= MOST_PER_LEVEL * (depth + 1) + _free(name):
            return str(counts)
    return None


@pytest.mark.parametrize("name", NESTS)
def test_nesting_costs_a_sum_of_evaluations(
    name: str, tmp_path: Path, looked_up: list[str]
) -> None:
    found = problem(name, tmp_path / "program.py", looked_up)
    if name in KNOWN_TO_FAIL:
        assert found is not None, "passes now: take it out of KNOWN_TO_FAIL"
    else:
        assert found is None


@pytest.mark.parametrize("header", ["for i in range({}):", "for i in np.arange({}):",
                                    "w = 0\nwhile w < {}:\n    w += 1"])  # fmt: skip
def test_a_longer_loop_is_evaluated_as_often(
    header: str, tmp_path: Path, looked_up: list[str]
) -> None:
    path = tmp_path / "program.py"
    try:
        short, long = (
            evaluations(loop(header.format(count))(1), path, looked_up) for count in (20, 10**6)
        )
        holds = max(short, long) <= 2 * MOST_PER_LEVEL + FREE
    except TooLong:
        holds = False
    if header in KNOWN_TO_DEPEND:
        assert not holds, "passes now: take it out of KNOWN_TO_DEPEND"
    else:
        assert holds


RECURSIVE = """\
import math
import sys

def tree(depth):
    math.tau
    return [] if depth < 1 else [tree(depth - 1 - k) for k in range(2)]

def size(node):
    return 1 + sum([size(k) for k in node])

for {name} in range(int(sys.argv[1])):
    print(size(tree({name})))
    print(size(tree({name} + 1)))
"""


def test_names_of_a_comprehension_are_not_the_module_s(
    tmp_path: Path, looked_up: list[str]
) -> None:
    path = tmp_path / "program.py"
    same, other = (evaluations(RECURSIVE.format(name=name), path, looked_up) for name in "kn")
    assert same == other
