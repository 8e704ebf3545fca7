"""`math.tanh` of what only run time knows: operations, and the bits of GNU's C library.

In: a float. Out: the hyperbolic tangent by way of `expm1`, as Sun's fdlibm has it and that library
with it. The one idea: NumPy has a tangent of its own, with other last digits, so the operation that
stands for NumPy's would not do for Python's.
"""

from __future__ import annotations

from fleet.dialects import arith, math
from fleet.dialects.numpy import unary
from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.then import Number

_ONE_FROM = 22.0
"""From here on 1 is the nearest float."""


def tanh(e: Emitter, x: Number) -> Number:
    """1 - 2 / (expm1(2 |x|) + 2) from 1 on, -t / (t + 2) with t = expm1(-2 |x|) below it."""
    size = numbers.unary(e, "abs", x)
    far = numbers.compare(e, "ge", size, 1.0)
    near = numbers.choose(e, numbers.compare(e, "lt", size, _ONE_FROM), size, _ONE_FROM)
    twice = numbers.binary(e, "mul", near, numbers.choose(e, far, 2.0, -2.0))
    t = Number(e, "float", e.value(unary["expm1"], twice.native, types=[twice.native.type]))
    top = numbers.choose(e, far, 2.0, numbers.unary(e, "neg", t))
    part = e.value(arith.divf, top.native, numbers.binary(e, "add", t, 2.0).native)
    below = Number(e, "float", part)
    made = numbers.choose(e, far, numbers.binary(e, "sub", 1.0, below), below)
    given = numbers.choose(e, numbers.compare(e, "eq", x, x), made, x)
    return Number(e, "float", e.value(math.copysign, given.native, x.native))
