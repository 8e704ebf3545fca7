"""Python's ints beyond 64 bits at run time: two words, of which the upper has the sign.

In: ints of either stage. Out: a Number where 64 bits hold the result, as far as what is known of
the operands tells, else a Long. The one idea: a program comes here where its text says that an int
may be longer: it meets a known one that is, or what is computed is masked or taken modulo something
at once. What 128 bits do not hold is an OverflowError, unless a mask drops it; whatever has no two
words takes a Long as one of the run's objects, whose ints have any length.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from fleet.dialects import arith, scf
from fleet.evaluator.values import numbers, objects, sizes
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.ndarrays import arrays
from fleet.evaluator.values.then import COMPARE, Number, Object
from fleet.integers import LEAST, MOST
from fleet.ir.core import Block, Region, Value
from fleet.ir.types import f64, i1, i64, index

LOWEST, HIGHEST = -(1 << 127), (1 << 127) - 1
WORD = (1 << 64) - 1
TOO_LONG = "int too large for 128 bits: Fleet's run-time ints have 64 bits, and 128 within a term"


class Long(Object):
    """An int in two words. least, most: what is known of it; native: it as an object of the run."""

    __slots__ = ("high", "least", "low", "most")

    def __init__(self, e: Any, low: Value, high: Value, least: int, most: int) -> None:
        self.e = e
        self.kind: type | None = int
        self.factory: Any = None
        self.site: int | None = None
        self.item_of: Any = None
        self.low, self.high = low, high
        self.least, self.most = max(least, LOWEST), min(most, HIGHEST)

    @property
    def native(self) -> Value:
        words, kinds = [self.low, self.high], ["int", "int"]
        (made,) = self.e.host(
            "function", words, kinds, [("object", i64)], name="of_words", named=[])
        return made

    def boxed(self) -> Object:
        return Object(self.e, int, self.native)


Whole = Long | Number | int


def is_whole(value: Any) -> bool:
    """Whether it is an int, of either stage, that two words hold."""
    if isinstance(value, Long):
        return True
    if isinstance(value, Number):
        return value.kind in ("int", "bool")
    return type(value) in (int, bool) and LOWEST <= value <= HIGHEST


def is_long(value: Any) -> bool:
    """Whether it is one that a word does not hold."""
    return isinstance(value, Long) or (type(value) is int and not LEAST <= value <= MOST)


def meet(a: Any, b: Any) -> bool:
    """Whether an operator with these operands is one of two words."""
    return (is_long(a) or is_long(b)) and is_whole(a) and is_whole(b)


def within(e: Emitter, name: str, a: Any, b: Any, wraps: bool) -> Any:
    """`a <operator> b` within a term that is masked, or taken modulo something; None where that
    makes no difference."""
    if not (is_whole(a) and is_whole(b)):
        return None
    if not is_long(a) and not is_long(b):
        if not (isinstance(a, Number) or isinstance(b, Number)) or name not in _ENDS:
            return None
        if name == "lshift" and numbers.bounds(b)[1] > 127:
            return operate(e, name, a, b, wraps)
        if name == "lshift" and numbers.bounds(b)[0] < 0:
            return None
        ends = [_ENDS[name](x, y) for x in numbers.bounds(a) for y in numbers.bounds(b)]
        if min(ends) >= LEAST and max(ends) <= MOST:
            return None
    return operate(e, name, a, b, wraps)


_ENDS = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "lshift": operator.lshift}


def bounds(value: Whole) -> tuple[int, int]:
    return (value.least, value.most) if isinstance(value, Long) else numbers.bounds(value)


def of(e: Emitter, value: Whole) -> Long:
    """An int in two words."""
    if isinstance(value, Long):
        return value
    if not isinstance(value, Number):
        whole = int(value)
        return _constant(e, whole)
    low = e.plain(numbers.to_int(e, value))
    least, most = numbers.bounds(value)
    high = e.constant(0, i64) if least >= 0 else e.value(arith.shrsi, low, e.constant(63, i64))
    return Long(e, low, high, least, most)


def _constant(e: Emitter, value: int) -> Long:
    low, high = (e.constant(_signed(part & WORD), i64) for part in (value, value >> 64))
    return Long(e, low, high, value, value)


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


def _made(e: Emitter, low: Value, high: Value, least: int, most: int) -> Long | Number:
    if least >= LEAST and most <= MOST:
        return Number(e, "int", low, sizes.fresh(
            None if least == LEAST else least, None if most == MOST else most))
    if least < LOWEST or most > HIGHEST:
        least, most = LOWEST, HIGHEST
    return Long(e, low, high, least, most)


def _compare(e: Emitter, predicate: str, a: Value, b: Value) -> Value:
    position = arith.CMPI_PREDICATES.index(predicate)
    return e.value(arith.cmpi, a, b, types=[i1], predicate=position)


def _bit(e: Emitter, truth: Value) -> Value:
    return e.value(arith.extui, truth, types=[i64])


# -- operators


def operate(e: Emitter, name: str, a: Whole, b: Whole, wraps: bool = False) -> Any:
    """`a <operator> b`. wraps: whether bits beyond 128 are dropped later on."""
    if name in COMPARE:
        return compare(e, name, a, b)
    match name:
        case "add" | "sub":
            return _sum(e, name, of(e, a), of(e, b), wraps)
        case "mul":
            return _product(e, of(e, a), of(e, b), wraps)
        case "and" | "or" | "xor":
            return _bitwise(e, name, of(e, a), of(e, b))
        case "lshift":
            return _left(e, of(e, a), b, wraps)
        case "rshift" if not is_long(b):
            return _right(e, of(e, a), b)
        case "floordiv" | "mod":
            found = _division(e, name, a, b)
            if found is not None:
                return found
        case "truediv":
            return objects.operator(e, name, of(e, a), of(e, b), gives="float")
        case "pow" if type(b) is int and b == 2:
            return _product(e, of(e, a), of(e, a), wraps)
    boxed = [value.boxed() if isinstance(value, Long) else value for value in (a, b)]
    return objects.operate(e, name, *boxed)


def _clears(ends: list[int]) -> bool:
    return min(ends) >= LOWEST and max(ends) <= HIGHEST


def _sum(e: Emitter, name: str, a: Long, b: Long, wraps: bool) -> Any:
    if name == "add":
        low = e.value(arith.addi, a.low, b.low)
        carry = _bit(e, _compare(e, "ult", low, a.low))
        high = e.value(arith.addi, e.value(arith.addi, a.high, b.high), carry)
        ends = [a.least + b.least, a.most + b.most]
        of_b = b.high
    else:
        low = e.value(arith.subi, a.low, b.low)
        carry = _bit(e, _compare(e, "ult", a.low, b.low))
        high = e.value(arith.subi, e.value(arith.subi, a.high, b.high), carry)
        ends = [a.least - b.most, a.most - b.least]
        of_b = e.value(arith.xori, b.high, e.constant(-1, i64))
    if not _clears(ends) and not wraps:
        both = e.value(arith.andi, e.value(arith.xori, a.high, high),
                       e.value(arith.xori, of_b, high))  # fmt: skip
        _require(e, _compare(e, "sge", both, e.constant(0, i64)))
    return _made(e, low, high, *ends)


def _require(e: Emitter, truth: Value) -> None:
    numbers.require(e, Number(e, "bool", truth), "OverflowError", TOO_LONG)


def _product(e: Emitter, a: Long, b: Long, wraps: bool) -> Any:
    low = e.value(arith.muli, a.low, b.low)
    high = _upper(e, a.low, b.low)
    for one, other in ((a, b), (b, a)):
        if not (other.least >= 0 and other.most <= WORD):
            high = e.value(arith.addi, high, e.value(arith.muli, one.low, other.high))
    ends = [x * y for x in (a.least, a.most) for y in (b.least, b.most)]
    if not _clears(ends) and not wraps:
        if min(ends) >= 0 and max(a.most, b.most) <= WORD:
            _require(e, _compare(e, "sge", high, e.constant(0, i64)))
        else:
            for one in (a, b):
                if one.least < LEAST or one.most > MOST:
                    sign = e.value(arith.shrsi, one.low, e.constant(63, i64))
                    _require(e, _compare(e, "eq", one.high, sign))
    return _made(e, low, high, min(ends), max(ends))


def _upper(e: Emitter, a: Value, b: Value) -> Value:
    """The upper word of a product of words without sign: from four products of halves."""
    by, half = e.constant(32, i64), e.constant((1 << 32) - 1, i64)
    (a1, a0), (b1, b0) = (
        (e.value(arith.shrui, word, by), e.value(arith.andi, word, half)) for word in (a, b))
    middle = e.value(arith.addi, e.value(arith.muli, a1, b0), e.value(
        arith.shrui, e.value(arith.muli, a0, b0), by))
    other = e.value(arith.addi, e.value(arith.andi, middle, half), e.value(arith.muli, b1, a0))
    upper = e.value(arith.addi, e.value(arith.muli, a1, b1), e.value(arith.shrui, middle, by))
    return e.value(arith.addi, e.value(arith.shrui, other, by), upper)


def _bitwise(e: Emitter, name: str, a: Long, b: Long) -> Any:
    operation = {"and": arith.andi, "or": arith.ori, "xor": arith.xori}[name]
    natural = [one.most for one in (a, b) if one.least >= 0]
    bits = max(max(~one.least, one.most).bit_length() for one in (a, b))
    if name == "and" and natural:
        ends = [0, min(natural)]
    else:
        ends = [0 if len(natural) == 2 else -(1 << bits), (1 << bits) - 1]
    return _made(e, e.value(operation, a.low, b.low), e.value(operation, a.high, b.high), *ends)


def _count(e: Emitter, count: Whole) -> tuple[Value, Value, Value, Value]:
    """Of a count of bits: its part within a word, what that lacks to 63, whether it is a word or
    more, and whether it is two."""
    known = numbers.to_int(e, e.number(count) if not isinstance(count, Number) else count)
    if not isinstance(count, Number) and count < 0:
        raise ValueError("negative shift count")
    if numbers.bounds(known)[0] < 0:
        numbers.require(
            e, numbers.compare(e, "ge", known, 0), "ValueError", "negative shift count")
    value = e.plain(known)
    within = e.value(arith.andi, value, e.constant(63, i64))
    rest = e.value(arith.xori, within, e.constant(63, i64))
    return (within, rest, _compare(e, "sge", value, e.constant(64, i64)),
            _compare(e, "sge", value, e.constant(128, i64)))  # fmt: skip


def _select(e: Emitter, truth: Value, yes: Value, no: Value) -> Value:
    return e.value(arith.select, truth, yes, no, types=[i64])


def _left(e: Emitter, a: Long, count: Whole, wraps: bool) -> Any:
    if is_long(count):
        raise OverflowError("too many digits in integer")
    one, zero = e.constant(1, i64), e.constant(0, i64)
    within, rest, word, two = _count(e, count)
    low = e.value(arith.shli, a.low, within)
    over = e.value(arith.shrui, e.value(arith.shrui, a.low, one), rest)
    high = e.value(arith.ori, e.value(arith.shli, a.high, within), over)
    high = _select(e, two, zero, _select(e, word, low, high))
    low = _select(e, word, zero, low)
    least, most = numbers.bounds(count) if isinstance(count, Number) else (count, count)
    small, large = (min(max(one, 0), 128) for one in (least, most))
    ends = [x << y for x in (a.least, a.most) for y in (small, large)]
    made = Long(e, low, high, LOWEST, HIGHEST)
    if not _clears(ends) and not wraps:
        back = _right(e, made, count)
        back = of(e, back)
        for given, found in ((a.low, back.low), (a.high, back.high)):
            _require(e, _compare(e, "eq", given, found))
    return _made(e, low, high, min(ends), max(ends))


def _right(e: Emitter, a: Long, count: Whole) -> Any:
    one, last = e.constant(1, i64), e.constant(63, i64)
    within, rest, word, two = _count(e, count)
    sign = e.value(arith.shrsi, a.high, last)
    high = e.value(arith.shrsi, a.high, within)
    over = e.value(arith.shli, e.value(arith.shli, a.high, one), rest)
    low = e.value(arith.ori, e.value(arith.shrui, a.low, within), over)
    low = _select(e, two, sign, _select(e, word, high, low))
    high = _select(e, word, sign, high)
    least, most = numbers.bounds(count) if isinstance(count, Number) else (count, count)
    ends = [x >> min(max(y, 0), 128) for x in (a.least, a.most) for y in (least, most)]
    return _made(e, low, high, min(ends), max(ends))


def _is_power(value: Any) -> bool:
    return type(value) is int and value > 0 and value & (value - 1) == 0


def _division(e: Emitter, name: str, a: Whole, b: Whole) -> Any:
    """`a // b` and `a % b` of which a word holds b, or b is a power of two; None for others."""
    if _is_power(b):
        if name == "floordiv":
            return _right(e, of(e, a), b.bit_length() - 1)
        return _bitwise(e, "and", of(e, a), _constant(e, b - 1))
    low, high = bounds(b)
    if low <= 0 and name == "mod" and not is_long(b):
        return _by_any_word(e, of(e, a), e.number(b))
    if low <= 0 or high > MOST:
        return None
    whole, divisor = of(e, a), e.plain(e.number(b))
    if whole.least >= 0 and whole.most <= WORD:
        definition = arith.divui if name == "floordiv" else arith.remui
        ends = [whole.least // high, whole.most // low] if name == "floordiv" else [0, high - 1]
        return _made(e, e.value(definition, whole.low, divisor), e.constant(0, i64), *ends)
    return _remainder(e, whole, divisor, high) if name == "mod" else None


def _remainder(e: Emitter, a: Long, divisor: Value, most: int) -> Number:
    """a modulo a positive word: bit by bit, where more than a word is left."""
    zero = e.constant(0, i64)
    low, high, negative = a.low, a.high, None
    if a.least < 0:
        negative = _compare(e, "slt", a.high, zero)
        other = of(e, _sum(e, "sub", _constant(e, 0), a, True))
        low, high = _select(e, negative, other.low, low), _select(e, negative, other.high, high)
    short = Number(e, "bool", _compare(e, "eq", high, zero))

    def quick() -> Number:
        return Number(e, "int", e.value(arith.remui, low, divisor), sizes.fresh(0, most - 1))

    def bit_by_bit() -> Number:
        left = e.value(arith.remui, high, divisor)
        return Number(e, "int", _shifted(e, left, low, divisor), sizes.fresh(0, most - 1))

    rest = e.plain(e.choose(short, quick, bit_by_bit))
    if negative is not None:
        some = e.value(arith.andi, negative, _compare(e, "ne", rest, zero))
        rest = _select(e, some, e.value(arith.subi, divisor, rest), rest)
    return Number(e, "int", rest, sizes.fresh(0, most - 1))


def _by_any_word(e: Emitter, a: Long, divisor: Number) -> Number:
    """a modulo a word that may have any sign, or be 0: what a word holds is one operation."""
    sign = e.value(arith.shrsi, a.low, e.constant(63, i64))
    short = Number(e, "bool", _compare(e, "eq", a.high, sign))
    least, most = numbers.bounds(divisor)
    ends = min(least + 1, 0), max(most - 1, 0)

    def quick() -> Number:
        return numbers.binary(e, "mod", Number(e, "int", a.low), divisor)

    def by_magnitudes() -> Number:
        numbers.require(
            e, numbers.compare(e, "ne", divisor, 0), "ZeroDivisionError",
            "integer modulo by zero")  # fmt: skip
        zero, word = e.constant(0, i64), e.plain(divisor)
        below = _compare(e, "slt", word, zero)
        size = _select(e, below, e.value(arith.subi, zero, word), word)
        other = of(e, _sum(e, "sub", _constant(e, 0), a, True))
        low, high = (_select(e, below, x, y) for x, y in (
            (other.low, a.low), (other.high, a.high)))
        rest = _remainder(e, Long(e, low, high, LOWEST, HIGHEST), size, MOST)
        made = e.plain(rest)
        return Number(e, "int", _select(e, below, e.value(arith.subi, zero, made), made))

    made = e.plain(e.choose(short, quick, by_magnitudes))
    return Number(e, "int", made, sizes.fresh(*ends))


def _shifted(e: Emitter, left: Value, word: Value, divisor: Value) -> Value:
    """(left * 2**64 + word) % divisor, of left < divisor < 2**63."""
    block = Block()
    block.add_argument(index, "bit")
    left_in, word_in = (block.add_argument(i64) for _ in range(2))
    one, last = e.constant(1, i64), e.constant(63, i64)
    with e.builder.inside(block):
        bit = e.value(arith.shrui, word_in, last)
        next_left = e.value(arith.ori, e.value(arith.shli, left_in, one), bit)
        goes = _compare(e, "uge", next_left, divisor)
        next_left = _select(e, goes, e.value(arith.subi, next_left, divisor), next_left)
        e.op(scf.yield_, [next_left, e.value(arith.shli, word_in, one)])
    ends = [e.constant(at, index) for at in (0, 64, 1)]
    made = e.op(scf.for_, *ends, [left, word], types=[i64, i64], regions=[Region([block])])
    return made.results[0]


# -- what is asked of one


def compare(e: Emitter, name: str, a: Whole, b: Whole) -> Any:
    """`a < b` and so on."""
    (least, most), (low, high) = bounds(a), bounds(b)
    if most < low or least > high:
        return name in (("lt", "le", "ne") if most < low else ("gt", "ge", "ne"))
    if name in ("gt", "le"):
        found = compare(e, "lt", b, a)
        return found if name == "gt" else numbers.opposite(e, found)
    if name in ("ge", "ne"):
        return numbers.opposite(e, compare(e, "lt" if name == "ge" else "eq", a, b))
    x, y = of(e, a), of(e, b)
    same = _compare(e, "eq", x.high, y.high)
    lower = _compare(e, "ult" if name == "lt" else "eq", x.low, y.low)
    truth = e.value(arith.andi, same, lower)
    if name == "lt":
        truth = e.value(arith.ori, truth, _compare(e, "slt", x.high, y.high))
    return Number(e, "bool", truth)


def truth(e: Emitter, value: Long) -> Number:
    either = e.value(arith.ori, value.low, value.high)
    return Number(e, "bool", _compare(e, "ne", either, e.constant(0, i64)))


def unary(e: Emitter, name: str, value: Long) -> Any:
    match name:
        case "neg":
            return _sum(e, "sub", _constant(e, 0), value, False)
        case "invert":
            return _sum(e, "sub", _constant(e, -1), value, False)
        case "abs" if value.least < 0:
            negated = of(e, _sum(e, "sub", _constant(e, 0), value, False))
            below = _compare(e, "slt", value.high, e.constant(0, i64))
            words = (_select(e, below, x, y) for x, y in (
                (negated.low, value.low), (negated.high, value.high)))
            return Long(e, *words, 0, max(-value.least, value.most))
    return value


def beside(e: Emitter, value: Long, dtype: np.dtype) -> Any:
    """What NumPy takes an int for beside something of a dtype: a float, an int of one word, or one
    of uint64. Raises OverflowError where it is longer."""
    if dtype.kind in "fc":
        return to_float(e, value)
    words = "Python int too large to convert to C long"
    if dtype == np.uint64 and value.most > MOST:
        fits = Number(e, "bool", _compare(e, "eq", value.high, e.constant(0, i64)))
        numbers.require(e, fits, "OverflowError", words)
        return arrays.cast(e, arrays.asarray(e, Number(e, "int", value.low)), dtype)
    sign = e.value(arith.shrsi, value.low, e.constant(63, i64))
    fits = Number(e, "bool", _compare(e, "eq", value.high, sign))
    numbers.require(e, fits, "OverflowError", words)
    return Number(e, "int", value.low, sizes.fresh(
        None if value.least <= LEAST else value.least, None if value.most >= MOST else value.most))


def to_float(e: Emitter, value: Long) -> Number:
    """float(value)."""
    if value.least >= 0 and value.most <= WORD:
        return Number(e, "float", e.value(arith.uitofp, value.low, types=[f64]))
    return objects.function(e, "to_float", [value], "float")
