"""Random loops of the kinds that run in vectors, and of those that look as if they could.

In: a seed. Out: a program of loops with branches, running sums, extremes and their places, checks
that may fail, subscripts that are computed, strided, reversed or of views that overlap; over
arrays with NaN, zeros of both signs, infinities, and numbers whose sums overflow.
"""

from __future__ import annotations

from random import Random

HEAD = """import sys
import numpy as np

n = int(sys.argv[1])
a = (np.arange(n) * {p} % 11 - 4) / {q}
a[2::5] = -0.0
a[3::7] = 0.0
f = (np.arange(n) * 5 % 7 - 3).astype(np.float32)
b = np.arange(n) * {r} % 17 - 8
h = (np.arange(n) * 7 % 23 - 11).astype(np.{small})
w = np.arange(n) * 5 % 13 * {large}
u = np.arange(n) * 3 % 7 < 3
k = np.arange(n) * {r} % {modulus} {shift}
m = (np.arange(n * n) * 3 % 13 - 6).astype(np.float64).reshape(n, n)
x = np.zeros(n)
y = np.zeros(n, dtype=np.int64)
z = np.zeros(n + 2)
v = z[{begin}:]
"""


class Strips:
    """Writes one program; its last loop may fail."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names = 0

    def program(self) -> str:
        r = self.random
        failing = r.random() < 0.5
        modulus, shift = r.choice((("max(n, 1)", ""), ("(2 * n + 1)", "- n"), ("max(n, 1)", "- n")))
        lines = [
            HEAD.format(
                p=r.randrange(3, 8), q=r.choice((1, 2, 3)), r=r.choice((1, 3, 5, 7)),
                small=r.choice(("int8", "int16", "int32", "uint8", "uint32")),
                large=r.choice((1, 1 << 20, 1 << 45, 1 << 59)), begin=r.randrange(3),
                modulus=modulus if failing else "max(n, 1)",
                shift=shift if failing else r.choice(("", "- n")),
            )
        ]  # fmt: skip
        if r.random() < 0.4:
            lines.append(f"a[{r.randrange(2, 9)}::9] = np.{r.choice(('nan', 'inf'))}")
        kinds = [self.total, self.best, self.elementwise, self.nest, self.counted, self.repeated]
        for _ in range(r.randrange(5, 8)):
            lines += r.choice(kinds)()
        lines += r.choice((self.gathered, self.total, self.search, self.shifted))()
        lines.append("print(a, f, b, h, x, y, z, m)")
        return "\n".join(lines) + "\n"

    def name(self) -> str:
        self.names += 1
        return f"s{self.names}"

    def range(self, within: int = 0) -> str:
        r = self.random
        if within:
            return f"range({within}, n - {within})"
        return r.choice(("range(n)", "range(n)", "range(1, n)", "range(n - 1)", "range(2, n - 3)"))

    # -- kinds of loops

    def total(self) -> list[str]:
        r, s = self.random, self.name()
        begin, term = r.choice(
            (("0.0", self.real), ("1.5", self.real), ("0", self.real), ("0", self.small),
             ("0", self.large), ("3", self.small), ("-0.0", self.real))
        )  # fmt: skip
        update = f"{s} {r.choice(('+=', '+=', '-='))} {term()}"
        return [f"{s} = {begin}", f"for i in {self.range()}:", *self.guarded(update), self.show(s)]

    def counted(self) -> list[str]:
        r, s = self.random, self.name()
        operator = r.choice(("+= 1", "^= int(b[i])", "|= int(b[i])", "&= int(b[i])", "+= i"))
        return [f"{s} = {r.randrange(-2, 3)}", f"for i in {self.range()}:",
                f"    if {self.condition()}:", f"        {s} {operator}", self.show(s)]  # fmt: skip

    def best(self) -> list[str]:
        r, s = self.random, self.name()
        compare = r.choice(("<", ">", "<=", ">="))
        term, begin = r.choice(
            ((self.real(), r.choice(("0.25", "-1.0", "np.nan", "-0.0"))),
             (f"int({self.small()})", "0"), ("b[i]", "np.int64(2)"), ("int(h[i])", "1"))
        )  # fmt: skip
        body = [f"    c = {term}", f"    if c {compare} {s}:", f"        {s} = c"]
        lines = [f"{s} = {begin}"]
        if r.random() < 0.6:
            lines.append(f"{s}_at = -1")
            body.append(f"        {s}_at = i")
            s = f"{s}, {s}_at"
        elif r.random() < 0.3:
            word = "max" if compare.startswith(">") else "min"
            body = [f"    {s} = {word}({s}, {term})"]
        return [*lines, f"for i in {self.range()}:", *body, self.show(s)]

    def elementwise(self) -> list[str]:
        r = self.random
        lines = [f"for i in {self.range(1)}:"]
        for _ in range(r.randrange(1, 3)):
            lines += self.guarded(self.assignment(), other=self.assignment())
        return lines

    def nest(self) -> list[str]:
        r = self.random
        return [f"for i in {self.range(1)}:", f"    for j in {self.range(1)}:",
                f"        if m[i, j] {r.choice('<>')} {r.randrange(-3, 4)}:",
                f"            m[{r.choice(('i, j', 'i, j', 'i - 1, j', 'i, j - 1'))}] = "
                f"m[{r.choice(('i, j', 'j, i', 'i, j', 'i + 1, j'))}] * 0.5",
                f"        {r.choice(('x[i] += m[i, j]', 'x[j] += m[i, j]', 'y[i] = b[j]'))}",
                ]  # fmt: skip

    def repeated(self) -> list[str]:
        """A loop inside that ends for each element by itself."""
        r, s = self.random, self.name()
        update = r.choice(
            (f"{s} = {s} * 1.25 + 0.5", f"{s} += abs({self.real()}) + 0.125",
             f"{s} = {s} / 0.75 + 1", f"{s} = a[i] + {s} * {s} + 1")
        )  # fmt: skip
        more = r.choice(
            ([], [f"            if {s} > 3:", f"                {s} = {s} - 0.75"],
             ["            if u[i]:", f"                {s} += f[i]"],
             [f"            if {s} > 5:", "                break"])
        )  # fmt: skip
        return [f"for i in {self.range()}:", f"    {s}, count = {self.real()}, 0",
                f"    while count < {r.randrange(3, 15)} and {s} < {r.choice((2, 7.5, 40))}:",
                *(line.removeprefix("    ") for line in (f"            {update}", *more)),
                "        count += 1", f"    x[i], y[i] = {s}, count"]  # fmt: skip

    def gathered(self) -> list[str]:
        r = self.random
        statement = r.choice(
            ("x[i] = a[k[i]]", "x[k[i]] += 1.0", "y[i] = b[k[i]] + i", "x[i] = a[i] / (b[i] + 3)",
             "x[i] = m[k[i], i]")
        )  # fmt: skip
        return [f"for i in {self.range()}:", *self.guarded(statement)]

    def shifted(self) -> list[str]:
        r = self.random
        return [f"for i in {self.range(1)}:",
                f"    {r.choice(('v[i - 1]', 'z[i]', 'z[i + 1]'))} = "
                f"{r.choice(('z[i]', 'v[i - 1]', 'z[i - 1]'))} + {self.real()}"]  # fmt: skip

    def search(self) -> list[str]:
        s, head = self.name(), [f"for i in {self.range()}:", f"    if {self.condition()}:"]
        return [f"{s} = -1", *head, f"        {s} = i", "        break",
                f"    x[i] = {self.real()}", self.show(s)]  # fmt: skip

    # -- parts of them

    def show(self, names: str) -> str:
        return f"print({names})"

    def guarded(self, statement: str, other: str = "") -> list[str]:
        r = self.random
        if r.random() < 0.4:
            return [f"    {statement}"]
        lines = [f"    if {self.condition()}:"]
        if r.random() < 0.25:
            lines += [f"        if {self.condition()}:", f"            {statement}"]
        else:
            lines.append(f"        {statement}")
        if other and r.random() < 0.5:
            lines += ["    else:", f"        {other}"]
        return lines

    def assignment(self) -> str:
        return self.random.choice(
            (f"x[i] = {self.real()}", f"x[i] += {self.real()}", f"y[i] = {self.small()}",
             f"a[i] = {self.real()}", f"h[i] = {self.random.randrange(100)}", "z[i] = z[i + 1]",
             f"f[i] = f[i] * f[i] + {self.random.randrange(3)}", f"z[i + 1] = {self.real()}",
             f"b[i] = {self.small()} // 3", f"x[i] = {self.real()} / (b[i] * b[i] + 1)")
        )  # fmt: skip

    def condition(self) -> str:
        r = self.random
        compare = r.choice(("<", ">", "==", "!=", "<=", ">="))
        simple = r.choice(
            ("u[i]", f"a[i] {compare} {r.randrange(-2, 3)}", f"b[i] {compare} {r.randrange(-4, 5)}",
             f"i % {r.randrange(2, 5)} == 1", f"h[i] {compare} 3", f"i {compare} {r.randrange(9)}")
        )  # fmt: skip
        if r.random() < 0.25:
            return f"{simple} {r.choice(('and', 'or'))} b[i] {compare} a[i]"
        return simple

    def real(self) -> str:
        r = self.random
        return r.choice(
            ("a[i]", "a[i] * a[n - 1 - i]", "i * 0.5", "f[i]", "a[i] * b[i]", "a[i // 2]",
             "abs(a[i]) + i", "m[i, 0]", "m[0, i] * 2", "(a[i] - 1.0) * 0.25", "a[i] + z[i]")
        )  # fmt: skip

    def small(self) -> str:
        return self.random.choice(
            ("b[i]", "int(b[i])", "int(h[i])", "i * 3", "b[i] * b[n - 1 - i]", "i - 5", "int(u[i])")
        )

    def large(self) -> str:
        return self.random.choice(("w[i]", "int(w[i])", "int(w[i]) - 5", "w[n - 1 - i]"))
