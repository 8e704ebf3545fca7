"""Random programs of control flow, seeded: branches, loops, early exits, writes to lists."""

from __future__ import annotations

import random

_TESTS = ["{} > 2", "{} % 2 == 0", "{} < n", "{} == 1", "not {}", "{} and n > 1", "{} or n < 2"]
_VALUES = """{} + 1|{} - n|{} * 2 % 1000|n|3|{} % 5|{} + {}|max({}, {})|len(xs)|-{}|{} // 2
    |abs({})|sum(xs) % 100|a[{} % 3]""".replace("\n    ", "").split("|")


class ControlGenerator:
    """Makes one program; the same seed makes the same program."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.counter = 0

    def program(self) -> str:
        self.lines = ["import sys", "import numpy as np", "n = int(sys.argv[1])"]
        self.lines += ["", "def f(n, x, y, xs, a):"]
        self.block(1, 3, False, True)
        self.lines += ["    return x - y", ""]
        self.lines += ["x, y, z = 1, n, 0", "xs = [n, 2]", "a = np.arange(3)"]
        self.block(0, 3, False, False)
        self.lines.append("print(x, y, z, xs, a, f(n, x, y, xs, a), xs, a)")
        return "\n".join(self.lines) + "\n"

    def emit(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def names(self, text: str) -> str:
        parts = text.split("{}")
        filled = parts[0]
        for part in parts[1:]:
            filled += self.random.choice("xy") + part
        return filled

    def value(self) -> str:
        value = self.names(self.random.choice(_VALUES))
        return f"int({value})" if "a[" in value else value

    def test(self) -> str:
        return self.names(self.random.choice(_TESTS))

    def block(self, depth: int, size: int, in_loop: bool, in_function: bool) -> None:
        for _ in range(self.random.randint(1, size)):
            self.statement(depth, in_loop, in_function)

    def statement(self, depth: int, in_loop: bool, in_function: bool) -> None:
        deep = depth >= 4
        kind = self.random.random()
        if kind < 0.35 or deep:
            self.simple(depth, in_loop, in_function)
        elif kind < 0.65:
            self.emit(depth, f"if {self.test()}:")
            self.block(depth + 1, 2, in_loop, in_function)
            if self.random.random() < 0.5:
                self.emit(depth, "else:")
                self.block(depth + 1, 2, in_loop, in_function)
        elif kind < 0.85:
            self.counter += 1
            items = self.random.choice(
                ["range(n)", "range(3)", "[1, 5]", "range(12)", "range(n, 5)"]
            )
            self.emit(depth, f"for i{self.counter} in {items}:")
            self.emit(depth + 1, f"y = y + i{self.counter}")
            self.block(depth + 1, 2, True, in_function)
        else:
            self.counter += 1
            name = f"w{self.counter}"
            self.emit(depth, f"{name} = 0")
            self.emit(depth, f"while {name} < {self.random.choice(['n', '3', 'n + 2'])}:")
            self.emit(depth + 1, f"{name} += 1")
            self.block(depth + 1, 2, True, in_function)

    def simple(self, depth: int, in_loop: bool, in_function: bool) -> None:
        kind = self.random.random()
        if kind < 0.08 and in_function:
            self.emit(depth, f"return {self.value()}")
        elif kind < 0.2 and in_loop:
            self.emit(depth, self.random.choice(["break", "continue"]))
        elif kind < 0.3:
            self.emit(depth, f"xs.append({self.value()})")
        elif kind < 0.36:
            self.emit(depth, f"a[{self.value()} % 3] += {self.value()}")
        elif kind < 0.4:
            self.emit(depth, "a = a + 1")
        elif kind < 0.45:
            self.emit(depth, f"print({self.value()}, xs)")
        elif kind < 0.48:
            self.emit(depth, "assert x < 50, x")
        elif kind < 0.5:
            self.emit(depth, "xs = [x]")
        else:
            self.emit(depth, f"{self.random.choice('xy')} = {self.value()}")
