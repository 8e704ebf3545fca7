"""Integer arithmetic as NumPy has it, where ONNX's operators leave cases undefined.

In: edges of ints. Out: an edge. The one idea: a divisor is made one that has a quotient, and what
NumPy gives for the others (0 for a division by zero, the same number for one by -1 that overflows)
is chosen afterwards; of a known divisor nothing of that is needed.
"""

from __future__ import annotations

import numpy as np

from fleet.exporting.onnx.conversion import BOOL, Edge
from fleet.exporting.onnx.graph import ValueType

BITS = {np.dtype(f"{kind}{width}"): width for kind in ("int", "uint") for width in (8, 16, 32, 64)}


def known(x: Edge) -> np.ndarray | None:
    """The elements of an edge that is a constant."""
    return x.c.root.initializers.get(x.name)


def _divisor(y: Edge) -> tuple[Edge, Edge | None, Edge | None]:
    """A divisor with which nothing goes wrong, and where it was 0 and -1, which it is not then."""
    numbers = known(y)
    zero = None if numbers is not None and numbers.all() else y.equals(0)
    signed = y.dtype.kind == "i"
    minus = y.equals(-1) if signed and (numbers is None or (numbers == -1).any()) else None
    wrong = zero if minus is None else minus if zero is None else zero | minus
    return (y if wrong is None else wrong.choose(1, y)), zero, minus


def _quotient(x: Edge, y: Edge, zero: Edge | None, minus: Edge | None, found: Edge) -> Edge:
    if minus is not None:
        found = minus.choose(_negative(x), found)
    return found if zero is None else zero.choose(0, found)


def _negative(x: Edge) -> Edge:
    return x.c.number(0, x.dtype) - x


def divide_towards_zero(x: Edge, y: Edge) -> Edge:
    safe, zero, minus = _divisor(y)
    return _quotient(x, y, zero, minus, x / safe)


def floor_divide(x: Edge, y: Edge) -> Edge:
    """Rounded down: one less than C's where C's rest is not Python's."""
    safe, zero, minus = _divisor(y)
    found = x / safe
    if x.dtype.kind == "i":
        rest, rest_of_c = x.c.apply("Mod", x, safe), x.c.apply("Mod", x, safe, fmod=1)
        found = found - (~rest.equals(rest_of_c)).to(x.dtype)
    return _quotient(x, y, zero, minus, found)


def remainder(x: Edge, y: Edge) -> Edge:
    """With the divisor's sign; by 0 it is 0, by -1, too."""
    safe, zero, minus = _divisor(y)
    found = x.c.apply("Mod", x, safe)
    if minus is not None:
        return found
    return found if zero is None else zero.choose(0, found)


def fmod(x: Edge, y: Edge) -> Edge:
    safe, _, _ = _divisor(y)
    return x.c.apply("Mod", x, safe, fmod=1)


def _shifted(x: Edge, by: Edge, direction: str) -> Edge:
    unsigned = np.dtype(f"uint{BITS[x.dtype]}")
    made = x.c.emit("BitShift", x.to(unsigned), by.to(unsigned), direction=direction)
    return made.to(x.dtype)


def _within(by: Edge) -> bool:
    """Whether a shift is known to be of less than all bits."""
    numbers = known(by)
    return numbers is not None and bool(((numbers >= 0) & (numbers < BITS[by.dtype])).all())


def _too_far(by: Edge) -> Edge:
    far = by >= BITS[by.dtype]
    return far if by.dtype.kind == "u" else far | (by < 0)


def left_shift(x: Edge, by: Edge) -> Edge:
    """Of all bits and more it is 0."""
    if _within(by):
        return _shifted(x, by, "LEFT")
    far = _too_far(by)
    return far.choose(0, _shifted(x, far.choose(0, by), "LEFT"))


def right_shift(x: Edge, by: Edge) -> Edge:
    """Of a negative number the complement is shifted; of all bits and more, 0 or -1 is left."""
    far = None if _within(by) else _too_far(by)
    if x.dtype.kind == "u":
        if far is None:
            return _shifted(x, by, "RIGHT")
        return far.choose(0, _shifted(x, far.choose(0, by), "RIGHT"))
    if far is not None:
        by = far.choose(BITS[by.dtype] - 1, by)
    negative = x < 0
    made = _shifted(negative.choose(~x, x), by, "RIGHT")
    return negative.choose(~made, made)


def power(x: Edge, y: Edge) -> Edge:
    """By squaring, a factor for each bit of the exponent, modulo 2**bits as NumPy's.

    Negative exponents were checked before.
    """
    numbers = known(y)
    if numbers is not None and numbers.size == 1 and numbers.min() >= 0:
        return _known_power(x, int(numbers.max()))
    c = x.c
    start = x * 0 + (y * 0).to(x.dtype) + 1
    square = start * x
    kind = ValueType(x.dtype), ValueType(x.dtype), ValueType(y.dtype)
    with c.body("power") as body:
        count, going = c.fresh("bit"), c.fresh("going")
        result, factor, exponent = (
            Edge(c, c.fresh(name), type.dtype)
            for name, type in zip(("power", "factor", "exponent"), kind, strict=True)
        )
        body.inputs = {count: ValueType(np.dtype("int64"), ()), going: ValueType(BOOL, ())}
        body.inputs |= dict(zip((result.name, factor.name, exponent.name), kind, strict=True))
        odd = ~(exponent & 1).equals(0)
        c.give(Edge(c, going, BOOL), "going_on", ValueType(BOOL, ()))
        c.give(odd.choose(result * factor, result), "power_next", kind[0])
        c.give(factor * factor, "factor_next", kind[1])
        c.give(exponent / 2, "exponent_next", kind[2])
    bits = c.number(BITS[y.dtype], np.int64)
    return c.emit_many(
        "Loop", bits, c.number(True, BOOL), start, square, y,
        dtypes=[x.dtype, x.dtype, y.dtype], body=body,
    )[0]  # fmt: skip


def _known_power(x: Edge, exponent: int) -> Edge:
    result: Edge | None = None
    square = x
    while exponent:
        if exponent & 1:
            result = square if result is None else result * square
        exponent >>= 1
        if exponent:
            square = square * square
    return x.c.apply("Add", x * 0, x.c.number(1, x.dtype)) if result is None else result


BINARY = {
    "floor_divide": floor_divide, "remainder": remainder, "fmod": fmod, "power": power,
    "left_shift": left_shift, "right_shift": right_shift,
}  # fmt: skip
"""NumPy's functions of two arrays of ints by name."""
