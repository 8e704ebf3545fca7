"""Powers, quotients and comparisons of Python's ints of 64 bits, exact where a float is not.

In: numbers of a loop kernel. Out: `arith`, with a loop for what seldom happens. The one idea: a
quotient of ints is rounded once, so if one of them needs more than 53 bits it is divided bit by
bit, to 56 bits and one that says whether anything is left, which any float rounds as the whole
would be; and an int is less than a float if it is as a float, or equal as one and less as an int.
"""

from __future__ import annotations

from fleet.dialects import arith, loop
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Region, Value
from fleet.ir.definition import OpDef
from fleet.ir.types import Type, f64, i1, i64

EXACT = 1 << 53
"""Ints up to here are floats."""
ENOUGH = 1 << 55
"""A quotient of so much has two bits more than a float has."""


class Terms:
    """Arithmetic on i64, f64 and i1, written by a builder."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def int(self, number: int) -> Value:
        return self.builder.constant(number, i64)

    def float(self, number: float) -> Value:
        return self.builder.constant(number, f64)

    def do(self, definition: OpDef, *operands: Value, type: Type | None = None) -> Value:
        return self.builder.value(definition, *operands, types=[type or operands[0].type])

    def compare(self, predicate: str, a: Value, b: Value) -> Value:
        definition, names = arith.cmpi, CMPI_PREDICATES
        if a.type == f64:
            definition, names = arith.cmpf, CMPF_PREDICATES
        return self.builder.value(definition, a, b, types=[i1], predicate=names.index(predicate))

    def both(self, a: Value, b: Value) -> Value:
        return self.do(arith.andi, a, b)

    def either(self, a: Value, b: Value) -> Value:
        return self.do(arith.ori, a, b)

    def choose(self, condition: Value, a: Value, b: Value) -> Value:
        return self.builder.value(arith.select, condition, a, b, types=[a.type])

    def as_float(self, a: Value) -> Value:
        return self.do(arith.sitofp, a, type=f64)

    def times(self, a: Value, b: Value) -> tuple[Value, Value]:
        """The product's low word, and whether it is not the whole."""
        low, high = self.builder.values(arith.mulsi_extended, a, b, types=[i64, i64])
        sign = self.do(arith.shrsi, low, self.int(63))
        return low, self.compare("ne", high, sign)


# -- powers


def known_power(builder: Builder, a: Value, count: int) -> tuple[Value, tuple[Value, ...]]:
    """a ** count, and conditions under which it does not fit."""
    t = Terms(builder)
    if count == 0:
        return t.int(1), ()
    made: Value | None = None
    failed: list[Value] = []
    square = a
    while count:
        if count & 1:
            if made is None:
                made = square
            else:
                made, wrong = t.times(made, square)
                failed.append(wrong)
        count >>= 1
        if count:
            square, wrong = t.times(square, square)
            failed.append(wrong)
    assert made is not None
    return made, tuple(failed)


def power(builder: Builder, a: Value, b: Value) -> tuple[Value, Value]:
    """a ** b of a b that is not negative, and whether it does not fit. Beyond 63 only 0, 1 and -1
    have powers that do, by whether b is odd."""
    t = Terms(builder)
    far = t.compare("sgt", b, t.int(63))
    odd = t.both(b, t.int(1))
    count = t.choose(far, t.either(odd, t.int(2)), b)
    large = t.compare("ugt", t.do(arith.addi, a, t.int(1)), t.int(2))
    failed = t.both(far, large)
    made, square = t.int(1), a
    lost = builder.constant(0, i1)
    for bit in range(6):
        place = t.int(1 << bit)
        used = t.compare("ne", t.both(count, place), t.int(0))
        product, wrong = t.times(made, square)
        failed = t.either(failed, t.both(used, t.either(wrong, lost)))
        made = t.choose(used, product, made)
        if bit < 5:
            square, wrong = t.times(square, square)
            lost = t.either(lost, wrong)
    return made, failed


# -- quotients


