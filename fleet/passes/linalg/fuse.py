"""`fuse`: elementwise producers into their consumers.

In: linalg in destination-passing form. Out: fewer, larger generics. The one idea: a producer that
gives one element for each point is computed where its element is needed; its subscripts become the
consumer's by composing the indexing maps. Broadcasts, transpositions, ranges and reshapes that only
add or drop dimensions of size 1 are no work at all then, just subscripts.

Nothing is computed twice that costs anything: a producer with several users, or one whose elements
a consumer reads repeatedly, is fused only if its body is free (constants, subscripts, casts).
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.dialects.linalg import is_contraction, maps_of
from fleet.dialects.tensor import reassociation_of
from fleet.ir.affine import AffineConst, AffineDim, AffineExpr, AffineMap, d
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.mapping import IRMapping
from fleet.ir.rewriting.journal import journal_of
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.structure import structural_key
from fleet.ir.types import IndexType, i64
from fleet.ir.watch import applied, count, is_watched, may_apply
from fleet.passes.linalg.generic_form import Form, is_linear, used_dims
from fleet.passes.linalg.structured import (
    EXPENSIVE,
    empty,
    expand,
    fill_into,
    number_attribute,
    splat_number,
)

FREE = {
    "arith.constant", "linalg.index", "linalg.yield", "arith.index_cast", "arith.sitofp",
    "arith.uitofp", "arith.extf", "arith.truncf", "arith.extsi", "arith.extui", "arith.trunci",
    "arith.bitcast",
}  # fmt: skip
"""Operations that may be repeated for every element: they cost about as much as a load."""

MAX_BODY = 48
"""Operations (free ones aside) of a fused body. Beside so many, storing an array and loading it
again costs nothing, while every further fusion would copy a larger body."""


@register_pass("fuse", "elementwise producers into consumers, subscripts composed")
def run(module: Operation) -> None:
    """Simplify every generic and fuse its producers, in program order."""
    for op in [op for op in module.walk() if op.name == "linalg.generic"]:
        made = _simplified(op) if may_apply() else op
        while may_apply():
            name, place, journal = made.name, made.location, journal_of(made)
            following = _fuse_one(made)
            if following is None:
                break
            applied("producer into consumer", name, place)
            if journal is not None:
                journal.made(following)
                journal.applied("producer into consumer")
            count("producers fused")
            made = following


# -- one generic


def _simplified(op: Operation) -> Operation:
    """Simplify, and tell of it where something is another."""
    if not is_watched():
        return simplify(op)
    name, place, journal, key = op.name, op.location, journal_of(op), structural_key(op)
    made = simplify(op)
    if structural_key(made) != key:
        applied("simplify", name, place)
        if journal is not None:
            journal.made(made)
            journal.applied("simplify")
    return made


def simplify(op: Operation) -> Operation:
    """Drop unit dimensions, put constants into the body, read through free reshapes."""
    form = Form.of(op)
    _drop_unit_dims(form)
    reshapes = _read_through(form)
    _inline_constants(form)
    form.merge_equal_inputs()
    form.drop_unused_inputs()
    _drop_round_trips(form)
    made = _rebuilt(op, form)
    for reshape in reshapes:
        if not reshape.results[0].uses and reshape.parent is not None:
            reshape.erase()
    return made


def _rebuilt(op: Operation, form: Form) -> Operation:
    """The form in place of the operation. What it makes has no dimensions of size 1; they are put
    back by a reshape, which consumers read through."""
    builder = Builder.before(op)
    shrunk = [_without_units(form, number, builder) for number in range(len(form.outputs))]
    made = form.build(builder)
    values = []
    for old, new, restore in zip(op.results, made.results, shrunk, strict=True):
        new.hint = old.hint
        values.append(restore(new) if restore is not None else new)
    op.replace_with(values)
    return made


def _without_units(
    form: Form, number: int, builder: Builder
) -> Callable[[Value], Value] | None:
    """Drop an output's unit dimensions; gives how to put them back, None when there are none."""
    old = form.outputs[number]
    place = len(form.inputs) + number
    results = form.maps[place].results
    kept = [axis for axis, result in enumerate(results) if isinstance(result, AffineDim)]
    if len(kept) == len(results) or any(
        result != AffineConst(0) or old.type.shape[axis] != 1
        for axis, result in enumerate(results)
        if axis not in kept
    ):
        return None
    chain = []
    value = old
    while isinstance(value.owner, Operation) and value.owner.name == "linalg.fill":
        chain.append(value.owner.operand(0))
        value = value.owner.operand(1)
    begin = value.owner
    if not isinstance(begin, Operation) or begin.name != "tensor.empty":
        return None
    given = iter(begin.operands)
    whole = [next(given) if dim is None else dim for dim in old.type.shape]
    small = empty(builder, [whole[axis] for axis in kept], old.type.element)
    for scalar in reversed(chain):
        small = fill_into(builder, scalar, small)
    form.outputs[number] = small
    form.maps[place] = AffineMap(form.rank, tuple(results[axis] for axis in kept))
    groups: list[list[int]] = [[axis] for axis in kept]
    if groups:
        groups[0] = list(range(groups[0][0] + 1))
        for group, following in zip(groups, [*groups[1:], [len(whole)]], strict=True):
            group += range(group[-1] + 1, following[0])
    return lambda made: expand(builder, made, groups, whole)


