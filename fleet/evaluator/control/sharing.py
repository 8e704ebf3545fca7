"""Library functions that are called with arrays of one kind again and again: one function each.

In: a call of a function of the prelude that looks at its arguments only. Out: a `func.func` and a
call of it. The one idea: such a body is the same for all arguments of the same dtypes and shapes,
so it is evaluated once for them, and what follows, down to the machine code, is made once, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from fleet.dialects import func
from fleet.evaluator.control import copies, recursion, regions
from fleet.evaluator.control.outcomes import Outcome
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.memory import Memory
from fleet.evaluator.values import extents, kinds, sizes
from fleet.evaluator.values.kinds import Kind, TupleKind, seeds
from fleet.evaluator.values.kinds.simple import TensorKind
from fleet.evaluator.values.sizes import Dim, Size
from fleet.evaluator.values.then import Array, Then
from fleet.ir.attributes import StringAttr, SymbolRefAttr, TypeAttr
from fleet.ir.core import Block, Operation, Region
from fleet.ir.types import FunctionType


@dataclass
class Shared:
    """A function of the schedule, made for arrays of certain kinds.

    lengths: its own names for the run-time lengths of what it is given, in order; fresh: which of
    the arrays that it returns are nobody else's.
    """

    operation: Operation
    result: Kind
    lengths: list[Size]
    fresh: list[bool]


def call(
    m: Machine, function: Function, arguments: tuple, run: Callable[[tuple], Any],
    of_any_size: bool = False, meaning: str | None = None,
) -> Any:  # fmt: skip
    """function(*arguments) as a call in the schedule where it can be one. run: evaluates the body.

    arguments: arrays, and others that are hashable; with a number that only run time knows there is
    no sharing. of_any_size: whether one function serves arrays of all sizes, so that those of what
    it returns are known at run time only. meaning: what of NumPy's a second run of the program
    does in its place (see `fleet.original`).
    """
    late = [isinstance(one, Array) for one in arguments if isinstance(one, Then)]
    if m.backend.e is None or not late or not all(late):
        return run(arguments)
    given = [
        _opened(kinds.copy_kind(one), of_any_size) if isinstance(one, Array) else None
        for one in arguments
    ]
    lengths: dict[Size, int] = {}
    key = (id(function._node), *(
        (type(one), one) if kind is None else _key(kind, lengths)
        for one, kind in zip(arguments, given, strict=True)
    ))  # fmt: skip
    if key not in m.shared:
        m.shared[key] = _made(m, function, arguments, given, list(lengths), run, meaning)
    shared = m.shared[key]
    if shared is None:
        return run(arguments)
    if not any(one is shared.operation for one in m.functions):
        m.functions.append(shared.operation)
    return _called(m, shared, arguments, given, list(lengths))


def _key(kind: TensorKind, lengths: dict[Size, int]) -> tuple:
    """What is the same for all arrays that one function serves."""
    dims = [
        (lengths.setdefault(one, len(lengths)), one.least) if isinstance(one, Size) else one
        for one in kind.extents
    ]
    return kind.dtype.str, kind.form, tuple(dims), kind.order


def _opened(kind: TensorKind, is_open: bool) -> TensorKind:
    """A kind, or that of arrays of any size."""
    return replace(kind, extents=tuple(extents.Open() for _ in kind.extents)) if is_open else kind


def _renamed(kind: Kind, names: dict[Size, Size]) -> Kind:
    """A kind with other names for its run-time lengths; the length of what has none is open."""
    def length(extent: Any) -> Any:
        if isinstance(extent, Size):
            return names.get(extent) or extents.Open(sizes.least(extent))
        return extent

    match kind:
        case TensorKind():
            return replace(kind, extents=tuple(map(length, kind.extents)), kept=False)
        case TupleKind():
            return replace(kind, items=tuple(_renamed(item, names) for item in kind.items))
    return seeds.opened(kind)


def _made(
    m: Machine, function: Function, arguments: tuple, given: list[TensorKind | None],
    lengths: list[Size], run: Callable[[tuple], Any], meaning: str | None,
) -> Shared | None:  # fmt: skip
    """The function for such arguments; None where its body has to be part of the program."""
    e, block = m.backend.e, Block()
    own = {one: sizes.length(sizes.least(one) or 0) for one in lengths}
    inside = []
    for value, kind in zip(arguments, given, strict=True):
        if kind is not None:
            kind = _renamed(kind, own)
            natives = [block.add_argument(type) for type in kind.types()]
            value = kind.unpack(e, iter(natives))
        inside.append(value)
    memory, made = m.memory, len(m.functions)
    m.memory = Memory()
    try:
        outcome = regions.region(m, lambda: run(tuple(inside)), block)
    finally:
        m.memory = memory
    result = None if outcome.ended or outcome.raised else outcome.kinds([outcome.value])[0]
    if result is None or any(kinds.opaque(result)) or recursion.captured(block):
        del m.functions[made:]
        return None
    with e.builder.inside(block), outcome.replayed():
        e.op(func.return_, result.pack(e, outcome.value))
    m.defined += 1
    inputs = tuple(argument.type for argument in block.arguments)
    operation = func.func(
        sym_name=f"{recursion.symbol(function)}_{m.defined}", sym_visibility="private",
        function_type=TypeAttr(FunctionType(inputs, tuple(result.types()))),
        regions=[Region([block])],
    )  # fmt: skip
    operation.location = m.location()
    if meaning is not None:
        operation.attributes["meaning"] = StringAttr(meaning)
    fresh = [_is_fresh(one, outcome) for one in _items(outcome.value)]
    return Shared(operation, result, list(own.values()), fresh)


def _items(value: Any) -> tuple:
    return tuple(value) if isinstance(value, tuple) else (value,)


def _is_fresh(value: Any, outcome: Outcome) -> bool:
    if not isinstance(value, Array) or value.scalar:
        return False
    cells = [value.cell, *(cell for cell, _ in value.sources)]
    return (value.frozen is None or bool(value.sources)) and all(map(outcome.journal.is_new, cells))


def _called(
    m: Machine, shared: Shared, arguments: tuple, given: list[TensorKind | None],
    lengths: list[Size],
) -> Any:  # fmt: skip
    e = m.backend.e
    natives = [
        native for one, kind in zip(arguments, given, strict=True) if kind is not None
        for native in kind.pack(e, one)
    ]  # fmt: skip
    callee = SymbolRefAttr(shared.operation.get("sym_name"))
    operation = e.op(func.call, natives, types=shared.result.types(), callee=callee)
    names: dict[Size, Dim] = dict(zip(shared.lengths, lengths, strict=True))
    value = _renamed(shared.result, names).unpack(e, iter(operation.results))
    for one, fresh in zip(_items(value), shared.fresh, strict=True):
        if fresh:
            one.frozen = None
        else:
            copies.note(m, one, arguments)
    return value