def quotient(builder: Builder, a: Value, b: Value) -> Value:
    """a / b of ints, b not 0, rounded once."""
    t = Terms(builder)
    simple = t.do(arith.divf, t.as_float(a), t.as_float(b))
    reach = [t.do(arith.addi, v, t.int(EXACT)) for v in (a, b)]
    wide = t.either(*(t.compare("ugt", v, t.int(2 * EXACT)) for v in reach))
    long, short = Block(), Block()
    made = loop.if_(wide, types=[f64], regions=[Region([long]), Region([short])])
    builder.insert(made)
    with builder.inside(long):
        builder.create(loop.yield_, [_long_quotient(t, a, b)])
    with builder.inside(short):
        builder.create(loop.yield_, [simple])
    return made.results[0]


def _long_quotient(t: Terms, a: Value, b: Value) -> Value:
    builder = t.builder
    zero = t.int(0)
    whole, other = (magnitude(t, v) for v in (a, b))
    first = t.do(arith.divui, whole, other)
    rest = t.do(arith.remui, whole, other)
    # of 0 / b there is nothing to look for: as if it were enough already
    none = t.compare("eq", a, zero)
    start = t.choose(none, t.int(ENOUGH), first)
    test, body = Block([i64, i64, f64]), Block([i64, i64, f64])
    made = loop.while_(
        [start, rest, t.float(1.0)], types=[i64, i64, f64], regions=[Region([test]), Region([body])]
    )
    builder.insert(made)
    with builder.inside(test):
        more = t.compare("ult", test.arguments[0], t.int(ENOUGH))
        builder.create(loop.condition, more, list(test.arguments))
    with builder.inside(body):
        so_far, left, scale = body.arguments
        left = t.do(arith.shli, left, t.int(1))
        fits = t.compare("uge", left, other)
        left = t.choose(fits, t.do(arith.subi, left, other), left)
        so_far = t.do(arith.shli, so_far, t.int(1))
        so_far = t.choose(fits, t.either(so_far, t.int(1)), so_far)
        scale = t.do(arith.mulf, scale, t.float(0.5))
        builder.create(loop.yield_, [so_far, left, scale])
    digits, left, scale = made.results
    inexact = t.choose(t.compare("ne", left, zero), t.int(1), zero)
    digits = t.choose(none, zero, t.either(digits, inexact))
    rounded = t.do(arith.mulf, t.do(arith.uitofp, digits, type=f64), scale)
    signs = t.do(arith.xori, a, b)
    negative = t.compare("slt", signs, zero)
    return t.choose(negative, t.do(arith.negf, rounded), rounded)


def magnitude(t: Terms, a: Value) -> Value:
    """|a| as an unsigned word."""
    negative = t.compare("slt", a, t.int(0))
    return t.choose(negative, t.do(arith.subi, t.int(0), a), a)


# -- comparisons with floats


def compare_with_float(builder: Builder, name: str, a: Value, x: Value) -> Value:
    """Whether `a name x`, of an int and a float; name: eq, lt, le, gt or ge."""
    t = Terms(builder)
    near = t.as_float(a)
    equal = t.compare("oeq", near, x)
    beyond = t.compare("oge", x, t.float(2.0**63))  # and then a is near it, but less
    whole = t.do(arith.fptosi, x, type=i64)
    if name == "eq":
        inside = t.compare("olt", x, t.float(2.0**63))
        return t.both(t.both(equal, inside), t.compare("eq", a, whole))
    below = t.either(beyond, t.compare("slt", a, whole))
    answer = {
        "lt": lambda: below,
        "le": lambda: t.either(beyond, t.compare("sle", a, whole)),
        "gt": lambda: _not(t, t.either(beyond, t.compare("sle", a, whole))),
        "ge": lambda: _not(t, below),
    }[name]()
    differ = t.compare("olt" if name in ("lt", "le") else "ogt", near, x)
    return t.either(differ, t.both(equal, answer))


def _not(t: Terms, condition: Value) -> Value:
    return t.do(arith.xori, condition, t.builder.constant(1, i1))


MIRRORED = {"eq": "eq", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
"""What `a ? b` is as `b ? a`."""
