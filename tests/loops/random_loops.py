"""Seeded random programs of loops over numbers and elements, and what they print anywhere.

In: a seed. Out: a program's text: nested `for` and `while` with `break` and `continue`, subscripts
that are negative or fail, ints that overflow, ints mixed with floats, elements of every dtype.
"""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from fleet.diagnostics import ProgramError, ProgramExit
from fleet.executors import run_on
from fleet.integers import TOO_LARGE

FLOATS = ("float64", "float32")
INTEGERS = ("int64", "int32", "int16", "int8", "uint8", "uint32")
HEAD = """import sys
import numpy as np

n = int(sys.argv[1])
"""


class Maker:
    """Writes one program. failing: whether subscripts may be out of bounds, and divisors zero."""

    def __init__(self, seed: int, failing: bool = False) -> None:
        self.random = Random(seed)
        self.failing = failing
        self.lines: list[str] = []
        self.depth = 0
        self.counters: list[str] = []
        self.loops: list[str] = []
        self.float_array = self.random.choice(FLOATS)
        self.integer_array = self.random.choice(INTEGERS)

    def program(self) -> str:
        r = self.random
        self.line(HEAD)
        self.line(f"a = (np.arange(n) * 3 % 7 - 2).astype(np.{self.float_array})")
        self.line(f"b = (np.arange(n) * 5 % 11).astype(np.{self.integer_array})")
        self.line(f"t = np.zeros((n, n + 1), dtype=np.{r.choice((*FLOATS, 'int64'))})")
        self.line(f"s = {r.randrange(-5, 6)}")
        self.line("p = 1")
        self.line(f"f = {r.choice(('0.0', '1.5', '-2.25'))}")
        for _ in range(r.randrange(1, 4)):
            self.loop()
        self.line("print(s, p, f)")
        self.line("print(a, b, t)")
        return "\n".join(self.lines) + "\n"

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    # -- statements

    def body(self, count: int) -> None:
        self.depth += 1
        for _ in range(count):
            self.statement()
        self.depth -= 1

    def loop(self) -> None:
        r = self.random
        name = "ijkm"[len(self.counters)]
        lower, upper = r.choice(
            (("", "n"), ("1, ", "n"), ("", "n - 1"), ("", "n + 1" if self.failing else "n"),
             ("2, ", "n - 1"))
        )  # fmt: skip
        form = r.random()
        if form < 0.75:
            step = r.choice(("", "", ", 2")) if lower else ""
            self.line(f"for {name} in range({lower}{upper}{step}):")
            self.counters.append(name)
            self.loops.append("for")
            self.body(r.randrange(1, 4))
        elif form < 0.85:
            self.line(f"for {name} in range(n - 1, -1, -1):")
            self.counters.append(name)
            self.loops.append("for")
            self.body(r.randrange(1, 4))
        else:
            self.line(f"{name} = {lower.rstrip(', ') or 0}")
            condition = r.choice((f"{name} < n", f"{name} < n and ({self.condition()})"))
            self.line(f"while {condition}:")
            self.counters.append(name)
            self.loops.append("while")
            self.depth += 1
            self.line(f"{name} += 1")
            self.depth -= 1
            self.body(r.randrange(1, 3))
            self.lines.append("    " * (self.depth + 1) + f"{name} = {name} + {r.randrange(2)}")
        self.counters.pop()
        self.loops.pop()

    def statement(self) -> None:
        r = self.random
        choice = r.random()
        if choice < 0.12 and len(self.counters) < 3 and self.depth < 5:
            self.loop()
        elif choice < 0.3 and self.depth < 6:
            self.line(f"if {self.condition()}:")
            self.body(r.randrange(1, 3))
            if r.random() < 0.5:
                self.line("else:")
                self.body(r.randrange(1, 3))
        elif choice < 0.36 and self.loops and self.loops[-1] == "for":
            self.line(f"if {self.condition()}:")
            self.line(f"    {r.choice(('break', 'continue'))}")
        elif choice < 0.5:
            self.line(f"a[{self.index()}] {r.choice(('=', '+=', '-=', '*='))} {self.real()}")
        elif choice < 0.6:
            self.line(f"b[{self.index()}] = {self.small()}")
        elif choice < 0.7:
            self.line(f"t[{self.index()}, {self.index()}] = {r.choice((self.real, self.small))()}")
        elif choice < 0.8:
            self.line(f"f = {self.real()}")
        elif choice < 0.9:
            self.line(f"s = {self.integer()}")
        else:
            self.line(f"p = {self.bounded()}")

    # -- expressions

    def counter(self) -> str:
        return self.random.choice(self.counters or ["s % 3"])

    def index(self, depth: int = 0) -> str:
        """In bounds for an array of n, unless it may fail."""
        r, i = self.random, self.counter()
        if self.failing and r.random() < 0.2:
            return r.choice((f"{i} + 1", f"{i} - n", f"-{i}", "p", f"2 * {i} - 3"))
        if depth < 2 and r.random() < 0.3:
            bounded = self.bounded(depth + 1)
            return r.choice((f"({bounded}) % n", f"-(({bounded}) % n) - 1"))
        return r.choice((f"{i} % n", "n - 1", "0", "-1", f"({i} * 7 + s) % n"))

    def bounded(self, depth: int = 0) -> str:
        """An int that stays small."""
        return f"({self.integer(depth)}) % {self.random.randrange(2, 100)}"

    def small(self) -> str:
        """An int that fits any dtype."""
        return f"({self.integer()}) % 100"

    def integer(self, depth: int = 0) -> str:
        r = self.random
        leaf = r.choice(("s", "p", self.counter(), str(r.randrange(-9, 10)), self.counter()))
        if depth < 2 and r.random() < 0.15:
            leaf = f"int(a[{self.index(depth + 1)}] > {r.randrange(3)})"
        if depth > 2 or r.random() < 0.3:
            return leaf
        op = r.choice(("+", "-", "*", "//", "%", "&", "|", "^", ">>", "+", "-"))
        left = self.integer(depth + 1)
        match op:
            case "//" | "%":
                divisor = r.choice(("7", "-3", "8", "(p % 5 + 1)"))
                if self.failing and r.random() < 0.1:
                    divisor = f"({self.counter()} - 1)"
                return f"({left}) {op} {divisor}"
            case ">>":
                return f"({left}) >> {r.randrange(5)}"
            case "*":
                return f"({left}) % 1000 * ({self.integer(depth + 1)})" if not self.failing else (
                    f"({left}) * ({self.integer(depth + 1)})"
                )
        return f"({left}) {op} ({self.integer(depth + 1)})"

    def real(self, depth: int = 0) -> str:
        r = self.random
        leaf = r.choice(
            ("f", f"a[{self.index(1)}]", f"{r.randrange(-20, 20) / 4}", self.counter(),
             f"t[{self.index(1)}, {self.index(1)}]", "p")
        )  # fmt: skip
        if depth > 2 or r.random() < 0.3:
            return leaf
        if r.random() < 0.15:
            other = self.real(depth + 1)
            return r.choice((f"abs({leaf})", f"min({leaf}, {other})", f"max({leaf}, {other})"))
        op = r.choice(("+", "-", "*", "/"))
        if op == "/":
            return f"({self.real(depth + 1)}) / {r.choice(('2.0', '4', '(p + 101)'))}"
        return f"({self.real(depth + 1)}) {op} ({leaf}) * 0.125"

    def condition(self) -> str:
        r = self.random
        compare = r.choice(("<", "<=", ">", ">=", "==", "!="))
        simple = r.choice(
            (f"{self.bounded()} {compare} {r.randrange(50)}",
             f"f {compare} {r.randrange(-4, 5)}",
             f"a[{self.index()}] {compare} {r.randrange(4)}",
             f"b[{self.index()}] {compare} {self.counter()}")
        )  # fmt: skip
        if r.random() < 0.2:
            return f"{simple} {r.choice(('and', 'or'))} {self.counter()} {compare} p"
        return simple


