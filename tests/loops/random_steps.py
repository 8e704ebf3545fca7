"""Seeded random programs of loops in which whole arrays and slices are computed.

In: a seed. Out: a program's text: loops, `while` and branches around slices of run-time bounds that
overlap, rows and columns that are updated, arrays that change places or are made anew, sums and
products of slices, views that are written to; and, if it may fail, subscripts and shapes that do.
All numbers stay small, so that products have one answer whatever their order.
"""

from __future__ import annotations

from random import Random

HEAD = """import sys
import numpy as np

n = int(sys.argv[1])
"""


class Steps:
    """Writes one program. failing: whether subscripts and shapes may be wrong."""

    def __init__(self, seed: int, failing: bool = False) -> None:
        self.random = Random(seed)
        self.failing = failing
        self.lines = [HEAD]
        self.depth = 0
        self.counters: list[str] = []

    def program(self) -> str:
        r = self.random
        kind = r.choice(("float64", "float64", "float32", "int64"))
        for name, factor in (("a", 3), ("b", 5), ("c", 7)):
            self.line(f"{name} = (np.arange(n) * {factor} % 7 - 2).astype(np.{kind})")
        for name, factor in (("m", 3), ("w", 5)):
            self.line(
                f"{name} = (np.arange(n * n) * {factor} % 11 - 4).astype(np.{kind}).reshape(n, n)"
            )
        self.line("s = 0")
        self.line("p = 1")
        for _ in range(r.randrange(1, 4)):
            self.loop()
        self.line("print(s, p)")
        self.line("print(a, b, c)")
        self.line("print(m)")
        self.line("print(w)")
        return "\n".join(self.lines) + "\n"

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def loop(self) -> None:
        r = self.random
        name = "ijk"[len(self.counters)]
        bounds = r.choice(("n", "1, n", "1, n - 1", "n - 1", "n, 0, -1"))
        if r.random() < 0.8:
            self.line(f"for {name} in range({bounds}):")
            self.counters.append(name)
            self.body()
        else:
            self.line(f"{name} = 0")
            self.line(f"while {name} < n - 1:")
            self.counters.append(name)
            self.line(f"    {name} += 1")
            self.body()
        self.counters.pop()

    def body(self) -> None:
        self.depth += 1
        for _ in range(self.random.randrange(1, 4)):
            self.statement()
        self.depth -= 1

    def statement(self) -> None:
        r = self.random
        choice = r.random()
        if choice < 0.12 and len(self.counters) < 2:
            self.loop()
        elif choice < 0.22 and self.depth < 4:
            self.line(f"if {self.condition()}:")
            self.body()
            if r.random() < 0.5:
                self.line("else:")
                self.body()
        else:
            self.line(getattr(self, r.choice(_STATEMENTS))())

    # -- statements

    def vector(self) -> str:
        return self.random.choice("abc")

    def matrix(self) -> str:
        return self.random.choice("mw")

    def number(self) -> str:
        """A subscript of an array of n."""
        r, i = self.random, self.random.choice(self.counters)
        if self.failing and r.random() < 0.15:
            return r.choice((f"{i} + 1", f"{i} + n - 3", f"2 * {i}"))
        return r.choice((f"{i} % n", f"{i} % n", "0", "-1", f"-({i} % n) - 1"))

    def start(self) -> str:
        r, i = self.random, self.random.choice(self.counters)
        return r.choice((i, i, f"{i} + 1", f"{i} // 2", "1", f"n - {i}", "0", f"-{i}"))

    def _pair(self) -> tuple[str, str]:
        """Two slices of one length."""
        r, i = self.random, self.random.choice(self.counters)
        pairs = [("1:", ":-1"), (":-1", "1:"), ("1:-1", "2:"), ("1:-1", ":-2"), (":", "::-1"),
                 (f":{i}", f":{i}"), (f"{i}:", f"{i}:"), (f":{i}", f"n - {i}:"), ("::2", "::2"),
                 (f"{i}:{i} + 2", f"{i}:{i} + 2")]  # fmt: skip
        if self.failing:
            pairs.append((f":{i} + 1", f":{i}"))
        return r.choice(pairs)

    def _small(self, text: str) -> str:
        return f"({text}) % 8"

    def shift(self) -> str:
        to, source = self._pair()
        x, y = self.vector(), self.vector()
        form = self.random.random()
        if form < 0.4:
            return f"{x}[{to}] = {y}[{source}]"
        if form < 0.7:
            return f"{x}[{to}] {self.random.choice(('+=', '-='))} {y}[{source}] % 4"
        return f"{x}[{to}] = {self._small(f'{y}[{source}] + {self.vector()}[{to}] * 2')}"

    def fresh(self) -> str:
        x, y, z = self.vector(), self.vector(), self.vector()
        return self.random.choice((
            f"{x} = {self._small(f'{y} + {z}')}",
            f"{x} = {y} * 1",
            f"{x} = np.where({y} > {z}, {y}, {z} % 3)",
            f"{x} = np.minimum({y}, {z}[::-1])",
            f"{x} = {self.matrix()}[{self.number()}] * 1",
            f"{x} = {self._small(f'{self.matrix()}.sum(axis={self.random.randrange(2)})')}",
            f"{x} = np.zeros(n, {x}.dtype)",
            f"{x} = {x}.copy()",
        ))  # fmt: skip

    def swap(self) -> str:
        x, y = self.random.sample("abc", 2)
        return self.random.choice((f"{x}, {y} = {y}, {x}", "m, w = w, m"))

    def element(self) -> str:
        x = self.vector()
        return f"{x}[{self.number()}] = {self._small(f'{self.vector()}[{self.number()}] + s')}"

    def row(self) -> str:
        r, m = self.random, self.matrix()
        place = r.choice((f"{m}[{self.number()}]", f"{m}[:, {self.number()}]"))
        other = r.choice((f"{self.matrix()}[{self.number()}]", self.vector(),
                          f"{self.matrix()}[:, {self.number()}]"))  # fmt: skip
        return r.choice((f"{place} = {other}", f"{place} = {self._small(f'{other} + {place}')}",
                         f"{place} -= {other} % 3"))  # fmt: skip

    def block(self) -> str:
        m, i, j = self.matrix(), self.start(), self.number()
        return self.random.choice((
            f"{m}[{i}:, {j}] -= {m}[{j}, {j}] % 2 * {m}[{i}:, {self.number()}] % 4",
            f"{m}[1:-1, 1:-1] = {self._small(f'{m}[1:-1, 2:] + {self.matrix()}[2:, 1:-1]')}",
            f"{m} = np.minimum({m}, np.add.outer({m}[:, {j}], {m}[{self.number()}]))",
            f"{m}[{i}:, :2] = {self.matrix()}[{i}:, :2] + 1",
            f"{m} = {self._small(f'{m}.T + {self.matrix()}')}",
            f"{m}[:] = {self.matrix()}.T",
        ))  # fmt: skip

    def reduction(self) -> str:
        x, y, m = self.vector(), self.vector(), self.matrix()
        i, j = self.start(), self.number()
        return self.random.choice((
            f"s = int({x}[:{i}].sum()) % 10",
            f"p = int(np.dot({x} % 4, {y} % 4)) % 9",
            f"s = int({m}[{j}].max()) % 7",
            f"p = int(({x}[{i}:] % 3).sum() + {m}.min()) % 11",
            f"{x}[{j}] = {m}[{j}] @ {y} % 5",
            f"{x}[:] = {self._small(f'{m} % 3 @ ({y} % 3)')}",
        ))  # fmt: skip

    def condition(self) -> str:
        r, i = self.random, self.random.choice(self.counters)
        return r.choice((f"{i} % 2 == 0", f"{self.vector()}[{self.number()}] > 1", "s > p",
                         f"{i} > 2", f"{self.vector()}.sum() > 3"))  # fmt: skip


_STATEMENTS = ("shift", "shift", "fresh", "swap", "element", "row", "block", "reduction")