def _drop_round_trips(form: Form) -> None:
    """A subscript cast to i64 and back is itself."""
    for op in form.block:
        if op.name != "arith.index_cast" or not isinstance(op.result.type, IndexType):
            continue
        inner = op.operand(0).owner
        if (
            isinstance(inner, Operation)
            and inner.name == "arith.index_cast"
            and isinstance(inner.operand(0).type, IndexType)
            and inner.result.type == i64
        ):
            op.replace_with([inner.operand(0)])


def _inline_constants(form: Form) -> None:
    for number in reversed(range(len(form.inputs))):
        value = splat_number(form.inputs[number])
        if value is None:
            continue
        saved = form.maps[number]
        form.maps[number] = AffineMap(form.rank, ())
        if form.covers():
            type = form.block.arguments[number].type
            form.inline_constant(number, number_attribute(value, type))
        else:
            form.maps[number] = saved


def _drop_unit_dims(form: Form) -> None:
    """Dimensions of length 1 are no dimensions: their subscript is 0."""
    unit: set[int] = set()
    for value, map in zip((*form.inputs, *form.outputs), form.maps, strict=True):
        for size, result in zip(value.type.shape, map.results, strict=True):
            if size == 1 and isinstance(result, AffineDim):
                unit.add(result.position)
    if not unit:
        return
    positions: list[AffineExpr] = []
    rank = 0
    for dim in range(form.rank):
        if dim in unit:
            positions.append(AffineConst(0))
        else:
            positions.append(d(rank))
            rank += 1
    form.substitute_dims(positions, rank)
    form.iterators = [kind for dim, kind in enumerate(form.iterators) if dim not in unit]


def _read_through(form: Form) -> list[Operation]:
    """Read the source of a reshape that only adds or drops dimensions of size 1. Gives the
    reshapes that were read through, users before what they use."""
    passed = []
    for number, value in enumerate(form.inputs):
        owner = value.owner
        while isinstance(owner, Operation):
            results = _through(owner, form.maps[number].results)
            if results is None:
                break
            passed.append(owner)
            value = owner.operand(0)
            form.inputs[number] = value
            form.maps[number] = AffineMap(form.rank, results)
            owner = value.owner
    return passed


def _through(op: Operation, results: tuple[AffineExpr, ...]) -> tuple[AffineExpr, ...] | None:
    """The subscripts of a reshape's source, when they are some of its result's; else None."""
    match op.name:
        case "tensor.expand_shape":
            shape = op.results[0].type.shape
            picked = []
            for group in reassociation_of(op):
                long = [axis for axis in group if shape[axis] != 1]
                if len(long) > 1:
                    return None
                picked.append(results[long[0] if long else group[0]])
            return tuple(picked)
        case "tensor.collapse_shape":
            shape = op.operand(0).type.shape
            spread: list[AffineExpr] = [AffineConst(0)] * len(shape)
            for group, result in zip(reassociation_of(op), results, strict=True):
                long = [axis for axis in group if shape[axis] != 1]
                if len(long) > 1:
                    return None
                spread[long[0] if long else group[0]] = result
            return tuple(spread)
        case "tensor.cast":
            source, target = op.operand(0).type, op.results[0].type
            known = zip(source.shape, target.shape, strict=True)
            return results if all(b is None or a == b for a, b in known) else None
    return None


# -- two generics