class Nests:
    """Writes programs of nests in which nothing branches or fails: what may run in vectors if no
    iteration needs another one. Arrays are read at, before and behind where they are written."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def program(self) -> str:
        r = self.random
        lines = [HEAD]
        for name in "abc":
            dtype = r.choice((*FLOATS, "int64", "float64"))
            lines.append(
                f"{name} = (np.arange(n * n) * {r.randrange(3, 9)} % 11 - 4)"
                f".astype(np.{dtype}).reshape(n, n)"
            )
        lines.append("v = np.arange(n) * 0.5 - 1.0")
        for _ in range(r.randrange(2, 5)):
            lines += self.nest()
        lines.append("print(a, b, c, v)")
        return "\n".join(lines) + "\n"

    def nest(self) -> list[str]:
        r = self.random
        outer, inner = r.choice((("i", "j"), ("j", "i")))
        lines = [f"for {outer} in range(1, n - 1):", f"    for {inner} in range(1, n - 1):"]
        form = r.random()
        if form < 0.3:
            lines += [f"        s = {r.choice(('0.0', '1', 'v[i]'))}",
                      "        for k in range(n):",
                      f"            s += {self.term('k')} * {self.term('k')}",
                      f"        {self.place()} = s"]  # fmt: skip
        elif form < 0.4:
            return [lines[0], f"    v[{outer}] = v[{outer}] + {self.element(outer, outer)}",
                    f"    v[{outer} {r.choice('+-')} 1] = v[{outer}] * 0.5"]  # fmt: skip
        else:
            lines += [f"        {self.place()} = {self.sum()}" for _ in range(r.randrange(1, 3))]
        return lines

    def near(self, variable: str) -> str:
        offset = self.random.choice((0, 0, 0, -1, 1))
        return f"{variable} {'+' if offset > 0 else '-'} 1" if offset else variable

    def element(self, one: str, other: str) -> str:
        return f"{self.random.choice('abc')}[{self.near(one)}, {self.near(other)}]"

    def place(self) -> str:
        return self.element(*self.random.choice((("i", "j"), ("i", "j"), ("j", "i"))))

    def term(self, variable: str) -> str:
        pair = self.random.choice((("i", variable), (variable, "j"), ("i", "j")))
        return f"{self.random.choice('abc')}[{pair[0]}, {pair[1]}]"

    def sum(self) -> str:
        r = self.random
        terms = [r.choice((self.place(), self.place(), "v[i]", "v[j]", "i", "0.25"))
                 for _ in range(r.randrange(1, 4))]  # fmt: skip
        return f"({' + '.join(terms)}) % 7" if r.random() < 0.2 else " + ".join(terms)


class Recurrences:
    """Writes programs of loops whose iterations read, at small distances, what other ones wrote or
    read, in branches, too; and which end early, or fail."""

    def __init__(self, seed: int, failing: bool = False) -> None:
        self.random = Random(seed)
        self.failing = failing

    def program(self) -> str:
        r = self.random
        lines = [HEAD]
        for name in "ab":
            dtype = r.choice(("float64", "int64", "float32", "int16", "float64"))
            numbers = f"np.arange(n + 4) * {r.randrange(2, 9)} % 7 - 2"
            lines.append(f"{name} = ({numbers}).astype(np.{dtype})")
        lines.append("t = (np.arange(n * n + 16) % 5 * 0.5)[: n * n].reshape(n, n)")
        for _ in range(3):
            lines += self.loop()
        lines += ["print(a, b)", "print(t)"]
        return "\n".join(lines) + "\n"

    def loop(self) -> list[str]:
        r = self.random
        self.places = [f"{r.choice('aab')}[i{offset}]" for offset in r.choices(
            ("", " + 1", " - 1", " + 2", " - 2", " + 1", " - 1"), k=4)]  # fmt: skip
        end = r.choice(("n + 4", "n + 2", "n + 1", "3")) if self.failing else "n + 1"
        lines = [f"for i in range({r.choice((2, 2, 3, 5))}, {end}):"]
        if r.random() < 0.3:
            rows = r.choice(("i", "i - 1"))
            self.places = [f"t[{rows}, j]", f"t[{rows}, j - 1]", f"t[{rows}, j + 1]", "t[i - 1, j]"]
            end = r.choice(("n - 1", "n - i"))
            lines = ["for i in range(1, n):", f"    for j in range(1, {end}):"]
        depth = "    " * len(lines)
        for _ in range(r.randrange(1, 4)):
            if r.random() < 0.25:
                lines.append(f"{depth}if {r.choice(self.places)} > {r.randrange(4)}:")
                inside = r.choice((self.statement(), self.statement(), "break"))
                lines.append(f"{depth}    {inside}")
            lines.append(f"{depth}{self.statement()}")
        return lines

    def statement(self) -> str:
        r = self.random
        terms = r.choices((*self.places, *self.places, "i", "2"), k=r.randrange(1, 4))
        total = f"({' + '.join(terms)}) % 9"
        return f"{r.choice(self.places)} = {total} * {r.choice(('1', '0.5', '-1'))}"


@dataclass(frozen=True)
class Outcome:
    """What a run printed, and the error that ended it: its name, text and line."""

    printed: str
    error: tuple[str, str, int] | None

    @property
    def is_too_large(self) -> bool:
        return self.error is not None and self.error[:2] == ("OverflowError", TOO_LARGE)


def run_cpython(path: Path, *arguments: str) -> Outcome:
    printed, saved = io.StringIO(), sys.argv
    sys.argv = [str(path), *arguments]
    try:
        with contextlib.redirect_stdout(printed), np.errstate(all="ignore"):
            exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__"})  # noqa: S102
    except Exception as error:
        trace = error.__traceback__
        while trace.tb_next is not None:
            trace = trace.tb_next
        return Outcome(
            printed.getvalue(), (type(error).__name__, str(error), trace.tb_lineno)
        )
    finally:
        sys.argv = saved
    return Outcome(printed.getvalue(), None)


def run_fleet(executor: str, path: Path, *arguments: str, stage: str = "numpy") -> Outcome:
    printed, complained = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complained):
            run_on(executor, [str(path), *arguments], stage=stage)
    except ProgramError as error:
        return Outcome(printed.getvalue(), (error.exception, error.message, error.location.line))
    except ProgramExit:
        pass
    return Outcome(printed.getvalue(), None)
