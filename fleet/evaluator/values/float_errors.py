"""What the program hears of floating-point errors where it has asked for that, at run time.

In: an operation's operands and its result. Out: checks, in NumPy's order: division by zero,
overflow, underflow, invalid value. The one idea: which of them happened can be told from the
numbers: a NaN that no operand has is invalid, an infinity of finite operands is an overflow unless
the function has a pole there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from fleet.dialects import numpy
from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.ndarrays import elementwise, tensors
from fleet.evaluator.values.then import Number, Tensor
from fleet.ir.attributes import i64_array

WORDS = {"divide": "divide by zero", "over": "overflow", "under": "underflow",
          "invalid": "invalid value"}  # fmt: skip
"""In NumPy's order, in which they are bits of a number, too: 1, 2, 4, 8."""
_QUIET = frozenset(
    """equal not_equal less less_equal greater greater_equal isnan maximum minimum negative absolute
    copysign max min all any cummax cummin floor ceil trunc rint logical_not sign""".split()
)
"""What never sets a flag."""
_VANISHING = frozenset(("multiply", "divide", "exp", "exp2", "power", "float_power"))
"""Functions whose results may be too small though their operands are not."""
_REDUCED = {"sum", "prod", "cumsum", "cumprod", "matmul"}
_BOOL = np.dtype(bool)


class _Conditions:
    """Truths about elements, as tensors."""

    def __init__(self, e: Emitter) -> None:
        self.e = e

    def op(self, name: str, *operands: Tensor | float) -> Tensor:
        dtype = next(one.dtype for one in operands if isinstance(one, Tensor))
        parts = [one if isinstance(one, Tensor) else tensors.tensor(
            self.e, np.asarray(one, dtype)) for one in operands]  # fmt: skip
        definition = (numpy.binary if len(parts) == 2 else numpy.unary)[name]
        quiet = {"said": ""}
        compares = name in numpy.COMPARE or name in ("isnan", "logical_not")
        return elementwise.apply(
            self.e, definition, parts, _BOOL if compares else dtype, attributes=quiet
        )

    def all_of(self, *truths: Tensor) -> Tensor:
        return self._joined("bitwise_and", truths)

    def any_of(self, *truths: Tensor) -> Tensor:
        return self._joined("bitwise_or", truths)

    def _joined(self, name: str, truths: Sequence[Tensor]) -> Tensor:
        first, *rest = truths
        for one in rest:
            first = self.op(name, first, one)
        return first

    def negated(self, truth: Tensor) -> Tensor:
        return self.op("logical_not", truth)

    def finite(self, x: Tensor) -> Tensor:
        return self.op("less", self.op("absolute", x), float("inf"))

    def endless(self, x: Tensor) -> Tensor:
        return self.op("equal", self.op("absolute", x), float("inf"))

    def somewhere(self, truth: Tensor) -> Number:
        """Whether it is so for any element."""
        part = truth
        if part.dims:
            made = self.e.value(
                numpy.reduce["any"], part.value, types=[tensor_type((), _BOOL)],
                axes=i64_array(range(len(part.dims))),
            )  # fmt: skip
            part = Tensor(made, (), _BOOL)
        return Number(self.e, "bool", tensors.item(self.e, part))


def check(e: Emitter, name: str, said: str, parts: Sequence[Tensor], made: Tensor) -> None:
    """Tell what the operation met, as far as the program wants to hear of it at once."""
    heeded = e.heeded()
    if not heeded or not said or name in _QUIET:
        return
    c = _Conditions(e)
    if name in _REDUCED:
        found = _of_reduction(c, parts, made)
    elif name == "cast":
        found = _of_cast(c, parts[0], made)
    elif made.dtype.kind == "f":
        found = _of_floats(c, name, parts, made)
    elif made.dtype.kind in "iu":
        found = _of_ints(c, name, said, parts, made)
    else:
        return
    for kind, words in WORDS.items():
        if kind in found and kind in heeded:
            e.met(kind, words, said, found)


def _of_reduction(c: _Conditions, parts: Sequence[Tensor], made: Tensor) -> dict[str, Number]:
    if made.dtype.kind != "f":
        return {}
    e = c.e

    def in_operands(test: Callable[[Tensor], Tensor]) -> Number:
        found = c.somewhere(test(parts[0]))
        for part in parts[1:]:
            found = numbers.either(e, found, c.somewhere(test(part)))
        return numbers.invert(e, found)

    is_nan = c.somewhere(c.op("isnan", made))
    is_endless = c.somewhere(c.endless(made))
    unordered = in_operands(lambda x: c.op("isnan", x))
    unbounded = in_operands(lambda x: c.negated(c.finite(x)))
    return {
        "over": numbers.both(e, is_endless, unbounded),
        "invalid": numbers.both(e, is_nan, unordered),
    }


