"""Branches of a loop nest that end in an exception for certain.

In: `scf.if`s, one way of which makes a message and raises. Out: which way that is, and what numbers
it uses of the nest. The one idea: such a way is a check like any other: the kernel decides whether
and notes the numbers; the way itself, with its strings, runs in the schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from fleet.dialects import arith, func, scf
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import TypeAttr, UnitAttr, symbol
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.interfaces import CallLike, IndexingMaps
from fleet.ir.mapping import IRMapping
from fleet.ir.types import FloatType, FunctionType, IntegerType

RAISES = "fleet.raises"
"""The attribute of a function that does nothing but raise an exception."""
RAISE = "raise"
Service = Callable[[str], str | None]
"""What a declared function does, by its name."""


def failing_way(op: Operation, service: Service) -> int | None:
    """The number of the region of a branch that raises whenever it runs."""
    if op.definition is not scf.if_:
        return None
    for number, region in enumerate(op.regions):
        if region.blocks and _raises(region.block, service):
            return number
    return None


def service_of(functions: Mapping[str, Operation]) -> Service:
    """What the functions of a module do for the program, by name."""

    def service(name: str) -> str | None:
        function = functions.get(name)
        if function is None:
            return None
        return RAISE if RAISES in function.attributes else function.get("service")

    return service


def raises_for_certain(op: Operation, service: Service) -> bool:
    """Whether nothing after an operation ever runs."""
    return _is_raising(op, service) and _certainly(op, service)


def _raises(block: Block, service: Service) -> bool:
    for op in reversed(block):
        if _is_raising(op, service):
            return _certainly(op, service)
        if op.regions:
            return False
    return False


def _is_raising(op: Operation, service: Service) -> bool:
    return CallLike.of(op) is not None and service(str(op.get("callee"))) in ("check", RAISE)


def _certainly(call: Operation, service: Service) -> bool:
    return service(str(call.get("callee"))) == RAISE or constant_int(call.operand(0)) == 0


def raising(block: Block, service: Service) -> Iterator[Operation]:
    """The operations of a way that raises, to the call that does: what follows it never runs."""
    for op in block:
        yield op
        if raises_for_certain(op, service):
            return


def steps(nest: Operation, service: Service) -> Iterator[Operation]:
    """The operations of a nest, but for those inside structured ones and on ways that raise."""
    yield nest
    if IndexingMaps.of(nest) is not None:
        return
    failing = failing_way(nest, service)
    for number, region in enumerate(nest.regions):
        for block in region.blocks if number != failing else ():
            for op in block:
                yield from steps(op, service)


def used_by(block: Block) -> list[Value]:
    """What the operations of a block use from outside it, but for constants."""
    inside = {op for each in block for op in each.walk()}
    found: dict[Value, None] = {}
    for op in inside_in_order(block):
        for value in op.operands:
            owner = value.owner
            holder = owner if isinstance(owner, Operation) else owner.parent_op
            if holder not in inside and owner is not block and not _is_constant(value):
                found[value] = None
    return list(found)


def inside_in_order(block: Block) -> Iterator[Operation]:
    for op in block:
        yield from op.walk()


def outline(op: Operation, number: int, name: str) -> Operation:
    """Make what a branch does on the way that raises a function, which is given, and call it."""
    block = op.regions[number].block
    used = used_by(block)
    body = Block([value.type for value in used])
    inside = IRMapping(zip(used, body.arguments, strict=True))
    builder = Builder(body, location=op.location)
    for value in _constants_of(block):
        inside[value] = builder.insert(value.owner.clone()).results[0]
    last = block.last
    for each in list(block):
        if each is not last:
            builder.insert(each.clone(inside))
    for number, value in enumerate(last.operands):  # which nobody looks at
        if value.owner in list(block) and isinstance(value.type, IntegerType | FloatType):
            last.set_operand(number, Builder.before(last).constant(0, value.type))
    for each in reversed(list(block)):
        if each is not last and not any(v.uses for v in each.results):
            each.erase()
    builder.create(func.return_, [])
    call = Builder(block, block.first, op.location)
    call.create(func.call, used, types=[], callee=symbol(name))
    return func.func(
        regions=[Region([body])],
        location=op.location,
        sym_name=name,
        sym_visibility="private",
        function_type=TypeAttr(FunctionType(tuple(v.type for v in used), ())),
        **{RAISES: UnitAttr()},
    )


def _constants_of(block: Block) -> list[Value]:
    """Those from outside it that it uses."""
    found = [
        value
        for op in inside_in_order(block)
        for value in op.operands
        if _is_constant(value) and not block.parent_op.is_ancestor_of(value.owner)
    ]
    return list(dict.fromkeys(found))


def _is_constant(value: Value) -> bool:
    return isinstance(value.owner, Operation) and value.owner.definition is arith.constant
