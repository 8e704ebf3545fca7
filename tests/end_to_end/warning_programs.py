"""Programs of which NumPy warns, line by line, and programs drawn at random."""

from __future__ import annotations

import random
import re

HEAD = """\
import sys
import numpy as np
n = len(sys.argv) - 1
zero = n * 0
"""
"""Numbers of run time: `n` is how many arguments there are."""
VALUES = {
    "a": "np.array([1.0, 0.0, -1.0]) + zero",
    "big": "np.array([1e308, -1e308, 3.0]) + zero",
    "nans": "np.array([np.nan, np.inf, -np.inf]) + zero",
    "small": "np.array([1.0, 0.0, -1.0], np.float32) + np.float32(zero)",
}
"""And arrays: a program gets those that it uses, so that nothing in it is without use."""

PROGRAMS = {
    "elementwise": """
print(np.log(a), np.sqrt(a), np.log(nans))
print(1 / a, a / zero, a / a)
print(np.log1p(a), np.log2(a), np.log10(a))
x = big * 10
y = big + big
z = y - y
print(x, y, z, big - y)
print(np.sin(nans), np.cos(nans), np.expm1(big))
print(np.floor_divide(a, 0.0), np.remainder(a, 0.0), a % a, a // a)
print(np.tanh(nans), np.exp(nans), np.maximum(nans, 1), nans < 1, nans == nans)
print(np.isnan(nans), np.isfinite(nans), np.isinf(big * 1e10), np.sign(nans))
""",
    "floats_of_python": """
large, nothing = (n + 1) * 1e300, zero * 1.0
for power in (1.5, 3.0, 2.0 + n):
    try:
        print(large**power)
    except OverflowError as error:
        print(error)
for power in (-1.5, -2.0):
    try:
        print(nothing**power)
    except ZeroDivisionError as error:
        print(error)
print(large * large // 3.0, large * large % 3.0, a**1.5)
""",
    "float32": """
print(small / zero, np.exp(small * 100), np.log(small))
h = small * np.float32(1e38)
print(h * 10, h + h * 3, (h * h) - (h * h))
print(np.sqrt(-h), big.astype(np.float32), np.float32(3) / small)
small += 3e38
small *= 10
print(small)
""",
    "powers": """
print(big ** 2, big ** 3, a ** -1, (-big) ** 0.5, a ** -1.5)
print(np.power(a, -1), np.power(a, 0.5), np.square(big), np.reciprocal(a))
big **= 2
print(big)
""",
    "casts": """
print((nans + 1 > 0), nans.astype(bool))
k = (a * 1e300).astype(np.float32)
print(k)
m = np.zeros(3, np.float32)
m[:] = big
print(m)
m[0] = big[1]
print(m)
""",
    "integers": """
i = np.arange(4) + zero
j = np.array([2, 0, -1, 1]) + zero
print(i // j, i % j)
print(j / i, i / (j - j))
k = np.array([-128, 1], np.int8) + np.int8(zero)
print(k // np.array([-1, 1], np.int8))
print(k * k, k + k)
print(i // 3, i % 3, i // (n + 1), i % (n - 1))
""",
    "scalars": """
x = a[1]
y = big[0]
print(x / x, 1 / x, y * 10, y + y, 10. * y, y * y - y * y)
print(-y * 10 - y, y ** 2, y ** 3, x ** -1, (-y) ** 0.5, y // x, y % x, x % x)
print(np.log(x), np.sqrt(-y), np.exp(y), np.divide(y, x), np.multiply(y, y))
f = small[0] * np.float32(3e38)
print(f * 10, f + f, f / small[1], np.float32(y))
for t in range(n + 2):
    print(y * t, x / t)
q = float(y) * 10
print(q, q - q)
""",
    "integer scalars": """
p = np.array([2**62, -5, 0]) + zero
s = p.astype(np.int8)
print(p[0] + p[0], p[0] * 4, p[0] - (-p[0] - p[0]) + p[1])
print(p[1] // p[2], p[1] % p[2], p[1] / p[2])
b = s[1] * np.int8(30)
c = s[1] - np.int8(125)
print(b, c, -(s[1] - np.int8(123)), abs(c))
u = s.astype(np.uint8)
print(u[2] - np.uint8(5), -u[1], u[1] + u[1])
print(np.add(s[1], np.int8(-125)), s + np.int8(-125))
""",
    "unsigned scalars": """
w, x, y, z = np.uint64(2**64 - 2), np.uint64(n + 1), np.uint64(2**33), np.uint64(2**63 - 2)
for i in range(n + 3):
    w = w + np.uint64(1)
    z = z + np.uint64(1)
print(w, z)
for i in range(n + 3):
    x = x - np.uint64(1)
    y = y * np.uint64(2**30 + i)
print(x, y)
h, b = np.uint32(n), np.uint16(65533)
for i in range(n + 3):
    h = h - np.uint32(1)
    b = b + np.uint16(1)
print(h, b)
""",
    "calls": """
def f(v):
    return 1 / v
def g(v):
    w = f(v)
    return w - w
for t in range(n + 1):
    print(g(a), f(a[1]), g(a[1]))
print(g(a * 0))
class C:
    def __init__(self, v):
        self.v = v
    def __truediv__(self, other):
        return self.v / other
print(C(a) / a)
print([f(v) for v in a], (lambda v: np.log(v))(a))
""",
    "order": """
first = np.log(a)
second = np.sqrt(a).sum()
print(second)
third = first * zero
print("between", file=sys.stderr)
c = a / (a - a)
if n > 5:
    print(np.log(a - 1))
print(third, c)
d = 1 / a
e = 1 / a
print(d, e)
""",
    "in place": """
a /= zero
a -= a
print(a)
big[1:] *= 1e10
big[0] = big[1] - big[1]
view = big[::2]
view += big[1]
view *= 0
print(big)
for t in range(n + 3):
    small[t % 3] /= small[1]
    small[1:] -= small[1] * 0
print(small)
""",
    "chains": """
e = np.exp(big * 2 - 5) / np.exp(big)
print(e, (np.sqrt(np.log(a)) + 1 / (a * 0)) * zero)
s = np.exp(big) / np.exp(big).sum()
print(s)
m = np.where(a > 0, np.log(a), 0.0)
print(m, np.where(a != 0, 1 / a, 0) + np.sqrt(a))
t = (a[:, None] / a[None, :]) @ a
print(t)
""",
    "unused": """
np.log(a)
kept = np.sqrt(a)
unused = np.maximum(1 / a, 0)
for t in range(n + 2):
    np.exp(big)
print(zero)
""",
    "a part": """
y = np.log(a)
print(y[:1])
""",
    "a part of more": """
y = 1 / a + 1
print(y[2:])
""",
    "ignored": """
with np.errstate(divide="ignore"):
    print(np.log(a))
    print(1 / a[1])
with np.errstate(all="ignore"):
    print(1 / a, big * 10, a[1] / a[1])
    with np.errstate(over="warn"):
        print(big * 10, a / a)
def quiet(v):
    with np.errstate(invalid="ignore", divide="ignore"):
        return v / v
print(quiet(a), quiet(a[1]), a / a)
""",
    "nothing": """
print(np.exp(-np.abs(big)), nans > 0, np.maximum(nans, 0), np.exp(nans))
print(float(big[0]) * 10, 1e308 * 10, a * 2, a[1] * 3, (a + 3) ** 2)
print(np.tanh(big), np.where(a > 0, a, 1) / 2, np.argmax(nans), nans.max())
print((np.arange(6) + zero) // 2, np.arange(6) % (n + 2), a @ a)
""",
    "known": """
o = np.float64(0)
v = np.float64(3) / o
for t in range(3):
    w = np.float64(t) / o
print(v, w, 1 / a)
if n > 5:
    print(np.float64(1) / o)
print(np.array(1.0) / np.array(0.0), np.int8(100) + np.int8(100))
print(v - v, np.float32(1e300))
""",
    "products": """
m = big[:2].reshape(1, 2)
print(m @ m.T, (m * 0) @ (1 / a)[:2])
print(np.outer(a, a) / 0)
""",
}
"""Those of which NumPy's own functions in C warn: CPython shows the program's lines."""

