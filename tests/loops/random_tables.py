"""Random functions that work on lists of lists of numbers, for the tests of tables.

In: a seed. Out: the text of a function of n that makes such lists, reads and writes them by
elements, rows and aliases of rows, in loops and branches, and prints what has become of them.
"""

from __future__ import annotations

import random

MAKINGS = (
    "[[{x}] * m for _ in range(n)]",
    "[[{x} for _ in range(m)] for _ in range(n)]",
    "[[{x} + i * m - j for j in range(m)] for i in range(n)]",
    "[[{x}, {y}, {x} + {y}] for _ in range(n)]",
    "[[{x}, {y}, {x}], [{y}, {y}, {x}], [{x}, {x}, {y}]]",
    "[[{x}] * (i % 2 + 2) for i in range(n)]",
    "[[{x}] * 3] * 3",
    "made(n, m, {x})",
)


class Maker:
    """The text of one function. tables, rows: the names that are lists of rows, and rows."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.floats = self.random.random() < 0.4
        self.mixed = self.random.random() < 0.2
        self.tables = ["t"]
        self.rows = ["r"]
        self.counters: list[str] = []
        self.lines: list[str] = []

    def text(self, name: str) -> str:
        self.lines = [f"def {name}(n, m):", f"    t = {self.making()}", "    r = t[0]"]
        for _ in range(self.random.randint(3, 6)):
            self.statement("    ", 2)
        self.lines.append(f"    print({', '.join(self.tables)}, r, len(t), r is t[0])")
        return "\n".join(self.lines) + "\n"

    def number(self) -> str:
        value = self.random.randint(-3, 9)
        if self.mixed and self.random.random() < 0.3:
            return self.random.choice(("float('inf')", f"{value}.25", str(value)))
        return str(value / 2) if self.floats else str(value)

    def making(self) -> str:
        form = self.random.choice(MAKINGS)
        return form.format(x=self.number(), y=self.number())

    def position(self) -> str:
        counters = [*self.counters, *self.counters, "0", "1", "-1", "n % 3", "m % 2", "n - 2"]
        at = self.random.choice(counters)
        return self.random.choice((at, at, f"({at}) % 2", f"{at} - 1"))

    def part(self) -> str:
        return self.random.choice(("1:", ":2", "::-1", ":-1", "1:3", "::2", f"{self.position()}:"))

    def element(self) -> str:
        if self.random.random() < 0.3:
            return f"{self.random.choice(self.rows)}[{self.position()}]"
        return f"{self.random.choice(self.tables)}[{self.position()}][{self.position()}]"

    def value(self) -> str:
        other = self.random.choice((self.number(), self.element(), *self.counters))
        if self.floats:
            other = f"({other}) * 0.5"
        whole = self.random.choice((
            f"{self.element()} + {other}", f"{other} - {self.element()}", self.element(),
            self.number(), f"max({self.element()}, {self.number()})",
        ))  # fmt: skip
        return whole if self.floats else f"({whole}) % 1000"

    def statement(self, indent: str, depth: int) -> None:
        table, row = self.random.choice(self.tables), self.random.choice(self.rows)
        put = f"{self.element()} = {self.value()}"
        simple = (
            put, put, put, f"{self.element()} += {self.number()}",
            f"{row} = {table}[{self.position()}]",
            f"{table}[{self.position()}] = [{self.number()}] * len({table}[0])",
            f"{table}[{self.position()}] = {row}",
            f"{table}[0], {table}[1] = {table}[1], {table}[0]",
            f"{table}.append([{self.number()}] * len({table}[0]))",
            f"print({row}, sum({row}), len({table}), {table}[{self.position()}])",
            f"{row} = {table}[{self.part()}][{self.position()}]",
            f"print({table}[{self.part()}], len({table}[1:]))",
            f"print({row} is {table}[{self.position()}], {row} == {table}[0])",
        )  # fmt: skip
        kind = self.random.random()
        if depth == 0 or kind < 0.4:
            self.lines.append(indent + self.random.choice(simple))
        elif kind < 0.7:
            counter = f"i{len(self.counters)}"
            self.counters.append(counter)
            around = self.random.choice(("range(n)", "range(1, n)", "range(len(t[0]))", "range(3)"))
            self.lines.append(f"{indent}for {counter} in {around}:")
            for _ in range(self.random.randint(1, 2)):
                self.statement(indent + "    ", depth - 1)
            self.counters.pop()
        elif kind < 0.8:
            part = self.random.choice(("", f"[{self.part()}]"))
            self.lines.append(f"{indent}for r in {table}{part}:")
            self.lines.append(f"{indent}    {self.element()} = {self.value()}")
        elif kind < 0.9:
            self.lines.append(f"{indent}if {self.element()} > {self.number()}:")
            self.statement(indent + "    ", depth - 1)
            self.lines.append(f"{indent}else:")
            self.statement(indent + "    ", depth - 1)
        elif "u" not in self.tables and not self.counters and indent == "    ":
            making = f"[row[:] for row in {table}]" if self.random.random() < 0.5 else self.making()
            self.lines.append(f"{indent}u = {making}")
            self.tables.append("u")
        else:
            self.lines.append(indent + put)


MADE = """
def made(n, m, x):
    t = []
    for i in range(n):
        r = []
        for j in range(m):
            r.append(x)
        t.append(r)
    return t

"""


def program(seeds: range) -> str:
    """A program that calls one function a seed, each in a `try`."""
    parts = ["import sys\n", MADE]
    for seed in seeds:
        parts.append(Maker(seed).text(f"f{seed}"))
        parts.append(
            f"try:\n    f{seed}(int(sys.argv[1]), int(sys.argv[2]))\n"
            "except IndexError as error:\n    print(error)\n"
        )
    return "\n".join(parts)