def _of_cast(c: _Conditions, x: Tensor, made: Tensor) -> dict[str, Number]:
    if x.dtype.kind != "f":
        return {}
    if made.dtype.kind == "f":
        return {"over": c.somewhere(c.all_of(c.endless(made), c.finite(x)))}
    if made.dtype.kind not in "iu":
        return {}
    info = np.iinfo(made.dtype)
    whole = c.op("trunc", x)
    low = c.op("greater_equal", whole, float(info.min))
    high = c.op("less", whole, float(info.max + 1))
    return {"invalid": c.somewhere(c.negated(c.all_of(low, high)))}


def _of_floats(
    c: _Conditions, name: str, parts: Sequence[Tensor], made: Tensor
) -> dict[str, Number]:
    finite = c.all_of(*[c.finite(part) for part in parts])
    ordered = c.negated(c.any_of(*[c.op("isnan", part) for part in parts]))
    over = c.all_of(c.endless(made), finite)
    pole = _pole(c, name, parts)
    found = {}
    if pole is not None:
        at_pole = c.all_of(over, pole)
        found["divide"] = c.somewhere(at_pole)
        over = c.all_of(over, c.negated(pole))
    found["over"] = c.somewhere(over)
    if name in _VANISHING:
        tiny = c.op("less", c.op("absolute", made), float(np.finfo(made.dtype).tiny))
        exact = [c.op("equal", part, 0.0) for part in parts]
        if name not in ("multiply", "divide"):
            exact = exact[:1]
            if name not in ("power", "float_power"):
                exact = [c.op("equal", made, 1.0)]
        found["under"] = c.somewhere(c.all_of(tiny, finite, c.negated(c.any_of(*exact))))
    found["invalid"] = c.somewhere(c.all_of(c.op("isnan", made), ordered))
    return found


def _pole(c: _Conditions, name: str, parts: Sequence[Tensor]) -> Tensor | None:
    """Where a function is infinite by itself."""
    x = parts[0]
    match name:
        case "divide" | "floor_divide":
            return c.op("equal", parts[1], 0.0)
        case "log" | "log2" | "log10":
            return c.op("equal", x, 0.0)
        case "log1p":
            return c.op("equal", x, -1.0)
        case "arctanh":
            return c.op("equal", c.op("absolute", x), 1.0)
        case "power" | "float_power":
            return c.all_of(c.op("equal", x, 0.0), c.op("less", parts[1], 0.0))
    return None


def _of_ints(
    c: _Conditions, name: str, said: str, parts: Sequence[Tensor], made: Tensor
) -> dict[str, Number]:
    info = np.iinfo(made.dtype)
    found = {}
    if name in ("floor_divide", "remainder", "fmod"):
        found["divide"] = c.somewhere(c.op("equal", parts[1], 0))
        if name == "floor_divide" and info.min < 0:
            least = c.op("equal", parts[0], info.min)
            found["over"] = c.somewhere(c.all_of(least, c.op("equal", parts[1], -1)))
    elif said.startswith("scalar ") and name in ("add", "subtract", "multiply"):
        found["over"] = c.somewhere(_wrapped(c, name, parts, made))
    elif said.startswith("scalar ") and name in ("negative", "absolute") and info.min < 0:
        found["over"] = c.somewhere(c.op("equal", parts[0], info.min))
    return found


def _wrapped(c: _Conditions, name: str, parts: Sequence[Tensor], made: Tensor) -> Tensor:
    """Whether a sum, difference or product of ints is another than the numbers have."""
    a, b = parts
    if made.dtype.kind == "u" and name != "multiply":
        first, second = (made, a) if name == "add" else (a, b)
        return c.op("less", first, second)
    if name == "multiply":
        none = c.op("equal", a, 0)
        one = tensors.tensor(c.e, np.asarray(1, a.dtype))
        divisor = elementwise.apply(c.e, numpy.where, [none, one, a], a.dtype)
        differs = c.op("not_equal", c.op("floor_divide", made, divisor), b)
        return c.all_of(c.negated(none), differs)
    other = c.op("bitwise_xor", b, made) if name == "add" else c.op("bitwise_xor", a, b)
    return c.op("less", c.op("bitwise_and", c.op("bitwise_xor", a, made), other), 0)
