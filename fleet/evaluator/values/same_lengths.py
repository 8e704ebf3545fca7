"""Lengths that are the same wherever they are computed.

In: an SSA value that a loop's body computes, such as the length of a row. Out: whether another one
is computed in the same way, and the same value computed before the loop. The one idea: what has no
effects and depends on nothing of the loop's own can be computed again outside of it.
"""

from __future__ import annotations

from collections.abc import Collection

from fleet.dialects import arith
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.then import Number
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import PURE
from fleet.ir.types import i64, index


def agree(a: Length, b: Length) -> bool:
    """Whether two lengths are the same number for sure."""
    if tensors.dim_of(a) == tensors.dim_of(b):
        return True
    return isinstance(a, Number) and isinstance(b, Number) and _same(a.native, b.native)


_LINEAR = {"numpy.int_add": arith.addi, "numpy.int_sub": arith.subi, "numpy.int_mul": arith.muli}
"""What overflows before the rows come to be: there are none, then."""


def _named(op: Operation) -> str:
    plain = _LINEAR.get(op.name)
    return op.name if plain is None else plain.name


def _bare(value: Value) -> Value:
    """A number without its casts between i64 and index."""
    while isinstance(value.owner, Operation) and value.owner.name == "arith.index_cast":
        value = value.owner.operand(0)
    return value


def _same(a: Value, b: Value) -> bool:
    """Whether two values are computed in the same way from the same values."""
    a, b = _bare(a), _bare(b)
    if a is b:
        return True
    one, other = a.owner, b.owner
    if isinstance(one, Block) or isinstance(other, Block) or _named(one) != _named(other):
        return False
    return (
        _again(one) and len(one.results) == 1
        and (one.name in _LINEAR or other.name in _LINEAR or one.attributes == other.attributes)
        and len(one.operands) == len(other.operands)
        and all(map(_same, one.operands, other.operands))
    )  # fmt: skip


def _again(op: Operation) -> bool:
    """Whether an operation gives the same wherever it stands."""
    return op.name in _LINEAR or (op.has_trait(PURE) and not op.regions)


def hoisted(e: Emitter, length: Length) -> Length:
    """The same length where as many of the loops and branches around as possible have not begun."""
    if not isinstance(length, Number):
        return length
    opened = [place for place in e.builder.around if place[0] is not e.builder.block]
    for block, anchor in opened:
        made = computed_at(e, length, block, anchor)
        if made is not None:
            return made
    return length


def computed_at(
    e: Emitter, length: Length, block: Block, anchor: Operation | None
) -> Length | None:
    """A length as it can be computed in an open block before that operation, if it can."""
    if not isinstance(length, Number):
        return length
    around: list[Block] = []
    for opened, _ in e.builder.around:
        around.append(opened)
        if opened is block:
            break
    else:
        around.append(e.builder.block)
    blocks = set(map(id, around))
    if not _is_found(length.native, blocks, set()):
        return None
    if id(length.native.owner if isinstance(length.native.owner, Block)
          else length.native.owner.parent) in blocks:  # fmt: skip
        return length
    saved = e.builder.block, e.builder.anchor
    e.builder.block, e.builder.anchor = block, anchor
    try:
        native = _made(e, length.native, blocks, {})
    finally:
        e.builder.block, e.builder.anchor = saved
    return Number(e, "int", native, length.size)


def _home(value: Value) -> Block:
    owner = value.owner
    return owner if isinstance(owner, Block) else owner.parent


def _is_found(value: Value, blocks: Collection[int], seen: set[int]) -> bool:
    if id(value) in seen or id(_home(value)) in blocks:
        return True
    seen.add(id(value))
    op = value.owner
    return isinstance(op, Operation) and _again(op) and len(op.results) == 1 and all(
        _is_found(operand, blocks, seen) for operand in op.operands)  # fmt: skip


def _made(e: Emitter, value: Value, blocks: Collection[int], done: dict[int, Value]) -> Value:
    if id(_home(value)) in blocks:
        return value
    found = done.get(id(value))
    if found is None:
        op = value.owner
        operands = [_made(e, operand, blocks, done) for operand in op.operands]
        plain = _LINEAR.get(op.name)
        if plain is None:
            found = e.builder.insert(op.like(operands)).result
        else:  # as a size, of which proofs know that it does not wrap around
            found = e.as_type(e.value(plain, *(e.as_type(one, index) for one in operands)), i64)
        done[id(value)] = found
    return found