COMPOSED = {
    "reductions": """
print(big.sum(), (big * 1.5).sum(), np.sum(nans))
print((np.abs(big) * 1.5).sum(), (np.abs(big) * 1.5).mean(), (nans - 1).mean(), big.prod())
print(np.cumsum(np.abs(big) * 1.7))
print(big.var(), big.std() > 0, a.var(), a.std() > 0)
""",
    "empty": """
e = a[:zero]
print(e.sum(), (e / e).sum())
""",
    "functions": """
print(np.sinh(big), np.cosh(big), np.tan(nans), np.exp2(big))
print(np.reciprocal(a), np.square(big), np.degrees(big), np.positive(a))
print(np.allclose(nans, nans), np.isclose(nans, a), np.diff(nans))
print(np.round(big, 2), np.ptp(big))
print(np.dot(big, big), np.inner(big, big))
""",
}
"""Those where a function of NumPy's in Python is the one that warns: Fleet shows who called it."""

SPECIAL = ["0.0", "-0.0", "1.0", "-2.5", "np.inf", "-np.inf", "np.nan", "1e300", "-3e38", "1e-310"]
UNARY = ["np.log", "np.sqrt", "np.exp", "np.log1p", "np.tanh", "np.sin", "np.abs", "-", "np.floor",
         "np.log2", "np.expm1", "np.square", "np.reciprocal"]  # fmt: skip
