"""pow(a, b, m) of Python's ints of 64 bits.

In: numbers of a loop kernel. Out: `arith` and loops. The one idea: residues of a modulus of up to
32 bits have products of one word. Those of others have two, and are divided as numbers of two
digits of 32 bits are by hand (Knuth, The Art of Computer Programming, 4.3.1, algorithm D), for
which the modulus is shifted to begin with a one bit; residues are kept shifted as it is.
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.dialects import arith, loop
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Region, Value
from fleet.ir.types import i1, i64
from fleet.passes.kernels.checks.exact import Terms, magnitude
from fleet.passes.kernels.checks.ranges import Range

HALF = 1 << 32
_Product = Callable[[Value, Value], Value]


def power_modulo(
    builder: Builder, a: Value, b: Value, m: Value, rb: Range, rm: Range
) -> tuple[Value, tuple[Value, ...]]:
    """pow(a, b, m), and when it raises: m is 0; b is negative and a has no inverse. rb, rm: what is
    known of b and m."""
    t = Terms(builder)
    zero, one = t.int(0), t.int(1)
    is_zero = t.compare("eq", m, zero)
    modulus = t.choose(is_zero, one, magnitude(t, m))
    rest = t.do(arith.remui, magnitude(t, a), modulus)
    below = t.both(t.compare("slt", a, zero), t.compare("ne", rest, zero))
    base = t.choose(below, t.do(arith.subi, modulus, rest), rest)
    failed: tuple[Value, ...] = (is_zero,)
    if rb[0] < 0:
        base, lost = _either(
            t, t.compare("slt", b, zero),
            lambda: _inverse(t, base, modulus), lambda: (base, builder.constant(0, i1)),
        )  # fmt: skip
        failed += (lost,)
    count = magnitude(t, b)
    if rm[0] >= -HALF and rm[1] <= HALF:
        made = _narrow_power(t, base, count, modulus)
    else:
        (made,) = _either(
            t, t.compare("ule", modulus, t.int(HALF)),
            lambda: (_narrow_power(t, base, count, modulus),),
            lambda: (_wide_power(t, base, count, modulus),),
        )  # fmt: skip
    mirrored = t.both(t.compare("slt", m, zero), t.compare("ne", made, zero))
    return t.choose(mirrored, t.do(arith.addi, made, m), made), failed


def _either(
    t: Terms,
    condition: Value,
    yes: Callable[[], tuple[Value, ...]],
    no: Callable[[], tuple[Value, ...]],
) -> tuple[Value, ...]:
    """What one of two ways gives, of which only that one is gone."""
    blocks, types = [], []
    for way in (yes, no):
        block = Block()
        with t.builder.inside(block):
            values = way()
            t.builder.create(loop.yield_, list(values))
        blocks.append(Region([block]))
        types = [value.type for value in values]
    made = loop.if_(condition, types=types, regions=blocks)
    t.builder.insert(made)
    return tuple(made.results)


def _while(
    t: Terms,
    start: list[Value],
    more: Callable[..., Value],
    step: Callable[..., list[Value]],
) -> list[Value]:
    """What a loop carries in the end."""
    types = [value.type for value in start]
    test, body = Block(types), Block(types)
    made = loop.while_(start, types=types, regions=[Region([test]), Region([body])])
    t.builder.insert(made)
    with t.builder.inside(test):
        t.builder.create(loop.condition, more(*test.arguments), list(test.arguments))
    with t.builder.inside(body):
        t.builder.create(loop.yield_, step(*body.arguments))
    return list(made.results)


def _inverse(t: Terms, base: Value, modulus: Value) -> tuple[Value, Value]:
    """What gives 1 by a residue, by Euclid's algorithm, and whether there is none."""
    zero = t.int(0)

    def step(divided: Value, by: Value, last: Value, factor: Value) -> list[Value]:
        times = t.do(arith.divui, divided, by)
        rest = t.do(arith.subi, divided, t.do(arith.muli, times, by))
        return [by, rest, factor, t.do(arith.subi, last, t.do(arith.muli, times, factor))]

    common, _, found, _ = _while(
        t, [modulus, base, zero, t.int(1)], lambda _, by, *__: t.compare("ne", by, zero), step
    )
    negative = t.compare("slt", found, zero)
    inverse = t.choose(negative, t.do(arith.addi, found, modulus), found)
    return inverse, t.compare("ne", common, t.int(1))


def _power(t: Terms, unit: Value, base: Value, count: Value, product: _Product) -> Value:
    """By squares, for each bit of a count without sign."""
    zero, one = t.int(0), t.int(1)

    def step(left: Value, square: Value, made: Value) -> list[Value]:
        odd = t.compare("ne", t.both(left, one), zero)
        (made,) = _either(t, odd, lambda: (product(made, square),), lambda: (made,))
        return [t.do(arith.shrui, left, one), product(square, square), made]

    return _while(t, [count, base, unit], lambda left, *_: t.compare("ne", left, zero), step)[2]


def _narrow_power(t: Terms, base: Value, count: Value, modulus: Value) -> Value:
    def product(a: Value, b: Value) -> Value:
        return t.do(arith.remui, t.do(arith.muli, a, b), modulus)

    unit = t.choose(t.compare("eq", modulus, t.int(1)), t.int(0), t.int(1))
    return _power(t, unit, base, count, product)


def _wide_power(t: Terms, base: Value, count: Value, modulus: Value) -> Value:
    zero, one, half = t.int(0), t.int(1), t.int(32)
    mask = t.int(HALF - 1)
    full, shift = _while(
        t, [modulus, zero],
        lambda value, _: t.compare("sgt", value, zero),
        lambda value, far: [t.do(arith.shli, value, one), t.do(arith.addi, far, one)],
    )  # fmt: skip
    top, bottom = t.do(arith.shrui, full, half), t.both(full, mask)

    def rest_of(high: Value, digit: Value) -> Value:
        """The remainder of high · 2³² + digit, high being less than the modulus. The first digit of
        the modulus divides nearly: at most two too much."""
        guess = t.do(arith.divui, high, top)
        left = t.do(arith.subi, high, t.do(arith.muli, guess, top))
        for _ in range(2):
            known = t.either(t.do(arith.shli, left, half), digit)
            large = t.either(
                t.compare("ugt", guess, mask),
                t.compare("ugt", t.do(arith.muli, guess, bottom), known),
            )
            large = t.both(large, t.compare("ule", left, mask))
            guess = t.choose(large, t.do(arith.subi, guess, one), guess)
            left = t.choose(large, t.do(arith.addi, left, top), left)
        whole = t.either(t.do(arith.shli, high, half), digit)
        return t.do(arith.subi, whole, t.do(arith.muli, guess, full))

    def product(a: Value, b: Value) -> Value:
        plain = t.do(arith.shrui, b, shift)
        low, high = t.builder.values(arith.mului_extended, a, plain, types=[i64, i64])
        first = rest_of(high, t.do(arith.shrui, low, half))
        return rest_of(first, t.both(low, mask))

    unit, base = (t.do(arith.shli, value, shift) for value in (one, base))
    return t.do(arith.shrui, _power(t, unit, base, count, product), shift)
