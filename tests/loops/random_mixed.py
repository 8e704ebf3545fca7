"""Random programs with lists of ints, floats and None, for the tests of `values.mixed`.

In: a seed. Out: the text of a program that makes such lists, by repetition, comprehension, appends
and slices, writes to them through several names, in loops, branches and functions, and shows them.
"""

from __future__ import annotations

from random import Random

ENDS = (
    "print(a[n])", "a[n + 1] = 0", "print(a[0] + 'x')", "a.append('x')", "a[0] = [1]",
    "a.extend([1, 2])", "a.insert(0, 3)", "a.pop(0)", "del a[0]", "a += [4]",
    "a.sort(key=lambda x: -1 if x is None else x)",
)  # fmt: skip
"""What such a list cannot do, or what fails."""


class Mixed:
    """Writes one program."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.has_none = self.random.random() < 0.4

    def number(self, i: str = "i") -> str:
        return self.random.choice(
            (i, f"{i} / 2", f"{i} * 0.5", "inf", "0", "2.5", f"-{i}", f"n - {i}"))

    def value(self, i: str = "i") -> str:
        if self.has_none and self.random.random() < 0.3:
            return "None"
        return self.number(i)

    def program(self) -> str:
        r = self.random
        makings = ["[inf] * n", "[0] * n", "[1.5] * n", f"[{self.value()} for i in range(n)]",
                   f"[{self.value()} if i % 3 else {self.value()} for i in range(n)]"]  # fmt: skip
        making = r.choice(makings + ["[None] * n"] * 3 * self.has_none)
        lines = ["import sys", "inf = float('inf')", "n = int(sys.argv[1])", f"a = {making}"]
        kinds = (
            self.put, self.neighbours, self.part, self.appended, self.folded, self.best,
            self.table, self.given, self.alias, self.asked, self.while_loop, self.turned,
        )  # fmt: skip
        for _ in range(r.randrange(3, 8)):
            lines += r.choice(kinds)()
        lines.append("print(a)")
        if r.random() < 0.3:
            lines += [r.choice(ENDS), "print(a)"]
        return "\n".join(lines) + "\n"

    def put(self) -> list[str]:
        r = self.random
        return ["for i in range(n):", f"    if i % {r.randrange(2, 5)} == {r.randrange(2)}:",
                f"        a[i] = {self.value()}"]  # fmt: skip

    def neighbours(self) -> list[str]:
        new = self.random.choice((self.number(), "a[i - 1] + 1", "min(a[i], 3)"))
        return ["for i in range(1, n):",
                "    if a[i] is not None and a[i - 1] is not None and a[i] > a[i - 1]:",
                f"        a[i] = {new}"]  # fmt: skip

    def part(self) -> list[str]:
        r = self.random
        part = f"{r.choice(('', '1', '-2'))}:{r.choice(('', 'n - 1', '2'))}{r.choice(('', ':-1'))}"
        return [f"b = a[{part}]", "print(b, len(b))"]

    def appended(self) -> list[str]:
        r = self.random
        test, other = r.choice(("< 1", ">= 2", "!= 0")), r.choice(("x * 2", "0", "x / 2", "1.0"))
        return ["c = []", "for x in a:", f"    if x is None or x {test}:", "        c.append(x)",
                "    else:", f"        c.append({other})", "print(c, c[-1:])"]  # fmt: skip

    def folded(self) -> list[str]:
        return ["s = 0", "for x in a:", "    if x is not None and x != inf:", "        s += x",
                "print(s)"]  # fmt: skip

    def best(self) -> list[str]:
        return ["m = None", "for x in a:", "    if x is not None and (m is None or x < m):",
                "        m = x", "print(m)"]  # fmt: skip

    def table(self) -> list[str]:
        r = self.random
        item = r.choice(("0", "inf", "None" if self.has_none else "1.5"))
        return [f"t = [[{item}] * n for _ in range({r.choice(('n', '3'))})]",
                "for i in range(len(t)):", f"    t[i][i % n] = {self.value()}",
                "    for j in range(n):", "        if j % 3 == i % 2:",
                f"            t[i][j] = {self.value('j')}", "for row in t:", "    print(*row)",
                "print(len(t), t[0][0])"]  # fmt: skip

    def given(self) -> list[str]:
        given = self.random.choice(("3", "0.25", "inf", "None" if self.has_none else "n"))
        return ["def changed(x, p):", "    for i in range(len(x)):", "        if i % 2:",
                "            x[i] = p", "    return x[0]",
                f"print(changed(a, {given}), a[:3])"]  # fmt: skip

    def alias(self) -> list[str]:
        return ["d = a", f"d[0] = {self.value('n')}", "print(a[0], d is a, a[:2] == d[:2])"]

    def asked(self) -> list[str]:
        asked = self.random.choice((
            "a.count(0)", "len(a)", "2.5 in a", "a == [1]", "str(a)", "a.index(a[n // 2])",
            "sorted(x for x in a if x is not None)", "[type(x).__name__ for x in a]",
            "max([x for x in a if x is not None], default=0)", "any(a), all(a)",
        ))  # fmt: skip
        return [f"print({asked})"]

    def while_loop(self) -> list[str]:
        return ["k = 0", "while k < n and a[k] is not None and a[k] < 3:",
                f"    a[k] = {self.value('k')}", "    k += 1", "print(k, a[:4])"]  # fmt: skip

    def turned(self) -> list[str]:
        copy = self.random.choice(("a.copy()", "list(a)", "a[:]"))
        return [f"g = {copy}", "for i in range(n // 2):",
                "    g[i], g[n - 1 - i] = g[n - 1 - i], g[i]", "print(g, a[0])"]  # fmt: skip
