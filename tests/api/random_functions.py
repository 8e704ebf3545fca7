"""Random functions of two arrays and a number, that read, write, branch and loop.

In: a seed. Out: the text of a module with one function. The one idea: a statement is a template
whose holes are filled at random; all names exist from the beginning, with known ranks, so that what
is written is nearly always right, and where it is not, Python and Fleet raise the same.
"""

from __future__ import annotations

import random

MATRICES = ("a", "m", "c", "t")
VECTORS = ("b", "v", "r")
START = """import numpy as np


def function(a, b, n, x):
    m = a * 2
    c = a
    t = a.T
    v = b[::-1]
    r = a[0]
    s = 0.5
"""


class Writer:
    """Writes one function."""

    def __init__(self, seed: int) -> None:
        self.choose = random.Random(seed)

    def text(self) -> str:
        lines = self._block(self.choose.randrange(4, 9), "    ", 2)
        end = "    return a, m, c, t, b, v, r, s, n\n"
        return START + "".join(lines) + end

    def _block(self, count: int, indent: str, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(count):
            kind = self.choose.random()
            if depth and kind < 0.15:
                lines.append(f"{indent}if {self._condition()}:\n")
                lines += self._block(self.choose.randrange(1, 3), f"{indent}    ", depth - 1)
                if self.choose.random() < 0.5:
                    lines.append(f"{indent}else:\n")
                    lines += self._block(1, f"{indent}    ", depth - 1)
            elif depth and kind < 0.25:
                bound = self.choose.choice(["n", "3", "b.shape[0]", "a.shape[1]"])
                lines.append(f"{indent}for i{depth} in range({bound}):\n")
                lines += self._block(self.choose.randrange(1, 3), f"{indent}    ", depth - 1)
            else:
                lines.append(indent + self._statement() + "\n")
        return lines

    def _statement(self) -> str:
        pick = self.choose.choice
        matrix, vector = pick(MATRICES), pick(VECTORS)
        return pick([
            f"{matrix}[{self._index()}] = {self._scalar()}",
            f"{matrix}[{self._span()}] {pick(['=', '+=', '*='])} {self._scalar()}",
            f"{matrix}[:, {self._index()}] *= {self._scalar()}",
            f"{matrix} += {self._scalar()}",
            f"{matrix}[{self._index()}, {self._index()}] = {self._scalar()}",
            f"{vector}[{self._span()}] -= {self._scalar()}",
            f"{vector} *= {self._scalar()}",
            f"{vector}[{self._index()}] = {self._scalar()}",
            f"v = {self._vector()}",
            f"r = {self._vector()}",
            f"m = {self._matrix()}",
            f"m[...] = {pick(['a', 'c', 'm'])} - {self._scalar()}",
            f"s = {self._scalar()}",
            "n = n + 1",
        ])  # fmt: skip

    def _index(self) -> str:
        return self.choose.choice(["0", "1", "-1", "n % 2"])

    def _span(self) -> str:
        return self.choose.choice(["1:", ":-1", "::2", "::-1", ":n", ":"])

    def _scalar(self) -> str:
        pick = self.choose.choice
        return pick(["2", "0.5", "x", "n", "s", f"{pick(MATRICES)}.sum()", "b.max()", "r.mean()",
                     f"a[{self._index()}, {self._index()}]", f"float(b[{self._index()}])"])

    def _vector(self) -> str:
        pick = self.choose.choice
        return pick([f"b[{self._span()}]", "b", "b.copy()", f"np.abs(b) + {self._scalar()}",
                     "a.sum(axis=1)", f"a[{self._index()}]", f"m[:, {self._index()}]", "b[:2] * 2",
                     "np.where(b > 0, b, s)", "np.concatenate([b, b])"])  # fmt: skip

    def _matrix(self) -> str:
        pick = self.choose.choice
        return pick(["a", "a.copy()", "a + b[0]", "a[:, ::-1]", "a * a", "np.maximum(a, s)",
                     "a - a.mean(axis=0)", "np.zeros_like(a) + x", "a.astype(np.float64)"])

    def _condition(self) -> str:
        pick = self.choose.choice
        return pick(["n > 1", "b[0] > 0", "a.sum() > x", "n % 2 == 0", "a.shape[0] > 3"])


def random_function(seed: int) -> str:
    """The module's text."""
    return Writer(seed).text()
