"""`wide-products`: the upper half of a product, written in quarters, is one instruction.

    middle = a1 * b0 + (a0 * b0 >> 32)                         a is a1 * 2**32 + a0
    other = a0 * b1 + (middle & 0xFFFFFFFF)
    high = a1 * b1 + (middle >> 32) + (other >> 32)    →    _, high = arith.mului_extended a, b

In: kernels as loops. Out: the same, where unsigned integers of 64 bits are multiplied so. The one
idea: a program has no name for this product, and so everyone writes it like this (D. Knuth, The Art
of Computer Programming, volume 2, 4.3.1); modulo 2**128, as of PCG64's state, it is most of a step.
"""

from __future__ import annotations

from itertools import permutations

from fleet.codegen.kernels import kernels_of
from fleet.codegen.loops.nests import erase_dead
from fleet.dialects import arith
from fleet.ir.analysis.effects import constant_int
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.journal import replacing
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import i64
from fleet.ir.watch import count, may_apply

HALF = (1 << 32) - 1


@register_pass("wide-products", "upper halves of products that are written in quarters")
def run(module: Operation) -> None:
    for kernel in kernels_of(module):
        products = [
            (op, factors)
            for op in kernel.walk()
            if op.definition is arith.addi and op.result.type == i64
            if (factors := _factors(op)) is not None
        ]
        for op, factors in products:
            if may_apply():
                builder = Builder.before(op)
                a, b = (builder.constant(v, i64) if isinstance(v, int) else v for v in factors)
                low, high = builder.values(arith.mului_extended, a, b, types=[i64, i64])
                _take_lower_halves(low, (a, b))
                replacing("an upper half of a product", op, [high])
                op.replace_with([high])
                count("products of 128 bits")
        if products:
            erase_dead(kernel)


def _take_lower_halves(low: Value, factors: tuple[Value, Value]) -> None:
    """The same product, later in the block, is there already."""
    op = low.owner.next
    while op is not None:
        following = op.next
        if op.definition is arith.muli and all(
            a is b or (constant_int(a) is not None and constant_int(a) == constant_int(b))
            for a, b in zip(op.operands, factors, strict=True)
        ):
            op.replace_with([low])
        op = following


def _factors(op: Operation) -> tuple[Value | int, Value | int] | None:
    """What two numbers an operation gives the upper half of the product of."""
    for inner, one in permutations(op.operands, 2):
        terms = _operands(inner, arith.addi)
        for product, middle, other in permutations((one, *terms)) if terms else ():
            quarters = _operands(product, arith.muli)
            middle, other = _upper(middle), _upper(other)
            if quarters and middle is not None and other is not None:
                for a1, b1 in permutations(quarters):
                    found = _of_quarters(a1, b1, middle, other)
                    if found is not None:
                        return found
    return None


def _of_quarters(
    a1: Value, b1: Value, middle: Value, other: Value
) -> tuple[Value | int, Value | int] | None:
    for cross, carried in _orders(middle, arith.addi):
        low = _upper(carried)
        for one, b0 in _orders(cross, arith.muli):
            if one is not a1 or low is None:
                continue
            for a0, same in _orders(low, arith.muli):
                a, b = _whole(a1, a0), _whole(b1, b0)
                is_it = same is b0 and _is_other(other, a0, b1, middle)
                if is_it and a is not None and b is not None:
                    return a, b
    return None


def _is_other(value: Value, a0: Value, b1: Value, middle: Value) -> bool:
    """Whether it is a0 * b1 + (middle & 0xFFFFFFFF)."""
    return any(
        _lower(kept) is middle and set(_operands(cross, arith.muli)) == {a0, b1}
        for cross, kept in _orders(value, arith.addi)
    )


def _operands(value: Value, definition: object) -> tuple[Value, ...]:
    op = value.owner
    return op.operands if isinstance(op, Operation) and op.definition is definition else ()


def _orders(value: Value, definition: object) -> list[tuple[Value, ...]]:
    operands = _operands(value, definition)
    return list(permutations(operands)) if operands else []


def _upper(value: Value) -> Value | None:
    """What it is the upper half of."""
    operands = _operands(value, arith.shrui)
    return operands[0] if operands and constant_int(operands[1]) == 32 else None


def _lower(value: Value) -> Value | None:
    """What it is the lower half of."""
    operands = _operands(value, arith.andi)
    return operands[0] if operands and constant_int(operands[1]) == HALF else None


def _whole(high: Value, low: Value) -> Value | int | None:
    """The number with these halves."""
    halves = constant_int(high), constant_int(low)
    if halves[0] is not None and halves[1] is not None:
        if all(0 <= half <= HALF for half in halves):
            number = halves[0] << 32 | halves[1]
            return number - (1 << 64) if number >> 63 else number
        return None
    whole = _upper(high)
    return whole if whole is not None and _lower(low) is whole else None