def _fuse_one(consumer: Operation) -> Operation | None:
    """Fuse one producer, if there is one that may be; gives the new consumer."""
    for number, value in enumerate(consumer.named("inputs")):
        producer = value.owner
        if (
            isinstance(producer, Operation)
            and producer.name == "linalg.generic"
            and producer.parent is consumer.parent
            and _may_fuse(producer, consumer, number)
        ):
            form = _fused(producer, consumer, number)
            if form is None:
                continue
            made = _rebuilt(consumer, form)
            if not any(result.uses for result in producer.results):
                producer.erase()
            return simplify(made)
    return None


def _may_fuse(producer: Operation, consumer: Operation, number: int) -> bool:
    if len(producer.results) != 1:
        return False
    maps = maps_of(producer)
    form_parallel = all("parallel" in kind.value for kind in producer.get("iterator_types"))
    body = producer.body
    reads_output = bool(body.arguments[-1].uses)
    if not form_parallel or reads_output or not _is_placement(maps[-1]):
        return False
    reading = maps_of(consumer)[number]
    if not all(is_linear(result) for result in reading.results):
        return False
    if is_free(producer):
        return True
    if _work(producer) + _work(consumer) > MAX_BODY:
        return False
    if any(user is not consumer for user in producer.result.users) and not _is_cheap(producer):
        return False
    if is_expensive(consumer) and any(_is_product(v) for v in producer.named("inputs")):
        return False  # better done to each element as the matrix product makes it
    # Each element must be wanted once: the consumer's every dimension chooses among them.
    for other, value in zip(maps_of(consumer), consumer.named("inputs"), strict=False):
        if value is producer.result and not _reads_once(other, consumer):
            return False
    return True


def _is_placement(map: AffineMap) -> bool:
    """Whether an output map sends each dimension to one place: a permutation, with zeros."""
    dims = [result.position for result in map.results if isinstance(result, AffineDim)]
    rest = [result for result in map.results if not isinstance(result, AffineDim)]
    return sorted(dims) == list(range(map.dims)) and all(r == AffineConst(0) for r in rest)


def _reads_once(map: AffineMap, consumer: Operation) -> bool:
    return used_dims([map]) == set(range(len(consumer.get("iterator_types"))))


def is_free(op: Operation) -> bool:
    """Whether the body does nothing worth saving: it moves, counts or converts."""
    return all(inner.name in FREE for inner in op.body)


def _work(op: Operation) -> int:
    return sum(inner.name not in FREE for inner in op.body)


def is_expensive(op: Operation) -> bool:
    """Whether the body has a function that takes many instructions."""
    return any(inner.name in EXPENSIVE for inner in op.body)


def _is_cheap(op: Operation) -> bool:
    """Whether several users may each compute it: one addition or so on one array and scalars
    or rows, which costs no more than storing the result and loading it again."""
    work = [inner for inner in op.body if inner.name not in FREE]
    whole = [m for m in maps_of(op)[:-1] if len(used_dims([m])) == len(op.get("iterator_types"))]
    users = list(op.result.users)
    return (
        len(work) == 1
        and work[0].name in ("arith.addf", "arith.subf", "arith.mulf")
        and len(whole) == 1
        and len(users) <= 3
        and all(user.name == "linalg.generic" for user in users)
        and not any(_is_product(value) for value in op.named("inputs"))
    )


def _is_product(value: Value) -> bool:
    owner = value.owner
    return isinstance(owner, Operation) and is_contraction(owner)


def _fused(producer: Operation, consumer: Operation, number: int) -> Form | None:
    """The consumer with the producer's body in place of one input; None when it cannot be."""
    form, inner = Form.of(consumer), Form.of(producer)
    reading = form.maps[number].results
    positions: list[AffineExpr] = [AffineConst(0)] * inner.rank
    for place, result in enumerate(inner.maps[-1].results):
        if isinstance(result, AffineDim):
            positions[result.position] = reading[place]
    inner.substitute_dims(positions, form.rank)
    mapping = IRMapping()
    for offset, (value, map) in enumerate(zip(inner.inputs, inner.maps, strict=False)):
        argument = form.insert_input(number + 1 + offset, value, map)
        mapping[inner.block.arguments[offset]] = argument
    anchor = form.block.first
    for op in inner.block:
        if op.name == "linalg.yield":
            element = op.operand(0)
            form.drop_input(number, mapping.of(element))
        else:
            form.block.insert_before(anchor, op.clone(mapping))
    form.merge_equal_inputs()
    return form if form.covers() else None