BINARY = ["+", "-", "*", "/", "//", "%", "**"]


def random_program(seed: int) -> str:
    """Arrays and scalars with special values, and what is done to them, each line a place."""
    rng = random.Random(seed)
    dtype = rng.choice(["float64", "float64", "float32"])
    lines = [f"dt = np.{dtype}"]
    arrays, scalars = ["a0", "a1", "a2"], []
    for name in arrays:
        values = rng.choices(SPECIAL, k=5)
        if dtype == "float32":
            values = ["3e37" if value == "1e300" else value for value in values]
        lines.append(f"{name} = np.array([{', '.join(values)}], dt) + dt(zero)")

    def term(depth: int) -> str:
        if depth == 0:
            return rng.choice([*arrays, *arrays, *scalars, "2.0", "0.5"])
        if rng.random() < 0.4:
            return f"{rng.choice(UNARY)}({term(depth - 1)})"
        operator = rng.choice(BINARY)
        if operator == "**":
            return f"({term(depth - 1)} ** {rng.choice(['2', '0.5', '-1', '3', '1.5'])})"
        return f"({term(depth - 1)} {operator} {term(rng.randrange(depth))})"

    def row(depth: int) -> str:
        return f"({rng.choice(arrays)} * {term(depth)})"

    for number in range(rng.randrange(5, 12)):
        kind = rng.random()
        if kind < 0.4:
            lines.append(f"b{number} = {row(rng.randrange(3))}")
            arrays.append(f"b{number}")
        elif kind < 0.6:
            lines.append(f"s{number} = {rng.choice(arrays)}[{rng.randrange(5)}]")
            lines.append(f"t{number} = s{number} {rng.choice(BINARY[:-1])} {term(0)}")
            name = f"t{number}"
            scalars.append(f"s{number}")
            lines.append(f"print(np.isnan({name}), np.sum({name} > 1))")
        elif kind < 0.75:
            lines.append(f"{rng.choice(arrays)} {rng.choice(BINARY[:-1])}= {term(1)}")
        elif kind < 0.85:
            target = rng.choice(arrays)
            lines.append(f"{target}[{rng.randrange(3)}:] = {rng.choice(arrays)}[:1] / 3")
        elif kind < 0.93:
            lines.append("for t in range(n + 1):")
            lines.append(f"    {rng.choice(arrays)} {rng.choice('+-*/')}= {term(1)}")
        else:
            lines.append(f"print(({row(1)} > 0).sum())")
    for name in arrays:
        lines.append(f"print(np.isnan({name}), {name} > 1)")
    return HEAD + "\n".join(lines) + "\n"


def programs() -> dict[str, str]:
    """The table's programs whole."""
    made = {}
    for name, text in (PROGRAMS | COMPOSED).items():
        used = [v for v in VALUES if re.search(rf"\b{v}\b", text)]
        values = "".join(f"{value} = {VALUES[value]}\n" for value in used)
        made[name] = HEAD + values + text.lstrip("\n")
    return made
